// Compares web/vendor with the packages as npm publishes them: the package's integrity, then each file's bytes.

import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const vendor = new URL("../vendor/", import.meta.url);
const packages = JSON.parse(readFileSync(new URL("checksums.json", vendor), "utf8"));
const folder = mkdtempSync(join(tmpdir(), "greenroom-vendor-"));
const sum = (kind, bytes) => `${kind}-${createHash(kind).update(bytes).digest("base64")}`;
let wrong = 0;

for (const [name, { version, integrity, files }] of Object.entries(packages)) {
  const [{ filename }] = JSON.parse(execFileSync("npm", ["pack", "--json", `${name}@${version}`], { cwd: folder, stdio: ["ignore", "pipe", "ignore"] }));
  const archive = join(folder, filename);
  const differs = [
    ...(sum("sha512", readFileSync(archive)) === integrity ? [] : ["the package itself"]),
    ...Object.keys(files).filter((file) => {
      const published = execFileSync("tar", ["xzOf", archive, `package/${file}`]);
      return !published.equals(readFileSync(new URL(`${name}/${file}`, vendor)));
    }),
  ];
  console.log(`${name} ${version}: ${differs.length === 0 ? "as published" : `differs in ${differs.join(", ")}`}`);
  wrong += differs.length;
}
rmSync(folder, { recursive: true });
process.exit(wrong > 0 ? 1 : 0);
