//! Lookups and lists of everything but cases, what is looked up of one case, the figures, and what the worker does.

use liangnuo_domain::{
    CategoryId, ImportId, Role, SessionId,
    cards::{CardKind, CardState},
    imports::{ImportKind, Said, members::MemberRow, units::UnitRow},
    sessions::Device,
    units::UnitKind,
};
use liangnuo_persistence::{
    Store,
    cards::CardFilter,
    complaints::{CaseFilter, CaseSort},
    db::Database,
    identity::OpeningFilter,
    imports::{Columns, NewImport, RowToImport, Rows},
    members::MemberFilter,
    outbox::Lane,
    page::PageRequest,
    role_grants::{GrantFilter, GrantOrder},
    second_factor,
    units::UnitFilter,
};
use liangnuo_test_support::NOW;
use uuid::Uuid;

use super::{CASES, DAY, crowd, filters};
use crate::{
    explain::{Explainer, Sent},
    support::{World, at, key, named},
};

/// A page, and the one after it.
const PAGE: u64 = 20;

pub async fn one_case(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    let office = world.county.root_caller(Role::CampaignOffice);
    let page = PageRequest::first(PAGE);
    let cases = store
        .list_cases(&office, CaseFilter::default(), CaseSort::OldestFirst, &page, NOW)
        .await
        .unwrap();
    let case = cases.items[10].id;
    sent.take();
    store.case(&office, case, NOW).await.unwrap();
    explainer.explain("a case", sent.take()).await;
    store.similar_cases(&office, case, NOW).await.unwrap();
    explainer.explain("similar cases", sent.take()).await;
    store.templates_for(&office, case, NOW).await.unwrap();
    store.list_templates(&office, false).await.unwrap();
    store.saved_views(&office).await.unwrap();
    explainer.explain("templates and views", sent.take()).await;
    store.assignees(&office, case, world.county.own, NOW).await.unwrap();
    explainer.explain("assignees", sent.take()).await;
    let leader = world.county.root_caller(Role::Leader);
    store.list_notices(&leader, false, &page).await.unwrap();
    store.list_notices(&leader, true, &page).await.unwrap();
    store.unread_notices(&leader).await.unwrap();
    store.read_notices(leader, Some(case), NOW, NOW).await.unwrap();
    explainer.explain("notices", sent.take()).await;
    let receipts = world
        .db
        .texts(&format!(
            "SELECT {} FROM complaints WHERE body LIKE '望远镜%'",
            world.hex("id")
        ))
        .await;
    let known = Uuid::parse_str(&receipts[0]).unwrap();
    let hash = receipt_of(world, known).await;
    store.track_complaint(world.county.root, hash, NOW).await.unwrap();
    explainer.explain("tracking by receipt", sent.take()).await;
}

pub async fn people(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    let (admin, own) = (world.admin(), world.county.own);
    sent.take();
    let any = MemberFilter::default;
    for filter in [
        any(),
        MemberFilter {
            include_closed: true,
            ..any()
        },
        MemberFilter {
            unit: Some(own),
            ..any()
        },
        MemberFilter {
            q: Some("王".to_owned()),
            ..any()
        },
    ] {
        let first = store
            .list_members(&admin, filter.clone(), &PageRequest::first(PAGE), NOW)
            .await;
        let next = PageRequest {
            cursor: first.unwrap().next_cursor,
            ..PageRequest::first(PAGE)
        };
        store.list_members(&admin, filter, &next, NOW).await.unwrap();
    }
    store.member(&admin, admin.actor.member, NOW).await.unwrap();
    explainer.explain("members", sent.take()).await;
    let account = store.account_for_login(crowd::LOGIN).await.unwrap().unwrap();
    store.account(account.id).await.unwrap();
    let session = store
        .open_session(
            account.id,
            second_factor::Proof::Password,
            b"new".to_vec(),
            Device::UNKNOWN,
            NOW,
        )
        .await
        .unwrap()
        .session;
    let caller = store.caller_of(session, NOW).await.unwrap();
    store.me(&caller).await.unwrap();
    let (security, member) = (world.county.root_caller(Role::SecurityAdmin), caller.actor.member);
    let issued = store.issue_account_link(security.clone(), key(9_001), member, |_| b"link".to_vec(), NOW);
    issued.await.unwrap();
    store.account_of_member(&security, member, NOW).await.unwrap();
    store.account_link(b"link", NOW).await.unwrap();
    store.revoke_account_link(security, member, NOW).await.unwrap();
    store.sessions(&caller, NOW).await.unwrap();
    store.end_other_sessions(caller.clone(), NOW).await.unwrap();
    let gone = store
        .end_own_session(caller.clone(), SessionId(caller.actor.account.0), NOW)
        .await;
    assert!(gone.is_err());
    store.exporter(&caller).await.unwrap();
    let token = crowd::TOKEN.to_vec();
    store
        .renew_session(token.clone(), b"newer".to_vec(), NOW)
        .await
        .unwrap();
    store.end_session(token, NOW).await.unwrap();
    explainer.explain("signing in", sent.take()).await;
}

/// Cards, as the county's leader and a school's head look through them.
pub async fn cards(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    sent.take();
    let any = CardFilter::default;
    for caller in [
        world.county.root_caller(Role::Leader),
        world.county.caller(Role::UnitHead),
    ] {
        for filter in [
            any(),
            CardFilter {
                unit: Some(world.county.own),
                is_unit_alone: true,
                ..any()
            },
            CardFilter {
                kinds: vec![CardKind::RedCard],
                ..any()
            },
            CardFilter {
                states: vec![CardState::Appealed],
                ..any()
            },
            CardFilter {
                given_from: Some(at(-3 * DAY).day()),
                given_to: Some(at(0).day()),
                ..any()
            },
        ] {
            let page = PageRequest::first(PAGE);
            let first = store.list_cards(&caller, filter.clone(), &page, NOW).await.unwrap();
            let next = PageRequest {
                cursor: first.next_cursor,
                ..page
            };
            store.list_cards(&caller, filter, &next, NOW).await.unwrap();
        }
    }
    explainer.explain("cards", sent.take()).await;
}

/// Who asked to know who filed a case, as inspectors look for it.
pub async fn openings(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    let inspectors = [
        world.county.root_caller(Role::Inspector),
        world.county.caller(Role::Inspector),
    ];
    let page = PageRequest::first(PAGE);
    let cases = store
        .list_cases(&inspectors[0], CaseFilter::default(), CaseSort::OldestFirst, &page, NOW)
        .await
        .unwrap();
    sent.take();
    for caller in &inspectors {
        for (complaint, is_waiting) in [
            (None, None),
            (None, Some(true)),
            (None, Some(false)),
            (Some(cases.items[10].id), None),
        ] {
            let filter = OpeningFilter { complaint, is_waiting };
            let first = store.list_openings(caller, filter.clone(), &page, NOW).await.unwrap();
            let next = PageRequest {
                cursor: first.next_cursor,
                ..page.clone()
            };
            store.list_openings(caller, filter, &next, NOW).await.unwrap();
        }
    }
    explainer.explain("identity openings", sent.take()).await;
}

/// Who holds what, as the whole county's security administrator looks for it.
pub async fn grants(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    sent.take();
    let any = GrantFilter::default;
    let security = world.county.root_caller(Role::SecurityAdmin);
    for filter in [
        any(),
        GrantFilter {
            member: Some(world.county.member(Role::Handler)),
            ..any()
        },
        GrantFilter {
            unit: Some(world.county.own),
            ..any()
        },
        GrantFilter {
            role: Some(Role::Handler),
            ..any()
        },
    ] {
        let list = async |request: &PageRequest| {
            let page = store.list_role_grants(&security, filter.clone(), GrantOrder::NewestFirst, request, NOW);
            page.await.unwrap()
        };
        let page = PageRequest::first(PAGE);
        if let Some(cursor) = list(&page).await.next_cursor {
            list(&PageRequest {
                cursor: Some(cursor),
                ..page
            })
            .await;
        }
    }
    explainer.explain("role grants", sent.take()).await;
}

pub async fn units(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    let (admin, root) = (world.admin(), world.county.root);
    let page = PageRequest::first(PAGE);
    sent.take();
    let any = UnitFilter::default;
    for filter in [
        any(),
        UnitFilter {
            q: Some("小学".to_owned()),
            ..any()
        },
        UnitFilter {
            kind: Some(UnitKind::School),
            ..any()
        },
        UnitFilter {
            parent: Some(root),
            include_closed: true,
            ..any()
        },
    ] {
        store
            .list_units(root, Some(&admin), filter.clone(), &page)
            .await
            .unwrap();
        store.list_units(root, None, filter, &page).await.unwrap();
    }
    store.unit(&admin, world.county.own).await.unwrap();
    store.public_unit(root, world.county.own).await.unwrap();
    store.public_region(None).await.unwrap();
    store.children_count(root, root).await.unwrap();
    store.list_categories(root, true).await.unwrap();
    store.calendar_years(&admin).await.unwrap();
    store.settings(&admin).await.unwrap();
    explainer.explain("units and what a county has", sent.take()).await;
}

pub async fn imports(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    let office = world.county.root_caller(Role::CampaignOffice);
    sent.take();
    let page = store
        .list_imports(&office, None, &PageRequest::first(PAGE))
        .await
        .unwrap();
    store.import_errors(&office, page.items[0].id, 200).await.unwrap();
    let new = NewImport {
        kind: ImportKind::Complaints,
        file_name: "ledger.csv".to_owned(),
        source: "desk".to_owned(),
        is_dry_run: false,
        is_order: false,
        mapping: "{}".to_owned(),
        rows_total: 2,
    };
    let (id, region) = (ImportId(store.ids().v7(NOW)), office.actor.region);
    store
        .keep_import_piece(&office, id, 0, b"-".to_vec(), NOW)
        .await
        .unwrap();
    store
        .create_import(office.clone(), key(78), id, new, NOW)
        .await
        .unwrap();
    store.import_piece(region, id, 0).await.unwrap();
    let mut run = store.begin_run(region, id, NOW).await.unwrap().unwrap();
    let known = world.db.texts("SELECT MIN(external_ref) FROM complaint_sources").await;
    let row = |external_ref: &str| RowToImport {
        row: 2,
        external_ref: external_ref.to_owned(),
        author_hash: None,
        kind: None,
        title: "路灯不亮".to_owned(),
        body: "路口的灯不亮。".to_owned(),
        received_at: at(-DAY),
        reply: None,
        category: None,
        unit: Some("柳湾小学".to_owned()),
        row_hash: vec![1],
    };
    let rows = Rows::Complaints(vec![row("new"), row(&known[0])]);
    let columns = Columns::default();
    assert!(
        store
            .import_batch(&mut run, rows, Vec::new(), columns, NOW)
            .await
            .unwrap()
    );
    store.finish_run(region, id, None, NOW).await.unwrap();
    explainer.explain("imports", sent.take()).await;
    lists(world, store).await;
    explainer.explain("lists", sent.take()).await;
}

/// A list of units and one of members, each with a row that is new and one that changes something.
async fn lists(world: &World, store: &Store) {
    let admin = world.county.root_caller(Role::Admin);
    let text = |text: &str| Said::Text(text.to_owned());
    let unit = |row, head: &str, name: &str| UnitRow {
        row,
        name: text(name),
        kind: text("school"),
        parent: text("清河县教育局"),
        head: text(head),
        ..UnitRow::default()
    };
    let member = |row, number: &str, name: &str| MemberRow {
        row,
        staff_number: text(number),
        name: text(name),
        unit: text("柳湾小学"),
        ..MemberRow::default()
    };
    let units = vec![unit(2, "何敏", "柳湾小学"), unit(3, "何磊", "东岭中学")];
    let members = vec![member(2, "T1", "周敏"), member(3, "T2", "林青")];
    for (number, kind, rows) in [
        (79, ImportKind::Units, Rows::Units(units)),
        (80, ImportKind::Members, Rows::Members(members)),
    ] {
        let (id, region) = (ImportId(store.ids().v7(NOW)), admin.actor.region);
        let new = NewImport {
            kind,
            file_name: "list.csv".to_owned(),
            source: kind.code().to_owned(),
            is_dry_run: false,
            is_order: false,
            mapping: "{}".to_owned(),
            rows_total: 2,
        };
        let created = store.create_import(admin.clone(), key(number), id, new, NOW);
        created.await.unwrap();
        let mut run = store.begin_run(region, id, NOW).await.unwrap().unwrap();
        let batch = store.import_batch(&mut run, rows, Vec::new(), Columns::default(), NOW);
        assert!(batch.await.unwrap());
        store.finish_run(region, id, None, NOW).await.unwrap();
        let changes = store.import_changes(&admin, id).await.unwrap();
        assert_eq!(changes.len(), 2, "{changes:?}");
        let page = PageRequest::first(PAGE);
        let page = store.list_imports(&admin, Some(kind), &page).await.unwrap();
        assert_eq!(page.items.len(), 1);
    }
    store.unit_references(admin.actor.region).await.unwrap();
}

/// The figures: of what sums are kept, of what is counted, and the public's.
pub async fn figures(world: &World, category: CategoryId, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    let (office, inspector, school) = (
        world.county.root_caller(Role::CampaignOffice),
        world.county.root_caller(Role::Inspector),
        world.county.caller(Role::UnitHead),
    );
    sent.take();
    for (who, caller) in [("office", office.clone()), ("inspector", inspector), ("school", school)] {
        for (name, filter) in filters::kept(world, category) {
            let figures = store.complaint_statistics_counting(&caller, filter, 0, NOW).await;
            figures.unwrap();
            explainer
                .explain_ranked(&format!("figures, {who}, {name}"), sent.take())
                .await;
        }
    }
    for (name, filter) in filters::counted(world, category) {
        store.complaint_statistics(&office, filter, NOW).await.unwrap();
        explainer
            .explain_ranked(&format!("figures, counted, {name}"), sent.take())
            .await;
    }
    // Of many cases, and of few.
    for counted_up_to in [0, CASES / 20] {
        let book = store.public_book_counting(world.county.root, counted_up_to, NOW).await;
        book.unwrap();
    }
    explainer.explain_ranked("the public's figures", sent.take()).await;
}

pub async fn worker(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    sent.take();
    store.keep_analyzed().await.unwrap();
    let opened = store.create_unit(
        world.admin(),
        key(77),
        world.county.root,
        UnitKind::School,
        named("新风小学"),
        NOW,
    );
    opened.await.unwrap();
    for lane in [Lane::Imports, Lane::Log, Lane::Rest] {
        store.lease_deliveries(lane, 10, NOW, at(30)).await.unwrap();
    }
    store.wake_cases(at(-CASES * DAY)).await.unwrap();
    store.recompute_dues(world.county.root, None, NOW).await.unwrap();
    store.delete_expired(at(-DAY)).await.unwrap();
    store.index_pending_texts().await.unwrap();
    store.fold_sums(NOW).await.unwrap();
    explainer.explain("the worker", sent.take()).await;
}

/// The seal, once all that lies behind has its place. Verification reads everything, and has to.
pub async fn log(world: &World, store: &Store, sent: &Sent, explainer: &mut Explainer) {
    while store.seal_events(NOW).await.unwrap() > 0 {}
    sent.take();
    world.file(None).await;
    assert!(store.seal_events(NOW).await.unwrap() > 0);
    explainer.explain("the sealer", sent.take()).await;
    let leaf = match store.database() {
        Database::Sqlite => "hex(leaf_hash)",
        Database::Postgres => "encode(leaf_hash, 'hex')",
    };
    let leaf = format!("SELECT {leaf} FROM log_entries WHERE log_index = 1000");
    let leaf = world.db.texts(&leaf).await.remove(0);
    let leaf = liangnuo_domain::log::parse_hash(&leaf).unwrap();
    store.prove_inclusion(&leaf).await.unwrap();
    let auditor = world.county.root_caller(Role::AuditAdmin);
    store.log_verification(&auditor).await.unwrap();
    explainer.explain("the sealed log", sent.take()).await;
}

async fn receipt_of(world: &World, case: Uuid) -> Vec<u8> {
    let shown = match world.store().database() {
        Database::Sqlite => "hex(receipt_hash)",
        Database::Postgres => "encode(receipt_hash, 'hex')",
    };
    let sql = format!("SELECT {shown} FROM complaints WHERE id = {}", world.id(case));
    let hex = world.db.texts(&sql).await.remove(0);
    (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).unwrap())
        .collect()
}
