// The real server as a process of its own: built once, started on a data folder that is thrown away afterwards,
// killed and started again where a test wants that.

import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../../..", import.meta.url));

export const tempDir = (name) => mkdtempSync(join(tmpdir(), `greenroom-${name}-`));

/** Builds the server. run.mjs does it once for all files and hands the path on. */
export function build(folder) {
  const binary = join(folder, "server");
  const built = spawnSync("go", ["build", "-o", binary, "./server"], { cwd: root, encoding: "utf8" });
  if (built.status !== 0) throw new Error(`go build ./server: ${built.error ?? built.stderr}`);
  return binary;
}

let ownBinary;
const binary = () => process.env.GREENROOM_SERVER ?? (ownBinary ??= build(tempDir("build")));

export class Server {
  /** What was printed before the server listened: "owner", "viewer", "key" … with `dev`. */
  lines = {};
  log = "";
  data = tempDir("data");
  /** What must never stand in the log: secrets of links, keys, cookies, addresses (SECURITY, T4 and T29). */
  secrets = new Set();

  constructor({ dev = true, flags = [] } = {}) {
    this.dev = dev;
    this.flags = flags;
    this.listen = "127.0.0.1:0";
  }

  /** Starts it, again on the same port and data if it ran before, and returns when it answers. */
  async start(flags = []) {
    const all = ["--listen", this.listen, "--admin-listen", "127.0.0.1:0", "--log-level", "debug", "--data", this.data, ...this.flags, ...flags];
    if (this.dev) all.push("--dev");
    this.process = spawn(binary(), all, { stdio: ["ignore", "pipe", "pipe"], env: environment() });
    this.ended = new Promise((resolve) => this.process.on("exit", (code, signal) => resolve({ code, signal })));
    const listening = this.#listening();
    await within(20_000, Promise.race([listening, this.ended.then(() => this.#died())]), () => `the server did not start:\n${this.log.slice(-5_000)}`);
    await within(10_000, this.#ready(), () => `the server did not get ready:\n${this.log.slice(-5_000)}`);
    return this;
  }

  /** Reads what is printed until the server listens, and its log until the end. */
  #listening() {
    return new Promise((resolve) => {
      createInterface({ input: this.process.stdout }).on("line", (line) => {
        this.#notice(line);
        if (this.url && (!this.dev || this.lines.key)) resolve();
      });
      createInterface({ input: this.process.stderr }).on("line", (line) => {
        this.log += `${line}\n`;
        if (this.url && line.includes("msg=listening")) resolve(); // a start on known data prints no link
      });
    });
  }

  #notice(line) {
    const printed = /^\s*(owner|moderator|speaker|viewer2?|room|mail|admin|key)[:\s]+(\S+)\s*$/.exec(line);
    if (printed) this.lines[printed[1]] = printed[2];
    const link = /https?:\/\/[^\s"]+\/(setup|r|i|signin)[/#][^\s"]*/.exec(line)?.[0];
    if (!link) return;
    this.keepSecret(link.split("#")[1]);
    if (link.includes("/setup#")) this.lines.setup = link;
    this.url ??= new URL(link).origin;
    this.listen = new URL(this.url).host;
  }

  async #died() {
    const { code } = await this.ended;
    throw new Error(`the server ended with ${code}:\n${this.log.slice(-5_000)}`);
  }

  async #ready() {
    for (;;) {
      const answer = await fetch(`${this.url}/readyz`).catch(() => undefined);
      await answer?.body?.cancel();
      if (answer?.ok) return;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  }

  keepSecret(text) {
    if (text && text.length > 8) this.secrets.add(text);
  }

  /** The secrets that stand in the log, which is written at debug level. */
  leaks() {
    return [...this.secrets].filter((secret) => this.log.includes(secret));
  }

  /** Ends it the hard way, as a power cut would. */
  async kill() {
    this.process.kill("SIGKILL");
    return within(5_000, this.ended, () => "the server outlived SIGKILL");
  }

  /** Asks it to end, as an upgrade would. */
  terminate() {
    this.process.kill("SIGTERM");
    return this.ended;
  }

  async stop() {
    if (this.process?.exitCode === null && this.process.signalCode === null) await this.kill();
    rmSync(this.data, { recursive: true, force: true });
  }

  /** A call of the HTTP API as the owner. Throws what was refused. */
  async call(method, path, body) {
    const answer = await fetch(`${this.url}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${this.lines.key}`, "Content-Type": "application/json" },
      body: body && JSON.stringify(body),
    });
    const text = await answer.text();
    for (const [, secret, email] of text.matchAll(/#([\w-]{20,})"|"email":"([^"]+)"/g)) this.keepSecret(secret ?? email);
    if (!answer.ok) throw new Error(`${method} ${path}: ${answer.status} ${text}`);
    return text ? JSON.parse(text) : undefined;
  }
}

/** Without what the person who runs the tests may have set for a server of their own. */
function environment() {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith("GREENROOM_")));
}

export async function within(ms, promise, complaint) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(complaint())), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
