// The people of an organisation: somebody is invited, joins, is put into a team; passwords, sessions and tokens come and go.
import assert from "node:assert/strict";
import { Watch } from "./watch.mjs";

const NEWCOMER = { name: "Ben Keller", email: "ben@acme.example", password: "a password of ben's own", later: "another password of ben's" };

export async function people({ browser, page, step, heading, sees, looks, appliance, hasScript, report }) {
  let link = "";
  await step("somebody is invited with the keyboard alone, and the link is shown once", async () => {
    await page.goto("/members");
    await heading("Members");
    await looks.at(page, "members");
    await page.getByLabel("E-mail").focus();
    await page.keyboard.type(NEWCOMER.email);
    await page.keyboard.press("Tab");
    assert.equal(await page.locator(":focus").getAttribute("value"), "member", "the role that can do the least is chosen");
    await page.keyboard.press("ArrowDown");
    assert.equal(await page.locator(":focus").getAttribute("value"), "facilitator");
    await page.keyboard.press("Tab");
    await page.keyboard.type("payments");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await heading("The invitation is made");
    await sees("as Facilitator, in the team payments");
    link = await page.locator("#link").innerText();
    assert.match(link, /\/join\/[0-9a-f]{32}_[\w-]{43}$/);
    await looks.at(page, "invitation");
    await page.goto("/members");
    await sees(NEWCOMER.email);
    assert.ok(!(await page.content()).includes(link), "the link is nowhere else");
  });
  const context = await browser.newContext({ javaScriptEnabled: hasScript, baseURL: appliance.url, reducedMotion: "reduce" });
  const watch = await Watch.over(context, appliance.url);
  const theirs = await context.newPage();
  const says = async (text) => assert.ok((await theirs.locator("main").innerText()).includes(text), `the page does not say “${text}”`);
  try {
    await step("the link lets in the one it is for, once", async () => {
      await theirs.goto(link);
      await says("You join as Facilitator, in the team payments");
      assert.ok(!(await theirs.content()).includes(NEWCOMER.email), "it does not say for whom it is");
      await looks.at(theirs, "join");
      await join(theirs, "chloe@acme.example");
      await says("for another address");
      await theirs.goto(link);
      await join(theirs, NEWCOMER.email);
      assert.equal(new URL(theirs.url()).pathname, "/");
      await says("Hello, Ben");
      assert.equal((await theirs.goto(link)).status(), 410);
      await says("used, revoked, or is older than 7 days");
      await looks.at(theirs, "invitation over");
    });
    await step("they see their team and who is in it, and may not change it", async () => {
      await theirs.goto("/teams");
      await theirs.getByRole("main").getByRole("link", { name: "payments" }).click();
      await says("Ben Keller");
      assert.equal(await theirs.getByRole("button", { name: "Take out" }).count(), 0);
      assert.equal((await theirs.goto("/connections")).status(), 403);
      await says("does not include this page");
    });
    await step("the owner makes them a facilitator of the team, and now they may", async () => {
      await page.goto("/teams");
      await looks.at(page, "teams");
      await page.getByRole("main").getByRole("link", { name: "payments" }).click();
      await page.getByRole("button", { name: "Make a facilitator of Ben Keller" }).click();
      await sees("Make a member");
      await looks.at(page, "team");
      await theirs.goto(new URL(page.url()).pathname);
      assert.equal(await theirs.getByRole("button", { name: "Take out" }).count(), 1);
    });
    await step("the only owner cannot be made less, nor leave", async () => {
      await page.goto("/members");
      await page.getByRole("main").locator(".rows a").first().click();
      await looks.at(page, "member");
      await page.getByLabel("Member", { exact: false }).first().check();
      await page.getByRole("button", { name: "Give this role" }).click();
      await sees("This is the only owner");
    });
    await step("a change of password ends every other session", async () => {
      const other = await signedIn(browser, appliance, hasScript);
      await theirs.goto("/profile");
      assert.equal(await theirs.getByRole("button", { name: "End it" }).count(), 1, "the other session is in the list");
      await looks.at(theirs, "profile");
      await theirs.getByLabel("Present password").fill("not this one");
      await theirs.getByLabel("New password").fill(NEWCOMER.later);
      await theirs.getByRole("button", { name: "Change the password" }).click();
      await says("This is not your present password");
      await looks.at(theirs, "profile refused");
      await theirs.getByLabel("Present password").fill(NEWCOMER.password);
      await theirs.getByLabel("New password").fill(NEWCOMER.later);
      await theirs.getByRole("button", { name: "Change the password" }).click();
      assert.equal(await theirs.getByRole("button", { name: "End it" }).count(), 0);
      await other.page.goto("/profile");
      assert.equal(new URL(other.page.url()).pathname, "/sign-in", "the other one is out");
      await other.context.close();
    });
    await step("a token is made with a part of one's rights, shown once, and revoked", async () => {
      await theirs.goto("/profile/tokens");
      await theirs.getByLabel("Name", { exact: true }).fill("nightly report");
      await theirs.getByLabel("Read the patterns of your teams").check();
      await looks.at(theirs, "tokens");
      await theirs.getByRole("button", { name: "Make the token" }).click();
      const token = await theirs.locator("#token").innerText();
      await looks.at(theirs, "token");
      const call = (path) => fetch(`${appliance.url}/api/v1${path}`, { headers: { authorization: `Bearer ${token}` } });
      assert.deepEqual([(await call("/patterns")).status, (await call("/members")).status], [200, 403]);
      await theirs.goto("/profile/tokens");
      await says("last used just now");
      assert.ok(!(await theirs.content()).includes(token));
      await theirs.getByRole("button", { name: "Revoke nightly report" }).click();
      assert.equal((await call("/patterns")).status, 401);
    });
    await step("who is removed is out at once", async () => {
      await page.goto("/members");
      await page.getByRole("main").getByRole("link", { name: NEWCOMER.name }).click();
      await page.getByRole("button", { name: "Remove Ben Keller" }).click();
      await heading("Members");
      await theirs.goto("/teams");
      assert.equal(new URL(theirs.url()).pathname, "/sign-in");
    });
  } finally {
    watch.report(report, "the newcomer’s browser");
    await context.close();
  }
}

async function join(page, email) {
  await page.getByLabel("Your name").fill(NEWCOMER.name);
  await page.getByLabel("E-mail").fill(email);
  await page.getByLabel("Password").fill(NEWCOMER.password);
  await page.getByRole("button", { name: "Join" }).click();
}

async function signedIn(browser, appliance, hasScript) {
  const context = await browser.newContext({ javaScriptEnabled: hasScript, baseURL: appliance.url });
  const page = await context.newPage();
  await page.goto("/sign-in");
  await page.getByLabel("E-mail").fill(NEWCOMER.email);
  await page.getByLabel("Password").fill(NEWCOMER.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  assert.equal(new URL(page.url()).pathname, "/");
  return { context, page };
}
