//! Instants and days.
//!
//! An instant is whole microseconds since the Unix epoch: the finest that both databases keep alike. A day is a day in
//! the county's time zone (Asia/Shanghai, UTC+8 without summer time since 1992).

use std::fmt;

use chrono::{
    DateTime, Datelike, Days, FixedOffset, NaiveDate, NaiveDateTime, NaiveTime, SecondsFormat, TimeZone, Utc,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A day in the county's time zone.
pub type Day = NaiveDate;

/// Microseconds in a day: durations "in days" are exact durations divided by this.
pub const MICROS_PER_DAY: i64 = 86_400_000_000;

/// The county's clock: UTC+8.
#[must_use]
pub fn zone() -> FixedOffset {
    // Eight hours are within the ±24 h that chrono takes, so the fallback is never used.
    FixedOffset::east_opt(8 * 3600).unwrap_or_else(|| chrono::Offset::fix(&Utc))
}

/// An instant in whole microseconds since the Unix epoch.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// From microseconds since the epoch.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Self {
        Self(micros)
    }

    /// Microseconds since the epoch.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// From a local date-time of the county.
    #[must_use]
    pub fn from_local(local: NaiveDateTime) -> Self {
        Self(
            zone()
                .from_local_datetime(&local)
                .single()
                .map_or(0, |t| t.timestamp_micros()),
        )
    }

    /// The first instant of a day of the county.
    #[must_use]
    pub fn start_of(day: Day) -> Self {
        Self::from_local(day.and_time(NaiveTime::MIN))
    }

    /// The last instant of a day of the county, one microsecond before the next begins.
    #[must_use]
    pub fn end_of(day: Day) -> Self {
        Self(Self::start_of(day.checked_add_days(Days::new(1)).unwrap_or(day)).0 - 1)
    }

    /// From any date-time; what is finer than a microsecond is dropped.
    #[must_use]
    pub fn from_datetime<Tz: TimeZone>(at: &DateTime<Tz>) -> Self {
        Self(at.timestamp_micros())
    }

    /// As a date-time in UTC.
    #[must_use]
    pub fn utc(self) -> DateTime<Utc> {
        DateTime::from_timestamp_micros(self.0).unwrap_or(DateTime::UNIX_EPOCH)
    }

    /// The day in the county that this instant falls on.
    #[must_use]
    pub fn day(self) -> Day {
        self.utc().with_timezone(&zone()).date_naive()
    }

    /// The local date-time in the county.
    #[must_use]
    pub fn local(self) -> NaiveDateTime {
        self.utc().with_timezone(&zone()).naive_local()
    }

    /// The year in the county that this instant falls in.
    #[must_use]
    pub fn year(self) -> i32 {
        self.day().year()
    }

    /// This instant plus so many seconds.
    #[must_use]
    pub const fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds.saturating_mul(1_000_000)))
    }

    /// The exact time from `earlier` to this, in days.
    #[must_use]
    pub fn days_since(self, earlier: Self) -> f64 {
        days(self.0 - earlier.0)
    }
}

/// Microseconds as days.
#[must_use]
#[expect(
    clippy::as_conversions,
    reason = "no lossless conversion exists; 2^53 microseconds are 285 years"
)]
pub fn days(micros: i64) -> f64 {
    micros as f64 / MICROS_PER_DAY as f64
}

impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.utc().to_rfc3339_opts(SecondsFormat::AutoSi, true))
    }
}

impl Serialize for Timestamp {
    fn serialize<S: Serializer>(&self, s: S) -> Result<S::Ok, S::Error> {
        s.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Timestamp {
    fn deserialize<D: Deserializer<'de>>(d: D) -> Result<Self, D::Error> {
        let text = String::deserialize(d)?;
        DateTime::parse_from_rfc3339(&text)
            .map(|t| Self::from_datetime(&t))
            .map_err(de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_at_sixteen_hours_utc_of_the_day_before() {
        let day = Day::from_ymd_opt(2026, 11, 23).unwrap();
        assert_eq!(Timestamp::start_of(day).to_string(), "2026-11-22T16:00:00Z");
        assert_eq!(Timestamp::start_of(day).day(), day);
        assert_eq!(Timestamp::end_of(day).day(), day);
        assert_eq!(
            Timestamp::from_micros(Timestamp::end_of(day).micros() + 1).day(),
            day.succ_opt().unwrap()
        );
    }

    #[test]
    fn text_form_keeps_microseconds_and_order() {
        let at = Timestamp::from_micros(1_763_870_400_123_456);
        let text = serde_json::to_string(&at).unwrap();
        assert_eq!(serde_json::from_str::<Timestamp>(&text).unwrap(), at);
        assert!(text.ends_with("Z\""));
    }
}
