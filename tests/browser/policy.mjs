// What Google's CSP Evaluator says of the content security policy of a page.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
const { CspEvaluator, DEFAULT_CHECKS, STRICTCSP_CHECKS } = require("csp_evaluator/dist/evaluator.js");
const { CspParser } = require("csp_evaluator/dist/parser.js");
const { Version } = require("csp_evaluator/dist/csp.js");
/** These ask for 'unsafe-inline' and https: as a fallback for browsers that know no nonce. Those run no script here, and need none. */
const FALLBACKS = ["checkUnsafeInlineFallback", "checkAllowlistFallback"];
const STRICT = STRICTCSP_CHECKS.filter((check) => !FALLBACKS.includes(check.name));
const CHECKS = [...DEFAULT_CHECKS, ...STRICT];
if (STRICT.length !== STRICTCSP_CHECKS.length - FALLBACKS.length) throw new Error("csp_evaluator calls its checks otherwise now");

/** The findings, each in a line; a page without a policy is one. */
export function findings(policy) {
  if (!policy) return ["there is no policy"];
  const found = new CspEvaluator(new CspParser(policy).csp, Version.CSP3).evaluate(CHECKS, CHECKS);
  return [...new Set(found.map(({ directive, description }) => `${directive}: ${description}`))];
}
