// Starts the given binary as an operator would: init, serve, and a look at the line that says where it listens.
import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

export const OWNER = { email: "ana@acme.example", password: "correct horse battery staple" };
/** How long the appliance may take to say that it listens: a debug build on a busy machine. */
const START_MS_MAX = 30_000;

export class Appliance {
  /** A fresh sandbox whose clock starts at `asOf`. */
  static async start(binary, asOf) {
    const folder = mkdtempSync(join(tmpdir(), "smartretro-browser-"));
    const data = join(folder, "data");
    const [passwordFile, tokenFile] = [join(folder, "password"), join(folder, "token")];
    writeFileSync(passwordFile, OWNER.password, { mode: 0o600 });
    const init = ["init", "--data", data, "--org", "Acme Payments", "--admin-email", OWNER.email];
    const made = spawnSync(binary, [...init, "--password-file", passwordFile, "--token-file", tokenFile, "--sandbox"], { encoding: "utf8" });
    if (made.status !== 0) throw new Error(`init ended with ${made.status ?? made.error}: ${made.stderr}`);
    const child = spawn(binary, ["serve", "--data", data, "--listen", "127.0.0.1:0", "--insecure-http", "--as-of", asOf], {
      stdio: ["ignore", "ignore", "pipe"],
    });
    const appliance = new Appliance(child, folder, readFileSync(tokenFile, "utf8").trim());
    appliance.url = await appliance.#listening();
    return appliance;
  }

  constructor(child, folder, token) {
    Object.assign(this, { child, folder, token, log: "" });
  }

  #listening() {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => reject(new Error(`not listening after ${START_MS_MAX} ms:\n${this.log}`)), START_MS_MAX);
      this.child.once("exit", (code) => reject(new Error(`serve ended with ${code}:\n${this.log}`)));
      this.child.stderr.setEncoding("utf8").on("data", (text) => {
        this.log += text;
        const found = /listening on (http:\/\/[^\s"]+)/.exec(this.log);
        if (found) {
          clearTimeout(timer);
          resolve(found[1].replace(/\/$/, ""));
        }
      });
    });
  }

  /** Moves the sandbox's clock; the answer comes once everything that became due is done. */
  async setClock(at) {
    const answer = await fetch(`${this.url}/api/v1/sandbox/clock`, {
      method: "PUT",
      headers: { authorization: `Bearer ${this.token}`, "content-type": "application/json" },
      body: JSON.stringify({ at }),
    });
    if (!answer.ok) throw new Error(`the clock was not moved: ${answer.status} ${await answer.text()}`);
  }

  async stop() {
    const ended = new Promise((resolve) => (this.child.exitCode === null ? this.child.once("exit", resolve) : resolve()));
    this.child.kill("SIGTERM");
    await ended;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
