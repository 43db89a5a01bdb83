//! How alike two cases are in their words. Only a proposal rests on it: whether they are the same, a person says.

use std::collections::BTreeSet;

use crate::text;

/// Characters of a text that are looked at: what a case is about stands at its beginning.
const LOOKED_AT: usize = 2_000;

/// Cases from this likeness on are proposed. Measured on some thousand real letters: of twenty one has such a neighbour, and
/// two that only have their topic in common stay below it.
pub const LIKE: f64 = 0.35;

/// What being about the same unit adds.
const SAME_UNIT: f64 = 0.05;

/// What being of the same category adds.
const SAME_CATEGORY: f64 = 0.03;

/// Fewest pairs that a text counts as having, so that a short one is not like everything.
const FEWEST: usize = 12;

/// The same for two titles together.
const FEWEST_OF_TITLES: usize = 8;

/// Words that are shown as shared.
const SHOWN: usize = 5;

/// What two cases have in common beside their words.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct InCommon {
    /// The unit that holds them, or that they are about.
    pub unit: bool,
    /// The category.
    pub category: bool,
}

/// The words of a case.
#[derive(Clone, Debug)]
pub struct Words {
    title: BTreeSet<String>,
    all: BTreeSet<String>,
    folded: String,
}

impl Words {
    /// Of a case's title and text.
    #[must_use]
    pub fn of(title: &str, body: &str) -> Self {
        let beginning: String = body.chars().take(LOOKED_AT).collect();
        let folded = text::fold(&format!("{title}\n{beginning}"));
        Self {
            title: text::pairs(title),
            all: text::pairs(&folded),
            folded,
        }
    }

    /// From 0 to a little over 1: the larger part is how much of the shorter text stands in the other one, the smaller how
    /// much of the titles is the same.
    #[must_use]
    pub fn likeness(&self, other: &Self, in_common: InCommon) -> f64 {
        let shorter = self.all.len().min(other.all.len()).max(FEWEST);
        let texts = share(self.all.intersection(&other.all).count(), shorter);
        let titles = share(
            2 * self.title.intersection(&other.title).count(),
            (self.title.len() + other.title.len()).max(FEWEST_OF_TITLES),
        );
        let more = |is: bool, by: f64| if is { by } else { 0.0 };
        0.6 * texts + 0.4 * titles + more(in_common.unit, SAME_UNIT) + more(in_common.category, SAME_CATEGORY)
    }

    /// The longest words that stand in both, so that a person sees why the other case is proposed.
    #[must_use]
    pub fn shared(&self, other: &Self) -> Vec<String> {
        let mut found: Vec<String> = Vec::new();
        for run in self.folded.split(|c: char| !c.is_alphanumeric()) {
            let letters: Vec<char> = run.chars().collect();
            let mut from = 0;
            while from + 1 < letters.len() {
                let word = |to: usize| letters.get(from..to).map(|letters| letters.iter().collect::<String>());
                let longest = (from + 2..=letters.len())
                    .map_while(|to| word(to).filter(|word| other.folded.contains(word)))
                    .last();
                if let Some(word) = longest {
                    from += word.chars().count() - 1;
                    found.push(word);
                } else {
                    from += 1;
                }
            }
        }
        found.sort_by_key(|word| std::cmp::Reverse(word.chars().count()));
        let mut shown: Vec<String> = Vec::new();
        for word in found {
            if !shown.iter().any(|longer| longer.contains(&word)) {
                shown.push(word);
            }
        }
        shown.truncate(SHOWN);
        shown
    }

    /// Some of the pairs, by which other cases are looked for: those of the title, from all over it, and where that is too
    /// short the first ones of the text.
    #[must_use]
    pub fn sample(&self, title: &str, body: &str, most: usize) -> Vec<String> {
        let ordered = |text: &str| {
            let letters: Vec<char> = text::fold(text).chars().collect();
            letters
                .windows(2)
                .flat_map(|pair| text::pairs(&pair.iter().collect::<String>()))
                .collect::<Vec<_>>()
        };
        let in_title = ordered(title);
        let step = in_title.len().div_ceil(most).max(1);
        let beginning: String = body.chars().take(most * 4).collect();
        let mut sample: Vec<String> = Vec::new();
        for pair in in_title.into_iter().step_by(step).chain(ordered(&beginning)) {
            if sample.len() < most && !sample.contains(&pair) {
                sample.push(pair);
            }
        }
        sample
    }
}

#[expect(
    clippy::as_conversions,
    clippy::cast_precision_loss,
    reason = "a few thousand pairs are exact in an f64"
)]
fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn like(one: (&str, &str), two: (&str, &str)) -> f64 {
        Words::of(one.0, one.1).likeness(&Words::of(two.0, two.1), InCommon::default())
    }

    #[test]
    fn the_same_in_other_words_is_alike_and_the_same_topic_is_not() {
        let one = (
            "食堂饭菜偏凉",
            "孩子中午吃到的饭菜是凉的，已经一个星期了，请学校想办法保温。",
        );
        let same = (
            "中午食堂饭菜是凉的",
            "我家孩子说中午吃到的饭菜是凉的，希望学校想办法保温。",
        );
        let topic = (
            "食堂伙食费上涨",
            "这学期伙食费从十元涨到十三元，没有开家长会，也没有公示账目。",
        );
        assert!(like(one, same) > LIKE, "{}", like(one, same));
        assert!(like(one, topic) < LIKE - 0.1, "{}", like(one, topic));
        assert!((like(one, one) - 1.0).abs() < 1e-9);
        assert!(
            like(("投诉", "有问题。"), ("投诉", "有意见。")) < LIKE,
            "too short to tell"
        );
    }

    #[test]
    fn one_sees_which_words_are_shared() {
        let one = Words::of("食堂饭菜偏凉", "孩子中午吃到的饭菜是凉的。");
        let two = Words::of("饭菜凉", "中午吃到的饭菜是凉的，食堂说没办法。");
        let shared = one.shared(&two);
        assert_eq!(shared.first().map(String::as_str), Some("中午吃到的饭菜是凉的"));
        assert!(shared.contains(&"食堂".to_owned()), "{shared:?}");
        assert!(one.shared(&Words::of("校车", "晚点。")).is_empty());
    }

    #[test]
    fn a_sample_covers_the_title_and_fills_up_from_the_text() {
        let words = Words::of("食堂", "饭菜偏凉");
        assert_eq!(words.sample("食堂", "饭菜偏凉", 12).len(), 4);
        let long = "一二三四五六七八九十百千万亿甲乙丙丁戊己庚辛";
        let sample = words.sample(long, "", 8);
        assert!(sample.len() <= 8 && sample.len() > 5);
    }
}
