use proptest::prelude::*;

use super::*;

fn day(text: &str) -> Day {
    text.parse().unwrap()
}

fn run(clock: Clock, starts_on: &str) -> Run<'static> {
    Run {
        clock,
        starts_on: day(starts_on),
        fixed_on: None,
        held: &[],
        extended_by: 0,
        told: &[],
        promised_on: None,
    }
}

#[test]
fn sixty_days_that_end_on_a_sunday_move_to_monday_and_are_provisional() {
    let due = Due::compute(&Rules::default(), run(Clock::Decide, "2026-11-04"));
    assert_eq!(
        (due.due_on, due.rolled_forward, due.is_provisional),
        (day("2027-01-04"), true, true)
    );
    let mut stays = Rules::default();
    stays.settings.rolls_forward = false;
    assert_eq!(
        Due::compute(&stays, run(Clock::Decide, "2026-11-04")).due_on,
        day("2027-01-03")
    );
}

#[test]
fn phases_follow_the_clock() {
    let rules = Rules::default();
    let due = Due::compute(&rules, run(Clock::Decide, "2026-03-02"));
    let at = |text: &str| {
        phase(
            Some(due.at()),
            Some(due.soon_at(&rules)),
            Timestamp::start_of(day(text)),
        )
    };
    assert_eq!(due.due_on, day("2026-05-06"), "1 to 5 May are days off");
    assert_eq!(at("2026-03-03"), Phase::OnTime);
    assert_eq!(at("2026-05-05"), Phase::DueSoon);
    assert_eq!(at("2026-05-07"), Phase::Overdue);
    assert_eq!(at("2026-06-08"), Phase::LongOverdue);
    assert_eq!(phase(None, None, due.at()), Phase::None);
}

#[test]
fn the_ladder_follows_the_due_date() {
    let rules = Rules::default();
    let due = Due::compute(&rules, run(Clock::Inquiry, "2026-11-02"));
    assert_eq!(due.due_on, day("2026-11-09"));
    let days: Vec<Day> = Rung::ALL.iter().map(|rung| due.rung_at(*rung, &rules).day()).collect();
    assert_eq!(
        days,
        [
            day("2026-11-06"),
            day("2026-11-10"),
            day("2026-11-16"),
            day("2026-11-24")
        ]
    );
}

#[test]
fn a_hold_and_an_extension_move_the_end() {
    let rules = Rules::default();
    let held = [HeldDays {
        from: day("2026-11-03"),
        until: day("2026-11-06"),
    }];
    let due = Due::compute(
        &rules,
        Run {
            held: &held,
            extended_by: 5,
            ..run(Clock::Hotline, "2026-11-02")
        },
    );
    // Counted: 3 November, then 9 to 13, then 16 to 19: ten working days; 4, 5 and 6 were held.
    assert_eq!((due.due_on, due.held_days), (day("2026-11-19"), 3));
    let late = [HeldDays {
        from: day("2026-12-01"),
        until: day("2026-12-10"),
    }];
    let due = Due::compute(
        &rules,
        Run {
            held: &late,
            ..run(Clock::Hotline, "2026-11-02")
        },
    );
    assert_eq!(
        due.due_on,
        day("2026-11-09"),
        "a hold does not mend what is late already"
    );
}

#[test]
fn a_date_that_was_told_never_becomes_earlier() {
    let rules = Rules::default();
    let held = [HeldDays {
        from: day("2026-11-03"),
        until: day("2026-11-05"),
    }];
    let inquiry = run(Clock::Inquiry, "2026-11-02");
    let told = [Told::of(Run { held: &held, ..inquiry }, day("2026-11-16"))];
    let end = |run: Run<'_>| {
        let due = Due::compute(&rules, Run { told: &told, ..run });
        (due.due_on, due.is_kept_as_told)
    };
    assert_eq!(end(Run { held: &held, ..inquiry }), (day("2026-11-16"), true));
    let longer = [HeldDays {
        from: day("2026-11-03"),
        until: day("2026-11-06"),
    }];
    assert_eq!(
        end(Run {
            held: &longer,
            ..inquiry
        }),
        (day("2026-11-16"), true)
    );
    assert_eq!(
        end(Run {
            held: &held,
            extended_by: 9,
            ..inquiry
        }),
        (day("2026-11-24"), false),
        "what ends later anyway is not kept"
    );
    for other in [
        inquiry,
        Run {
            held: &held,
            ..run(Clock::Inquiry, "2026-11-03")
        },
        Run {
            held: &held,
            ..run(Clock::Hotline, "2026-11-02")
        },
    ] {
        assert!(!end(other).1, "it binds the run it was told of: {other:?}");
    }
}

#[test]
fn the_computation_is_told_in_both_languages() {
    let held = [HeldDays {
        from: day("2026-09-25"),
        until: day("2026-09-28"),
    }];
    let due = Due::compute(
        &Rules::default(),
        Run {
            held: &held,
            extended_by: 5,
            ..run(Clock::Hotline, "2026-09-24")
        },
    );
    let message = due.explanation();
    assert_eq!(
        message.zh,
        "从2026年9月24日的次日起算5个工作日，经批准延长5个工作日，等待补充材料的1天不计，其间休息日11天不计，截止2026年10月16日（热线工单办理规定）。"
    );
    assert_eq!(
        message.en,
        "5 working days, counted from the day after 24 September 2026, extended by 5 working days, without 1 day of \
         waiting for the complainant, 11 days off in between not counted: due on 16 October 2026 (the county's rules \
         for hotline orders)."
    );
    let provisional = Due::compute(&Rules::default(), run(Clock::Decide, "2026-11-23")).explanation();
    assert!(provisional.zh.contains("2027年的放假安排尚未公布") && provisional.en.contains("provisional"));
    let fixed = Run {
        fixed_on: Some(day("2026-11-28")),
        ..run(Clock::Supervision, "2026-11-23")
    };
    let fixed = Due::compute(&Rules::default(), fixed);
    assert_eq!(
        (fixed.due_on, fixed.is_provisional),
        (day("2026-11-28"), false),
        "a Saturday, but set by a person"
    );
    assert!(fixed.explanation().zh.contains("督办要求"));
}

/// An independent count: all days after the start in order, those that count picked out, the last one taken.
fn walk(rules: &Rules, run: Run<'_>) -> Day {
    let (length, counts) = run.clock.length(&rules.settings);
    let wanted = usize::try_from(length + run.extended_by).unwrap();
    let end = run
        .starts_on
        .iter_days()
        .skip(1)
        .filter(|day| !run.held.iter().any(|held| *day > held.from && *day <= held.until))
        .filter(|day| counts != Counts::WorkingDays || rules.calendar.is_worked(*day))
        .nth(wanted - 1)
        .unwrap();
    let rolled = if counts == Counts::CalendarDays && rules.settings.rolls_forward {
        end.iter_days().find(|day| rules.calendar.is_worked(*day)).unwrap()
    } else {
        end
    };
    // What was told of less, or of just this.
    let is_more = |told: &&Told| {
        let held = |day: Day, held: &[HeldDays]| held.iter().any(|held| day > held.from && day <= held.until);
        let mut days = run.starts_on.iter_days().take(200);
        told.clock == run.clock
            && told.starts_on == run.starts_on
            && told.extended_by <= run.extended_by
            && days.all(|day| !held(day, &told.held) || held(day, run.held))
    };
    let told = run.told.iter().filter(is_more).map(|told| told.due_on);
    told.chain([rolled]).max().unwrap()
}

/// Numbers of the settings that clocks are counted by, within their bounds.
fn settings() -> impl Strategy<Value = Settings> {
    (1_u32..16, 1_u32..61, 1_u32..16, 1_u32..61, any::<bool>()).prop_map(
        |(tell_days, decide_days, few, suggestion_days, rolls_forward)| Settings {
            tell_days,
            decide_days,
            hotline_days: few,
            inquiry_days: few,
            redo_days: few,
            suggestion_days,
            rolls_forward,
            ..Settings::default()
        },
    )
}

proptest! {
    #[test]
    fn the_end_agrees_with_an_independent_count(
        offset in 0_u64..8_300,
        clock in 0_usize..6,
        extended_by in 0_u32..31,
        holds in proptest::collection::vec((0_u64..90, 0_u64..12), 0..4),
        settings in settings(),
        told in proptest::collection::vec((0_usize..6, 0_u64..3, 0_usize..4, 0_u32..31, 0_u64..150), 0..5),
    ) {
        let rules = Rules { settings, ..Rules::default() };
        rules.settings.check().unwrap();
        let starts_on = day("2004-01-01").checked_add_days(Days::new(offset)).unwrap();
        let after = |days: u64| starts_on.checked_add_days(Days::new(days)).unwrap();
        let held: Vec<HeldDays> = holds
            .into_iter()
            .map(|(from, days)| HeldDays { from: after(from), until: after(from + days) })
            .collect();
        // Mostly of the same clock and day, held for the first of the holds, or for one more.
        let told: Vec<Told> = told
            .into_iter()
            .map(|(of, day, holds, extended_by, due)| {
                let mut held: Vec<HeldDays> = held.iter().take(holds).copied().collect();
                if due % 5 == 0 {
                    held.push(HeldDays { from: after(1), until: after(3) });
                }
                Told {
                    clock: Clock::ALL[if of == 0 { (clock + 1) % 6 } else { clock }],
                    starts_on: after(day / 2),
                    held,
                    extended_by,
                    due_on: after(due),
                }
            })
            .collect();
        let run = Run {
            clock: Clock::ALL[clock],
            starts_on,
            fixed_on: None,
            held: &held,
            extended_by,
            told: &told,
            promised_on: None,
        };
        let due = Due::compute(&rules, run);
        prop_assert_eq!(due.due_on, walk(&rules, run));
        let bare = Due::compute(&rules, Run { told: &[], ..run });
        prop_assert_eq!(due.is_kept_as_told, bare.due_on < due.due_on);
        prop_assert!(due.soon_at(&rules) < due.at());
        let longer = Due::compute(&rules, Run { extended_by: extended_by + 1, ..run });
        prop_assert!(longer.due_on >= due.due_on, "more time never ends earlier");
        // What is told once is held to by every county, whatever it sets.
        let once = [Told::of(run, due.due_on)];
        let others = Due::compute(&Rules::default(), Run { told: &once, ..run });
        prop_assert!(others.due_on >= due.due_on);
        prop_assert!(once[0].is_of(run) && once[0].replaces(&once[0]));
    }

    #[test]
    fn a_span_ends_with_a_day_and_moves_as_the_county_has_it(offset in 0_u64..8_300, days in 0_u32..90, rolls in any::<bool>()) {
        let mut rules = Rules::default();
        rules.settings.rolls_forward = rolls;
        let start = day("2004-01-01").checked_add_days(Days::new(offset)).unwrap();
        let last = rules.last_day(start, days);
        let bare = start.checked_add_days(Days::new(u64::from(days))).unwrap();
        let passed: Vec<Day> = bare.iter_days().take_while(|day| *day < last).collect();
        prop_assert!(passed.iter().all(|day| rolls && !rules.calendar.is_worked(*day)));
        prop_assert!(!rolls || rules.calendar.is_worked(last));
    }
}
