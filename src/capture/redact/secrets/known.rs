//! Secrets that say by their first letters whose they are.
//!
//! The prefixes are those their issuers publish for secret scanning. Lengths are lower bounds below the real ones: a key that
//! was pasted half is still half a key. No word boundary is asked for in front: a key glued to other text is still a key.

use super::placeholder;
use crate::capture::redact::Removed;
use crate::capture::redact::shape::shape;
use regex::{Captures, Regex};
use std::borrow::Cow;
use std::sync::LazyLock;

/// One alternative for each family of issuers.
static PREFIXED: LazyLock<Regex> = LazyLock::new(|| {
    shape(
        &[
            // AWS access key ids.
            "(?:AKIA|ASIA|ABIA|ACCA|AGPA|AIDA|AROA|ANPA)[A-Z0-9]{12,}",
            // GitHub, GitLab, Bitbucket and Gitea.
            "gh[pousr]_[A-Za-z0-9]{16,}",
            "github_pat_[A-Za-z0-9_]{16,}",
            "gl(?:pat|dt|rt|cbt|ptt|ft|soat|agent|imt|oas|ffct)-[A-Za-z0-9_.-]{12,}",
            "GR1348941[A-Za-z0-9_-]{12,}",
            "ATBB[A-Za-z0-9]{16,}",
            "AT(?:ATT|CTT)3[A-Za-z0-9_=-]{16,}",
            // Slack.
            "xox[a-z](?:[.-][A-Za-z0-9%/+-]{4,})+",
            "xapp-[0-9A-Za-z-]{8,}",
            "hooks\\.slack\\.com/(?:services|workflows|triggers)/[A-Za-z0-9/_-]{8,}",
            // Other chats.
            "(?:discord|discordapp)\\.com/api/webhooks/[0-9]+/[A-Za-z0-9_-]{8,}",
            "[MNO][A-Za-z0-9_-]{22,27}\\.[A-Za-z0-9_-]{6}\\.[A-Za-z0-9_-]{20,}",
            "[0-9]{8,10}:AA[A-Za-z0-9_-]{20,}",
            "webhook\\.office\\.com/webhookb2/[A-Za-z0-9@/_-]{8,}",
            // Payments.
            "(?:sk|rk|pk)_(?:live|test)_[A-Za-z0-9]{8,}",
            "whsec_[A-Za-z0-9+/=]{8,}",
            "sq0(?:atp|csp|idp)-[A-Za-z0-9_-]{12,}",
            "EAAA[A-Za-z0-9_-]{30,}",
            "shp(?:at|ca|pa|ss|ua)_[A-Fa-f0-9]{12,}",
            "access_token\\$(?:production|sandbox)\\$[a-z0-9$]{12,}",
            // Google.
            "AIza[A-Za-z0-9_-]{20,}",
            "ya29\\.[A-Za-z0-9_-]{12,}",
            "GOCSPX-[A-Za-z0-9_-]{12,}",
            "1//0[A-Za-z0-9_-]{20,}",
            "AAAA[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{60,}",
            // Microsoft.
            "[A-Za-z0-9_~.]{3}[0-9]Q~[A-Za-z0-9_~.-]{20,}",
            "(?i:AccountKey|SharedAccessKey|sharedaccesssignature)=[A-Za-z0-9+/=&%. _-]{12,}",
            "[a-z0-9]{40,}JQQJ99[A-Za-z0-9]{12,}",
            // Models.
            "sk-(?:proj-|ant-|svcacct-|admin-|or-v1-|live-|test-)[A-Za-z0-9_-]{12,}",
            "sk-[A-Za-z0-9]{20,}",
            "hf_[A-Za-z0-9]{16,}",
            "r8_[A-Za-z0-9]{16,}",
            "gsk_[A-Za-z0-9]{16,}",
            "xai-[A-Za-z0-9]{16,}",
            "pplx-[A-Za-z0-9]{16,}",
            // Package registries.
            "npm_[A-Za-z0-9]{16,}",
            "pypi-[A-Za-z0-9_-]{16,}",
            "rubygems_[a-f0-9]{16,}",
            "cio[A-Za-z0-9]{32}",
            "dckr_(?:pat|oat)_[A-Za-z0-9_-]{12,}",
            "oy2[a-z0-9]{43}",
            // Hosting and operations.
            "do[opr]_v1_[a-f0-9]{16,}",
            "dp\\.(?:pt|st|ct|sa|scim|audit)\\.[A-Za-z0-9._-]{12,}",
            "dapi[a-f0-9]{16,}",
            "(?:hvs|hvb|hvr)\\.[A-Za-z0-9_-]{12,}",
            "[A-Za-z0-9]{14}\\.atlasv1\\.[A-Za-z0-9_-]{20,}",
            "HRKU-[A-Za-z0-9_-]{16,}",
            "fo1_[A-Za-z0-9_-]{16,}",
            "vercel_blob_rw_[A-Za-z0-9_-]{12,}",
            "nf[pouc]_[A-Za-z0-9]{16,}",
            "sbp_[a-f0-9]{16,}",
            "pscale_(?:tkn|pw|oauth)_[A-Za-z0-9_.-]{12,}",
            "(?:glc|glsa)_[A-Za-z0-9_=+/-]{16,}",
            "NRAK-[A-Z0-9]{12,}",
            "NRJS-[a-f0-9]{12,}",
            "sntry[su]_[A-Za-z0-9_=+/-]{12,}",
            "PMAK-[a-f0-9-]{16,}",
            "lin_(?:api|oauth)_[A-Za-z0-9]{12,}",
            "(?:secret|ntn)_[A-Za-z0-9]{32,}",
            "figd_[A-Za-z0-9_-]{12,}",
            "pat[A-Za-z0-9]{14}\\.[a-f0-9]{20,}",
            "ops_eyJ[A-Za-z0-9_=+/-]{12,}",
            "A3-[A-Z0-9]{6}-[A-Z0-9-]{12,}",
            "AGE-SECRET-KEY-1[A-Z0-9]{12,}",
            "tskey-[a-z]+-[A-Za-z0-9-]{8,}",
            "cfut_[A-Za-z0-9_-]{16,}",
            "phc_[A-Za-z0-9]{16,}",
            "v1\\.0-[a-f0-9]{24}-[a-f0-9]{20,}",
            // Mail and telephony.
            "SG\\.[A-Za-z0-9_-]{12,}\\.[A-Za-z0-9_-]{12,}",
            "key-[a-f0-9]{24,}",
            "[a-f0-9]{32}-us[0-9]{1,2}",
            "(?:SK|AC)[a-f0-9]{32}",
            "xkeysib-[a-f0-9]{16,}",
            "re_[A-Za-z0-9]{8}_[A-Za-z0-9]{12,}",
            // Social.
            "EAACEdEose0cBA[A-Za-z0-9]+",
            "EAA[A-Za-z0-9]{40,}",
            "AAAAAAAAAAAAAAAAAAAAA[A-Za-z0-9%]{20,}",
            // Signed tokens and public-key formats.
            "eyJ[A-Za-z0-9_-]{8,}(?:\\.[A-Za-z0-9_-]*){1,4}",
            "(?:ssh-(?:rsa|dss|ed25519)|ecdsa-sha2-nistp[0-9]{3}) AAAA[A-Za-z0-9+/=]{12,}",
        ]
        .join("|"),
    )
});

pub(super) fn cut<'a>(text: &'a str, removed: &mut Removed) -> Cow<'a, str> {
    PREFIXED.replace_all(text, |_: &Captures<'_>| placeholder(removed))
}
