//! Reading of dates and times as people and programs write them in China, in local time (Asia/Shanghai, +08:00).

use chrono::{DateTime, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, Timelike, Utc};

use crate::text::fold_width;

/// Seconds that China's time is ahead of UTC. The zone had summer time until 1991; ledgers begin later.
const SHANGHAI_SECONDS: i32 = 8 * 3600;

/// A date with or without a time of day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Moment {
    /// Local time in Asia/Shanghai; midnight for a date without a time.
    pub at: NaiveDateTime,
    /// Whether a time of day was written.
    pub has_time: bool,
}

/// The local time in Asia/Shanghai at an instant.
#[must_use]
pub fn shanghai(instant: DateTime<Utc>) -> NaiveDateTime {
    instant
        .naive_utc()
        .checked_add_signed(TimeDelta::seconds(SHANGHAI_SECONDS.into()))
        .unwrap_or(NaiveDateTime::MAX)
}

/// Reads a date or a date and time from text, `None` when it is neither.
///
/// Understood: `2019/4/25 9:32:09`, `2019-4-25`, `2019.4.25`, `2019年4月25日 9时32分`, `20190425`, `20190425093209`,
/// ISO 8601 with `T`, fractions, `Z` or an offset (converted to +08:00), 上午 / 下午 / 凌晨 / 中午 / 晚上, AM / PM, a day of
/// the week in between, full-width digits. A year has four digits and comes first: `4/5/19` could be three dates.
#[must_use]
pub fn parse_moment(text: &str) -> Option<Moment> {
    let folded: Vec<char> = text.trim().chars().map(fold).collect();
    let mut cursor = Cursor {
        rest: &folded,
        is_iso: false,
    };
    let (date, compact_time) = cursor.date()?;
    if let Some(time) = compact_time {
        return cursor.finish(date.and_time(time), true);
    }
    cursor.weekday();
    cursor.spaces();
    if cursor.rest.is_empty() {
        return Some(Moment {
            at: date.and_time(NaiveTime::MIN),
            has_time: false,
        });
    }
    cursor.is_iso = cursor.eat("T");
    if cursor.is_iso || cursor.eat(",") {
        cursor.spaces();
    }
    let at = cursor.time_on(date)?;
    cursor.finish(at, true)
}

/// The local time of an Excel serial number, to the second: serials are fractions of a day, and what programs write
/// is a few milliseconds off the second the person meant.
#[must_use]
pub(crate) fn from_serial(value: f64, is_1904: bool) -> Option<NaiveDateTime> {
    use calamine::{ExcelDateTime, ExcelDateTimeType};
    if !value.is_finite() || !(1.0..2_958_466.0).contains(&value) {
        return None;
    }
    let (year, month, day, hour, minute, second, milli) =
        ExcelDateTime::new(value, ExcelDateTimeType::DateTime, is_1904).to_ymd_hms_milli();
    NaiveDate::from_ymd_opt(year.into(), month.into(), day.into())?
        .and_hms_milli_opt(hour.into(), minute.into(), second.into(), milli.into())?
        .checked_add_signed(TimeDelta::milliseconds(500))?
        .with_nanosecond(0)
}

fn fold(c: char) -> char {
    match fold_width(c) {
        '\u{2010}'..='\u{2015}' | '\u{2212}' => '-',
        '。' => '.',
        '∶' => ':',
        c if c.is_whitespace() => ' ',
        c => c.to_ascii_uppercase(),
    }
}

/// Part of the day that a time is counted in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Half {
    Morning,
    Noon,
    Afternoon,
    Night,
}

const HALVES: [(&str, Half); 12] = [
    ("上午", Half::Morning),
    ("早上", Half::Morning),
    ("早晨", Half::Morning),
    ("清晨", Half::Morning),
    ("凌晨", Half::Morning),
    ("AM", Half::Morning),
    ("中午", Half::Noon),
    ("下午", Half::Afternoon),
    ("傍晚", Half::Afternoon),
    ("PM", Half::Afternoon),
    ("晚上", Half::Night),
    ("夜间", Half::Night),
];

impl Half {
    /// The hour of 24, `None` where the words could mean two hours (晚上12点, 晚上1点).
    fn hour(self, hour: u32) -> Option<u32> {
        match (self, hour) {
            (Self::Morning, 12) => Some(0),
            (Self::Morning, 0..=11) | (Self::Noon, 11 | 12) | (Self::Afternoon, 12..=23) | (Self::Night, 17..=23) => {
                Some(hour)
            }
            (Self::Noon, 1 | 2) | (Self::Afternoon, 0..=11) | (Self::Night, 5..=11) => Some(hour + 12),
            _ => None,
        }
    }
}

struct Cursor<'a> {
    rest: &'a [char],
    /// Date and time are joined by a `T`.
    is_iso: bool,
}

impl Cursor<'_> {
    fn eat(&mut self, word: &str) -> bool {
        let mut rest = self.rest;
        for expected in word.chars() {
            match rest.split_first() {
                Some((c, tail)) if *c == expected => rest = tail,
                _ => return false,
            }
        }
        self.rest = rest;
        true
    }

    fn eat_one_of(&mut self, words: &[&'static str]) -> Option<&'static str> {
        words.iter().copied().find(|word| self.eat(word))
    }

    fn spaces(&mut self) {
        while self.eat(" ") {}
    }

    /// A run of ASCII digits, at most 14.
    fn digits(&mut self) -> Option<Vec<u32>> {
        let run: Vec<u32> = self.rest.iter().map_while(|c| c.to_digit(10)).take(15).collect();
        if run.is_empty() || run.len() > 14 {
            return None;
        }
        self.rest = self.rest.get(run.len()..)?;
        Some(run)
    }

    /// A number of one or two digits.
    fn short(&mut self) -> Option<u32> {
        let run = self.digits()?;
        (run.len() <= 2).then(|| number(&run))
    }

    /// The date, and the time where both are one run of digits.
    fn date(&mut self) -> Option<(NaiveDate, Option<NaiveTime>)> {
        let run = self.digits()?;
        match run.len() {
            4 => {
                let date = self.separated_date(number(&run))?;
                Some((date, None))
            }
            8 => Some((compact_date(&run)?, None)),
            12 | 14 => Some((compact_date(run.get(..8)?)?, Some(compact_time(run.get(8..)?)?))),
            _ => None,
        }
    }

    fn separated_date(&mut self, year: u32) -> Option<NaiveDate> {
        self.spaces();
        let separator = self.eat_one_of(&["-", "/", ".", "年"])?;
        self.spaces();
        let month = self.short()?;
        self.spaces();
        if !self.eat(if separator == "年" { "月" } else { separator }) {
            return None;
        }
        self.spaces();
        let day = self.short()?;
        if separator == "年" {
            self.spaces();
            self.eat_one_of(&["日", "号"]);
        }
        NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)
    }

    /// Skips a day of the week, which says nothing that the date doesn't.
    fn weekday(&mut self) {
        let before = self.rest;
        self.spaces();
        let bracket = self.eat("(");
        let named = self.eat_one_of(&["星期", "礼拜", "周"]).is_some()
            && self
                .eat_one_of(&["一", "二", "三", "四", "五", "六", "日", "天"])
                .is_some();
        if !named || (bracket && !self.eat(")")) {
            self.rest = before;
        }
    }

    fn half(&mut self) -> Option<Half> {
        self.spaces();
        let found = HALVES.iter().find(|(word, _)| self.eat(word)).map(|(_, half)| *half);
        self.spaces();
        found
    }

    fn time_on(&mut self, date: NaiveDate) -> Option<NaiveDateTime> {
        let before = self.half();
        let run = self.digits()?;
        if matches!(run.len(), 4 | 6) && before.is_none() {
            return Some(date.and_time(compact_time(&run)?));
        }
        if run.len() > 2 {
            return None;
        }
        let (minute, second, micro) = self.minute_and_second()?;
        let half = before.or_else(|| self.half());
        let hour = half.map_or(Some(number(&run)), |half| half.hour(number(&run)))?;
        if (hour, minute, second, micro) == (24, 0, 0, 0) {
            return Some(date.checked_add_days(Days::new(1))?.and_time(NaiveTime::MIN));
        }
        Some(date.and_time(NaiveTime::from_hms_micro_opt(hour, minute, second, micro)?))
    }

    fn minute_and_second(&mut self) -> Option<(u32, u32, u32)> {
        self.spaces();
        if self.eat_one_of(&["时", "点", "點"]).is_some() {
            self.spaces();
            if !self.rest.first().is_some_and(char::is_ascii_digit) {
                return Some((0, 0, 0));
            }
        } else if !self.eat(":") {
            return None;
        }
        self.spaces();
        let minute = self.short()?;
        let is_more = self.eat_one_of(&[":", "分"]).is_some();
        self.spaces();
        if !is_more || !self.rest.first().is_some_and(char::is_ascii_digit) {
            return Some((minute, 0, 0));
        }
        let second = self.short()?;
        let micro = if self.eat(".") { fraction(&self.digits()?) } else { 0 };
        self.eat("秒");
        Some((minute, second, micro))
    }

    /// An offset and the end of the text, at which nothing may be left. Without the `T`, a minus is no offset:
    /// `9:32-10:00` is a span of time.
    fn finish(mut self, at: NaiveDateTime, has_time: bool) -> Option<Moment> {
        self.spaces();
        let at = match self.eat_one_of(&["Z", "+", "-"]) {
            None => at,
            Some("Z") => at.checked_add_signed(TimeDelta::seconds(SHANGHAI_SECONDS.into()))?,
            Some("-") if !self.is_iso => return None,
            Some(sign) => self.shifted(at, sign == "-")?,
        };
        self.spaces();
        self.rest.is_empty().then_some(Moment { at, has_time })
    }

    fn shifted(&mut self, at: NaiveDateTime, is_west: bool) -> Option<NaiveDateTime> {
        let run = self.digits()?;
        let (hours, minutes) = match run.len() {
            2 if self.eat(":") => (number(&run), self.short()?),
            2 => (number(&run), 0),
            4 => (number(run.get(..2)?), number(run.get(2..)?)),
            _ => return None,
        };
        if hours > 14 || minutes > 59 {
            return None;
        }
        let seconds = i32::try_from(hours * 3600 + minutes * 60).ok()?;
        let offset = FixedOffset::east_opt(if is_west { -seconds } else { seconds })?;
        let utc = at.checked_sub_offset(offset)?;
        utc.checked_add_offset(FixedOffset::east_opt(SHANGHAI_SECONDS)?)
    }
}

fn number(digits: &[u32]) -> u32 {
    digits
        .iter()
        .fold(0, |sum, digit| sum.wrapping_mul(10).wrapping_add(*digit))
}

fn compact_date(run: &[u32]) -> Option<NaiveDate> {
    let year = i32::try_from(number(run.get(..4)?)).ok()?;
    NaiveDate::from_ymd_opt(year, number(run.get(4..6)?), number(run.get(6..8)?))
}

fn compact_time(run: &[u32]) -> Option<NaiveTime> {
    NaiveTime::from_hms_opt(
        number(run.get(..2)?),
        number(run.get(2..4)?),
        run.get(4..6).map_or(0, number),
    )
}

/// Microseconds of the digits behind the point; finer ones are cut.
fn fraction(digits: &[u32]) -> u32 {
    let padded: Vec<u32> = digits.iter().copied().chain(std::iter::repeat(0)).take(6).collect();
    number(&padded)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Option<String> {
        parse_moment(text).map(|moment| {
            moment
                .at
                .format(if moment.has_time {
                    "%Y-%m-%d %H:%M:%S%.f"
                } else {
                    "%Y-%m-%d"
                })
                .to_string()
        })
    }

    #[test]
    fn the_forms_that_ledgers_hold() {
        for (text, expected) in [
            ("2019/4/25 9:32:09", "2019-04-25 09:32:09"),
            (" 2019-4-25 ", "2019-04-25"),
            ("2019.4.25", "2019-04-25"),
            ("2019年4月25日", "2019-04-25"),
            ("2019年4月25日 9时32分", "2019-04-25 09:32:00"),
            ("2019 年 4 月 25 日 9 时", "2019-04-25 09:00:00"),
            ("2019年4月25日9点32分7秒", "2019-04-25 09:32:07"),
            ("20190425", "2019-04-25"),
            ("20190425093209", "2019-04-25 09:32:09"),
            ("201904250932", "2019-04-25 09:32:00"),
            ("20190425 093209", "2019-04-25 09:32:09"),
            ("2019-04-25T09:32:09", "2019-04-25 09:32:09"),
            ("2019-04-25T01:32:09Z", "2019-04-25 09:32:09"),
            ("2019-04-24T20:32:09.125-05:00", "2019-04-25 09:32:09.125"),
            ("2019-04-25 09:32:09 +0800", "2019-04-25 09:32:09"),
            ("2019-04-25T09:32:09+08", "2019-04-25 09:32:09"),
            ("2019/4/25 上午12:05", "2019-04-25 00:05:00"),
            ("2019/4/25 下午 3:05:06", "2019-04-25 15:05:06"),
            ("2019/4/25 3:05 PM", "2019-04-25 15:05:00"),
            ("2019/4/25 晚上8点", "2019-04-25 20:00:00"),
            ("2019/4/25 中午1点30分", "2019-04-25 13:30:00"),
            ("2019年4月25日 星期四 9:32", "2019-04-25 09:32:00"),
            ("2019-4-25（周四）", "2019-04-25"),
            ("２０１９／４／２５　９：３２", "2019-04-25 09:32:00"),
            ("2019-12-31 24:00", "2020-01-01 00:00:00"),
        ] {
            assert_eq!(read(text).as_deref(), Some(expected), "{text}");
        }
    }

    #[test]
    fn what_could_mean_two_things_or_none_is_refused() {
        for text in [
            "",
            "x",
            "4/25/2019",
            "19-4-25",
            "2019-4",
            "2019-13-1",
            "2019-2-29",
            "2019-4/25",
            "2019年4-25",
            "2019-4-25 25:00",
            "2019-4-25 9",
            "2019-4-25 9:61",
            "2019-4-25 晚上12点",
            "2019-4-25 上午13:00",
            "2019-4-25 9:32 待定",
            "43580",
            "201904",
            "2019-04-25T09:32:09+99:00",
            "2019-4-25至2019-4-26",
            "999999999999999999999",
            "2019-04-25Z",
            "2019-4-25 9:32-10:00",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn serials_round_to_the_second_in_both_epochs() {
        let nine = NaiveDate::from_ymd_opt(2019, 4, 25).and_then(|date| date.and_hms_opt(9, 32, 9));
        assert_eq!(from_serial(43_580.397_326, false), nine);
        assert_eq!(from_serial(43_580.397_326 - 1462.0, true), nine);
        assert_eq!(from_serial(0.4, false), None);
        assert_eq!(from_serial(f64::NAN, false), None);
    }

    #[test]
    fn shanghai_is_eight_hours_ahead() {
        let instant = DateTime::from_timestamp(0, 0).unwrap_or_default();
        assert_eq!(shanghai(instant).to_string(), "1970-01-01 08:00:00");
    }
}
