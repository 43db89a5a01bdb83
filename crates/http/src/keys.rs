//! Everything secret is derived from one master secret, which the server keeps in a file of mode 0600.
//!
//! Access tokens are HS256 (see `docs/adr`): issuer and verifier are the same process, and a check costs a
//! microsecond. Their key changes each month; last month's is taken until its tokens have run out.

use base64::{Engine as _, prelude::BASE64_URL_SAFE_NO_PAD};
use hkdf::Hkdf;
use hmac::{Hmac, KeyInit, Mac};
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use liangnuo_domain::{
    AccountId, AttachmentId, ComplaintId, LinkId, SessionId, Timestamp, complaints::number::receipt_code,
    second_factor::TICKET_SECONDS,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use crate::{
    devices::KnownDevice,
    providers::{Errand, Flow},
};

/// An access token lives this long.
pub const ACCESS_SECONDS: i64 = 600;

const ISSUER: &str = "liangnuo";
const AUDIENCE: &str = "liangnuo-api";
const TOKEN_TYPE: &str = "at+jwt";

/// The derived keys.
#[derive(Clone)]
pub struct Keys {
    master: [u8; 32],
}

impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Keys")
    }
}

#[derive(Debug, Serialize, Deserialize)]
struct Claims {
    iss: String,
    aud: String,
    sub: Uuid,
    sid: Uuid,
    iat: i64,
    nbf: i64,
    exp: i64,
}

impl Keys {
    /// Keys derived from a master secret.
    #[must_use]
    pub const fn new(master: [u8; 32]) -> Self {
        Self { master }
    }

    /// The key for the cursors of lists.
    #[must_use]
    pub fn cursor_key(&self) -> [u8; 32] {
        self.derive("cursor")
    }

    /// What the key that signs the log is made of.
    #[must_use]
    pub fn log_seed(&self) -> [u8; 32] {
        self.derive("log")
    }

    /// The key that seals the seeds of second factors.
    #[must_use]
    pub fn second_factor_key(&self) -> [u8; 32] {
        self.derive("second-factor")
    }

    fn derive(&self, purpose: &str) -> [u8; 32] {
        let mut key = [0; 32];
        // 32 bytes are far below the 8,160 that HKDF-SHA-256 can give, so this can't fail.
        let _ = Hkdf::<Sha256>::new(None, &self.master).expand(purpose.as_bytes(), &mut key);
        key
    }

    fn mac(&self, purpose: &str, parts: &[&[u8]]) -> [u8; 32] {
        self.hmac(purpose, parts)
            .map_or([0; 32], |mac| mac.finalize().into_bytes().into())
    }

    fn hmac(&self, purpose: &str, parts: &[&[u8]]) -> Option<Hmac<Sha256>> {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.derive(purpose)).ok()?;
        for part in parts {
            mac.update(part);
        }
        Some(mac)
    }

    /// An access token for a session.
    ///
    /// # Errors
    /// None in practice; the library's signature has one.
    pub fn access_token(
        &self,
        account: Uuid,
        session: SessionId,
        now: Timestamp,
    ) -> Result<String, jsonwebtoken::errors::Error> {
        let seconds = now.micros() / 1_000_000;
        let month = month_of(now);
        let mut header = Header::new(Algorithm::HS256);
        header.typ = Some(TOKEN_TYPE.to_owned());
        header.kid = Some(month.clone());
        let claims = Claims {
            iss: ISSUER.to_owned(),
            aud: AUDIENCE.to_owned(),
            sub: account,
            sid: session.0,
            iat: seconds,
            nbf: seconds,
            exp: seconds + ACCESS_SECONDS,
        };
        jsonwebtoken::encode(
            &header,
            &claims,
            &EncodingKey::from_secret(&self.derive(&format!("jwt/{month}"))),
        )
    }

    /// The session of an access token, if the token is ours, of the right type, and in its time.
    #[must_use]
    pub fn session_of(&self, token: &str, now: Timestamp) -> Option<SessionId> {
        let header = jsonwebtoken::decode_header(token).ok()?;
        if header.alg != Algorithm::HS256 || header.typ.as_deref() != Some(TOKEN_TYPE) {
            return None;
        }
        let kid = header.kid?;
        let before = now.plus_seconds(-ACCESS_SECONDS);
        if kid != month_of(now) && kid != month_of(before) {
            return None;
        }
        let mut rules = Validation::new(Algorithm::HS256);
        rules.set_issuer(&[ISSUER]);
        rules.set_audience(&[AUDIENCE]);
        rules.set_required_spec_claims(&["exp", "nbf", "iss", "aud", "sub"]);
        // The library asks the operating system for the time; ours is a parameter, so the times are checked below.
        rules.validate_exp = false;
        rules.validate_nbf = false;
        let key = DecodingKey::from_secret(&self.derive(&format!("jwt/{kid}")));
        let claims = jsonwebtoken::decode::<Claims>(token, &key, &rules).ok()?.claims;
        let seconds = now.micros() / 1_000_000;
        // A few seconds of grace for replicas whose clocks differ.
        (claims.nbf <= seconds + 5 && seconds < claims.exp).then_some(SessionId(claims.sid))
    }

    /// The refresh token that follows `token`. The same one each time, so that two tabs that refresh at once get the
    /// same successor.
    #[must_use]
    pub fn next_refresh_token(&self, token: &str) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.mac("refresh", &[token.as_bytes()]))
    }

    /// A new random token of 256 bits.
    #[must_use]
    pub fn random_token() -> String {
        BASE64_URL_SAFE_NO_PAD.encode(rand::random::<[u8; 32]>())
    }

    /// How the token of a session, of a link or of the bootstrap is kept.
    #[must_use]
    pub fn token_hash(token: &str) -> Vec<u8> {
        Sha256::digest(token.as_bytes()).to_vec()
    }

    /// The token of a link into an account. Derived, so that a request that is sent again can show it again, and nobody
    /// keeps it.
    #[must_use]
    pub fn link_token(&self, link: LinkId, key: Uuid) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.mac("account-link", &[link.0.as_bytes(), key.as_bytes()]))
    }

    /// What says that somebody has just given the right password of an account: whose it is, since when, and signed. It is
    /// bound to the hash of that password, so that it ends with it.
    #[must_use]
    pub fn ticket(&self, account: AccountId, password_hash: &str, now: Timestamp) -> String {
        let (id, at) = (account.0.into_bytes(), now.micros().to_be_bytes());
        let mac = self.mac("log-in-ticket", &[&id, &at, password_hash.as_bytes()]);
        BASE64_URL_SAFE_NO_PAD.encode([&id[..], &at, &mac].concat())
    }

    /// The token by which a device is known again.
    #[must_use]
    pub fn device_token(&self, device: &KnownDevice) -> String {
        self.signed("device", device.account.0.as_bytes(), &device.id, device.since)
    }

    /// The device of such a token, if it is ours.
    #[must_use]
    pub fn device(&self, token: &str) -> Option<KnownDevice> {
        let (account, id, since) = self.opened("device", token)?;
        Some(KnownDevice {
            account: AccountId(Uuid::from_bytes(account)),
            id,
            since,
        })
    }

    /// Somebody on their way to an identity provider: what comes back with them follows from a random number.
    #[must_use]
    pub fn flow(&self, id: Uuid, errand: Errand, since: Timestamp) -> Flow {
        let text = |purpose: &str| BASE64_URL_SAFE_NO_PAD.encode(self.mac(purpose, &[id.as_bytes()]));
        Flow {
            id,
            errand,
            since,
            state: text("provider-state"),
            nonce: text("provider-nonce"),
            verifier: text("provider-verifier"),
        }
    }

    /// What the browser keeps of a flow: signed, and without what comes back.
    #[must_use]
    pub fn flow_token(&self, flow: &Flow) -> String {
        let account = match flow.errand {
            Errand::SignIn => Uuid::nil(),
            Errand::Tie(account) => account.0,
        };
        self.signed("provider-flow", flow.id.as_bytes(), account.as_bytes(), flow.since)
    }

    /// The flow of such a token, if it is ours.
    #[must_use]
    pub fn flow_of(&self, token: &str) -> Option<Flow> {
        let (id, account, since) = self.opened("provider-flow", token)?;
        let account = Uuid::from_bytes(account);
        let errand = if account.is_nil() {
            Errand::SignIn
        } else {
            Errand::Tie(AccountId(account))
        };
        Some(self.flow(Uuid::from_bytes(id), errand, since))
    }

    /// A token of ours: two numbers, an instant, and a signature over them for one purpose.
    fn signed(&self, purpose: &str, first: &[u8; 16], second: &[u8; 16], since: Timestamp) -> String {
        let since = since.micros().to_be_bytes();
        let mac = self.mac(purpose, &[first, second, &since]);
        BASE64_URL_SAFE_NO_PAD.encode([&first[..], second, &since, &mac].concat())
    }

    /// The parts of what [`Self::signed`] made.
    fn opened(&self, purpose: &str, token: &str) -> Option<([u8; 16], [u8; 16], Timestamp)> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(token).ok()?;
        let (first, rest) = bytes.split_first_chunk::<16>()?;
        let (second, rest) = rest.split_first_chunk::<16>()?;
        let (since, mac) = rest.split_first_chunk::<8>()?;
        let expected = self.hmac(purpose, &[first, second, since])?;
        expected.verify_slice(mac).ok()?;
        Some((*first, *second, Timestamp::from_micros(i64::from_be_bytes(*since))))
    }

    /// A short name for an account where several must be kept apart; it tells nothing.
    #[must_use]
    pub fn short_name(account: AccountId) -> String {
        let digest = Sha256::digest(account.0.as_bytes());
        let bytes: &[u8] = &digest;
        let mut name = BASE64_URL_SAFE_NO_PAD.encode(bytes);
        name.truncate(8);
        name
    }

    /// Whose ticket it says it is. What it is worth, [`Self::is_ticket`] tells.
    #[must_use]
    pub fn ticket_account(ticket: &str) -> Option<AccountId> {
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(ticket).ok()?;
        bytes.first_chunk().map(|id| AccountId(Uuid::from_bytes(*id)))
    }

    /// Whether a ticket is ours, in its time, and of the password that the account still has.
    #[must_use]
    pub fn is_ticket(&self, ticket: &str, password_hash: &str, now: Timestamp) -> bool {
        let Ok(bytes) = BASE64_URL_SAFE_NO_PAD.decode(ticket) else {
            return false;
        };
        let Some((id, rest)) = bytes.split_first_chunk::<16>() else {
            return false;
        };
        let Some((at, mac)) = rest.split_first_chunk::<8>() else {
            return false;
        };
        let begun = Timestamp::from_micros(i64::from_be_bytes(*at));
        let is_ours = self
            .hmac("log-in-ticket", &[id, at, password_hash.as_bytes()])
            .is_some_and(|known| known.verify_slice(mac).is_ok());
        // A few seconds of grace for replicas whose clocks differ.
        is_ours && begun <= now.plus_seconds(5) && now < begun.plus_seconds(TICKET_SECONDS)
    }

    /// How a recovery code is kept: of one account, and found out by nobody who has the database alone.
    #[must_use]
    pub fn recovery_hash(&self, account: AccountId, code: &str) -> Vec<u8> {
        self.mac("recovery-code", &[account.0.as_bytes(), code.as_bytes()])
            .to_vec()
    }

    /// The token of a file on its way. Derived, so that an announcement that is sent again can show it again, and nobody keeps it.
    #[must_use]
    pub fn upload_token(&self, file: AttachmentId, key: Uuid) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.mac("upload", &[file.0.as_bytes(), key.as_bytes()]))
    }

    /// How the token of a file is kept.
    #[must_use]
    pub fn upload_hash(&self, token: &str) -> Vec<u8> {
        self.mac("upload-hash", &[token.as_bytes()]).to_vec()
    }

    /// The receipt code of a filing. Derived, so that a filing that is sent again can show it again, and nobody keeps it.
    #[must_use]
    pub fn receipt(&self, complaint: ComplaintId, key: Uuid) -> String {
        let mac = self.mac("receipt", &[complaint.0.as_bytes(), key.as_bytes()]);
        let mut first = [0; 15];
        for (to, from) in first.iter_mut().zip(mac) {
            *to = from;
        }
        receipt_code(&first)
    }

    /// How a receipt code is looked up.
    #[must_use]
    pub fn receipt_hash(&self, code: &str) -> Vec<u8> {
        self.mac("receipt-lookup", &[code.as_bytes()]).to_vec()
    }

    /// How the author of an imported row is kept: equal authors stay equal, and nobody can be looked up by name.
    #[must_use]
    pub fn author_hash(&self, author: &str) -> Vec<u8> {
        self.mac("author", &[author.as_bytes()]).to_vec()
    }

    /// The key that signs proof-of-work challenges.
    #[must_use]
    pub fn challenge_key(&self) -> String {
        BASE64_URL_SAFE_NO_PAD.encode(self.derive("altcha"))
    }
}

fn month_of(at: Timestamp) -> String {
    at.utc().format("%Y-%m").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_763_870_400_000_000);

    fn token(keys: &Keys) -> String {
        keys.access_token(Uuid::from_u128(1), SessionId(Uuid::from_u128(2)), NOW)
            .unwrap()
    }

    #[test]
    fn a_token_is_taken_in_its_time_only() {
        let keys = Keys::new([7; 32]);
        let token = token(&keys);
        assert_eq!(keys.session_of(&token, NOW), Some(SessionId(Uuid::from_u128(2))));
        assert!(keys.session_of(&token, NOW.plus_seconds(ACCESS_SECONDS - 1)).is_some());
        assert!(keys.session_of(&token, NOW.plus_seconds(ACCESS_SECONDS)).is_none());
        assert!(keys.session_of(&token, NOW.plus_seconds(-60)).is_none());
    }

    #[test]
    fn forged_tokens_are_refused() {
        let keys = Keys::new([7; 32]);
        let good = token(&keys);
        let mut parts = good.split('.');
        let (head, body, signature) = (parts.next().unwrap(), parts.next().unwrap(), parts.next().unwrap());
        let b64 = |json: &str| BASE64_URL_SAFE_NO_PAD.encode(json);
        let month = month_of(NOW);
        let forged = [
            String::new(),
            "a.b.c".to_owned(),
            format!("{head}.{body}."),
            format!(
                "{}.{body}.",
                b64(&format!(r#"{{"alg":"none","typ":"at+jwt","kid":"{month}"}}"#))
            ),
            format!(
                "{}.{body}.{signature}",
                b64(&format!(r#"{{"alg":"HS384","typ":"at+jwt","kid":"{month}"}}"#))
            ),
            format!(
                "{}.{body}.{signature}",
                b64(&format!(r#"{{"alg":"HS256","typ":"JWT","kid":"{month}"}}"#))
            ),
            format!(
                "{}.{body}.{signature}",
                b64(r#"{"alg":"HS256","typ":"at+jwt","kid":"../../etc/passwd"}"#)
            ),
            format!("{}.{body}.{signature}", b64(r#"{"alg":"HS256","typ":"at+jwt"}"#)),
            format!(
                "{head}.{}.{signature}",
                b64(r#"{"iss":"liangnuo","aud":"liangnuo-api","exp":99999999999}"#)
            ),
            token(&Keys::new([8; 32])),
        ];
        for token in forged {
            assert_eq!(keys.session_of(&token, NOW), None, "{token}");
        }
    }

    #[test]
    fn the_key_changes_with_the_month_and_old_tokens_run_out() {
        let keys = Keys::new([7; 32]);
        let last_second: Timestamp = serde_json::from_str("\"2026-11-30T23:59:59Z\"").unwrap();
        let token = keys
            .access_token(Uuid::from_u128(1), SessionId(Uuid::from_u128(2)), last_second)
            .unwrap();
        assert!(keys.session_of(&token, last_second.plus_seconds(300)).is_some());
        assert!(
            keys.session_of(&token, last_second.plus_seconds(ACCESS_SECONDS))
                .is_none()
        );
    }

    #[test]
    fn a_ticket_is_good_for_one_account_in_its_time_and_with_its_password() {
        let keys = Keys::new([7; 32]);
        let account = AccountId(Uuid::from_u128(1));
        let ticket = keys.ticket(account, "hash", NOW);
        assert_eq!(Keys::ticket_account(&ticket), Some(account));
        assert!(keys.is_ticket(&ticket, "hash", NOW));
        assert!(keys.is_ticket(&ticket, "hash", NOW.plus_seconds(299)));
        assert!(!keys.is_ticket(&ticket, "hash", NOW.plus_seconds(300)));
        assert!(!keys.is_ticket(&ticket, "hash", NOW.plus_seconds(-60)));
        assert!(!keys.is_ticket(&ticket, "another hash", NOW));
        assert!(!Keys::new([8; 32]).is_ticket(&ticket, "hash", NOW));
        let bytes = BASE64_URL_SAFE_NO_PAD.decode(&ticket).unwrap();
        for at in 0..bytes.len() {
            let mut forged = bytes.clone();
            forged[at] ^= 1;
            assert!(
                !keys.is_ticket(&BASE64_URL_SAFE_NO_PAD.encode(forged), "hash", NOW),
                "byte {at}"
            );
        }
        for nonsense in ["", "a", "a.b.c", &ticket[..40], &token(&keys)] {
            assert!(!keys.is_ticket(nonsense, "hash", NOW), "{nonsense}");
        }
    }

    #[test]
    fn receipts_are_stable_and_differ() {
        let keys = Keys::new([7; 32]);
        let (id, key) = (ComplaintId(Uuid::from_u128(1)), Uuid::from_u128(2));
        assert_eq!(keys.receipt(id, key), keys.receipt(id, key));
        assert_ne!(keys.receipt(id, key), keys.receipt(id, Uuid::from_u128(3)));
        assert_ne!(keys.receipt(id, key), Keys::new([8; 32]).receipt(id, key));
    }
}
