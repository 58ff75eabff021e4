//! The certificate that the installation signs itself, made at the first start and kept under the installation's key.

use crate::app::sql;
use crate::base::clock::{Instant, SignedDuration};
use crate::base::error::{Code, Fault};
use crate::base::secret::Secret;
use crate::base::url::WebAddress;
use crate::crypto::hash;
use crate::store::MainDb;
use jiff::tz::TimeZone;
use rcgen::{CertificateParams, DistinguishedName, DnType, KeyPair, date_time_ymd};
use rustls::ServerConfig;
use rustls::client::verify_server_name;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName};
use rustls::server::ParsedCertificate;
use std::sync::Arc;

/// Days that a certificate holds: what browsers accept at most for a certificate of one's own root (Apple, 825 days).
const LIFETIME_DAYS: i64 = 825;
/// A certificate is replaced this many days before it ends.
const REPLACE_DAYS: i64 = 21;

/// What the server shows, ready for use.
pub(super) struct Identity {
    pub config: ServerConfig,
    /// SHA-256 of the certificate, as browsers show it.
    pub fingerprint: String,
}

/// A certificate and its key, as they are kept.
pub(super) struct Stored {
    pub certificate: Vec<u8>,
    pub private_key: Secret<Vec<u8>>,
    pub ends_at: Instant,
}

/// The installation's certificate; a new one where there is none, it is about to end, or it does not name the public address.
pub(super) fn identity(main: &MainDb, public: Option<&WebAddress>, now: Instant) -> Result<Identity, Fault> {
    let kept = main.read(|reader| sql::tls_identity(reader))?;
    let lasts = |stored: &Stored| now.duration_until(stored.ends_at) > SignedDuration::from_hours(24 * REPLACE_DAYS);
    let usable = kept.filter(|stored| lasts(stored) && public.is_none_or(|public| names(&stored.certificate, public)));
    if let Some(stored) = usable {
        return ready(&stored);
    }
    let made = fresh(public, now)?;
    keep(main, &made)?;
    ready(&made)
}

/// A certificate with its key, as the server needs them.
pub(super) fn ready(stored: &Stored) -> Result<Identity, Fault> {
    let fingerprint = hash::sha256(&stored.certificate).iter().map(|byte| format!("{byte:02X}")).collect::<Vec<_>>().join(":");
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(stored.private_key.reveal().clone()));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| builder.with_no_client_auth().with_single_cert(vec![CertificateDer::from(stored.certificate.clone())], key))
        .map_err(|error| Fault::new(Code::Internal, "The installation's certificate cannot be used").because(error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Identity { config, fingerprint })
}

/// A new certificate, which is kept nowhere yet.
pub(super) fn fresh(public: Option<&WebAddress>, now: Instant) -> Result<Stored, Fault> {
    let ends_at = now.saturating_add(SignedDuration::from_hours(24 * LIFETIME_DAYS)).unwrap_or(Instant::MAX);
    make(public, now, ends_at).map_err(|error| Fault::new(Code::Internal, "A certificate could not be made").because(error))
}

/// Keeps a certificate as the installation's own.
pub(super) fn keep(main: &MainDb, stored: &Stored) -> Result<(), Fault> {
    let (certificate, key, ends_at) = (stored.certificate.clone(), stored.private_key.clone(), stored.ends_at);
    main.write(move |tx| sql::put_tls_identity(tx, &Stored { certificate, private_key: key, ends_at }))
}

/// Whether a certificate is one of this address, as a client would judge it.
fn names(certificate: &[u8], address: &WebAddress) -> bool {
    let certificate = CertificateDer::from(certificate);
    let Ok(name) = ServerName::try_from(address.bare_host()) else { return false };
    ParsedCertificate::try_from(&certificate).is_ok_and(|certificate| verify_server_name(&certificate, &name).is_ok())
}

fn make(public: Option<&WebAddress>, now: Instant, ends_at: Instant) -> Result<Stored, rcgen::Error> {
    let local = ["localhost", "127.0.0.1", "::1"];
    let named = public.map(WebAddress::bare_host).filter(|host| !local.contains(host));
    let mut params = CertificateParams::new(local.into_iter().chain(named).map(str::to_owned).collect::<Vec<String>>())?;
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, "SmartRetro");
    params.distinguished_name = name;
    let (year, month, day) = day_of(now);
    params.not_before = date_time_ymd(year, month, day);
    let (year, month, day) = day_of(ends_at);
    params.not_after = date_time_ymd(year, month, day);
    let key = KeyPair::generate()?;
    let certificate = params.self_signed(&key)?;
    Ok(Stored { certificate: certificate.der().to_vec(), private_key: Secret::new(key.serialize_der()), ends_at })
}

fn day_of(at: Instant) -> (i32, u8, u8) {
    let date = at.to_zoned(TimeZone::UTC).date();
    (date.year().into(), date.month().unsigned_abs(), date.day().unsigned_abs())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::base::clock::Clock;
    use crate::crypto::keys::Kek;
    use crate::store::Store;

    #[test]
    fn the_certificate_names_the_public_address_and_is_kept_as_long_as_it_does() {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::create(&folder.path().join("data"), &Kek::generate().unwrap(), &Clock::System, true).unwrap();
        let now = Clock::System.now();
        let print = |public: Option<&str>, at| {
            let public = public.map(|url| WebAddress::parse(url).unwrap());
            identity(store.main(), public.as_ref(), at).unwrap().fingerprint
        };
        let first = print(None, now);
        assert_eq!(print(Some("https://localhost:8443"), now), first, "it names this machine already");
        let named = print(Some("https://retro.acme.example"), now);
        assert_ne!(named, first);
        assert_eq!([print(Some("https://retro.acme.example:8443"), now), print(None, now)], [named.clone(), named.clone()]);
        assert_ne!(print(Some("https://[2001:db8::7]"), now), named);
        let stored = store.main().read(|reader| sql::tls_identity(reader)).unwrap().unwrap();
        let is_of = |url: &str| names(&stored.certificate, &WebAddress::parse(url).unwrap());
        assert!(is_of("https://[2001:db8::7]:9") && is_of("https://127.0.0.1") && !is_of("https://retro.acme.example"));
        let (before, late) = (print(None, now), now + SignedDuration::from_hours(24 * (LIFETIME_DAYS - REPLACE_DAYS + 1)));
        assert_ne!(print(None, late), before, "about to end");
    }
}
