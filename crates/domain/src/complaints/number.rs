//! Numbers for people, and receipt codes for complainants.

/// Crockford's base 32: no I, L, O, U, so that nobody misreads a code on paper or on the telephone.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/// A receipt code has this many characters: 120 bits.
pub const RECEIPT_LENGTH: usize = 24;

/// The number of a complaint: year, serial, check character, such as `2026-000123-K`.
#[must_use]
pub fn number(year: i32, serial: i64) -> String {
    format!("{year}-{serial:06}-{}", check_character(year, serial))
}

/// One character that changes with any single wrong digit and with most transpositions (weights prime to 31).
fn check_character(year: i32, serial: i64) -> char {
    let digits = format!("{year}{serial:06}");
    let sum = digits
        .chars()
        .filter_map(|c| c.to_digit(10))
        .fold(0_u32, |sum, digit| (sum * 3 + digit + 1) % 31);
    symbol(sum)
}

fn symbol(value: u32) -> char {
    usize::try_from(value)
        .ok()
        .and_then(|at| ALPHABET.get(at))
        .map_or('0', |byte| char::from(*byte))
}

/// Whether a text is a well-formed number whose check character is right.
#[must_use]
pub fn is_number(text: &str) -> bool {
    let mut parts = text.trim().split('-');
    let (Some(year), Some(serial), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    match (year.parse::<i32>(), serial.parse::<i64>()) {
        (Ok(year), Ok(serial)) => number(year, serial).eq_ignore_ascii_case(text.trim()),
        (Ok(_) | Err(_), _) => false,
    }
}

/// A receipt code out of the first 120 bits of a keyed hash.
#[must_use]
pub fn receipt_code(bytes: &[u8; 15]) -> String {
    let mut code = String::with_capacity(RECEIPT_LENGTH);
    let mut buffer: u32 = 0;
    let mut bits = 0;
    for byte in bytes {
        buffer = (buffer << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            code.push(symbol((buffer >> bits) & 31));
        }
        buffer &= (1 << bits) - 1;
    }
    code
}

/// A receipt code as typed, brought to the form in which it is kept: spaces and dashes go, letters that look alike
/// become the one that is meant. `None` if it can't be a code.
#[must_use]
pub fn parse_receipt_code(typed: &str) -> Option<String> {
    let mut code = String::with_capacity(RECEIPT_LENGTH);
    for c in crate::text::fold(typed).chars() {
        match c.to_ascii_uppercase() {
            ' ' | '-' | '\t' | '\n' | '\u{2013}' | '\u{2014}' => {}
            'O' => code.push('0'),
            'I' | 'L' => code.push('1'),
            known if u8::try_from(known).is_ok_and(|byte| ALPHABET.contains(&byte)) => code.push(known),
            _ => return None,
        }
        if code.len() > RECEIPT_LENGTH {
            return None;
        }
    }
    (code.len() == RECEIPT_LENGTH).then_some(code)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn numbers_carry_a_check_character() {
        let text = number(2026, 123);
        assert!(text.starts_with("2026-000123-"));
        assert!(is_number(&text));
        assert!(is_number(&text.to_lowercase()));
        assert!(!is_number("2026-000123"));
        assert!(!is_number("hello"));
    }

    proptest! {
        #[test]
        fn one_wrong_digit_is_found(serial in 0_i64..1_000_000, at in 0_usize..6, digit in 0_u32..10) {
            let text = number(2026, serial);
            let mut chars: Vec<char> = text.chars().collect();
            let wrong = char::from_digit(digit, 10).unwrap();
            prop_assume!(chars[5 + at] != wrong);
            chars[5 + at] = wrong;
            prop_assert!(!is_number(&chars.into_iter().collect::<String>()));
        }

        #[test]
        fn receipt_codes_survive_how_people_write_them(bytes in any::<[u8; 15]>()) {
            let code = receipt_code(&bytes);
            prop_assert_eq!(code.len(), RECEIPT_LENGTH);
            let grouped = format!("{} {}-{}　{}", &code[..4], &code[4..8], &code[8..12], &code[12..]);
            prop_assert_eq!(parse_receipt_code(&grouped.to_lowercase()), Some(code.clone()));
            prop_assert_eq!(parse_receipt_code(&code.replace('0', "O").replace('1', "l")), Some(code));
        }

        #[test]
        fn any_typed_text_is_taken_without_a_panic(text in "\\PC{0,60}") {
            if let Some(code) = parse_receipt_code(&text) {
                prop_assert_eq!(code.len(), RECEIPT_LENGTH);
            }
        }
    }
}
