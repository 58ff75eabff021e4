//! Secrets that say by their first letters whose they are.
//!
//! The prefixes are those their issuers publish for secret scanning. Lengths are lower bounds below the real ones: a key that
//! was pasted half is still half a key. No word boundary is asked for in front: a key glued to other text is still a key.

use super::placeholder;
use super::shelf::{Case, Shelf};
use crate::capture::redact::Removed;
use regex::Captures;
use std::borrow::Cow;
use std::sync::LazyLock;

/// The keys of one issuer.
struct Row {
    /// What is in every key of the shape, one of them at least: only a text with such a piece is searched for the shape.
    hints: &'static [&'static str],
    shape: &'static str,
}

const fn row(hints: &'static [&'static str], shape: &'static str) -> Row {
    Row { hints, shape }
}

/// By issuer. To add one, add a row: the test below makes keys from its shape and sees them cut.
#[rustfmt::skip]
const ROWS: &[Row] = &[
    // AWS access key ids.
    row(&["AKIA", "ASIA", "ABIA", "ACCA", "AGPA", "AIDA", "AROA", "ANPA"], r"(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{12,}"),
    // GitHub, GitLab, Bitbucket and Gitea.
    row(&["ghp_", "gho_", "ghu_", "ghs_", "ghr_"], r"gh[pousr]_[A-Za-z0-9]{8,}"),
    row(&["github_pat_"], r"github_pat_[A-Za-z0-9_]{16,}"),
    row(
        &["glpat-", "gldt-", "glrt-", "glcbt-", "glptt-", "glft-", "glsoat-", "glagent-", "glimt-", "gloas-", "glffct-"],
        r"gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|oas|ffct)-[A-Za-z0-9_.-]{12,}",
    ),
    row(&["GR1348941"], r"GR1348941[A-Za-z0-9_-]{12,}"),
    row(&["ATBB"], r"ATBB[A-Za-z0-9]{16,}"),
    row(&["ATATT3", "ATCTT3"], r"AT(?:ATT|CTT)3[A-Za-z0-9_=-]{16,}"),
    // Slack.
    row(&["xox"], r"xox[a-z](?:[.-][A-Za-z0-9%/+-]{4,})+"),
    row(&["xapp-"], r"xapp-[0-9A-Za-z-]{8,}"),
    row(&["hooks.slack.com/"], r"hooks\.slack\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{8,}"),
    // Other chats.
    row(
        &["discord.com/api/webhooks/", "discordapp.com/api/webhooks/"],
        r"(?:discord|discordapp)\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{8,}",
    ),
    // Discord: a number in base 64.
    row(
        &["MD", "MT", "Mj", "Mz", "ND", "NT", "Nj", "Nz", "OD", "OT"],
        r"(?:[MN][DTjz]|O[DT])[A-Za-z0-9_-]{21,26}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{20,}",
    ),
    row(&[":AA"], r"[0-9]{8,10}:AA[A-Za-z0-9_-]{20,}"),
    row(&["webhook.office.com/"], r"webhook\.office\.com/webhookb2/[A-Za-z0-9@/_-]{8,}"),
    row(&["outlook.office"], r"outlook\.office(?:365)?\.com/webhook/[A-Za-z0-9@/_-]{8,}"),
    // Payments.
    row(&["sk_live_", "sk_test_", "rk_live_", "rk_test_", "pk_live_", "pk_test_"], r"(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}"),
    row(&["whsec_"], r"whsec_[A-Za-z0-9+/=]{8,}"),
    row(&["sq0"], r"sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{12,}"),
    row(&["EAAA"], r"EAAA[A-Za-z0-9_-]{30,}"),
    row(&["shpat_", "shpca_", "shppa_", "shpss_", "shpua_"], r"shp(?:at|ca|pa|ss|ua)_[A-Fa-f0-9]{12,}"),
    row(&["access_token$"], r"access_token\$(?:production|sandbox)\$[a-z0-9$]{12,}"),
    // Google.
    row(&["AIza"], r"AIza[A-Za-z0-9_-]{20,}"),
    row(&["ya29."], r"ya29\.[A-Za-z0-9_-]{12,}"),
    row(&["GOCSPX-"], r"GOCSPX-[A-Za-z0-9_-]{12,}"),
    row(&["1//0"], r"1//0[A-Za-z0-9_-]{20,}"),
    row(&["AAAA"], r"AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{60,}"),
    // Microsoft.
    row(&["Q~"], r"[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{20,}"),
    row(
        &["ccountKey=", "ccountkey=", "ccessKey=", "ccesskey=", "ccessSignature=", "ccesssignature=", "KEY=", "SIGNATURE="],
        r"(?:(?:[Aa]ccount|[Ss]hared[Aa]ccess)[Kk]ey|[Ss]hared[Aa]ccess[Ss]ignature|ACCOUNTKEY|SHAREDACCESS(?:KEY|SIGNATURE))=[A-Za-z0-9+/=&%. _-]{12,}",
    ),
    row(&["JQQJ99"], r"[a-z0-9]{40,}JQQJ99[A-Za-z0-9]{12,}"),
    // Models.
    row(
        &["sk-proj-", "sk-ant-", "sk-svcacct-", "sk-admin-", "sk-or-v1-", "sk-live-", "sk-test-"],
        r"sk-(?:proj-|ant-|svcacct-|admin-|or-v1-|live-|test-)[A-Za-z0-9_-]{12,}",
    ),
    row(&["sk-"], r"sk-[A-Za-z0-9]{20,}"),
    row(&["hf_"], r"hf_[A-Za-z0-9]{16,}"),
    row(&["r8_"], r"r8_[A-Za-z0-9]{16,}"),
    row(&["gsk_"], r"gsk_[A-Za-z0-9]{16,}"),
    row(&["xai-"], r"xai-[A-Za-z0-9]{16,}"),
    row(&["pplx-"], r"pplx-[A-Za-z0-9]{16,}"),
    // Package registries.
    row(&["npm_"], r"npm_[A-Za-z0-9]{16,}"),
    row(&["pypi-"], r"pypi-[A-Za-z0-9_-]{16,}"),
    row(&["rubygems_"], r"rubygems_[a-f0-9]{16,}"),
    row(&["cio"], r"cio[A-Za-z0-9]{32}"),
    row(&["dckr_pat_", "dckr_oat_"], r"dckr_(?:pat|oat)_[A-Za-z0-9_-]{12,}"),
    row(&["oy2"], r"oy2[a-z0-9]{43}"),
    // Hosting and operations.
    row(&["doo_v1_", "dop_v1_", "dor_v1_"], r"do[opr]_v1_[a-f0-9]{16,}"),
    row(&["dp.pt.", "dp.st.", "dp.ct.", "dp.sa.", "dp.scim.", "dp.audit."], r"dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9._-]{12,}"),
    row(&["dapi"], r"dapi[a-f0-9]{16,}"),
    row(&["hvs.", "hvb.", "hvr."], r"(?:hvs|hvb|hvr)\.[A-Za-z0-9_-]{12,}"),
    row(&["s."], r"(?-u:\b)s\.[A-Za-z0-9]{24}"),
    row(&[".atlasv1."], r"[A-Za-z0-9]{14}\.atlasv1\.[A-Za-z0-9_-]{20,}"),
    row(&["HRKU-"], r"HRKU-[A-Za-z0-9_-]{16,}"),
    row(&["fo1_"], r"fo1_[A-Za-z0-9_-]{16,}"),
    row(&["vercel_blob_rw_"], r"vercel_blob_rw_[A-Za-z0-9_-]{12,}"),
    row(&["nfp_", "nfo_", "nfu_", "nfc_"], r"nf[pouc]_[A-Za-z0-9]{16,}"),
    row(&["sbp_"], r"sbp_[a-f0-9]{16,}"),
    row(&["pscale_"], r"pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{12,}"),
    row(&["glc_", "glsa_"], r"(?:glc|glsa)_[A-Za-z0-9_=+/-]{16,}"),
    row(&["NRAK-"], r"NRAK-[A-Z0-9]{12,}"),
    row(&["NRJS-"], r"NRJS-[a-f0-9]{12,}"),
    row(&["sntrys_", "sntryu_"], r"sntry[su]_[A-Za-z0-9_=+/-]{12,}"),
    row(&["PMAK-"], r"PMAK-[a-f0-9-]{16,}"),
    row(&["lin_api_", "lin_oauth_"], r"lin_(?:api|oauth)_[A-Za-z0-9]{12,}"),
    row(&["secret_", "ntn_"], r"(?:secret|ntn)_[A-Za-z0-9]{32,}"),
    row(&["figd_"], r"figd_[A-Za-z0-9_-]{12,}"),
    row(&["pat"], r"pat[A-Za-z0-9]{14}\.[a-f0-9]{20,}"),
    row(&["ops_eyJ"], r"ops_eyJ[A-Za-z0-9_=+/-]{12,}"),
    row(&["A3-"], r"A3-[A-Z0-9]{6}-[A-Z0-9-]{12,}"),
    row(&["AGE-SECRET-KEY-1"], r"AGE-SECRET-KEY-1[A-Z0-9]{12,}"),
    row(&["tskey-"], r"tskey-[a-z]+-[A-Za-z0-9-]{8,}"),
    row(&["cfut_"], r"cfut_[A-Za-z0-9_-]{16,}"),
    row(&["phc_"], r"phc_[A-Za-z0-9]{16,}"),
    row(&["v1.0-"], r"v1\.0-[a-f0-9]{24}-[a-f0-9]{20,}"),
    // Mail and telephony.
    row(&["SG."], r"SG\.[A-Za-z0-9_-]{12,}\.[A-Za-z0-9_-]{12,}"),
    row(&["key-"], r"key-[a-f0-9]{24,}"),
    row(&["-us"], r"[a-f0-9]{32}-us[0-9]{1,2}"),
    row(&["SK", "AC"], r"(?:SK|AC)[a-f0-9]{32}"),
    row(&["xkeysib-"], r"xkeysib-[a-f0-9]{16,}"),
    row(&["re_"], r"re_[A-Za-z0-9]{8}_[A-Za-z0-9]{12,}"),
    // Social.
    row(&["EAACEdEose0cBA"], r"EAACEdEose0cBA[A-Za-z0-9]+"),
    row(&["EAA"], r"EAA[A-Za-z0-9]{40,}"),
    row(&["AAAAAAAAAAAAAAAAAAAAA"], r"AAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{20,}"),
    // Signed tokens and public-key formats.
    row(&["eyJ"], r"eyJ[A-Za-z0-9_-]{8,}(?:\.[A-Za-z0-9_-]*){1,4}"),
    row(
        &["ssh-rsa AAAA", "ssh-dss AAAA", "ssh-ed25519 AAAA", "ecdsa-sha2-nistp"],
        r"(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp[0-9]{3}) AAAA[A-Za-z0-9+/=]{8,}(?: [\w.-]+@[\w.-]+)?",
    ),
];

static SHELF: LazyLock<Shelf> =
    LazyLock::new(|| Shelf::new(ROWS.iter().map(|row| (row.hints.to_vec(), row.shape.to_owned())), Case::Matters));

pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    let mut text = Cow::Borrowed(text);
    for (_, shape) in SHELF.shapes_for(&text) {
        if let Cow::Owned(changed) = shape.replace_all(&text, |_: &Captures<'_>| placeholder(removed)) {
            text = Cow::Owned(changed);
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::strategy::{Strategy, ValueTree};
    use proptest::string::string_regex;
    use proptest::test_runner::TestRunner;

    /// Keys made from a row's own shape: if its hints did not find them, they would stay.
    #[test]
    fn every_key_of_every_row_is_cut() {
        let mut runner = TestRunner::deterministic();
        for row in ROWS {
            let keys = string_regex(&row.shape.replace(r"(?-u:\b)", "").replace(r"\w", "[a-z]")).expect("a shape makes keys");
            for _ in 0..20 {
                let key = keys.new_tree(&mut runner).expect("a key").current();
                let answer = cut(&format!("see {key} ok"), &mut Removed::default()).into_owned();
                assert!(answer.contains("[secret removed]") && !answer.contains(&key), "{} left {answer}", row.shape);
            }
        }
    }

    #[test]
    fn words_that_begin_like_a_key_stay() {
        for text in
            ["skip the risk-taking", "the ghosts_are", "class.something", "AC is off, ask-me", "npm_config", "NOTES and ODDS of OTTER"]
        {
            assert_eq!(cut(text, &mut Removed::default()), text);
        }
    }
}
