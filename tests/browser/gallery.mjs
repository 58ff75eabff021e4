// Every state of every page, with sample words, as `cargo test --lib gallery` put it together. Where that was not run, this is skipped.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { Looks } from "./looks.mjs";
import { Watch } from "./watch.mjs";

const FOLDER = new URL("../../target/gallery/", import.meta.url).pathname;

export async function gallery({ browser, appliance, report }) {
  if (!existsSync(FOLDER)) return console.log("skipped gallery: `cargo test --lib gallery` puts it together");
  const context = await browser.newContext({ baseURL: appliance.url, reducedMotion: "reduce" });
  const watch = await Watch.over(context, appliance.url);
  const looks = new Looks({ report, hasScript: true });
  const page = await context.newPage();
  const names = readdirSync(FOLDER).filter((file) => file.endsWith(".html"));
  report.holds("the gallery has pages", names.length > 40, FOLDER);
  for (const file of names) {
    const body = readFileSync(join(FOLDER, file), "utf8");
    await page.route("**/gallery", (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body }), { times: 1 });
    await page.goto("/gallery");
    const isStyled = await page.evaluate(() => [...document.styleSheets].some((sheet) => sheet.cssRules.length > 0));
    if (!isStyled) return report.holds("the gallery is of this build", false, "put it together anew: cargo test --lib gallery");
    await looks.at(page, file.replace(".html", ""));
  }
  report.holds("and the browser complained about none", watch.complaints.length === 0, watch.complaints.join("\n        "));
  await context.close();
}
