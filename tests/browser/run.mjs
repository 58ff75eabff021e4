// The main job of the console in a real Chromium, with JavaScript on and off.
//
//   node run.mjs BINARY        (CHROMIUM names the browser; SCREENSHOTS a folder to save pictures in)
//
// Ends with the line `N passed, N failed`, and with status 1 where anything failed.
import { existsSync, mkdirSync } from "node:fs";
import { chromium } from "playwright-core";
import { Appliance } from "./appliance.mjs";
import { firstRun } from "./first_run.mjs";
import { gallery } from "./gallery.mjs";
import { Report } from "./report.mjs";
import { Visited } from "./routes.mjs";
import { walk } from "./walk.mjs";

const binary = process.argv[2];
const browserPath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const pictures = process.env.SCREENSHOTS;
/** A Friday afternoon: the next look on a working day is on Monday. */
const FRIDAY = "2026-03-06T15:00:00Z";

if (!binary || !existsSync(binary)) {
  console.error("Name the binary to test: node run.mjs target/debug/smartretro");
  process.exit(2);
}
if (!existsSync(browserPath)) {
  console.error(`There is no browser at ${browserPath}. Install Debian's chromium, or name another one in CHROMIUM.`);
  process.exit(2);
}
if (pictures) mkdirSync(pictures, { recursive: true });

const report = new Report(pictures);
const browser = await chromium.launch({ executablePath: browserPath, args: ["--no-sandbox", "--disable-gpu"] });
try {
  for (const hasScript of [true, false]) {
    const visited = new Visited();
    const words = hasScript ? "with JavaScript" : "without JavaScript";
    await firstRun({ browser, binary, report: report.named(`first run, ${words}`), hasScript, visited });
    const appliance = await Appliance.start(binary, FRIDAY);
    try {
      await walk({ browser, appliance, report: report.named(words), hasScript, friday: FRIDAY, visited });
      visited.report(report.named(words));
      if (hasScript) await gallery({ browser, appliance, report: report.named("gallery") });
    } finally {
      await appliance.stop();
    }
  }
} finally {
  await browser.close();
}
report.end();
