// Each page as different people meet it: light and dark, wide and on a phone, by keyboard, on paper, and read by a machine for
// accessibility.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { byKeyboard } from "./keyboard.mjs";
import { isAsAddressed } from "./watch.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = [
  { scheme: "light", width: 1280, height: 800 },
  { scheme: "dark", width: 1280, height: 800 },
  { scheme: "light", width: 390, height: 844 },
  { scheme: "dark", width: 390, height: 844 },
];

/** What can differ in the dark: the same document was looked at in the light, by every rule. */
const COLOURS = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] } };

export class Looks {
  constructor({ report, hasScript, visited }) {
    Object.assign(this, { report, hasScript, visited });
  }

  /** Looks at the page as it stands. With JavaScript off one look is taken: the pages are the same bytes. */
  async at(page, name) {
    const size = page.viewportSize();
    for (const { scheme, width, height } of this.hasScript ? SIZES : SIZES.slice(0, 1)) {
      await page.emulateMedia({ colorScheme: scheme });
      await page.setViewportSize({ width, height });
      await this.report.picture(page, `${name} ${scheme} ${width}`);
      const over = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
      this.report.holds(`${name}, ${scheme}, ${width} px: nothing runs off the side`, over <= 0, `${over} px too wide`);
      if (this.hasScript) await this.#audit(page, `${name}, ${scheme}, ${width} px`, scheme === "dark" ? COLOURS : {});
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(size);
    if (this.hasScript) {
      const { wrong, controls } = await byKeyboard(page);
      this.report.holds(`${name}: its ${controls} controls by keyboard alone`, wrong.length === 0, wrong.join("\n        "));
    }
    if (isAsAddressed(page)) this.visited?.add(page.url());
  }

  /** What comes out of a printer, for eyes alone. */
  async onPaper(page, name) {
    await page.emulateMedia({ media: "print" });
    await this.report.picture(page, `${name} print`);
    await page.emulateMedia({ media: "screen" });
  }

  async #audit(page, name, options) {
    if (!(await page.evaluate(() => "axe" in globalThis))) await page.evaluate(AXE);
    const run = (options) => globalThis.axe.run(document, { resultTypes: ["violations"], ...options });
    const { violations } = await page.evaluate(run, options);
    const words = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
    this.report.holds(`${name}: accessible`, violations.length === 0, words.join("\n        "));
  }
}
