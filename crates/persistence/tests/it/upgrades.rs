//! Databases that an earlier version made come along.

use liangnuo_domain::{Doer, MemberId};
use liangnuo_persistence::db::Database;
use liangnuo_test_support::{TestCounty, TestDb};
use uuid::Uuid;

use crate::support::World;

/// Migrations before the event log had places and an order of its own.
const BEFORE_LISTS: u32 = 9;

/// Migrations before a draft knew everybody who wrote at it.
const BEFORE_AUTHORS: u32 = 19;

/// Migrations before a case knew whether somebody is accused in it.
const BEFORE_ACCUSED: u32 = 22;

/// Migrations before contact data were sealed.
const BEFORE_VAULT: u32 = 24;

const HOUR: i64 = 3_600_000_000;

#[tokio::test]
async fn events_that_are_there_get_a_place_and_those_of_complainants_a_day_and_another_id() {
    let db = TestDb::unmigrated().await;
    db.store.migrate_some(BEFORE_LISTS).await.unwrap();
    let world = World { county: nobody(), db };
    let (region, unit, case) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    // Nine in the morning of 2026-11-23 in the county, which is one in the morning in UTC.
    let nine = 1_795_395_600_000_000;
    let old = |nth: u128, kind: &str, subject: Uuid, actor: &str, at: i64| {
        let bytes = match world.store().database() {
            Database::Sqlite => "X'00'",
            Database::Postgres => "'\\x00'::bytea",
        };
        let id = world.id(world.store().ids().v7(liangnuo_domain::Timestamp::from_micros(at)));
        let (region, subject) = (world.id(region), world.id(subject));
        format!(
            "INSERT INTO events (id, region_id, subject_kind, subject_id, action, actor_kind, at, position, detail_hash)
             VALUES ({id}, {region}, '{kind}', {subject}, '{kind}.created', '{actor}', {at}, {nth}, {bytes});
             INSERT INTO event_details (event_id, salt, json) VALUES ({id}, {bytes}, '{{\"nth\":{nth}}}')"
        )
    };
    for sql in [
        old(1, "complaints", case, "complainant", nine),
        old(2, "complaints", case, "member", nine + HOUR),
        old(3, "units", unit, "member", nine),
        old(4, "settings", region, "member", nine),
    ] {
        world.db.run(&sql).await;
    }
    add_case(&world, region, unit, case).await;
    world.store().migrate().await.unwrap();

    let listed = format!(
        "SELECT d.json || ' ' || COALESCE(NULLIF({}, ''), '-') || ' ' || (e.listed_at - {nine}) || ' ' || (e.at - {nine})
         FROM events e JOIN event_details d ON d.event_id = e.id ORDER BY e.position",
        world.hex("e.unit_id")
    );
    let unit = unit.simple();
    let expected = [
        format!(r#"{{"nth":1}} {unit} {} 0"#, -9 * HOUR),
        format!(r#"{{"nth":2}} {unit} {HOUR} {HOUR}"#),
        format!(r#"{{"nth":3}} {unit} 0 0"#),
        r#"{"nth":4} - 0 0"#.to_owned(),
    ];
    assert_eq!(world.db.texts(&listed).await, expected);
    let ids = format!("SELECT {} FROM events ORDER BY position", world.hex("id"));
    let versions: Vec<usize> = world
        .db
        .texts(&ids)
        .await
        .iter()
        .map(|id| Uuid::parse_str(id).unwrap().get_version_num())
        .collect();
    assert_eq!(versions, [4, 7, 7, 7]);
    let variants = format!("SELECT {} FROM events WHERE position = 1", world.hex("id"));
    let id = Uuid::parse_str(&world.db.texts(&variants).await[0]).unwrap();
    assert_eq!(id.get_variant(), uuid::Variant::RFC4122);
    // All of them wait for a place in the sealed log.
    assert_eq!(world.db.number("SELECT COUNT(*) FROM unsealed_events").await, 4);
    // And the log can't be changed, as before.
    let refused = world.db.execute("UPDATE events SET at = 0").await.unwrap_err();
    assert!(refused.to_string().contains("append-only"), "{refused}");
}

#[tokio::test]
async fn drafts_that_wait_get_everybody_who_wrote_at_them_since_the_last_answer() {
    let db = TestDb::unmigrated().await;
    db.store.migrate_some(BEFORE_AUTHORS).await.unwrap();
    let world = World { county: nobody(), db };
    let (region, unit, case) = (Uuid::from_u128(1), Uuid::from_u128(2), Uuid::from_u128(3));
    add_case(&world, region, unit, case).await;
    let bytes = match world.store().database() {
        Database::Sqlite => "X'00'",
        Database::Postgres => "'\\x00'::bytea",
    };
    let member = Uuid::from_u128;
    for (at, action, by, acting_for) in [
        (1, "drafted", 4, None),
        (2, "replied", 4, None),
        (3, "drafted", 5, None),
        (4, "submitted", 5, None),
        (5, "submitted", 6, Some(7)),
        (6, "returned", 8, None),
    ] {
        let id = world.id(world.store().ids().v7(liangnuo_domain::Timestamp::from_micros(at)));
        let (region, case, by) = (world.id(region), world.id(case), world.id(member(by)));
        let acting_for = acting_for.map_or("NULL".to_owned(), |holder| world.id(member(holder)));
        let sql = format!(
            "INSERT INTO events (id, region_id, subject_kind, subject_id, action, actor_kind, actor_id, acting_for, at,
                 position, detail_hash, listed_at)
             VALUES ({id}, {region}, 'complaints', {case}, 'complaints.{action}', 'member', {by}, {acting_for}, {at}, 1,
                 {bytes}, {at})"
        );
        world.db.run(&sql).await;
    }
    let sql = format!(
        "INSERT INTO complaint_drafts (region_id, complaint_id, request, facts, decision, basis, drafted_by, is_submitted,
             updated_at)
         VALUES ({}, {}, '问', '查', '办', '据', {}, TRUE, 5)",
        world.id(region),
        world.id(case),
        world.id(member(6))
    );
    world.db.run(&sql).await;
    world.store().migrate().await.unwrap();

    let kept = world.db.texts("SELECT earlier_authors FROM complaint_drafts").await;
    let mut authors: Vec<Doer> = serde_json::from_str(&kept[0]).unwrap();
    authors.sort_unstable_by_key(|doer| doer.member);
    let deputy = Doer {
        member: MemberId(member(6)),
        acting_for: Some(MemberId(member(7))),
    };
    assert_eq!(authors, [Doer::own(MemberId(member(5))), deputy]);
}

#[tokio::test]
async fn cases_know_whether_somebody_is_accused_in_them() {
    let db = TestDb::unmigrated().await;
    db.store.migrate_some(BEFORE_ACCUSED).await.unwrap();
    let world = World { county: nobody(), db };
    let (region, unit) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let cases = [3, 4, 5].map(Uuid::from_u128);
    add_case(&world, region, unit, cases[0]).await;
    for (nth, case) in cases.iter().enumerate().skip(1) {
        // As the first, under another number.
        let columns = "region_id, kind, channel, state, is_sealed, is_anonymous, unit_id, title, body, received_at,
             received_month, version, pace";
        let (id, hash) = (world.id(*case), world.id(*case).replace("::uuid", "::text::bytea"));
        let sql = format!(
            "INSERT INTO complaints (id, number, receipt_hash, {columns})
             SELECT {id}, 'F{nth}', {hash}, {columns} FROM complaints WHERE number = '2026-000001-K'"
        );
        world.db.run(&sql).await;
    }
    let accuse = |case: Uuid| {
        let [region, case, unit] = [region, case, unit].map(|id| world.id(id));
        format!(
            "INSERT INTO complaint_accused (region_id, complaint_id, subject_id, subject_kind)
             VALUES ({region}, {case}, {unit}, 'unit')"
        )
    };
    world.db.run(&accuse(cases[0])).await;
    world.store().migrate().await.unwrap();
    let known = format!(
        "SELECT {} FROM complaints WHERE has_accused = TRUE ORDER BY id",
        world.hex("id")
    );
    let hex = |case: Uuid| case.simple().to_string();
    assert_eq!(world.db.texts(&known).await, [hex(cases[0])]);
    // From then on the database sees to it.
    world.db.run(&accuse(cases[2])).await;
    assert_eq!(world.db.texts(&known).await, [hex(cases[0]), hex(cases[2])]);
}

#[tokio::test]
async fn contact_data_in_the_clear_are_sealed_before_anything_is_served() {
    let db = TestDb::unmigrated().await;
    db.store.migrate_some(BEFORE_VAULT).await.unwrap();
    let world = World { county: nobody(), db };
    let (region, unit) = (Uuid::from_u128(1), Uuid::from_u128(2));
    let case = Uuid::from_u128(3);
    add_case(&world, region, unit, case).await;
    let [region, id] = [region, case].map(|id| world.id(id));
    let sql = format!(
        "INSERT INTO complaint_contacts (region_id, complaint_id, name, phone, email)
         VALUES ({region}, {id}, '金丝雀甲', '139 0000 7777', NULL)"
    );
    world.db.run(&sql).await;
    world.store().migrate().await.unwrap();
    let waiting = "SELECT COUNT(*) FROM vault_states WHERE is_scrubbed = FALSE";
    assert_eq!(world.db.number(waiting).await, 1);
    world.store().unlock(liangnuo_test_support::NOW).await.unwrap();

    let clear = "SELECT COUNT(*) FROM complaint_contacts WHERE clear_name IS NOT NULL OR clear_phone IS NOT NULL";
    let sealed =
        "SELECT COUNT(*) FROM complaint_contacts WHERE name IS NOT NULL AND phone IS NOT NULL AND email IS NULL
        AND row_key IS NOT NULL AND key_id IS NOT NULL AND phone_index IS NOT NULL";
    assert_eq!(
        (
            world.db.number(clear).await,
            world.db.number(sealed).await,
            world.db.number(waiting).await
        ),
        (0, 1, 0)
    );
    // The county that is there is told of its first key.
    let made = "SELECT COUNT(*) FROM events WHERE action = 'vault_keys.made'";
    assert_eq!(world.db.number(made).await, 1);
}

/// The case as far as its unit.
async fn add_case(world: &World, region: Uuid, unit: Uuid, case: Uuid) {
    let bytes = match world.store().database() {
        Database::Sqlite => "X'00'",
        Database::Postgres => "'\\x00'::bytea",
    };
    let (region, unit, case) = (world.id(region), world.id(unit), world.id(case));
    for (nth, id) in [&region, &unit].into_iter().enumerate() {
        world
            .db
            .run(&format!(
                "INSERT INTO units (region_id, id, kind, name, search_text, created_at, version)
                 VALUES ({region}, {id}, 'school', '{nth}', '', 0, 1)"
            ))
            .await;
    }
    world
        .db
        .run(&format!(
            "INSERT INTO complaints (region_id, id, number, receipt_hash, kind, channel, state, is_sealed, is_anonymous,
                 unit_id, title, body, received_at, received_month, version, pace)
             VALUES ({region}, {case}, '2026-000001-K', {bytes}, 'grievance', 'web', 'received', FALSE, TRUE, {unit}, '题', '文',
                 0, '2026-11', 1, '{{}}')"
        ))
        .await;
}

/// A county of which nothing is in the database.
fn nobody() -> TestCounty {
    let unit = liangnuo_domain::UnitId(Uuid::from_u128(1));
    TestCounty {
        root: unit,
        own: unit,
        child: unit,
        sibling: unit,
        branch: unit,
        at_own: Vec::new(),
        at_root: Vec::new(),
    }
}
