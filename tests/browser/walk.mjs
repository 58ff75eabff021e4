// One walk through the main job: sign in, connect, switch on a source, a delivery arrives, the pattern is read, a source is
// followed, the pattern is dismissed. Then the edges: stepping out, what is missing, what is forged, signing out.
import assert from "node:assert/strict";
import { OWNER } from "./appliance.mjs";
import { AUTHORS, CHANNEL, REPOSITORY, flakyHistory, message, sendGitHub, sendSlack } from "./deliveries.mjs";
import { Looks } from "./looks.mjs";
import { people } from "./people.mjs";
import { Stopped } from "./report.mjs";
import { Watch } from "./watch.mjs";

const MONDAY_LOOK = "2026-03-09T06:00:01Z";
const TRIAL = "C0ACMETRIAL";
const SLACK_SECRET = "0123456789abcdef0123456789abcdef";
const NOBODYS_PATTERN = "01900000-0000-7000-8000-000000000000";

export async function walk({ browser, appliance, report, hasScript, friday, visited }) {
  const context = await browser.newContext({ javaScriptEnabled: hasScript, baseURL: appliance.url, reducedMotion: "reduce" });
  const watch = await Watch.over(context, appliance.url);
  const page = await context.newPage();
  const looks = new Looks({ report, hasScript, visited });
  const step = (name, work) => report.step(name, page, work);
  // Waits: a key that sends a form does not, as a click does, come back with the page that follows.
  const heading = (text) => page.getByRole("heading", { level: 1, name: text, exact: true }).waitFor({ timeout: 10_000 });
  const sees = async (text) => assert.ok((await page.locator("main").innerText()).includes(text), `the page does not say “${text}”`);
  try {
    await signIn({ page, step, heading, sees, looks });
    const github = await connect({ page, step, sees, looks, hasScript }, "GitHub", { name: "Product repositories" });
    await switchOn({ page, step, sees, looks, github });
    await deliver({ page, step, sees, looks, github, friday });
    const slack = await connectSlack({ page, step, sees, looks, hasScript, friday });
    await tryOut({ page, step, heading, sees, looks, hasScript, friday, slack });
    await read({ page, step, heading, sees, looks, appliance, watch, context });
    await dismiss({ page, step, sees, looks });
    await people({ browser, page, step, heading, sees, looks, appliance, hasScript, report });
    await trust({ page, step, heading, sees, looks, github });
    await edges({ page, step, heading, sees, looks, appliance, context });
  } catch (error) {
    if (!(error instanceof Stopped)) throw error;
  }
  watch.report(report, "the browser");
  await context.close();
}

async function signIn({ page, step, heading, sees, looks }) {
  await step("a visitor is sent to the sign-in page", async () => {
    await page.goto("/patterns");
    assert.equal(new URL(page.url()).pathname, "/sign-in");
    await heading("Sign in");
    await looks.at(page, "sign-in");
  });
  await step("a wrong password is refused without a hint", async () => {
    await page.getByLabel("E-mail").fill(OWNER.email);
    await page.getByLabel("Password").fill("not the password");
    await page.getByRole("button", { name: "Sign in" }).click();
    await sees("do not match an account");
    assert.equal(await page.getByLabel("E-mail").inputValue(), OWNER.email, "what was typed is still there");
    assert.equal(await page.getByLabel("Password").inputValue(), "");
  });
  await step("the right one leads to where the visitor wanted to go", async () => {
    await enter(page);
    assert.equal(new URL(page.url()).pathname, "/patterns");
    await sees("No open pattern");
    await looks.at(page, "patterns empty");
  });
  await step("the first page says what to do next, and the keyboard can skip the navigation", async () => {
    await page.goto("/");
    await sees("Getting started: 6 things are left. Next: Keep a copy of the master key.");
    await page.keyboard.press("Tab");
    assert.equal(await page.locator(":focus").innerText(), "Skip to the content");
    await page.keyboard.press("Enter");
    assert.equal(new URL(page.url()).hash, "#main");
    await looks.at(page, "home new");
  });
}

async function connect({ page, step, sees, looks, hasScript }, tool, fields) {
  const made = {};
  await step(`${tool} is connected, and its secret shown once`, async () => {
    await page.goto("/connections");
    await page.getByRole("link", { name: "Connect a tool" }).click();
    await page.getByRole("main").getByRole("link", { name: tool }).click();
    await sees(`Connect ${tool}`);
    await looks.at(page, `${tool} form`);
    if (tool === "Slack") {
      await page.getByLabel("Name").fill(fields.name);
      await submit(page, "Create the connection");
      await sees("Write the address");
    }
    if (tool === "GitHub") {
      await page.getByLabel("Address of").fill("not an address");
      await page.getByLabel("Name").fill(fields.name);
      await submit(page, "Create the connection");
      await sees("Please check what you entered");
      await sees(`Connect ${tool}`);
      await looks.at(page, "connection refused");
      await page.getByLabel("Address of").fill("");
    }
    await page.getByLabel("Name").fill(fields.name);
    if (fields.baseUrl) await page.getByLabel("Address of").fill(fields.baseUrl);
    if (fields.secret) await page.getByLabel("Signing secret").fill(fields.secret);
    await submit(page, "Create the connection");
    made.hookUrl = await page.locator("#hook-url").innerText();
    made.secret = fields.secret ?? await page.locator("#secret").innerText();
    if (fields.secret) assert.equal(await page.locator("#secret").count(), 0, "what was brought is not shown");
    assert.match(made.hookUrl, new RegExp(`/hooks/${tool.toLowerCase()}/[0-9a-f]{48}$`));
    assert.equal(await page.getByRole("button", { name: "Copy" }).first().isVisible(), hasScript, "a copy button where it can work");
    await looks.at(page, `${tool} connected`);
    await page.getByRole("link", { name: "choose sources" }).click();
    made.sources = page.url();
    made.page = made.sources.replace(/\/sources$/, "");
    await page.goto(made.page);
    assert.ok(!(await page.content()).includes(made.secret), "the secret is nowhere else");
  });
  return made;
}

async function switchOn({ page, step, sees, looks, github }) {
  await step("a source that is off is not read, and says so", async () => {
    const [kind, payload] = flakyHistory("2026-03-06T14:00:00Z")[0];
    assert.equal(await sendGitHub(github.hookUrl, github.secret, kind, payload), 202);
    await page.goto(github.page);
    await sees("Its source is not switched on");
  });
  await step("before a source is switched on, the page says what is read, never read and kept", async () => {
    await page.goto(github.sources);
    for (const words of ["Before you switch one on", "Never read", "Source code", "Kept, and for how long", "400 days"]) await sees(words);
    await looks.at(page, "sources before");
  });
  await step("a place that is none is refused with a reason", async () => {
    await page.getByLabel("Repository", { exact: true }).fill("D024BE91L");
    await page.getByLabel("Team").fill("payments");
    await page.getByRole("button", { name: "Switch on" }).click();
    await sees("Write the repository as owner/name");
  });
  await step("a source is switched on", async () => {
    await page.getByLabel("Repository", { exact: true }).fill(REPOSITORY);
    await page.getByLabel("Team").fill("payments");
    await page.getByRole("button", { name: "Switch on" }).click();
    await sees("1 of 1 source on");
    await sees("team payments");
    await looks.at(page, "sources");
  });
}

async function deliver({ page, step, sees, looks, github, friday }) {
  await step("a forged delivery is turned away, and signed ones arrive", async () => {
    const [kind, payload] = flakyHistory(friday)[0];
    assert.equal(await sendGitHub(github.hookUrl, "not the secret at all", kind, payload), 401);
    for (const [kind, payload] of flakyHistory(friday)) {
      assert.equal(await sendGitHub(github.hookUrl, github.secret, kind, payload), 202);
    }
    await page.goto(github.page);
    await sees("Listening");
    await sees("Its signature does not fit");
    await looks.at(page, "connection");
  });
}

async function connectSlack({ page, step, sees, looks, hasScript, friday }) {
  const fields = { name: "Workspace", baseUrl: "https://acme.slack.com", secret: SLACK_SECRET };
  const slack = await connect({ page, step, sees, looks, hasScript }, "Slack", fields);
  await step("a message of a channel arrives, a direct message never does", async () => {
    await page.goto(slack.sources);
    await page.getByLabel("Channel id").fill(CHANNEL);
    await page.getByLabel("What people call it").fill("#payments-help");
    await page.getByLabel("Team").fill("payments");
    await page.getByRole("button", { name: "Switch on" }).click();
    await sees("#payments-help");
    assert.equal(await sendSlack(slack.hookUrl, SLACK_SECRET, friday, message(CHANNEL, "channel", friday, 1)), 202);
    assert.equal(await sendSlack(slack.hookUrl, SLACK_SECRET, friday, message("D0PRIVATE", "im", friday, 2)), 202);
    await page.goto(slack.page);
    await sees("1 delivery");
    await sees("A direct message: never read");
    await page.goto("/connections");
    await sees("Workspace");
    await looks.at(page, "connections");
  });
  return slack;
}

async function tryOut({ page, step, heading, sees, looks, hasScript, friday, slack }) {
  await step("a channel is tried out: it is counted, and nothing else", async () => {
    await page.goto(slack.sources);
    await page.getByLabel("Channel id").fill(TRIAL);
    await page.getByLabel("What people call it").fill("#trial");
    await page.getByLabel("Team").fill("payments");
    await page.getByRole("button", { name: "Shadow mode" }).click();
    await sees("1 of 2 sources on, 1 in shadow mode");
    await sees("in shadow mode until 13 March 2026");
    await sees("Nothing came that could be counted.");
    assert.equal(await sendSlack(slack.hookUrl, SLACK_SECRET, friday, message(TRIAL, "channel", friday, 3)), 202);
    await page.reload();
    await sees("1 message would have been kept, and 0 turned away.");
    await sees("What would have been said");
    await looks.at(page, "sources shadow");
  });
  await step("its shadow is made longer", async () => {
    await page.getByLabel("Days from now").fill("30");
    await page.getByRole("button", { name: "Stay in shadow mode" }).click();
    await sees("in shadow mode until 5 April 2026");
    await sees("1 message would have been kept");
  });
  await step("the home page says that readers have yet to be told, and the notices are text to paste", async () => {
    await page.goto("/");
    await sees("The readers of 3 sources have yet to be told");
    await looks.at(page, "home with notices due");
    await page.getByRole("link", { name: "Open the notices" }).click();
    await heading("Notices");
    const text = page.getByLabel("Post this in #trial");
    assert.match(await text.inputValue(), /SmartRetro counts in #trial, on trial, until 5 April 2026/);
    assert.equal(await text.getAttribute("readonly"), "");
    assert.equal(await page.getByRole("button", { name: "Copy" }).first().isVisible(), hasScript, "a copy button where it can work");
    await looks.at(page, "notices due");
    for (let left = 3; left > 0; left -= 1) {
      assert.equal(await page.getByRole("button", { name: "I have posted this" }).count(), left);
      await page.getByRole("button", { name: "I have posted this" }).first().click();
    }
    await sees("No notice is due");
    await sees("posted 6 March 2026 by");
    await looks.at(page, "notices posted");
  });
  await step("one click makes it real, and its readers are to be told of that", async () => {
    await page.goto(slack.sources);
    await page.getByRole("button", { name: "Make it real" }).click();
    await sees("2 of 2 sources on");
    await sees("Its readers have yet to be told");
    await page.getByRole("link", { name: "Its readers have yet to be told" }).click();
    assert.match(await page.getByLabel("Post this in #trial").inputValue(), /has changed: since 6 March 2026 it reads it for the team payments/);
    await page.getByRole("button", { name: "I have posted this" }).click();
    await sees("No notice is due");
    assert.equal(await sendSlack(slack.hookUrl, SLACK_SECRET, friday, message(TRIAL, "channel", friday, 4)), 202);
    await page.goto(slack.page);
    await sees("2 deliveries");
    await sees("Its source is in shadow mode");
  });
}

async function read({ page, step, heading, sees, looks, appliance, watch, context }) {
  await step("over the weekend the session ends", async () => {
    await appliance.setClock(MONDAY_LOOK);
    await page.goto("/patterns");
    await heading("Sign in");
    await enter(page);
  });
  await step("the next look found the pattern", async () => {
    assert.equal(new URL(page.url()).pathname, "/patterns");
    await sees("Flaky pipeline");
    await looks.at(page, "patterns");
    await page.goto("/");
    await sees("1 pattern stands out in your team payments, new this week.");
    await sees("What changed in the last seven days");
    await sees("#payments-help");
    await looks.at(page, "home");
    await looks.onPaper(page, "home");
    await page.goto("/patterns");
  });
  await step("the pattern is read: numbers, chart, sources, reason, way out, options", async () => {
    await page.locator(".cards h2 a").first().click();
    await sees("6 times a workflow failed and then passed");
    for (const words of ["What it rests on", "Why you see this", "What would make it go away", "Options to consider"]) await sees(words);
    assert.match(await page.getByRole("img").getAttribute("aria-label"), /In the time this is about: .* Limit: 10%/);
    await page.getByText("The numbers", { exact: true }).click();
    assert.ok(await page.getByRole("table").isVisible(), "the chart's numbers can be read");
    assert.ok((await page.getByRole("row").count()) >= 3);
    await looks.at(page, "pattern");
    await looks.onPaper(page, "pattern");
  });
  await step("each source leads to its page at GitHub, and one is followed", async () => {
    const links = page.locator(".sources a");
    assert.ok((await links.count()) >= 3, "at least three sources");
    for (const link of await links.all()) {
      assert.match(await link.getAttribute("href"), new RegExp(`^https://github\\.com/${REPOSITORY}/actions/runs/500\\d\\d/attempts/1$`));
      assert.equal(await link.getAttribute("rel"), "noopener noreferrer");
    }
    const opened = context.waitForEvent("page");
    await links.first().click();
    const outside = await opened;
    await outside.waitForLoadState();
    assert.deepEqual(watch.followed, [{ url: await links.first().getAttribute("href"), referrer: undefined }], "and it is not told from where");
    await outside.close();
  });
}

async function dismiss({ page, step, sees, looks }) {
  await step("the pattern is dismissed with a note, and stays readable", async () => {
    await page.getByLabel("Note").fill("We know: the runner is being replaced.");
    await page.getByRole("button", { name: "Dismiss" }).click();
    await sees("Dismissed by");
    await sees("the runner is being replaced");
    await sees("This pattern is closed");
    await looks.at(page, "pattern dismissed");
    await page.goto("/");
    await sees("Nothing stood out; here is what was looked at");
    await sees("acme/web");
    await looks.at(page, "home quiet");
    await page.goto("/patterns");
    await sees("No open pattern");
    await page.getByRole("link", { name: "Dismissed" }).click();
    await sees("Flaky pipeline");
  });
}

async function trust({ page, step, heading, sees, looks, github }) {
  await step("what is promised is checked on this very installation, and what is not built says so", async () => {
    await page.goto("/");
    await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Trust" }).click();
    await heading("Trust");
    await sees("No private conversation between people is read.");
    await sees("Not built yet");
    assert.equal(await page.getByText("Broken", { exact: true }).count(), 0);
    assert.equal(await page.locator(".promise").count(), 14);
    await page.getByText("How it is held").first().click();
    await sees("Held by");
    await looks.at(page, "trust");
  });
  await step("what was done stands in the log, and its head can be compared later", async () => {
    await page.getByRole("link", { name: "Open the audit log" }).click();
    await heading("Audit log");
    await sees("Reading of acme/web on connection “Product repositories” was switched on");
    await looks.at(page, "audit log");
    const [size, head] = [await page.getByText("are there, and each is the one").innerText(), await page.locator("#root").innerText()];
    await page.getByRole("link", { name: "Patterns" }).last().click();
    await sees("was dismissed");
    assert.ok(!(await page.locator("main").innerText()).includes("was switched on"));
    await page.goto(`/audit?size=${/All (\d+)/.exec(size)[1]}`);
    assert.equal(await page.locator("#earlier").innerText(), head);
  });
  await step("the pages that replace a secret and remove a connection say what that means", async () => {
    for (const [path, name] of [["secret", "replace secret"], ["removal", "remove connection"]]) {
      await page.goto(`${github.page}/${path}`);
      await looks.at(page, name);
    }
  });
}

async function edges({ page, step, heading, sees, looks, appliance, context }) {
  await step("a person steps out, is counted and not named", async () => {
    await page.goto("/opt-outs");
    await page.getByLabel("Tool", { exact: true }).selectOption("github");
    await page.getByLabel("Name in that tool").fill(AUTHORS[0]);
    await page.getByRole("button", { name: "Step out" }).click();
    assert.match(await page.locator("#receipt").innerText(), /^\S{20,}$/);
    await looks.at(page, "stepped out");
    await page.goto("/opt-outs");
    assert.equal(await page.locator(".big-number").innerText(), "1");
    assert.ok(!(await page.content()).includes(AUTHORS[0]));
    await looks.at(page, "stepping out");
  });
  await step("what is missing is a plain page", async () => {
    for (const path of [`/patterns/${NOBODYS_PATTERN}`, "/patterns/none", "/nowhere"]) {
      const answer = await page.goto(path);
      assert.equal(answer.status(), 404, path);
      await heading("Nothing here");
    }
    await looks.at(page, "missing");
  });
  await step("a request from another site changes nothing", async () => {
    const [session] = (await context.cookies()).filter((cookie) => cookie.name === "__Host-session");
    assert.ok(session.httpOnly && session.secure && session.sameSite === "Lax" && session.path === "/", JSON.stringify(session));
    const answer = await fetch(`${appliance.url}/sign-out`, {
      method: "POST",
      headers: { cookie: `__Host-session=${session.value}`, "sec-fetch-site": "cross-site", "content-type": "application/x-www-form-urlencoded" },
      body: "csrf=guess",
    });
    assert.equal(answer.status, 403);
    await page.goto("/patterns");
    await heading("Patterns");
  });
  await step("after signing out the pages are closed, and no copy of them is kept", async () => {
    const kept = await page.goto("/patterns");
    assert.equal(kept.headers()["cache-control"], "no-store");
    await page.getByRole("button", { name: "Sign out" }).click();
    await heading("Sign in");
    await page.goto("/patterns");
    await heading("Sign in");
  });
}

async function enter(page) {
  await page.getByLabel("E-mail").fill(OWNER.email);
  await page.getByLabel("Password").fill(OWNER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
}

/** Sends a form past the browser's own checks, so that the server's are seen. */
async function submit(page, button) {
  await page.locator("form.card-form").evaluate((form) => { form.noValidate = true; });
  await page.getByRole("button", { name: button }).click();
}
