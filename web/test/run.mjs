// Bundles the unit tests with the project's own esbuild (a Go tool) and runs them with node --test.

import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const here = new URL(".", import.meta.url).pathname;
const out = mkdtempSync(join(tmpdir(), "greenroom-web-"));
const tests = readdirSync(here).filter((name) => name.endsWith(".test.ts")).map((name) => join(here, name));

const run = (command, ...args) => spawnSync(command, args, { stdio: "inherit", cwd: join(here, "..") }).status ?? 1;

const bundled = run(
  "go", "tool", "esbuild", ...tests, "--bundle", "--platform=node", "--format=esm", "--out-extension:.js=.mjs",
  "--sourcemap=inline", "--log-level=warning", "--define:TEXTS=\"\"", `--outdir=${out}`,
);
const status = bundled || run(process.execPath, "--enable-source-maps", "--test", ...readdirSync(out).map((name) => join(out, name)));
rmSync(out, { recursive: true });
process.exit(status);
