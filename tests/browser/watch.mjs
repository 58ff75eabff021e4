// Looks over the browser's shoulder: what it asks for, by which policy each page is bound, and what it complains about.
import { findings } from "./policy.mjs";

/** What a page may legitimately be told by the server: these statuses are what the checks ask for. */
const EXPECTED_STATUS = /status of (403|404|409|410|422)/;

/** By which method the document that a page shows was asked for. */
const arrivals = new WeakMap();

/** Whether the page shows what a GET of its address answers, and not what came of sending a form there. */
export function isAsAddressed(page) {
  return arrivals.get(page) === "GET";
}

export class Watch {
  complaints = [];
  foreign = [];
  followed = [];
  /** Pages whose policy was evaluated, and what was found. */
  policies = { pages: 0, findings: [] };

  /** Watches every page of `context`. A foreign address is never reached: a page that is opened by hand gets a stand-in. */
  static async over(context, origin) {
    const watch = new Watch();
    context.on("page", (page) => watch.#page(page, origin));
    await context.route(
      (url) => url.origin !== origin,
      async (route) => {
        const request = route.request();
        if (request.isNavigationRequest()) {
          watch.followed.push({ url: request.url(), referrer: (await request.allHeaders()).referer });
          await route.fulfill({ contentType: "text/html", body: "<title>outside</title>" });
        } else {
          watch.foreign.push(request.url());
          await route.abort();
        }
      },
    );
    return watch;
  }

  /** Says what the watch saw, once it is over. */
  report(report, whose) {
    const { pages, findings } = this.policies;
    report.holds(`${whose} complained about nothing`, this.complaints.length === 0, this.complaints.join("\n        "));
    report.holds(`${whose} asked no other origin for anything`, this.foreign.length === 0, this.foreign.join(" "));
    report.holds(`csp_evaluator finds nothing in the policies of ${pages} pages`, pages > 0 && findings.length === 0, findings.join("\n        "));
  }

  #page(page, origin) {
    page.on("response", (response) => {
      const isPage = response.request().isNavigationRequest() && new URL(response.url()).origin === origin && ![302, 303].includes(response.status());
      if (!isPage) return;
      arrivals.set(page, response.request().method());
      this.policies.pages += 1;
      this.policies.findings.push(...findings(response.headers()["content-security-policy"]).map((finding) => `${response.url()}: ${finding}`));
    });
    page.on("console", (message) => {
      const text = message.text();
      if (["error", "warning"].includes(message.type()) && !EXPECTED_STATUS.test(text)) this.complaints.push(text);
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
  }
}
