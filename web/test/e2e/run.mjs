// npm run e2e [name …]: builds the server once and runs the files of this folder, one after the other, in Chromium.

import { spawnSync } from "node:child_process";
import { existsSync, readdirSync, rmSync } from "node:fs";
import { build, tempDir } from "./server.mjs";

const here = new URL(".", import.meta.url).pathname;
const wanted = process.argv.slice(2);

if (!existsSync(process.env.CHROMIUM ?? "/usr/bin/chromium")) {
  console.error("There is no Chromium here. On Debian: apt-get install chromium; elsewhere set CHROMIUM to its path.");
  process.exit(2);
}
const files = readdirSync(here)
  .filter((file) => file.endsWith(".test.mjs") && (wanted.length === 0 || wanted.some((name) => file.includes(name))))
  .map((file) => here + file);

const folder = tempDir("e2e");
const env = { ...process.env, GREENROOM_SERVER: process.env.GREENROOM_SERVER ?? build(folder) };
const { status } = spawnSync(process.execPath, ["--test", "--test-concurrency=1", "--test-reporter=spec", ...files], { stdio: "inherit", env });
rmSync(folder, { recursive: true, force: true });
process.exit(status ?? 1);
