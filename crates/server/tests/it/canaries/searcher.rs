//! Finds what was marked, however it is spelled.

use std::{collections::BTreeSet, fmt::Write as _};

use aho_corasick::AhoCorasick;
use base64::{
    Engine as _, alphabet,
    engine::{GeneralPurpose, general_purpose::NO_PAD},
};

/// A value that is planted in one place and looked for everywhere.
#[derive(Clone, Debug)]
pub(super) struct Mark {
    pub(super) name: &'static str,
    /// What one would recognize it by: as it was typed, as it is kept.
    pub(super) values: Vec<Vec<u8>>,
}

impl Mark {
    pub(super) fn new(name: &'static str, value: &str) -> Self {
        Self {
            name,
            values: vec![value.as_bytes().to_vec()],
        }
    }

    pub(super) fn or(mut self, value: &[u8]) -> Self {
        self.values.push(value.to_vec());
        self
    }

    /// As it was typed, if it is a text.
    pub(super) fn text(&self) -> Option<&str> {
        std::str::from_utf8(self.values.first()?).ok()
    }
}

/// Looks for all marks at once.
pub(super) struct Searcher {
    automaton: AhoCorasick,
    /// Whose spelling each pattern is.
    owners: Vec<&'static str>,
}

impl Searcher {
    pub(super) fn new<'a>(marks: impl IntoIterator<Item = &'a Mark>) -> Self {
        let (mut patterns, mut owners) = (Vec::new(), Vec::new());
        for mark in marks {
            for spelling in mark.values.iter().flat_map(|value| spellings(value)) {
                assert!(spelling.len() >= 8, "{}: too short to be found by", mark.name);
                patterns.push(spelling);
                owners.push(mark.name);
            }
        }
        Self {
            automaton: AhoCorasick::new(patterns).unwrap(),
            owners,
        }
    }

    /// What stands around the first mark.
    pub(super) fn around(&self, bytes: &[u8]) -> Option<String> {
        let at = self.automaton.find(bytes)?.range();
        let (begin, end) = (at.start.saturating_sub(300), (at.end + 100).min(bytes.len()));
        Some(String::from_utf8_lossy(&bytes[begin..end]).into_owned())
    }

    /// The names of the marks that are in these bytes.
    pub(super) fn find(&self, bytes: &[u8]) -> BTreeSet<&'static str> {
        let hits = self.automaton.find_overlapping_iter(bytes);
        hits.map(|hit| self.owners[hit.pattern().as_usize()]).collect()
    }
}

/// A value as it may stand in a file or an answer.
fn spellings(value: &[u8]) -> BTreeSet<Vec<u8>> {
    let hex: String = value.iter().fold(String::new(), |mut text, byte| {
        let _ = write!(text, "{byte:02x}");
        text
    });
    let mut found = BTreeSet::from([
        value.to_vec(),
        hex.to_uppercase().into_bytes(),
        hex.clone().into_bytes(),
    ]);
    found.extend(inside_base64(value));
    let Ok(text) = std::str::from_utf8(value) else {
        return found;
    };
    let units: Vec<u16> = text.encode_utf16().collect();
    found.insert(units.iter().flat_map(|unit| unit.to_le_bytes()).collect());
    found.insert(units.iter().flat_map(|unit| unit.to_be_bytes()).collect());
    for kept in ["", ".", "._", "-._~", "-._~!*'()", "-._~@:/+"] {
        for space in ["%20", "+"] {
            let percent = percent_encoded(text, kept, space);
            found.insert(percent.to_lowercase().into_bytes());
            found.insert(percent.into_bytes());
        }
    }
    let json = serde_json::Value::from(text).to_string();
    found.insert(json.trim_matches('"').as_bytes().to_vec());
    let escaped = |upper: bool| -> String {
        let of = |unit: &u16| match (*unit, upper) {
            (0x20..0x7f, _) => char::from(u8::try_from(*unit).unwrap()).to_string(),
            (_, true) => format!("\\u{unit:04X}"),
            (_, false) => format!("\\u{unit:04x}"),
        };
        units.iter().map(of).collect()
    };
    found.insert(escaped(false).into_bytes());
    found.insert(escaped(true).into_bytes());
    found
}

/// What is the same in the base64 of anything that holds the value: it may begin at any of three places of a group.
fn inside_base64(value: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    for letters in [&alphabet::STANDARD, &alphabet::URL_SAFE] {
        for before in 0..3 {
            let padded = [vec![0; before], value.to_vec()].concat();
            let encoded = GeneralPurpose::new(letters, NO_PAD).encode(&padded);
            // Letters that hold bits of what comes before or after are left out.
            let (first, last) = ((before * 8).div_ceil(6), padded.len() * 8 / 6);
            found.push(encoded.as_bytes()[first..last].to_vec());
        }
    }
    found
}

fn percent_encoded(text: &str, kept: &str, space: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b' ' => encoded.push_str(space),
            byte if byte.is_ascii_alphanumeric() || kept.as_bytes().contains(&byte) => encoded.push(char::from(byte)),
            byte => {
                let _ = write!(encoded, "%{byte:02X}");
            }
        }
    }
    encoded
}

/// As it may stand in a query or a path.
pub(super) fn in_address(text: &str) -> String {
    percent_encoded(text, "-._~", "%20")
}

#[test]
fn a_leak_is_found_in_every_spelling_and_nothing_where_there_is_none() {
    let mark = Mark::new("name", "金丝雀 \"甲\" 199-0001").or(b"\x00\x01\xfe\xff\x80\x90\xa0\xb0");
    let searcher = Searcher::new([&mark, &Mark::new("other", "19900010000")]);
    let text = mark.text().unwrap();
    let utf16: Vec<u16> = text.encode_utf16().collect();
    let base64 = |bytes: &[u8]| base64::prelude::BASE64_STANDARD.encode(bytes);
    let leaks: Vec<Vec<u8>> = vec![
        text.into(),
        utf16.iter().flat_map(|unit| unit.to_le_bytes()).collect(),
        utf16.iter().flat_map(|unit| unit.to_be_bytes()).collect(),
        base64(text.as_bytes()).into(),
        base64(format!("x{text}").as_bytes()).into(),
        base64(format!("{{\"sent\":\"{text}\"}}").as_bytes()).into(),
        base64::prelude::BASE64_URL_SAFE_NO_PAD
            .encode(format!("xy{text}z"))
            .into(),
        "e98791e4b89de99b8020".into(),
        "%E9%87%91%E4%B8%9D%E9%9B%80%20%22%E7%94%B2%22%20199-0001".into(),
        "%e9%87%91%e4%b8%9d%e9%9b%80+%22%e7%94%b2%22+199%2d0001".into(),
        serde_json::json!({"a": text}).to_string().into_bytes(),
        "\\u91d1\\u4e1d\\u96c0 \"\\u7532\" 199-0001".into(),
        "\\u91D1\\u4E1D\\u96C0 \"\\u7532\" 199-0001".into(),
        b"\x00\x01\xfe\xff\x80\x90\xa0\xb0".to_vec(),
        b"\\x0001feff8090a0b0".to_vec(),
        base64(b"a\x00\x01\xfe\xff\x80\x90\xa0\xb0b").into(),
    ];
    for (nth, leak) in leaks.iter().enumerate() {
        let whole = match nth {
            // The beginning alone is no find: the whole value is.
            7 => {
                let rest = b"22e794b222203139392d30303031";
                [leak.as_slice(), rest].concat()
            }
            _ => leak.clone(),
        };
        let around = [b"{\"a\":1,", whole.as_slice(), b"}\0\0"].concat();
        assert_eq!(searcher.find(&around), BTreeSet::from(["name"]), "{nth}");
    }
    assert!(searcher.find("金丝雀 乙 199-0002, 1990001000".as_bytes()).is_empty());
    let both = format!("{text}19900010000");
    assert_eq!(searcher.find(both.as_bytes()).len(), 2);
}
