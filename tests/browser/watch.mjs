// Looks over the browser's shoulder: what it asks for, and what it complains about.

/** What a page may legitimately be told by the server: these statuses are what the checks ask for. */
const EXPECTED_STATUS = /status of (403|404|409|410|422)/;

export class Watch {
  complaints = [];
  foreign = [];
  followed = [];

  /** Watches every page of `context`. A foreign address is never reached: a page that is opened by hand gets a stand-in. */
  static async over(context, origin) {
    const watch = new Watch();
    context.on("page", (page) => watch.#page(page));
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

  #page(page) {
    page.on("console", (message) => {
      const text = message.text();
      if (["error", "warning"].includes(message.type()) && !EXPECTED_STATUS.test(text)) this.complaints.push(text);
    });
    page.on("pageerror", (error) => this.complaints.push(error.message));
  }
}
