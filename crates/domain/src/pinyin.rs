//! How a Chinese name is found by typing Latin letters: by its pinyin, with or without spaces, and by its initials, from any of its
//! characters on. A character that is read in several ways is found by each of them; where none is right, somebody writes down the
//! name's reading.

use std::collections::BTreeSet;

use pinyin::{ToPinyin, ToPinyinMulti};

use crate::{error::Invalid, text};

/// So many ways to read a name are kept from each of its characters on. What goes beyond is read as it is mostly.
const WAYS: usize = 12;
/// Characters of a name from which on it is found.
const STARTS: usize = 40;
/// Characters that are kept from one of these on.
const LENGTH: usize = 16;

/// A name's reading as somebody wrote it down: syllables in Latin letters with spaces between them, `ü` as it is or as `v`.
///
/// # Errors
/// Anything else, and what is too long.
pub fn parse(pointer: &str, typed: Option<&str>) -> Result<Option<String>, Invalid> {
    let Some(line) = text::parse_optional(pointer, typed, text::line(1, 200))? else {
        return Ok(None);
    };
    let folded = text::fold(&line).replace('v', "ü").replace(['\'', '’', '-'], " ");
    if folded
        .chars()
        .any(|sign| !sign.is_ascii_alphanumeric() && sign != 'ü' && sign != ' ')
    {
        return Err(Invalid::one(
            pointer,
            "not_pinyin",
            "请用不带声调的拼音，音节之间空一格，如：shan xian。",
            "Write pinyin without tones, with a space between syllables, such as: shan xian.",
        ));
    }
    let syllables: Vec<&str> = folded.split_whitespace().collect();
    Ok((!syllables.is_empty()).then(|| syllables.join(" ")))
}

/// By what a name is found, each on a line of its own.
#[must_use]
pub fn lines(name: &str, reading: Option<&str>) -> String {
    let syllables = match reading {
        Some(reading) => reading.split(' ').map(|syllable| spelled([syllable])).collect(),
        None => of_name(name),
    };
    let mut lines = BTreeSet::new();
    for start in 0..syllables.len().min(STARTS) {
        for (whole, initials) in ways(syllables.iter().skip(start).take(LENGTH)) {
            lines.insert(whole);
            lines.insert(initials);
        }
    }
    let mut all = String::from("\n");
    for line in lines {
        all.push_str(&line);
        all.push('\n');
    }
    all
}

/// What somebody typed as it would begin a line; none where it can't be pinyin.
#[must_use]
pub fn typed(q: &str) -> Option<String> {
    let letters: String = text::fold(q)
        .chars()
        .filter(|sign| !sign.is_whitespace() && !matches!(sign, '\'' | '’' | '-'))
        .map(|sign| if sign == 'ü' { 'v' } else { sign })
        .collect();
    let can_be =
        letters.chars().all(|sign| sign.is_ascii_alphanumeric()) && letters.chars().any(|sign| !sign.is_ascii_digit());
    can_be.then_some(letters)
}

/// The ways in which each sign of a name is read, the usual one first.
fn of_name(name: &str) -> Vec<Vec<String>> {
    let mut syllables = Vec::new();
    for sign in text::fold(name).chars() {
        if sign.is_ascii_alphanumeric() {
            syllables.push(vec![sign.to_string()]);
            continue;
        }
        let usual = sign.to_pinyin().map(|reading| reading.plain());
        let all = sign
            .to_pinyin_multi()
            .into_iter()
            .flatten()
            .map(|reading| reading.plain());
        let readings: Vec<&str> = usual.into_iter().chain(all).collect();
        if !readings.is_empty() {
            syllables.push(spelled(readings));
        }
    }
    syllables
}

/// Readings as they are typed: keyboards have no `ü`, and write it as `v` or as `u`.
fn spelled<'a>(readings: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let mut spelled: Vec<String> = Vec::new();
    for reading in readings {
        for other in ["v", "u"] {
            let one = reading.replace('ü', other);
            if !spelled.contains(&one) {
                spelled.push(one);
            }
        }
    }
    spelled
}

/// The ways to read some signs one after another, in full and by initials.
fn ways<'a>(syllables: impl Iterator<Item = &'a Vec<String>>) -> Vec<(String, String)> {
    let mut ways = vec![(String::new(), String::new())];
    for readings in syllables {
        let taken = if ways.len() * readings.len() > WAYS {
            1
        } else {
            readings.len()
        };
        ways = ways
            .iter()
            .flat_map(|(whole, initials)| {
                readings.iter().take(taken).map(move |reading| {
                    let initial = reading.chars().take(1);
                    (format!("{whole}{reading}"), initials.chars().chain(initial).collect())
                })
            })
            .collect();
    }
    ways
}

#[cfg(test)]
mod tests {
    use super::*;

    fn finds(name: &str, reading: Option<&str>, q: &str) -> bool {
        typed(q).is_some_and(|letters| lines(name, reading).contains(&format!("\n{letters}")))
    }

    #[test]
    fn a_name_is_found_by_pinyin_and_initials_from_any_character_on() {
        for q in [
            "liuwanxiaoxue",
            "Liu Wan",
            "liuw",
            "lwxx",
            "LWXX",
            "xiaoxue",
            "wxx",
            "ｌｗ",
            "liu'wan",
        ] {
            assert!(finds("柳湾小学", None, q), "{q}");
        }
        for q in ["iuwan", "lwxxx", "xuexiao", "anxiao", "柳", "l.w"] {
            assert!(!finds("柳湾小学", None, q), "{q}");
        }
    }

    #[test]
    fn a_character_is_found_by_each_of_its_readings() {
        for (name, all) in [
            ("重庆路小学", ["chongqing", "zhongqing", "cql"]),
            ("长乐中学", ["changle", "zhangle", "clzx"]),
            ("单县一中", ["shanxian", "danxian", "sxyz"]),
            ("尉氏县实验小学", ["weishi", "yushi", "yssy"]),
        ] {
            for q in all.into_iter().filter(|q| *q != "yssy") {
                assert!(finds(name, None, q), "{name} {q}");
            }
        }
    }

    #[test]
    fn a_u_with_dots_is_typed_in_three_ways() {
        for q in ["lv", "lu", "lü", "lvxiaolan", "lxl"] {
            assert!(finds("吕晓兰", None, q), "{q}");
        }
        for q in ["nvsheng", "nusheng", "nüsheng"] {
            assert!(finds("女生部", Some("nü sheng bu"), q), "{q}");
        }
    }

    #[test]
    fn a_reading_that_somebody_wrote_down_takes_the_place_of_the_others() {
        assert!(finds("尉氏", Some("yu shi"), "yushi") && finds("尉氏", Some("yu shi"), "ys"));
        assert!(!finds("尉氏", Some("yu shi"), "weishi"));
        assert_eq!(
            parse("/reading", Some(" Shan  Xian ")).unwrap().as_deref(),
            Some("shan xian")
        );
        assert_eq!(parse("/reading", Some("lv")).unwrap().as_deref(), Some("lü"));
        assert_eq!(parse("/reading", Some("  ")).unwrap(), None);
        for wrong in ["单县", "shàn", "shan, xian"] {
            assert_eq!(
                parse("/reading", Some(wrong)).unwrap_err().0[0].code,
                "not_pinyin",
                "{wrong}"
            );
        }
    }

    #[test]
    fn what_a_name_is_found_by_is_bounded() {
        let long = "长单重乐尉大会区".repeat(13);
        assert!(lines(&long, None).len() < 80_000);
        assert!(finds(&long, None, "changdan") && finds(&long, None, "huiqu"));
        assert_eq!(lines("——", None), "\n");
        assert!(finds("第3小学A区", None, "d3xx") && finds("第3小学A区", None, "aq"));
        assert_eq!(typed("2026"), None);
    }
}
