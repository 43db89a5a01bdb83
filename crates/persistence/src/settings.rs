//! What a county counts by: its settings and its calendar. Both are read with every case, so a process keeps them for a
//! moment; after a change every open case's date is computed anew.

mod duty;

pub(crate) use duty::{Turns, hand_over as hand_over_duty, on_duty, turns_of};

use std::{
    collections::{BTreeMap, HashMap},
    sync::{Arc, PoisonError, RwLock},
    time::{Duration, Instant},
};

use liangnuo_domain::{
    Day, Invalid, MemberId, RegionId, Timestamp,
    calendar::{Calendar, CalendarYear, Exception, STATE_COUNCIL},
    clocks::Rules,
    policy::{Action, Resource},
    settings::Settings,
};
use sea_orm::{
    ActiveValue::Set,
    ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder,
    sea_query::{Expr, ExprTrait, OnConflict},
};
use serde_json::json;

use crate::{
    callers::Caller,
    db::Store,
    entity::{calendar_days, calendar_years, settings},
    error::StoreError,
    events::{NewEvent, Subject},
    names::MemberName,
    tx::Tx,
};

/// How long a process believes what it has read.
const KEPT: Duration = Duration::from_secs(2);

/// Seconds until every process has read the new rules: the dates are computed anew only then.
const SETTLING_SECONDS: i64 = 5;

/// The topic under which the outbox has the dates computed anew.
pub const TOPIC: &str = "rules";

/// A county's rules and when they were read.
type Read = (Instant, Arc<Rules>);

/// The rules of the counties that this process has asked for lately.
#[derive(Clone, Debug, Default)]
pub(crate) struct KnownRules(Arc<RwLock<HashMap<RegionId, Read>>>);

impl KnownRules {
    fn get(&self, region: RegionId) -> Option<Arc<Rules>> {
        let known = self.0.read().unwrap_or_else(PoisonError::into_inner);
        let (at, rules) = known.get(&region)?;
        (at.elapsed() < KEPT).then(|| Arc::clone(rules))
    }

    fn put(&self, region: RegionId, rules: &Arc<Rules>) {
        let mut known = self.0.write().unwrap_or_else(PoisonError::into_inner);
        known.insert(region, (Instant::now(), Arc::clone(rules)));
    }

    fn forget(&self, region: RegionId) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(&region);
    }
}

/// A county's settings with their version; version 0 are the defaults, never changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SettingsView {
    /// The settings.
    pub settings: Settings,
    /// Counts the changes.
    pub version: i64,
    /// Whether the caller may change them.
    pub may_edit: bool,
    /// The names of those on duty.
    pub members: HashMap<MemberId, MemberName>,
}

/// A year of the calendar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct YearView {
    /// The year with its exceptions, whichever notice names them.
    pub year: CalendarYear,
    /// The days of the December before that its notice names: exceptions of that year.
    pub previous_december: Vec<Exception>,
    /// When an administrator loaded it; none for one that comes with the product.
    pub loaded_at: Option<Timestamp>,
    /// Counts the loadings, and those of the next year that changed this one's December; 0 for one as it comes with the
    /// product.
    pub version: i64,
}

/// A year as it was loaded.
struct Loaded {
    year: CalendarYear,
    loaded_at: Timestamp,
    /// Counts the loadings.
    version: i64,
    /// Counts those that changed the December before.
    december_version: i64,
}

const MALFORMED: StoreError = StoreError::Inconsistent {
    table: "settings",
    column: "json",
};

impl Store {
    /// What a county counts by.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn rules(&self, region: RegionId) -> Result<Arc<Rules>, StoreError> {
        if let Some(known) = self.known_rules().get(region) {
            return Ok(known);
        }
        let (settings, _) = read_settings(self.read(), region).await?;
        let calendar = with_loaded(&loaded_years(self.read(), region).await?);
        let rules = Arc::new(Rules { calendar, settings });
        self.known_rules().put(region, &rules);
        Ok(rules)
    }

    /// Has this process read a county's settings anew.
    pub(crate) fn forget_rules(&self, region: RegionId) {
        self.known_rules().forget(region);
    }

    /// A county's settings.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn settings(&self, caller: &Caller) -> Result<SettingsView, StoreError> {
        caller.must(Action::ViewSettings, Resource::Any)?;
        let (settings, version) = read_settings(self.read(), caller.actor.region).await?;
        let on_duty: Vec<MemberId> = settings.duty.iter().map(|turn| turn.member).collect();
        Ok(SettingsView {
            members: self.member_names(caller.actor.region, on_duty).await?,
            settings,
            version,
            may_edit: caller.must_edit_settings().is_ok(),
        })
    }

    /// Changes a county's settings. `patch` makes the new ones out of the old.
    ///
    /// # Errors
    /// Forbidden, stale, or a value out of its bounds.
    pub async fn edit_settings(
        &self,
        caller: Caller,
        expected: i64,
        patch: impl FnOnce(Settings) -> Settings + Send + 'static,
        now: Timestamp,
    ) -> Result<SettingsView, StoreError> {
        let by = caller.clone();
        let region = caller.actor.region;
        self.write(move |writer| async move {
            let doer = by.must_edit_settings()?;
            let mut tx = writer.begin_write(doer.into(), now).await?;
            let (before, version) = read_settings(tx.conn(), region).await?;
            if version != expected {
                return Err(StoreError::Stale { current: version });
            }
            let next = patch(before.clone());
            next.check()?;
            if next == before {
                return tx.rollback().await;
            }
            duty::check(&tx, region, &before.duty, &next.duty).await?;
            save(&mut tx, region, &before, &next, version).await?;
            tx.deliver_at(region, TOPIC, region.0, now.plus_seconds(SETTLING_SECONDS));
            tx.commit().await
        })
        .await?;
        self.known_rules().forget(region);
        self.settings(&caller).await
    }

    /// The calendar's years, newest first: those that come with the product, and those that were loaded in their place.
    ///
    /// # Errors
    /// When the database does not answer.
    pub async fn calendar_years(&self, caller: &Caller) -> Result<Vec<YearView>, StoreError> {
        caller.must(Action::ViewSettings, Resource::Any)?;
        let loaded = loaded_years(self.read(), caller.actor.region).await?;
        let calendar = with_loaded(&loaded);
        let loaded: BTreeMap<i32, &Loaded> = loaded.iter().map(|loaded| (loaded.year.year, loaded)).collect();
        let views = calendar.years().filter_map(|year| {
            let own = loaded.get(&year);
            let next = loaded.get(&(year + 1));
            Some(YearView {
                year: calendar.year(year)?,
                previous_december: calendar.december_before(year).collect(),
                loaded_at: own.map(|own| own.loaded_at),
                version: own.map_or(0, |own| own.version) + next.map_or(0, |next| next.december_version),
            })
        });
        let mut views: Vec<YearView> = views.collect();
        views.reverse();
        Ok(views)
    }

    /// Loads a year of the calendar, in place of what was known of it. What its notice names of the December before changes
    /// that year, too. Dates that were provisional are computed anew; none becomes earlier than it was told.
    ///
    /// # Errors
    /// Forbidden, stale, or a day of December that the next year's notice names otherwise.
    pub async fn load_calendar_year(
        &self,
        caller: Caller,
        year: CalendarYear,
        expected: i64,
        now: Timestamp,
    ) -> Result<YearView, StoreError> {
        let by = caller.clone();
        let region = caller.actor.region;
        let number = year.year;
        self.write(move |writer| async move {
            let doer = by.must_edit_settings()?;
            let mut tx = writer.begin_write(doer.into(), now).await?;
            let loaded = loaded_years(tx.conn(), region).await?;
            let of = |year: i32| loaded.iter().find(|loaded| loaded.year.year == year);
            let calendar = with_loaded(&loaded);
            let own = of(number).map_or(0, |own| own.version);
            // Of a year that nobody has seen published there is nothing to compare.
            let december = of(number + 1).filter(|_| calendar.year(number).is_some());
            let version = own + december.map_or(0, |next| next.december_version);
            if version != expected {
                return Err(StoreError::Stale { current: version });
            }
            check_december(&calendar, &year)?;
            let named: Vec<Exception> = calendar.december_before(number).collect();
            let names: Vec<Exception> = year.december_before().collect();
            let changes_december = named != names;
            let december_version = of(number).map_or(0, |own| own.december_version) + i64::from(changes_december);
            let row = calendar_years::ActiveModel {
                region_id: Set(region.0),
                year: Set(number),
                loaded_by: Set(by.actor.member.0),
                loaded_at: Set(now.micros()),
                version: Set(own + 1),
                december_version: Set(december_version),
            };
            save_year(&tx, row, &year, own).await?;
            let detail = json!({"year": number, "days": year.exceptions.len() - names.len()});
            tx.record(NewEvent::new(region, Subject::Calendars, region.0, "loaded", detail));
            if changes_december {
                let detail = json!({"year": number - 1, "by": number, "days": names.len()});
                tx.record(NewEvent::new(region, Subject::Calendars, region.0, "amended", detail));
            }
            tx.deliver_at(region, TOPIC, region.0, now.plus_seconds(SETTLING_SECONDS));
            tx.commit().await
        })
        .await?;
        self.known_rules().forget(region);
        let years = self.calendar_years(&caller).await?;
        years
            .into_iter()
            .find(|view| view.year.year == number)
            .ok_or(StoreError::NotFound)
    }
}

async fn read_settings(conn: &impl ConnectionTrait, region: RegionId) -> Result<(Settings, i64), StoreError> {
    let Some(row) = settings::Entity::find_by_id(region.0).one(conn).await? else {
        return Ok((Settings::default(), 0));
    };
    let settings = serde_json::from_str(&row.json).map_err(|_malformed| MALFORMED)?;
    Ok((settings, row.version))
}

/// Saves settings that have changed, and says so.
async fn save(
    tx: &mut Tx,
    region: RegionId,
    before: &Settings,
    next: &Settings,
    version: i64,
) -> Result<(), StoreError> {
    let row = settings::ActiveModel {
        region_id: Set(region.0),
        json: Set(serde_json::to_string(next).map_err(|_unwritable| MALFORMED)?),
        version: Set(version + 1),
    };
    write_settings(tx, row, version).await?;
    let changes = changes(before, next)?;
    tx.record(NewEvent::new(region, Subject::Settings, region.0, "changed", changes));
    Ok(())
}

/// Writes a version on top of the one that was read. Two who read the same one do not both succeed.
async fn write_settings(tx: &Tx, row: settings::ActiveModel, version: i64) -> Result<(), StoreError> {
    let region = *row.region_id.as_ref();
    let written = if version == 0 {
        settings::Entity::insert(row)
            .on_conflict(OnConflict::new().do_nothing().to_owned())
            .exec_without_returning(tx.conn())
            .await?
            == 1
    } else {
        let updated = settings::Entity::update_many()
            .set(row)
            .filter(settings::Column::RegionId.eq(region))
            .filter(settings::Column::Version.eq(version))
            .exec(tx.conn())
            .await?;
        updated.rows_affected == 1
    };
    if written {
        Ok(())
    } else {
        Err(StoreError::Stale { current: version + 1 })
    }
}

/// The values that differ, old and new.
fn changes(before: &Settings, next: &Settings) -> Result<serde_json::Value, StoreError> {
    let as_map = |settings: &Settings| match serde_json::to_value(settings) {
        Ok(serde_json::Value::Object(map)) => Ok(map),
        _ => Err(MALFORMED),
    };
    let (before, next) = (as_map(before)?, as_map(next)?);
    let changed: serde_json::Map<String, serde_json::Value> = next
        .into_iter()
        .filter_map(|(name, value)| {
            let old = before.get(&name)?;
            (*old != value).then(|| (name, json!({"from": old, "to": value})))
        })
        .collect();
    Ok(changed.into())
}

/// The calendar that comes with the product, with what was loaded.
fn with_loaded(loaded: &[Loaded]) -> Calendar {
    let built_in = STATE_COUNCIL.clone();
    loaded
        .iter()
        .fold(built_in, |calendar, loaded| calendar.with_year(&loaded.year))
}

/// A day of December that the next year's notice names is changed with that one: it would hold all the same.
fn check_december(calendar: &Calendar, year: &CalendarYear) -> Result<(), Invalid> {
    let otherwise = calendar.december_before(year.year + 1).find(|later| {
        let mut own = year.exceptions.iter();
        own.any(|own| own.day == later.day && own.is_worked != later.is_worked)
    });
    let Some(Exception { day, .. }) = otherwise else {
        return Ok(());
    };
    let next = year.year + 1;
    Err(Invalid::one(
        "/days",
        "named_otherwise",
        format!("{next}年的放假安排对{day}另有安排；要改，请重新载入{next}年的。"),
        format!("The notice of {next} names {day} otherwise; load that one anew to change it."),
    ))
}

async fn loaded_years(conn: &impl ConnectionTrait, region: RegionId) -> Result<Vec<Loaded>, StoreError> {
    let years = calendar_years::Entity::find()
        .filter(calendar_years::Column::RegionId.eq(region.0))
        .order_by_asc(calendar_years::Column::Year)
        .all(conn)
        .await?;
    if years.is_empty() {
        return Ok(Vec::new());
    }
    let mut days: HashMap<i32, Vec<(Day, bool)>> = HashMap::new();
    let rows = calendar_days::Entity::find()
        .filter(calendar_days::Column::RegionId.eq(region.0))
        .all(conn)
        .await?;
    let broken = || StoreError::Inconsistent {
        table: "calendar_days",
        column: "day",
    };
    for row in rows {
        let day = row.day.parse().map_err(|_malformed| broken())?;
        days.entry(row.year).or_default().push((day, row.is_worked));
    }
    years
        .into_iter()
        .map(|row| {
            let year = CalendarYear::parse(row.year, &days.remove(&row.year).unwrap_or_default());
            Ok(Loaded {
                year: year.map_err(|_invalid| broken())?,
                loaded_at: Timestamp::from_micros(row.loaded_at),
                version: row.version,
                december_version: row.december_version,
            })
        })
        .collect()
}

/// Writes a year on top of the version that was read. Two who read the same one do not both succeed.
async fn save_year(
    tx: &Tx,
    row: calendar_years::ActiveModel,
    year: &CalendarYear,
    version: i64,
) -> Result<(), StoreError> {
    let region = *row.region_id.as_ref();
    let key = [calendar_years::Column::RegionId, calendar_years::Column::Year];
    let changed = [
        calendar_years::Column::LoadedBy,
        calendar_years::Column::LoadedAt,
        calendar_years::Column::Version,
        calendar_years::Column::DecemberVersion,
    ];
    let as_read = Expr::col((calendar_years::Entity, calendar_years::Column::Version)).eq(version);
    let written = calendar_years::Entity::insert(row)
        .on_conflict(
            OnConflict::columns(key)
                .update_columns(changed)
                .action_and_where(as_read)
                .to_owned(),
        )
        .exec_without_returning(tx.conn())
        .await?;
    if written != 1 {
        return Err(StoreError::Stale { current: version + 1 });
    }
    calendar_days::Entity::delete_many()
        .filter(calendar_days::Column::RegionId.eq(region))
        .filter(calendar_days::Column::Year.eq(year.year))
        .exec(tx.conn())
        .await?;
    let days = year.exceptions.iter().map(|exception| calendar_days::ActiveModel {
        region_id: Set(region),
        day: Set(exception.day.to_string()),
        year: Set(year.year),
        is_worked: Set(exception.is_worked),
    });
    calendar_days::Entity::insert_many(days)
        .exec_without_returning(tx.conn())
        .await?;
    Ok(())
}
