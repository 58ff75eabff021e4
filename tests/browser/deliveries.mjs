// Deliveries as GitHub and Slack send them, signed by node:crypto: nothing here shares code with what verifies them.
import { createHmac } from "node:crypto";

export const REPOSITORY = "acme/web";
export const CHANNEL = "C0ACMEHELP";
/** The login of one author, who steps out at the end. */
export const AUTHORS = ["ana-f", "ben-k", "chloe-m", "dario-p", "emre-t"];
const PERSON_BASE = 7000;
const REPOSITORY_ID = 4711;

/** Posts a delivery of GitHub; answers the status. */
export async function sendGitHub(hookUrl, secret, kind, payload) {
  const body = JSON.stringify(payload);
  const signature = createHmac("sha256", secret).update(body).digest("hex");
  const headers = { "content-type": "application/json", "x-github-event": kind, "x-hub-signature-256": `sha256=${signature}` };
  return (await fetch(hookUrl, { method: "POST", headers, body })).status;
}

/** Posts a delivery of Slack, signed at `at`; answers the status. */
export async function sendSlack(hookUrl, secret, at, payload) {
  const body = JSON.stringify(payload);
  const stamp = String(Math.floor(Date.parse(at) / 1000));
  const signature = createHmac("sha256", secret).update(`v0:${stamp}:${body}`).digest("hex");
  const headers = { "content-type": "application/json", "x-slack-request-timestamp": stamp, "x-slack-signature": `v0=${signature}` };
  return (await fetch(hookUrl, { method: "POST", headers, body })).status;
}

/** A message in a channel of the given type. */
export function message(channel, channelType, at, number) {
  const ts = `${Math.floor(Date.parse(at) / 1000)}.${String(number).padStart(6, "0")}`;
  const event = { type: "message", channel, channel_type: channelType, user: "U0BEN", text: "the release notes are in the usual place", ts, event_ts: ts };
  return { token: "unused", team_id: "T0ACME", api_app_id: "A0ACME", type: "event_callback", event_id: `Ev${number}`, event_time: Number.parseInt(ts, 10), event };
}

const repository = { id: REPOSITORY_ID, full_name: REPOSITORY, name: "web", private: true, html_url: `https://github.com/${REPOSITORY}` };
const user = (author) => ({ id: PERSON_BASE + author, login: AUTHORS[author], type: "User" });
const sha = (number) => createHmac("sha1", "commit").update(String(number)).digest("hex");

function pullRequest(number, author, openedAt, mergedAt) {
  const isMerged = mergedAt !== undefined;
  return {
    action: isMerged ? "closed" : "opened",
    number,
    repository,
    sender: user(author),
    pull_request: {
      number,
      title: `Change ${number} of the checkout`,
      body: "CANARY-BODY: this text must never be kept",
      draft: false,
      user: user(author),
      created_at: openedAt,
      updated_at: mergedAt ?? openedAt,
      closed_at: mergedAt ?? null,
      merged: isMerged,
      merged_at: mergedAt ?? null,
      merge_commit_sha: isMerged ? sha(number + 1000) : null,
      head: { ref: `change-${number}`, sha: sha(number) },
      html_url: `https://github.com/${REPOSITORY}/pull/${number}`,
    },
  };
}

function workflowRun(number, author, attempt, conclusion, at) {
  return {
    action: "completed",
    repository,
    sender: user(author),
    workflow: { id: 1, name: "ci", path: ".github/workflows/ci.yml" },
    workflow_run: {
      id: 50_000 + number,
      name: "ci",
      workflow_id: 1,
      head_branch: `change-${number}`,
      head_sha: sha(number),
      run_attempt: attempt,
      status: "completed",
      conclusion,
      created_at: at,
      run_started_at: at,
      updated_at: at,
      actor: user(author),
      triggering_actor: user(author),
      pull_requests: [{ number, base: { repo: { id: REPOSITORY_ID } } }],
      html_url: `https://github.com/${REPOSITORY}/actions/runs/${50_000 + number}`,
    },
  };
}

/**
 * The last eleven days of a team of five: twelve changes, each run once; the runs of six of them, by three people, failed
 * and then passed on the same commit. Each entry is [kind, payload], in the order of time.
 */
export function flakyHistory(until) {
  const end = Date.parse(until);
  const hour = 3_600_000;
  const deliveries = [];
  for (let number = 1; number <= 12; number += 1) {
    const isFlaky = number % 2 === 0;
    const author = isFlaky ? (number / 2) % 3 : 3 + (((number - 1) / 2) % 2);
    const opened = end - (13 - number) * 22 * hour;
    const at = (hours) => new Date(opened + hours * hour).toISOString().replace(/\.\d+Z$/, "Z");
    deliveries.push(["pull_request", pullRequest(number, author, at(0))]);
    if (isFlaky) deliveries.push(["workflow_run", workflowRun(number, author, 1, "failure", at(1))]);
    deliveries.push(["workflow_run", workflowRun(number, author, isFlaky ? 2 : 1, "success", at(2))]);
    deliveries.push(["pull_request", pullRequest(number, author, at(0), at(5))]);
  }
  return deliveries;
}
