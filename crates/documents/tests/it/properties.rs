//! Properties of cleaning and of reading dates, over texts made of the pieces that dirt is made of.

use liangnuo_documents::{clean_line, clean_text, parse_moment};
use proptest::prelude::*;

fn dirt() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        proptest::sample::select(vec![
            "_", "x", "_x", "_x0", "00", "0D", "_x000D_", "_x000A_", "_x005F_", "5F", "_x0009_", "_x0000_", "_xD83D_",
            "_x0085_", "\r", "\n", "\r\n", "\t", " ", "\u{3000}", "\u{A0}", "\u{0}", "\u{1}", "\u{85}", "\u{200B}",
            "\u{FEFF}", "\u{2028}", "\u{2029}", "\u{B}", "\u{202E}", "字", "a",
        ])
        .prop_map(str::to_owned),
        any::<char>().prop_map(String::from),
    ];
    proptest::collection::vec(piece, 0..40).prop_map(|pieces| pieces.concat())
}

fn date_like() -> impl Strategy<Value = String> {
    let piece = proptest::sample::select(vec![
        "2019", "0", "4", "25", "99", "20190425", "093209", "-", "/", ".", "年", "月", "日", ":", "时", "分", "秒",
        " ", "T", "Z", "+", "08:00", "上午", "下午", "晚上", "PM", "周四", "(", ")", "９", "x", ",",
    ]);
    proptest::collection::vec(piece, 0..14).prop_map(|pieces| pieces.concat())
}

proptest! {
    #[test]
    fn cleaning_twice_is_cleaning_once(raw in dirt()) {
        let clean = clean_text(&raw);
        prop_assert_eq!(&clean_text(&clean), &clean);
        let line = clean_line(&raw);
        prop_assert_eq!(&clean_line(&line), &line);
        prop_assert!(!line.contains('\n'));
    }

    #[test]
    fn cleaning_never_makes_a_text_longer(raw in dirt()) {
        prop_assert!(clean_text(&raw).len() <= raw.len());
        prop_assert!(clean_line(&raw).len() <= raw.len());
    }

    #[test]
    fn cleaning_leaves_no_control_character(raw in any::<String>()) {
        prop_assert!(clean_text(&raw).chars().all(|c| c == '\n' || !c.is_control()));
    }

    #[test]
    fn cleaning_keeps_every_visible_character(words in proptest::collection::vec("[\\p{Han}a-z0-9，。]{1,9}", 1..9)) {
        let raw = words.join("_x000D_\n\t\t\u{A0}");
        let clean = clean_text(&raw);
        prop_assert_eq!(clean.split_whitespace().collect::<Vec<_>>(), words);
    }

    #[test]
    fn reading_a_date_never_panics(text in prop_oneof![date_like(), any::<String>()]) {
        let _ = parse_moment(&text);
    }

    #[test]
    fn dates_read_back_as_they_were_written(seconds in 631_152_000_i64..4_102_444_800) {
        let at = chrono::DateTime::from_timestamp(seconds, 0).unwrap().naive_utc();
        for form in ["%Y/%-m/%-d %-H:%M:%S", "%Y年%-m月%-d日 %-H时%-M分%-S秒", "%Y%m%d%H%M%S", "%Y-%m-%dT%H:%M:%S+08:00"] {
            let text = at.format(form).to_string();
            prop_assert_eq!(parse_moment(&text).map(|moment| moment.at), Some(at), "{}", text);
        }
    }
}
