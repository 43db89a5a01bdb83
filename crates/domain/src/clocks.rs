//! By when: the clocks that run on a complaint, how their ends are counted, and what follows when they run out.
//!
//! Sources: 信访工作条例 (2022) art. 22-23 (15 days to say whether a case is taken), art. 34 (60 days to decide, one
//! extension of at most 30); 民法典 art. 203 (an end on a day off moves to the next working day). Days count in the
//! county's time zone; the day of the event is not counted.

use chrono::{Datelike, Days};
use serde::{Deserialize, Serialize};

use crate::{
    calendar::{Calendar, STATE_COUNCIL, next},
    codes::codes,
    error::Message,
    settings::Settings,
    time::{Day, Timestamp},
};

/// What a county counts by: its calendar and its settings.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rules {
    /// Which days are worked.
    pub calendar: Calendar,
    /// How long, how often, how many.
    pub settings: Settings,
}

impl Rules {
    /// The last day of a span of so many days after `start`, which is not counted itself; an end on a day off moves where
    /// the county has it so.
    #[must_use]
    pub fn last_day(&self, start: Day, days: u32) -> Day {
        let end = start.checked_add_days(Days::new(u64::from(days))).unwrap_or(start);
        if self.settings.rolls_forward {
            self.calendar.roll_forward(end)
        } else {
            end
        }
    }
}

impl Default for Rules {
    /// As the product comes.
    fn default() -> Self {
        Self {
            calendar: STATE_COUNCIL.clone(),
            settings: Settings::default(),
        }
    }
}

codes! {
    /// A clock on a complaint.
    Clock {
        /// To say whether the case is taken.
        Tell = "tell",
        /// To decide, counted from acceptance.
        Decide = "decide",
        /// To answer a hotline's order.
        Hotline = "hotline",
        /// To answer an inquiry.
        Inquiry = "inquiry",
        /// To answer a suggestion.
        Suggestion = "suggestion",
        /// To do it again for a complainant who is not satisfied.
        Redo = "redo",
        /// The date that a leader set with the supervision.
        Supervision = "supervision",
        /// The date of a case that is answered with this one, where it is an earlier one.
        Duplicate = "duplicate",
    }
}

codes! {
    /// What a clock counts.
    Counts {
        /// Every day.
        CalendarDays = "calendar_days",
        /// Days on which people work.
        WorkingDays = "working_days",
        /// Nothing: somebody set the date.
        FixedDate = "fixed_date",
    }
}

impl Clock {
    /// How long the clock runs, and in what.
    #[must_use]
    pub const fn length(self, settings: &Settings) -> (u32, Counts) {
        let days = match self {
            Self::Tell => settings.tell_days,
            Self::Decide => settings.decide_days,
            Self::Hotline => settings.hotline_days,
            Self::Inquiry => settings.inquiry_days,
            Self::Suggestion => settings.suggestion_days,
            Self::Redo => settings.redo_days,
            Self::Supervision | Self::Duplicate => 0,
        };
        (days, self.counts())
    }

    /// What the clock counts.
    #[must_use]
    pub const fn counts(self) -> Counts {
        match self {
            Self::Tell | Self::Decide => Counts::CalendarDays,
            Self::Hotline | Self::Inquiry | Self::Suggestion | Self::Redo => Counts::WorkingDays,
            Self::Supervision | Self::Duplicate => Counts::FixedDate,
        }
    }

    /// How much the head may add, once; none for a clock that can't be extended.
    #[must_use]
    pub const fn longest_extension(self, settings: &Settings) -> Option<u32> {
        match self {
            Self::Decide => Some(settings.decide_extension_days),
            Self::Hotline => Some(settings.hotline_extension_days),
            Self::Tell | Self::Inquiry | Self::Suggestion | Self::Redo | Self::Supervision | Self::Duplicate => None,
        }
    }

    /// Whether the clock is held while the complainant is asked.
    #[must_use]
    pub const fn is_held(self) -> bool {
        !matches!(self, Self::Supervision | Self::Duplicate)
    }

    /// What the clock rests on.
    #[must_use]
    pub fn source(self) -> Message {
        let (zh, en) = match self {
            Self::Tell => (
                "《信访工作条例》第二十二、二十三条",
                "Regulations on Letters and Visits (2022), art. 22 and 23",
            ),
            Self::Decide => (
                "《信访工作条例》第三十四条",
                "Regulations on Letters and Visits (2022), art. 34",
            ),
            Self::Hotline => ("热线工单办理规定", "the county's rules for hotline orders"),
            Self::Inquiry => ("咨询答复期限", "the county's limit for inquiries"),
            Self::Suggestion => ("建议答复期限", "the county's limit for suggestions"),
            Self::Redo => ("不满意件重办期限", "the county's limit for doing it again"),
            Self::Supervision => ("督办要求", "the supervision"),
            Self::Duplicate => ("并入件的时限", "the limit of a case that was merged into this one"),
        };
        Message::new(zh, en)
    }
}

/// A time in which the clock was held, in days: those after `from` up to and including `until` do not count.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct HeldDays {
    /// The day on which it began; it still counts.
    pub from: Day,
    /// The last day that does not count.
    pub until: Day,
}

impl HeldDays {
    fn has(self, day: Day) -> bool {
        self.from < day && day <= self.until
    }

    /// The days, one by one.
    fn days(self) -> impl Iterator<Item = Day> {
        std::iter::successors(Some(next(self.from)), |day| Some(next(*day))).take_while(move |day| *day <= self.until)
    }
}

/// Whether all days of the one are held in the other, too.
fn all_held(these: &[HeldDays], those: &[HeldDays]) -> bool {
    these
        .iter()
        .flat_map(|held| held.days())
        .all(|day| those.iter().any(|held| held.has(day)))
}

/// A date that a complainant was told, with what it was computed from. Whatever calendar or setting comes, the same clock
/// from the same day does not end earlier; nor does it once it was held or extended for longer. Held for less, since the
/// complainant answered earlier, it does.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Told {
    /// Of which clock.
    pub clock: Clock,
    /// The day of the event that started it.
    pub starts_on: Day,
    /// When it was held.
    pub held: Vec<HeldDays>,
    /// How much was added to it.
    pub extended_by: u32,
    /// Which date.
    pub due_on: Day,
}

impl Told {
    /// The end of a run, as it is told.
    #[must_use]
    pub fn of(run: Run<'_>, due_on: Day) -> Self {
        Self {
            clock: run.clock,
            starts_on: run.starts_on,
            held: run.held.to_vec(),
            extended_by: run.extended_by,
            due_on,
        }
    }

    /// Whether the run may not end earlier than this.
    fn binds(&self, run: Run<'_>) -> bool {
        self.clock == run.clock
            && self.starts_on == run.starts_on
            && self.extended_by <= run.extended_by
            && all_held(&self.held, run.held)
    }

    /// Whether this was told of just this run.
    #[must_use]
    pub fn is_of(&self, run: Run<'_>) -> bool {
        self.binds(run) && self.extended_by == run.extended_by && all_held(run.held, &self.held)
    }

    /// Whether this binds wherever the clock was held on these days at least.
    #[must_use]
    pub fn is_held_within(&self, held: &[HeldDays]) -> bool {
        all_held(&self.held, held)
    }

    /// Whether both are of the same clock from the same day.
    #[must_use]
    pub fn is_of_the_clock_of(&self, other: &Self) -> bool {
        self.clock == other.clock && self.starts_on == other.starts_on
    }

    /// Whether an older date of the clock need not be kept beside this one: it began on another day, or this binds
    /// wherever that one does, and later.
    #[must_use]
    pub fn replaces(&self, older: &Self) -> bool {
        let as_run = Run {
            clock: older.clock,
            starts_on: older.starts_on,
            fixed_on: None,
            held: &older.held,
            extended_by: older.extended_by,
            told: &[],
            promised_on: None,
        };
        self.clock == older.clock
            && (!self.is_of_the_clock_of(older) || (self.binds(as_run) && older.due_on <= self.due_on))
    }
}

/// What a clock runs on.
#[derive(Clone, Copy, Debug)]
pub struct Run<'a> {
    /// Which clock.
    pub clock: Clock,
    /// The day of the event that started it.
    pub starts_on: Day,
    /// The date that was set, for a clock that does not count.
    pub fixed_on: Option<Day>,
    /// When it was held.
    pub held: &'a [HeldDays],
    /// How much was added to it.
    pub extended_by: u32,
    /// What the complainant was told.
    pub told: &'a [Told],
    /// What the receipt said before the clock ran, if it did: it does not end earlier.
    pub promised_on: Option<Day>,
}

/// A date with how it was computed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which clock.
    pub clock: Clock,
    /// The day of the event that started it; counting begins the day after.
    pub starts_on: Day,
    /// How many days, without what was added.
    pub length: u32,
    /// What is counted.
    pub counts: Counts,
    /// How much was added.
    pub extended_by: u32,
    /// Days that would have counted, had the clock not been held.
    pub held_days: u32,
    /// Days off that were passed over while counting working days.
    pub days_off: u32,
    /// Whether the end fell on a day off and moved.
    pub rolled_forward: bool,
    /// Whether the date stays as it was told, though calendar or settings would make it earlier now.
    pub is_kept_as_told: bool,
    /// The last day.
    pub due_on: Day,
    /// The calendar of that year is not published yet.
    pub is_provisional: bool,
}

impl Due {
    /// Runs a clock.
    #[must_use]
    pub fn compute(rules: &Rules, run: Run<'_>) -> Self {
        let Rules { calendar, settings } = rules;
        let (length, counts) = run.clock.length(settings);
        let mut day = run.starts_on;
        let (mut left, mut held_days, mut days_off) = (length + run.extended_by, 0, 0);
        while left > 0 {
            day = next(day);
            if counts == Counts::WorkingDays && !calendar.is_worked(day) {
                days_off += 1;
            } else if run.clock.is_held() && run.held.iter().any(|held| held.has(day)) {
                held_days += 1;
            } else {
                left -= 1;
            }
        }
        let end = run.fixed_on.unwrap_or(day);
        let moves = settings.rolls_forward && counts == Counts::CalendarDays;
        let rolled = if moves { calendar.roll_forward(end) } else { end };
        let told = run.told.iter().filter(|told| told.binds(run)).map(|told| told.due_on);
        let due_on = told.chain(run.promised_on).fold(rolled, Day::max);
        Self {
            clock: run.clock,
            starts_on: run.starts_on,
            length,
            counts,
            extended_by: run.extended_by,
            held_days,
            days_off,
            rolled_forward: rolled != end,
            is_kept_as_told: due_on != rolled,
            due_on,
            is_provisional: counts != Counts::FixedDate && !calendar.is_published(due_on),
        }
    }

    /// The last instant at which the work is on time.
    #[must_use]
    pub fn at(self) -> Timestamp {
        Timestamp::end_of(self.due_on)
    }

    /// From when on the case counts as due soon: less than the set share of the time is left, and at the latest the
    /// working day before.
    #[must_use]
    pub fn soon_at(self, rules: &Rules) -> Timestamp {
        let start = Timestamp::end_of(self.starts_on).micros();
        let end = self.at().micros();
        let share = (end - start).max(0) / 100 * i64::from(rules.settings.due_soon_percent);
        let last_share = Timestamp::from_micros(end - share);
        last_share.min(Timestamp::start_of(rules.calendar.worked_before(self.due_on)))
    }

    /// From when on a rung of the ladder is reached.
    #[must_use]
    pub fn rung_at(self, rung: Rung, rules: &Rules) -> Timestamp {
        let late = |days: u32| {
            let day = self.due_on.checked_add_days(Days::new(u64::from(days)));
            Timestamp::start_of(day.unwrap_or(self.due_on))
        };
        match rung {
            Rung::DueSoon => self.soon_at(rules),
            Rung::YellowCard => late(rules.settings.yellow_card_day),
            Rung::RedCard => late(rules.settings.red_card_day),
            Rung::CircularNotice => late(rules.settings.circular_notice_day),
        }
    }

    /// How the date was computed, as a sentence.
    #[must_use]
    pub fn explanation(self) -> Message {
        let source = self.clock.source();
        if self.clock == Clock::Duplicate {
            return Message::new(
                format!(
                    "有一件并入的来件与本件一并答复，它的时限从{}的次日起算，到{}为止。",
                    zh(self.starts_on),
                    zh(self.due_on)
                ),
                format!(
                    "A case that was merged into this one is answered with it; its limit, counted from the day after {}, ends \
                     on {}.",
                    en(self.starts_on),
                    en(self.due_on)
                ),
            );
        }
        if self.counts == Counts::FixedDate {
            return Message::new(
                format!(
                    "{}：{}提出，限{}前办结。",
                    source.zh,
                    zh(self.starts_on),
                    zh(self.due_on)
                ),
                format!(
                    "Set on {} by {}: to be done by {}.",
                    en(self.starts_on),
                    source.en,
                    en(self.due_on)
                ),
            );
        }
        let (unit_zh, unit_en) = match self.counts {
            Counts::WorkingDays => ("个工作日", "working days"),
            Counts::CalendarDays | Counts::FixedDate => ("天", "days"),
        };
        let mut zh_text = format!("从{}的次日起算{}{unit_zh}", zh(self.starts_on), self.length);
        let mut en_text = format!(
            "{} {unit_en}, counted from the day after {}",
            self.length,
            en(self.starts_on)
        );
        let mut add = |zh: String, en: String| {
            zh_text.push_str(&zh);
            en_text.push_str(&en);
        };
        if self.extended_by > 0 {
            let by = self.extended_by;
            add(
                format!("，经批准延长{by}{unit_zh}"),
                format!(", extended by {by} {unit_en}"),
            );
        }
        if self.held_days > 0 {
            let days = self.held_days;
            add(
                format!("，等待补充材料的{days}天不计"),
                format!(
                    ", without {days} {} of waiting for the complainant",
                    plural(days, "day", "days")
                ),
            );
        }
        if self.days_off > 0 {
            let days = self.days_off;
            add(
                format!("，其间休息日{days}天不计"),
                format!(", {days} {} off in between not counted", plural(days, "day", "days")),
            );
        }
        if self.rolled_forward {
            add(
                "，末日是休息日，顺延到下一个工作日".into(),
                ", moved from a day off to the next working day".into(),
            );
        }
        if self.is_kept_as_told {
            add(
                "，不早于此前告知的日期".into(),
                ", not earlier than the date told before".into(),
            );
        }
        let (mut zh_text, mut en_text) = (
            format!("{zh_text}，截止{}（{}）。", zh(self.due_on), source.zh),
            format!("{en_text}: due on {} ({}).", en(self.due_on), source.en),
        );
        if self.is_provisional {
            let year = self.due_on.year();
            zh_text.push_str(&format!(
                "{year}年的放假安排尚未公布，日期为暂定；公布后重新计算，不会提前。"
            ));
            en_text.push_str(&format!(
                " The holidays of {year} are not published yet: the date is provisional, and will not become earlier."
            ));
        }
        Message::new(zh_text, en_text)
    }
}

const fn plural<'a>(count: u32, one: &'a str, many: &'a str) -> &'a str {
    if count == 1 { one } else { many }
}

fn zh(day: Day) -> String {
    format!("{}年{}月{}日", day.year(), day.month(), day.day())
}

fn en(day: Day) -> String {
    day.format("%-d %B %Y").to_string()
}

codes! {
    /// How a case stands against its clock; derived on reading, never stored.
    Phase {
        /// In time.
        OnTime = "on_time",
        /// Little of the time is left.
        DueSoon = "due_soon",
        /// Late.
        Overdue = "overdue",
        /// Late by more than thirty days.
        LongOverdue = "long_overdue",
        /// No clock runs.
        None = "none",
    }
}

codes! {
    /// What happens, one after the other, when a case is not done in time.
    Rung {
        /// Whoever handles the case is told that little time is left.
        DueSoon = "due_soon",
        /// A yellow card: the head learns of it.
        YellowCard = "yellow_card",
        /// A red card: the campaign office learns of it.
        RedCard = "red_card",
        /// A circular notice is proposed to the campaign office and the leaders.
        CircularNotice = "circular_notice",
    }
}

/// Long overdue begins so many seconds after the due time.
pub const LONG_OVERDUE_SECONDS: i64 = 30 * 86_400;

/// The phase at `now` of a case that is due at `due_at` and due soon from `soon_at` on.
#[must_use]
pub fn phase(due_at: Option<Timestamp>, soon_at: Option<Timestamp>, now: Timestamp) -> Phase {
    match due_at {
        None => Phase::None,
        Some(due) if now > due.plus_seconds(LONG_OVERDUE_SECONDS) => Phase::LongOverdue,
        Some(due) if now > due => Phase::Overdue,
        Some(_) if soon_at.is_some_and(|soon| now >= soon) => Phase::DueSoon,
        Some(_) => Phase::OnTime,
    }
}

#[cfg(test)]
#[path = "clocks_tests.rs"]
mod tests;
