//! Codes of six digits by RFC 6238 with SHA-1 and steps of thirty seconds, which is what every authenticator app computes,
//! and the codes on paper. Computing one is ten lines over an HMAC that is here anyway, so no library is asked.

use aws_lc_rs::hmac;
use liangnuo_domain::{
    Timestamp,
    second_factor::{RECOVERY_ALPHABET, RECOVERY_CODE_LENGTH, RECOVERY_CODES, steps_at},
};
use liangnuo_persistence::second_factor::Seed;

/// Bytes of a seed: as many as the HMAC gives, as RFC 4226 recommends.
const SEED_BYTES: usize = 20;

/// Who the codes are for, as an authenticator app shows it.
const ISSUER: &str = "Liangnuo";

/// The letters of RFC 4648, in which apps take a seed that is typed.
const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A new seed.
#[must_use]
pub fn new_seed() -> Seed {
    Seed(rand::random::<[u8; SEED_BYTES]>().to_vec())
}

/// The code of a step.
#[must_use]
pub fn code_at(seed: &Seed, step: i64) -> u32 {
    let key = hmac::Key::new(hmac::HMAC_SHA1_FOR_LEGACY_USE_ONLY, &seed.0);
    let tag = hmac::sign(&key, &step.to_be_bytes());
    let bytes = tag.as_ref();
    let offset = usize::from(bytes.last().copied().unwrap_or_default() & 0xf);
    let four = bytes
        .get(offset..)
        .and_then(<[u8]>::first_chunk::<4>)
        .copied()
        .unwrap_or_default();
    (u32::from_be_bytes(four) & 0x7fff_ffff) % 1_000_000
}

/// The step whose code it is, among those that are taken at `now`. All of them are computed, whichever fits.
#[must_use]
pub fn step_of(seed: &Seed, code: u32, now: Timestamp) -> Option<i64> {
    let fits = steps_at(now).map(|step| (step, code_at(seed, step) == code));
    fits.into_iter().find(|(_, fits)| *fits).map(|(step, _)| step)
}

/// A seed as it is typed into an app.
#[must_use]
pub fn base32(seed: &Seed) -> String {
    letters(&seed.0, BASE32)
}

/// What the QR code holds, by which an app takes the seed.
#[must_use]
pub fn uri(seed: &Seed, login: &str) -> String {
    let account = percent_encoded(login);
    let secret = base32(seed);
    format!("otpauth://totp/{ISSUER}:{account}?secret={secret}&issuer={ISSUER}&algorithm=SHA1&digits=6&period=30")
}

/// New recovery codes, as they are compared.
#[must_use]
pub fn new_recovery_codes() -> Vec<String> {
    let new = || {
        let mut code = letters(&rand::random::<[u8; 7]>(), RECOVERY_ALPHABET);
        code.truncate(RECOVERY_CODE_LENGTH);
        code
    };
    (0..RECOVERY_CODES).map(|_| new()).collect()
}

/// A recovery code as it is written down.
#[must_use]
pub fn written(code: &str) -> String {
    let (first, second) = code.split_at_checked(RECOVERY_CODE_LENGTH / 2).unwrap_or((code, ""));
    format!("{first}-{second}")
}

/// Five bits a letter, from the front; what is left over at the end is filled with nothing.
fn letters(bytes: &[u8], alphabet: &[u8; 32]) -> String {
    let mut out = String::new();
    let (mut held, mut bits) = (0_u32, 0_u32);
    let mut push = |five: u32| {
        let letter = usize::try_from(five & 31).ok().and_then(|at| alphabet.get(at));
        out.push(char::from(letter.copied().unwrap_or_default()));
    };
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            push(held >> bits);
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        push(held << (5 - bits));
    }
    out
}

fn percent_encoded(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            out.push_str(&format!("%{byte:02X}"));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use liangnuo_domain::second_factor::{parse_recovery_code, step_at};

    use super::*;

    fn seed() -> Seed {
        Seed(b"12345678901234567890".to_vec())
    }

    #[test]
    fn codes_are_those_of_the_rfc() {
        // RFC 6238, appendix B: the last six of its eight digits.
        for (seconds, code) in [
            (59, 287_082),
            (1_111_111_109, 81_804),
            (1_111_111_111, 50_471),
            (1_234_567_890, 5_924),
            (2_000_000_000, 279_037),
            (20_000_000_000, 353_130),
        ] {
            let at = Timestamp::from_micros(seconds * 1_000_000);
            assert_eq!(code_at(&seed(), step_at(at)), code, "{seconds}");
        }
    }

    #[test]
    fn a_code_is_taken_one_step_early_or_late_and_no_more() {
        let at = |seconds: i64| Timestamp::from_micros(seconds * 1_000_000);
        let code = code_at(&seed(), 40);
        for (seconds, is_taken) in [
            (1_169, false),
            (1_170, true),
            (1_200, true),
            (1_259, true),
            (1_260, false),
        ] {
            assert_eq!(step_of(&seed(), code, at(seconds)).is_some(), is_taken, "{seconds}");
        }
        assert_eq!(step_of(&seed(), code, at(1_170)), Some(40));
    }

    #[test]
    fn a_seed_is_written_as_apps_take_it() {
        assert_eq!(base32(&seed()), "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
        assert_eq!(letters(b"f", BASE32), "MY");
        assert_eq!(letters(b"foobar", BASE32), "MZXW6YTBOI");
        let uri = uri(&seed(), "周 敏&x");
        assert!(uri.starts_with("otpauth://totp/Liangnuo:%E5%91%A8%20%E6%95%8F%26x?secret=GEZDGN"));
        assert_eq!(new_seed().0.len(), 20);
        assert_ne!(new_seed(), new_seed());
        assert_eq!(format!("{:?}", seed()), "Seed");
    }

    #[test]
    fn recovery_codes_are_ten_different_ones_that_are_read_again() {
        let codes: std::collections::BTreeSet<String> = new_recovery_codes().into_iter().collect();
        assert_eq!(codes.len(), 10);
        for code in &codes {
            assert_eq!(&parse_recovery_code("/c", &written(code)).unwrap(), code);
        }
    }
}
