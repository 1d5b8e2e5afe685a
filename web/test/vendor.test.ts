// web/vendor holds what npm published, byte by byte: each file has the checksum that was taken from the package.

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { join, relative } from "node:path";
import { test } from "node:test";

const vendor = join(process.cwd(), "vendor");
const packages: Record<string, { version: string; files: Record<string, string> }> = JSON.parse(readFileSync(join(vendor, "checksums.json"), "utf8"));

for (const [name, { version, files }] of Object.entries(packages)) {
  test(`${name} ${version} is unchanged`, () => {
    const folder = join(vendor, name);
    const found = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => statSync(join(folder, file)).isFile());
    assert.deepEqual(found.map((file) => relative("", file)).sort(), Object.keys(files).sort());
    for (const [file, sum] of Object.entries(files)) {
      assert.equal(`sha256-${createHash("sha256").update(readFileSync(join(folder, file))).digest("base64")}`, sum, file);
    }
    assert.equal(JSON.parse(readFileSync(join(folder, "package.json"), "utf8")).version, version);
  });
}
