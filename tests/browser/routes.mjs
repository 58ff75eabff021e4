// Every page that there is, read from the table of routes that the product's own tests keep in step with what is mounted.
import { readFileSync } from "node:fs";

const TABLE = new URL("../snapshots/access.md", import.meta.url);
/** What answers a GET and is no page. */
const NO_PAGES = ["/api/", "/livez", "/readyz", "/assets/"];

const pages = readFileSync(TABLE, "utf8")
  .split("\n")
  .map((line) => /^\| `GET (\/[^`]*)`/.exec(line)?.[1])
  .filter((path) => path && !NO_PAGES.some((start) => path.startsWith(start)))
  .map((path) => ({ path, pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, "[^/]+")}$`) }));

export class Visited {
  #left = new Set(pages.map(({ path }) => path));

  /** Remembers that the page at this address was looked at. `/a/new` is itself before it is some `/a/{id}`. */
  add(address) {
    const { pathname } = new URL(address);
    const found = pages.filter(({ pattern }) => pattern.test(pathname)).sort((one, other) => one.path.split("{").length - other.path.split("{").length)[0];
    if (found) this.#left.delete(found.path);
  }

  /** Says which pages nobody looked at. */
  report(report) {
    const left = [...this.#left];
    report.holds(`each of the ${pages.length} pages of the map was looked at`, pages.length > 15 && left.length === 0, left.join(" "));
  }
}
