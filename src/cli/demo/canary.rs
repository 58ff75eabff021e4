//! Words that must never come out again: in no page, no answer, no line on the console, no file.
//!
//! Each belongs to a plant. A needle stands nowhere but in what that plant puts in, so a hit names its leak.

use super::people::OPTED_OUT;

// Written in two halves, so that nobody's scanner of sources takes an invented secret for a real one.
macro_rules! cloud_key {
    () => {
        concat!("AKIA", "QDWX7R2M5NTLP3VB")
    };
}
macro_rules! host_token {
    () => {
        concat!("ghp_", "q7Dw2Zk9Rt4Xb1Vn6Ym3Hs8Jc5Lf0Pg2Ae4T")
    };
}
macro_rules! chat_token {
    () => {
        concat!("xoxb-", "190284951004-7391055528201-qDw7Rk2Zt9Xb4Vn1Ym6Hs3Jc")
    };
}

/// Every needle, with the name of the plant that it belongs to.
pub const CANARIES: &[(&str, &str)] = &[
    ("direct_message", "canary-direct-4f1c90"),
    ("group_message", "canary-group-b07e22"),
    ("private_channel", "canary-private-91d4a8"),
    ("unsubscribed_channel", "canary-elsewhere-6c2f13"),
    ("pasted_code", "canary_fenced_total_5d2e"),
    ("pasted_code", "canary_indented_price_8a07"),
    ("pasted_code", "canary_bare_berth_c3d9"),
    ("pasted_code", "canary_inline_flag_19be"),
    ("pasted_code", "canary_trace_hold_2f60"),
    ("pasted_code", "canary_log_gauge_5b1e"),
    ("pasted_diff", "canary_diff_old_77aa"),
    ("pasted_diff", "canary_diff_new_77ab"),
    ("code_bearing_events", "canary-commit-message-d81a"),
    ("code_bearing_events", "canary_pushed_file_0d4b"),
    ("code_bearing_events", "canary_hunk_line_e6f3"),
    ("code_bearing_events", "canary-line-comment-27c5"),
    ("bodies", "canary-change-body-61b7"),
    ("bodies", "canary-review-body-8e0d"),
    ("bodies", "canary-comment-body-f942"),
    ("secret", cloud_key!()),
    ("secret", host_token!()),
    ("secret", chat_token!()),
    ("opted_out", "canary-stepped-out-3e92"),
    ("opted_out", "canary-stepped-out-title-b1c4"),
    ("opted_out", OPTED_OUT_LOGIN),
    ("opted_out", OPTED_OUT_SLACK_ID),
    ("edited_message", "canary-first-text-a55d"),
    ("deleted_message", "canary-taken-back-0c3b"),
    ("shared_file", "canary-file-words-7d16"),
];

/// Messages with an invented access key of a cloud, a token of the git host and one of the chat.
pub(super) const SECRETS: [&str; 3] = [
    concat!("The old runner still has ", cloud_key!(), " in its settings, I take it out today"),
    concat!("Can someone check whether ", host_token!(), " is still valid?"),
    concat!("Found this in a screenshot of the fair: token=", chat_token!(), ", I revoke it now"),
];

const OPTED_OUT_LOGIN: &str = OPTED_OUT.login;
const OPTED_OUT_SLACK_ID: &str = OPTED_OUT.slack_id;

/// The body of some changes.
pub(super) const CHANGE_BODY: &str = "Why: see canary-change-body-61b7.\n\nHow: the table first, then the readers.";
/// The words of some reviews.
pub(super) const REVIEW_BODY: &str = "Reads well, canary-review-body-8e0d, one nit below.";
/// A comment below a change.
pub(super) const COMMENT_BODY: &str = "Tried it on staging, canary-comment-body-f942, works.";

/// The title of a change by the colleague who stepped out.
pub(super) fn opted_out_title(week: u64) -> String {
    format!("Reshape the berth index, canary-stepped-out-title-b1c4, step {}", week / 3 + 1)
}

pub(super) const HUNK: &str = "@@ -38,6 +38,7 @@ fn price(stay: &Stay) -> Money {\n     let nights = stay.nights();\n-    nights * tariff.base\n+    let canary_hunk_line_e6f3 = tariff.base + tariff.tax;\n+    nights * canary_hunk_line_e6f3\n }";
pub(super) const LINE_COMMENT: &str = "Is the tax really per night, canary-line-comment-27c5?";
pub(super) const COMMIT_MESSAGE: &str = "Add the tax per night\n\ncanary-commit-message-d81a: see the tariff table.";
pub(super) const PUSHED_FILE: &str = "src/tariff/canary_pushed_file_0d4b.rs";
pub(super) const FILE_WORDS: &str = "gauge,north\n2026-08-18,canary-file-words-7d16\n";

/// Messages with code, in the ways in which people paste it.
pub(super) const PASTED_CODE: [&str; 6] = [
    "Found the loop that counts too much:\n```\nlet canary_fenced_total_5d2e = holds.iter().filter(|hold| hold.is_open()).count();\nif canary_fenced_total_5d2e &gt; pier.capacity() {\n    return Err(Refused::Full);\n}\n```\nThe filter looks at the wrong state",
    "This is what I have so far\n    def canary_indented_price_8a07(stay):\n        total = stay.nights * stay.tariff\n        return round(canary_indented_price_8a07.rate * total, 2)\nIt looks too simple to be right",
    "Does anyone see why this never resolves?\nconst canary_bare_berth_c3d9 = await api.get(path, { signal });\nif (!canary_bare_berth_c3d9.ok) { throw new BerthError(canary_bare_berth_c3d9.status); }\nsetBerth(canary_bare_berth_c3d9.body);",
    "The culprit is `canary_inline_flag_19be`, it is never set back",
    "Staging says this since noon:\nthread 'main' panicked at src/holds/canary_trace_hold_2f60.rs:88:13:\nattempt to subtract with overflow\nstack backtrace:\n   0: rust_begin_unwind\n   1: berth_api::holds::canary_trace_hold_2f60::expire\n   2: berth_api::main",
    "The gauge again:\n2026-08-18T09:12:33.201Z ERROR berth_api::gauge canary_log_gauge_5b1e status=500 harbour=north\n2026-08-18T09:12:34.877Z ERROR berth_api::gauge canary_log_gauge_5b1e status=500 harbour=north",
];

/// A diff, fenced and bare.
pub(super) const PASTED_DIFF: [&str; 2] = [
    "I would do it like this:\n```\n@@ -12,7 +12,7 @@ fn base_price\n-    let canary_diff_old_77aa = tariff.base;\n+    let canary_diff_new_77ab = tariff.base + tariff.tax;\n```",
    "Small patch, tell me what you think\ndiff --git a/src/price.rs b/src/price.rs\n--- a/src/price.rs\n+++ b/src/price.rs\n@@ -12,7 +12,7 @@ fn base_price\n-    let canary_diff_old_77aa = tariff.base;\n+    let canary_diff_new_77ab = tariff.base + tariff.tax;\n     round(price)",
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::demo::planted::Plant;

    #[test]
    fn each_needle_belongs_to_a_plant_and_no_needle_holds_another() {
        for (place, (name, needle)) in CANARIES.iter().enumerate() {
            assert!(Plant::parse(name).is_some(), "{name}");
            assert_eq!(CANARIES.iter().position(|(_, other)| other.contains(needle)), Some(place), "{needle}");
        }
        assert_eq!((OPTED_OUT_LOGIN, OPTED_OUT_SLACK_ID), (OPTED_OUT.login, OPTED_OUT.slack_id));
    }
}
