//! Units that are merged and split: what goes where, what stays as it was, and that nothing is done by half.

use liangnuo_domain::{
    ComplaintId, MemberId, Role, UnitId,
    complaints::Kind as CaseKind,
    members::MemberFields,
    succession::{Counts, Kind, Wanted},
    units::UnitKind,
};
use liangnuo_persistence::{
    StoreError,
    complaints::CaseFilter,
    units::{Succeeded, UnitView},
};
use liangnuo_test_support::{NOW, county::filing};
use serde_json::json;

use crate::support::{World, at, field_errors, key, named, refusal};

fn merge(into: UnitId) -> Wanted {
    Wanted {
        kind: Kind::Merged,
        successors: vec![into],
        units: Vec::new(),
        members: Vec::new(),
        reason: "学校布局调整".to_owned(),
    }
}

fn split(successors: &[UnitId]) -> Wanted {
    Wanted {
        kind: Kind::Split,
        successors: successors.to_vec(),
        ..merge(successors[0])
    }
}

impl World {
    async fn succeed(&self, unit: UnitId, wanted: Wanted) -> Result<(Succeeded, UnitView), StoreError> {
        let version = self.store().unit(&self.admin(), unit).await.unwrap().unit.version;
        self.store()
            .succeed_unit(self.admin(), unit, version, wanted, false, at(60))
            .await
    }

    /// Who has not left a unit.
    async fn people_of(&self, unit: UnitId) -> Vec<String> {
        let (id, column) = (self.id(unit.0), self.hex("id"));
        let sql = format!("SELECT {column} FROM members WHERE unit_id = {id} AND closed_at IS NULL ORDER BY 1");
        self.db.texts(&sql).await
    }

    /// Where a case is, and with whom.
    async fn place_of(&self, case: ComplaintId) -> (String, String) {
        let (unit, handler, id) = (self.hex("unit_id"), self.hex("handler_id"), self.id(case.0));
        let sql = format!("SELECT {unit} || ' ' || COALESCE({handler}, '') FROM complaints WHERE id = {id}");
        let row = self.db.texts(&sql).await.pop().unwrap();
        let (unit, handler) = row.split_once(' ').unwrap();
        (unit.to_owned(), handler.to_owned())
    }

    async fn teacher(&self, unit: UnitId, name: &str, post: Option<&str>, number: u128) -> MemberId {
        let fields = MemberFields {
            name: name.to_owned(),
            post: post.map(str::to_owned),
            ..MemberFields::default()
        };
        let made = self
            .store()
            .create_member(self.admin(), key(number), unit, fields, NOW)
            .await;
        made.unwrap().0.member.id
    }

    async fn grant_at(&self, member: MemberId, role: Role, unit: UnitId) {
        let sql = format!(
            "INSERT INTO role_grants (region_id, id, member_id, unit_id, role, valid_from)
             VALUES ({}, {}, {}, {}, '{}', 0)",
            self.id(self.county.root.0),
            self.id(self.store().ids().v4()),
            self.id(member.0),
            self.id(unit.0),
            role.code(),
        );
        self.db.execute(&sql).await.unwrap();
    }

    async fn count(&self, sql: &str) -> i64 {
        self.db.number(sql).await
    }
}

fn plain(id: uuid::Uuid) -> String {
    id.simple().to_string()
}

#[tokio::test]
async fn a_merged_unit_s_people_units_and_open_cases_go_on_in_the_other_one() {
    let world = World::new().await;
    let (store, root) = (world.store(), world.county.root);
    let old = world.school(root, "东岭小学").await.unit.id;
    let next = world.school(root, "柳湾中心小学").await.unit.id;
    let class = world.school(old, "东岭教学点").await.unit.id;
    let teacher = world.teacher(old, "陈晓", Some("班主任"), 900).await;
    let clerk = world.teacher(old, "林珊", None, 901).await;
    world.grant_at(teacher, Role::Handler, old).await;
    world.grant_at(clerk, Role::Handler, old).await;
    world.grant_at(clerk, Role::Handler, next).await;
    let about = || filing(CaseKind::Grievance, Some(old));
    let (gone_on, left) = (world.file_as(about(), NOW).await, world.file_as(about(), NOW).await);
    world.assign(gone_on, old, clerk).await.unwrap();
    world.assign(left, old, teacher).await.unwrap();
    let ended = world.file_as(about(), NOW).await;
    world.end(ended).await;

    // To look changes nothing.
    let events = world.events().await;
    let (tried, view) = store
        .succeed_unit(world.admin(), old, 1, merge(next), true, at(60))
        .await
        .unwrap();
    assert_eq!(
        (view.unit.closed_at, view.unit.version, world.events().await),
        (None, 1, events)
    );
    let (done, view) = world.succeed(old, merge(next)).await.unwrap();
    assert_eq!(done, tried);
    let counts = Counts {
        units: 1,
        members: 2,
        cases: 2,
    };
    assert_eq!((done.successors[0].0.id, done.successors[0].1), (next, counts));
    assert_eq!((done.cases_without_handler, done.ended_roles), (1, 2));

    // The cases go on as they stand; who handles nothing there has lost theirs.
    assert_eq!(world.place_of(gone_on).await, (plain(next.0), plain(clerk.0)));
    assert_eq!(world.place_of(left).await, (plain(next.0), String::new()));
    assert_eq!(
        world.place_of(ended).await.0,
        plain(old.0),
        "what is over stays where it was"
    );
    let states = "SELECT COUNT(*) FROM complaints WHERE state = 'assigned'";
    assert_eq!(world.count(states).await, 2);
    let last = world.log_of(left.0).await.pop().unwrap();
    assert_eq!(
        (last.0.as_str(), &last.2["unit"]),
        ("complaints.assigned", &json!(next))
    );
    assert_eq!(last.2["note"], "学校布局调整");
    // The handler of the new unit is told of the one that is nobody's.
    let told = format!(
        "SELECT COUNT(*) FROM notices WHERE kind = 'new_case' AND member_id = {} AND complaint_id = {} AND created_at = {}",
        world.id(clerk.0),
        world.id(left.0),
        at(60).micros()
    );
    assert_eq!(world.count(&told).await, 1);

    // The people, with their posts.
    assert_eq!(world.people_of(next).await.len(), 2);
    let member = store.member(&world.admin(), teacher, at(60)).await.unwrap().member;
    assert_eq!(
        (member.unit, member.fields.post.as_deref(), member.version),
        (next, Some("班主任"), 2)
    );
    let held = format!(
        "SELECT COUNT(*) FROM post_holders WHERE member_id = {}",
        world.id(teacher.0)
    );
    assert_eq!(world.count(&held).await, 2, "the old post is history");

    // The unit below it, the unit itself, and what each says of the other.
    let child = store.unit(&world.admin(), class).await.unwrap();
    let path: Vec<UnitId> = child.path.iter().map(|unit| unit.id).collect();
    assert_eq!(path, [root, next]);
    assert_eq!(
        (view.unit.closed_at, view.successors[0].unit.id, view.successors[0].kind),
        (Some(at(60)), next, Kind::Merged)
    );
    let other = store.unit(&world.admin(), next).await.unwrap();
    assert_eq!((other.predecessors[0].unit.id, other.successors.len()), (old, 0));
    assert_eq!(store.public_unit(root, old).await.unwrap().successors[0].unit.id, next);
    let last = world.log_of(old.0).await.pop().unwrap();
    assert_eq!(last.0, "units.merged");
    assert_eq!(
        last.2,
        json!({"successors": [next], "moved_units": 1, "moved_members": 2, "cases": 2, "reason": "学校布局调整"})
    );

    // Whoever files about it is told where to turn, and what is filed there is the new one's.
    let filed = world.try_to_file(about(), at(90)).await;
    assert_eq!(field_errors(filed), [("/unit_id".to_owned(), "closed_unit")]);
    world.file_at(Some(next), at(90)).await;

    // Once is enough.
    assert_eq!(refusal(world.succeed(old, merge(next)).await), "wrong_state");
    let stale = store
        .succeed_unit(world.admin(), next, 7, merge(world.county.own), false, at(60))
        .await;
    assert!(matches!(stale, Err(StoreError::Stale { current: 1 })));
}

#[tokio::test]
async fn a_split_unit_s_cases_go_where_their_handlers_go() {
    let world = World::new().await;
    let root = world.county.root;
    let old = world.school(root, "九年一贯制学校").await.unit.id;
    let (primary, middle) = (
        world.school(root, "小学部").await.unit.id,
        world.school(root, "初中部").await.unit.id,
    );
    let stays = world.teacher(old, "周宁", None, 900).await;
    let goes = world.teacher(old, "何青", Some("教师"), 901).await;
    for (member, unit) in [(stays, old), (goes, old), (goes, middle)] {
        world.grant_at(member, Role::Handler, unit).await;
    }
    let about = || filing(CaseKind::Inquiry, Some(old));
    let (his, nobodys) = (world.file_as(about(), NOW).await, world.file_as(about(), NOW).await);
    world.assign(his, old, goes).await.unwrap();
    let wanted = Wanted {
        members: vec![(goes, middle)],
        ..split(&[primary, middle])
    };
    let (done, view) = world.succeed(old, wanted).await.unwrap();
    let counts = |cases, members| Counts {
        units: 0,
        members,
        cases,
    };
    let got: Vec<_> = done
        .successors
        .iter()
        .map(|(unit, counts)| (unit.id, *counts))
        .collect();
    assert_eq!(got, [(primary, counts(1, 1)), (middle, counts(1, 1))]);
    assert_eq!(world.place_of(his).await, (plain(middle.0), plain(goes.0)));
    assert_eq!(world.place_of(nobodys).await, (plain(primary.0), String::new()));
    assert_eq!(view.successors.len(), 2);
    assert!(view.successors.iter().all(|one| one.kind == Kind::Split));
}

#[tokio::test]
async fn what_can_t_go_on_there_is_refused_and_nothing_is_done() {
    let world = World::new().await;
    let (store, root) = (world.store(), world.county.root);
    let old = world.school(root, "东岭小学").await.unit.id;
    let next = world.school(root, "柳湾中心小学").await.unit.id;
    world.school(old, "教学点").await;
    world.school(next, "教学点").await;
    let before = world.events().await;
    let refused = world.succeed(old, merge(next)).await;
    assert_eq!(field_errors(refused), [("/into_unit_id".to_owned(), "name_taken")]);
    let stranger = Wanted {
        members: vec![(world.member(Role::Handler), next)],
        units: vec![(next, next)],
        ..split(&[next, world.county.own])
    };
    assert_eq!(
        field_errors(world.succeed(old, stranger).await),
        [
            ("/units/0/unit_id".to_owned(), "unknown_unit"),
            ("/members/0/member_id".to_owned(), "unknown_member"),
        ]
    );
    let nowhere = merge(UnitId(uuid::Uuid::from_u128(4)));
    assert_eq!(
        field_errors(world.succeed(old, nowhere).await),
        [("/into_unit_id".to_owned(), "unknown_unit")]
    );
    let refused = world.succeed(root, merge(next)).await;
    assert!(matches!(refused, Err(StoreError::Refused(_))));
    // Who administers one of the two alone gives nothing from it to the other.
    let half = world.county.caller(Role::Admin);
    let version = store.unit(&half, world.county.own).await.unwrap().unit.version;
    let done = store
        .succeed_unit(half, world.county.own, version, merge(next), false, at(60))
        .await;
    assert!(matches!(done, Err(StoreError::Forbidden)));
    assert_eq!(world.events().await, before);
}

#[tokio::test]
async fn who_comes_in_the_place_of_an_accused_unit_is_accused() {
    let world = World::new().await;
    let root = world.county.root;
    let old = world.school(root, "东岭小学").await.unit.id;
    let next = world.school(root, "柳湾中心小学").await.unit.id;
    let report = world.file_as(filing(CaseKind::Report, Some(old)), NOW).await;
    let inspector = world.county.root_caller(Role::Inspector);
    let accused = |unit: UnitId| {
        format!(
            "SELECT COUNT(*) FROM complaint_accused WHERE complaint_id = {} AND subject_id = {}",
            world.id(report.0),
            world.id(unit.0)
        )
    };
    assert_eq!(
        (world.count(&accused(old)).await, world.count(&accused(next)).await),
        (1, 0)
    );
    world.succeed(old, merge(next)).await.unwrap();
    assert_eq!(
        (world.count(&accused(old)).await, world.count(&accused(next)).await),
        (1, 1)
    );
    let last = world.log_of(report.0).await.pop().unwrap();
    assert_eq!(
        (last.0.as_str(), last.1.as_str()),
        ("complaints.accused_named", "system")
    );
    let seen = world.store().case(&inspector, report, at(60)).await.unwrap();
    assert_eq!(seen.complaint.unit, root, "it stays with the inspectors");
}

#[tokio::test]
async fn a_branch_goes_on_in_a_branch() {
    let world = World::new().await;
    let (store, own) = (world.store(), world.county.own);
    let branch = async |name: &str, number| {
        let made = store.create_unit(world.admin(), key(number), own, UnitKind::Branch, named(name), NOW);
        made.await.unwrap().0.unit.id
    };
    let (old, next) = (branch("第一支部", 901).await, branch("第二支部", 902).await);
    let fields = MemberFields {
        name: "陈晓".to_owned(),
        branch: Some(old),
        is_party_member: true,
        ..MemberFields::default()
    };
    let made = store.create_member(world.admin(), key(903), own, fields, NOW).await;
    let member = made.unwrap().0.member.id;
    assert_eq!(
        field_errors(world.succeed(old, merge(own)).await),
        [("/into_unit_id".to_owned(), "not_a_successor")]
    );
    let (done, _) = world.succeed(old, merge(next)).await.unwrap();
    assert_eq!(done.successors[0].1.members, 1);
    let after = store.member(&world.admin(), member, at(60)).await.unwrap().member;
    assert_eq!((after.unit, after.fields.branch), (own, Some(next)));
}

#[tokio::test]
async fn the_sums_follow_the_open_cases_and_keep_the_past() {
    let world = World::new().await;
    let root = world.county.root;
    let old = world.school(root, "东岭小学").await.unit.id;
    let next = world.school(root, "柳湾中心小学").await.unit.id;
    for _ in 0..3 {
        world.file_as(filing(CaseKind::Grievance, Some(old)), NOW).await;
    }
    let ended = world.file_as(filing(CaseKind::Grievance, Some(old)), NOW).await;
    world.end(ended).await;
    let office = world.county.root_caller(Role::CampaignOffice);
    let figures = async |unit: UnitId| {
        let filter = CaseFilter {
            unit: Some(unit),
            ..CaseFilter::default()
        };
        // By the sums, however few cases there are.
        let all = world
            .store()
            .complaint_statistics_counting(&office, filter, 0, at(120))
            .await;
        all.unwrap().all
    };
    let fold = async || while world.store().fold_sums(at(120)).await.unwrap() > 0 {};
    fold().await;
    let before = figures(root).await;
    world.succeed(old, merge(next)).await.unwrap();
    fold().await;
    let after = [figures(root).await, figures(old).await, figures(next).await];
    assert_eq!(after[0], before, "of the county nothing has changed");
    assert_eq!([after[1].total, after[2].total], [1, 3]);
    world.store().rebuild_sums(at(120)).await.unwrap();
    assert_eq!([figures(root).await, figures(old).await, figures(next).await], after);
}
