//! Units and members are found by how their names are written and read, on both databases.

use liangnuo_domain::{
    Role, UnitId,
    members::MemberFields,
    units::{UnitFields, UnitKind},
};
use liangnuo_persistence::{PageRequest, members::MemberFilter, units::UnitFilter};
use liangnuo_test_support::NOW;

use crate::support::{World, at, field_errors, key, named};

impl World {
    /// The names of the units that a search finds, for the public where nobody asks.
    async fn units_found(&self, q: &str, is_public: bool) -> Vec<String> {
        let filter = UnitFilter {
            q: Some(q.to_owned()),
            ..UnitFilter::default()
        };
        let admin = self.admin();
        let first = PageRequest::first(50);
        let caller = (!is_public).then_some(&admin);
        let page = self.store().list_units(self.county.root, caller, filter, &first);
        page.await
            .unwrap()
            .items
            .into_iter()
            .map(|view| view.unit.fields.name)
            .collect()
    }

    async fn members_found(&self, q: &str) -> Vec<String> {
        let filter = MemberFilter {
            q: Some(q.to_owned()),
            ..MemberFilter::default()
        };
        let page = self
            .store()
            .list_members(&self.admin(), filter, &PageRequest::first(50), NOW)
            .await;
        page.unwrap()
            .items
            .into_iter()
            .map(|view| view.member.fields.name)
            .collect()
    }

    async fn teacher_named(&self, name: &str, reading: Option<&str>, number: u128) {
        let fields = MemberFields {
            name: name.to_owned(),
            reading: reading.map(str::to_owned),
            ..MemberFields::default()
        };
        let made = self
            .store()
            .create_member(self.admin(), key(number), self.county.own, fields, NOW);
        made.await.unwrap();
    }
}

#[tokio::test]
async fn a_unit_is_found_as_it_is_written_and_as_it_is_read() {
    let world = World::new().await;
    for name in ["柳坪小学", "重庆路小学", "长乐中学", "单县实验中学"] {
        world.school(world.county.root, name).await;
    }
    for (q, found) in [
        ("柳坪", "柳坪小学"),
        ("liuping", "柳坪小学"),
        ("LiuPing Xiao", "柳坪小学"),
        ("lpxx", "柳坪小学"),
        ("chongqing", "重庆路小学"),
        ("cqlxx", "重庆路小学"),
        ("changle", "长乐中学"),
        ("shan xian", "单县实验中学"),
        ("syzx", "单县实验中学"),
    ] {
        assert_eq!(world.units_found(q, false).await, [found], "{q}");
        assert_eq!(world.units_found(q, true).await, [found], "{q}");
    }
    for q in ["iuping", "lpxxx", "l%", "_pxx"] {
        assert_eq!(world.units_found(q, false).await, Vec::<String>::new(), "{q}");
    }
}

#[tokio::test]
async fn a_member_is_found_by_a_reading_that_somebody_wrote_down() {
    let world = World::new().await;
    world.teacher_named("吕晓兰", None, 901).await;
    world.teacher_named("尉迟宁", Some("yu chi ning"), 902).await;
    for q in ["lvxiao", "lü xiao lan", "luxiaolan", "lxl"] {
        assert_eq!(world.members_found(q).await, ["吕晓兰"], "{q}");
    }
    for q in ["yuchi", "ycn", "YU CHI"] {
        assert_eq!(world.members_found(q).await, ["尉迟宁"], "{q}");
    }
    assert_eq!(
        world.members_found("weichi").await,
        Vec::<String>::new(),
        "it takes the place of the usual one"
    );
    let handler = world.county.caller(Role::Handler);
    let all = MemberFilter {
        q: Some("lxl".to_owned()),
        ..MemberFilter::default()
    };
    let hidden = world
        .store()
        .list_members(&handler, all, &PageRequest::first(5), NOW)
        .await;
    assert!(hidden.is_err(), "who may not list members finds none");
}

#[tokio::test]
async fn a_changed_reading_counts_at_once_and_a_wrong_one_is_refused() {
    let world = World::new().await;
    let store = world.store();
    let unit: UnitId = world.school(world.county.root, "单县一中").await.unit.id;
    let read_as = |reading: &str| {
        let reading = Some(reading.to_owned());
        move |old: UnitFields| UnitFields { reading, ..old }
    };
    let wrong = store.edit_unit(world.admin(), unit, 1, read_as("单县"), at(1)).await;
    assert_eq!(field_errors(wrong), [("/reading".to_owned(), "not_pinyin")]);
    let right = store
        .edit_unit(world.admin(), unit, 1, read_as("Shan-xian yi zhong"), at(1))
        .await;
    assert_eq!(
        right.unwrap().unit.fields.reading.as_deref(),
        Some("shan xian yi zhong")
    );
    assert_eq!(world.units_found("sxyz", false).await, ["单县一中"]);
    assert_eq!(world.units_found("danxian", false).await, Vec::<String>::new());
    let last = world.log_of(unit.0).await.pop().unwrap();
    assert_eq!(last.2, serde_json::json!({"fields": ["reading"]}));
}

#[tokio::test]
async fn names_of_an_earlier_version_are_read_later() {
    let world = World::new().await;
    let fields = named("柳坪小学");
    let made = world
        .store()
        .create_unit(world.admin(), key(9), world.county.root, UnitKind::School, fields, NOW);
    made.await.unwrap();
    for table in ["units", "members"] {
        world
            .db
            .execute(&format!("UPDATE {table} SET readings = NULL"))
            .await
            .unwrap();
    }
    assert_eq!(world.units_found("lpxx", false).await, Vec::<String>::new());
    assert_eq!(
        world.units_found("柳坪", false).await,
        ["柳坪小学"],
        "it is found as it is written"
    );
    while world.store().read_pending_names().await.unwrap() {}
    assert_eq!(world.units_found("lpxx", false).await, ["柳坪小学"]);
    let left = "SELECT (SELECT COUNT(*) FROM units WHERE readings IS NULL) + (SELECT COUNT(*) FROM members WHERE readings IS NULL)";
    assert_eq!(world.db.number(left).await, 0);
}
