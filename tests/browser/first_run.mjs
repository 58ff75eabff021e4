// The first start: the link from the log, three questions, the list of what comes next.
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { OWNER } from "./appliance.mjs";
import { Looks } from "./looks.mjs";
import { Stopped } from "./report.mjs";
import { Watch } from "./watch.mjs";

/** How long the appliance may take to say something: a debug build on a busy machine. */
const START_MS_MAX = 30_000;

export async function firstRun({ browser, binary, report, hasScript, visited }) {
  const folder = mkdtempSync(join(tmpdir(), "smartretro-first-run-"));
  const child = spawn(binary, ["serve", "--behind-proxy", "--listen", "127.0.0.1:0", "--data", join(folder, "data"), "--key-file", join(folder, "master.key")], {
    stdio: ["ignore", "ignore", "pipe"],
    // A form that is sent on this very machine still has to say so: a browser that hides the origin of our forms fails here.
    env: { ...process.env, SMARTRETRO_PUBLIC_URL: "https://retro.acme.example" },
  });
  const ended = new Promise((resolve) => child.once("exit", resolve));
  try {
    const link = await linkOf(child);
    const context = await browser.newContext({ javaScriptEnabled: hasScript, reducedMotion: "reduce" });
    const watch = await Watch.over(context, new URL(link).origin);
    const page = await context.newPage();
    const looks = new Looks({ report, hasScript, visited });
    await walk({ page, link, looks, step: (name, work) => report.step(name, page, work) });
    watch.report(report, "the browser");
    await context.close();
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  } finally {
    child.kill("SIGTERM");
    await ended;
    rmSync(folder, { recursive: true, force: true });
  }
}

async function walk({ page, link, looks, step }) {
  const origin = new URL(link).origin;
  const sees = async (text) => assert.ok((await page.locator("main").innerText()).includes(text), `the page does not say “${text}”`);
  await step("before the set-up there is nothing but its page", async () => {
    assert.equal((await page.goto(`${origin}/sign-in`)).status(), 404);
    await page.goto(link);
    await sees("Three questions");
    assert.equal(await page.getByRole("textbox").count(), 3);
    await looks.at(page, "set-up");
  });
  await step("what is wrong with an answer is said beside it", async () => {
    await page.getByLabel("Organisation").fill("Acme Payments");
    await page.getByLabel("Your e-mail").fill(OWNER.email);
    await page.getByLabel("Password").fill("short");
    await page.getByRole("button", { name: "Set up" }).click();
    await sees("at least 12 characters");
    assert.equal(await page.getByLabel("Organisation").inputValue(), "Acme Payments", "what was typed is still there");
    await looks.at(page, "set-up refused");
  });
  await step("three answers lead to the list of what comes next, signed in", async () => {
    await page.getByLabel("Password").fill(OWNER.password);
    await page.getByRole("button", { name: "Set up" }).click();
    await page.waitForURL("**/checklist");
    await sees("6 things are left");
    await looks.at(page, "checklist");
    await page.getByRole("button", { name: "I have put a copy in a safe place" }).click();
    await sees("5 things are left");
    await page.getByRole("link", { name: "Connect a tool" }).click();
    await sees("Slack");
  });
  await step("the set-up is gone", async () => {
    assert.equal((await page.goto(link)).status(), 404);
  });
}

/** The one-time link, once the log names it. */
function linkOf(child) {
  return new Promise((resolve, reject) => {
    let log = "";
    const timer = setTimeout(() => reject(new Error(`no link after ${START_MS_MAX} ms:\n${log}`)), START_MS_MAX);
    child.once("exit", (code) => reject(new Error(`serve ended with ${code}:\n${log}`)));
    child.stderr.setEncoding("utf8").on("data", (text) => {
      log += text;
      const found = /^(http:\S+\/set-up\/\S+)$/m.exec(log);
      if (found) {
        clearTimeout(timer);
        resolve(found[1]);
      }
    });
  });
}
