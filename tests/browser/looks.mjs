// Each page as different people meet it: light and dark, wide and on a phone, and read by a machine for accessibility.
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const SIZES = [
  { scheme: "light", width: 1280, height: 800 },
  { scheme: "dark", width: 1280, height: 800 },
  { scheme: "light", width: 390, height: 844 },
  { scheme: "dark", width: 390, height: 844 },
];

export class Looks {
  constructor({ report, hasScript }) {
    Object.assign(this, { report, hasScript });
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
      if (this.hasScript) await this.#audit(page, `${name}, ${scheme}, ${width} px`);
    }
    await page.emulateMedia({ colorScheme: "light" });
    await page.setViewportSize(size);
  }

  async #audit(page, name) {
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const words = violations.map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map((node) => node.html).slice(0, 3).join(" ")}`);
    this.report.holds(`${name}: accessible`, violations.length === 0, words.join("\n        "));
  }
}
