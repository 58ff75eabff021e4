// Counts what held and what did not, and saves pictures.
import { join } from "node:path";

export class Report {
  constructor(pictures, prefix = "", counts = { passed: 0, failed: 0, failures: [] }) {
    Object.assign(this, { pictures, prefix, counts });
  }

  /** The same report under a heading. */
  named(prefix) {
    return new Report(this.pictures, prefix, this.counts);
  }

  /** Runs one check. What throws has failed; the steps after it build on it, so the walk ends there. */
  async step(name, page, work) {
    try {
      await work();
      this.#passed(name);
    } catch (error) {
      this.#failed(name, error.message);
      await this.picture(page, "failed").catch(() => {});
      throw new Stopped();
    }
  }

  /** A check that nothing builds on. */
  holds(name, condition, otherwise = "") {
    if (condition) this.#passed(name);
    else this.#failed(name, otherwise);
  }

  /** Saves the whole page as a picture, where a folder was named. */
  async picture(page, name) {
    if (!this.pictures) return;
    const file = `${this.prefix} ${name}`.replaceAll(/[^a-z0-9]+/gi, "-").toLowerCase();
    await page.screenshot({ path: join(this.pictures, `${file}.png`), fullPage: true });
  }

  /** Says once more what failed, for who reads only the end. */
  end() {
    for (const failure of this.counts.failures) console.log(failure);
    console.log(`${this.counts.passed} passed, ${this.counts.failed} failed`);
    process.exitCode = this.counts.failed === 0 && this.counts.passed > 0 ? 0 : 1;
  }

  #passed(name) {
    this.counts.passed += 1;
    console.log(`ok      ${this.prefix}: ${name}`);
  }

  #failed(name, why) {
    this.counts.failed += 1;
    const failure = `FAILED  ${this.prefix}: ${name}\n        ${why}`;
    this.counts.failures.push(failure);
    console.log(failure);
  }
}

/** A step failed; it is reported already. */
export class Stopped extends Error {}
