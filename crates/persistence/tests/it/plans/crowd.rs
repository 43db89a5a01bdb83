//! The other large tables, filled past the product.

use liangnuo_domain::Role;
use liangnuo_persistence::db::Database;
use liangnuo_test_support::NOW;

use crate::{log_plans, support::World};

/// The login and the token that are looked for among all of them.
pub const LOGIN: &str = "somebody1234";
pub const TOKEN: [u8; 1] = [7];

pub async fn fill(world: &World) {
    let is_sqlite = world.store().database() == Database::Sqlite;
    for sql in people(world, is_sqlite)
        .into_iter()
        .chain(work(world, is_sqlite))
        .chain(beside_cases(world, is_sqlite))
    {
        world.db.run(&sql).await;
    }
    world.store().rebuild_sums(NOW).await.unwrap();
    world.store().analyze().await.unwrap();
    if !is_sqlite {
        // Nothing is left for the index of pairs to sort in.
        world.db.run("VACUUM").await;
    }
}

const fn new_id(is_sqlite: bool) -> &'static str {
    if is_sqlite {
        "randomblob(16)"
    } else {
        "gen_random_uuid()"
    }
}

const fn bytes(is_sqlite: bool) -> &'static str {
    if is_sqlite { "X'07'" } else { "'\\x07'::bytea" }
}

/// Two thousand rows.
const MANY: &str = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)";

fn people(world: &World, is_sqlite: bool) -> Vec<String> {
    let (id, bytes) = (new_id(is_sqlite), bytes(is_sqlite));
    let (root, own, sibling) = (
        world.id(world.county.root.0),
        world.id(world.county.own.0),
        world.id(world.county.sibling.0),
    );
    let crowd = "FROM members WHERE name LIKE '王%'";
    let on = NOW.micros();
    let a_token = if is_sqlite {
        "randomblob(32)"
    } else {
        "sha256(gen_random_uuid()::text::bytea)"
    };
    vec![
        format!(
            "INSERT INTO members (region_id, id, unit_id, name, is_party_member, search_text, created_at, version)
             {MANY} SELECT {root}, {id}, {own}, '王' || i, FALSE, '王' || i, 0, 1 FROM n"
        ),
        format!(
            "INSERT INTO role_grants (region_id, id, member_id, unit_id, role, valid_from)
             SELECT region_id, {id}, id, {sibling}, 'supervisor', {on} - CAST(substr(name, 2) AS BIGINT) {crowd}"
        ),
        format!("INSERT INTO posts (region_id, id, unit_id, name) VALUES ({root}, {own}, {own}, '教师组')"),
        format!(
            "INSERT INTO post_holders (region_id, id, post_id, member_id, valid_from)
             SELECT region_id, {id}, {own}, id, 0 {crowd}"
        ),
        format!(
            "INSERT INTO accounts (id, region_id, member_id, login, password_hash, password_changed_at,
             must_change_password, created_at, version)
             SELECT id, region_id, id, 'somebody' || substr(name, 2), '-', 0, FALSE, 0, 1 {crowd}"
        ),
        format!(
            "INSERT INTO sessions (id, region_id, account_id, created_at, last_used_at, expires_at)
             SELECT id, region_id, id, {on}, {on}, {on} + 1 {crowd}"
        ),
        format!("INSERT INTO refresh_tokens (token_hash, session_id, issued_at) SELECT {a_token}, id, {on} {crowd}"),
        format!(
            "INSERT INTO refresh_tokens (token_hash, session_id, issued_at)
             SELECT {bytes}, id, {on} {crowd} LIMIT 1"
        ),
    ]
}

fn work(world: &World, is_sqlite: bool) -> Vec<String> {
    let (id, bytes) = (new_id(is_sqlite), bytes(is_sqlite));
    let root = world.id(world.county.root.0);
    let leader = world.id(world.county.root_member(Role::Leader).0);
    let on = NOW.micros();
    vec![
        format!(
            "INSERT INTO outbox (id, region_id, topic, subject_id, created_at, available_at, leased_until, attempts, done_at)
             {MANY} SELECT {id}, {root}, 'import', {id}, 0, 0, 0, 1, 1 FROM n"
        ),
        format!(
            "INSERT INTO idempotency_keys (caller, idempotency_key, operation, request_hash, subject_id, expires_at)
             {MANY} SELECT 'somebody' || i, {id}, 'create', {bytes}, {id}, {on} + i FROM n"
        ),
        format!("INSERT INTO spent_challenges (challenge, expires_at) {MANY} SELECT 'challenge' || i, {on} + i FROM n"),
        format!(
            "INSERT INTO imports (region_id, id, state, is_dry_run, source, file_name, mapping, rows_total, rows_done,
             rows_created, rows_updated, rows_unchanged, rows_failed, created_by, created_at, finished_at)
             {MANY} SELECT {root}, {id}, 'succeeded', FALSE, 'desk', 'ledger.xlsx', '{{}}', 1, 1, 0, 0, 0, 1, {leader},
             i, i FROM n"
        ),
        "INSERT INTO import_errors (region_id, import_id, position, row_number, code, detail_zh, detail_en)
         SELECT region_id, id, 1, 2, 'missing_value', '缺', 'Missing' FROM imports"
            .to_owned(),
    ]
}

fn beside_cases(world: &World, is_sqlite: bool) -> Vec<String> {
    let (id, bytes) = (new_id(is_sqlite), bytes(is_sqlite));
    let leader = world.id(world.county.root_member(Role::Leader).0);
    let reference = world.hex("id");
    let on = NOW.micros();
    vec![
        format!(
            "INSERT INTO notices (region_id, id, member_id, complaint_id, kind, created_at, read_at)
             SELECT region_id, {id}, {leader}, id, 'assigned', received_at, received_at FROM complaints"
        ),
        format!(
            "INSERT INTO complaint_messages (region_id, id, complaint_id, body, created_at)
             SELECT region_id, {id}, id, '补充', received_at FROM complaints"
        ),
        format!(
            "INSERT INTO complaint_contacts (region_id, complaint_id, name, row_key, key_id, phone_index)
             SELECT region_id, id, {bytes}, {bytes}, (SELECT id FROM vault_keys), {bytes} FROM complaints"
        ),
        format!(
            "INSERT INTO complaint_sources (region_id, source, external_ref, complaint_id, row_hash)
             SELECT region_id, 'desk', {reference}, id, {bytes} FROM complaints"
        ),
        format!(
            "INSERT INTO cards (region_id, id, complaint_id, unit_id, kind, due_on, given_at, state, version)
             SELECT region_id, {id}, id, unit_id, 'yellow_card', '2026-01-01', received_at, 'standing', 1 FROM complaints"
        ),
        format!(
            "INSERT INTO identity_openings (region_id, id, complaint_id, asked_by, asked_at, category, reason, ends_at, state, version)
             SELECT region_id, {id}, id, {leader}, received_at, 'contact', '联系', {on} - 1, 'withdrawn', 1 FROM complaints"
        ),
        log_plans::readings(world),
        "INSERT INTO complaint_reminders (region_id, complaint_id, due_on, rung, created_at)
         SELECT region_id, id, '2020-01-01', 'due_soon', received_at FROM complaints"
            .to_owned(),
    ]
}
