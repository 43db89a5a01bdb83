//! The invented county's units.

use super::{CountyUnit, random::Seeded};

const OFFICES: [(&str, &str); 15] = [
    ("办公室", "General Office"),
    ("人事股", "Personnel Office"),
    ("基础教育股", "Basic Education Office"),
    ("学前教育股", "Preschool Education Office"),
    ("职业教育股", "Vocational Education Office"),
    ("计划财务股", "Planning and Finance Office"),
    ("教育督导室", "Inspection Office"),
    ("学校安全股", "School Safety Office"),
    ("招生考试办公室", "Enrolment and Examinations Office"),
    ("学籍管理中心", "Pupil Records Centre"),
    ("教学研究室", "Teaching Research Office"),
    ("电化教育站", "Educational Technology Station"),
    ("后勤服务中心", "Logistics Centre"),
    ("纪检监察室", "Discipline and Supervision Office"),
    ("创先争优办公室", "Campaign Office"),
];
const TOWNS: [(&str, &str); 16] = [
    ("城关镇", "Chengguan"),
    ("石桥镇", "Shiqiao"),
    ("东河镇", "Donghe"),
    ("柳林镇", "Liulin"),
    ("白沙镇", "Baisha"),
    ("青山乡", "Qingshan"),
    ("双塘镇", "Shuangtang"),
    ("云岭乡", "Yunling"),
    ("新集镇", "Xinji"),
    ("古渡镇", "Gudu"),
    ("大坪乡", "Daping"),
    ("枫树镇", "Fengshu"),
    ("南湾镇", "Nanwan"),
    ("松坡乡", "Songpo"),
    ("清泉镇", "Qingquan"),
    ("北田镇", "Beitian"),
];
const PLACES: [(&str, &str); 24] = [
    ("柳湾", "Liuwan"),
    ("梅溪", "Meixi"),
    ("竹园", "Zhuyuan"),
    ("杏花", "Xinghua"),
    ("长岭", "Changling"),
    ("桃源", "Taoyuan"),
    ("向阳", "Xiangyang"),
    ("朝晖", "Zhaohui"),
    ("育才", "Yucai"),
    ("新风", "Xinfeng"),
    ("凤凰", "Fenghuang"),
    ("龙潭", "Longtan"),
    ("金滩", "Jintan"),
    ("银杏", "Yinxing"),
    ("荷塘", "Hetang"),
    ("松涛", "Songtao"),
    ("望江", "Wangjiang"),
    ("平安", "Ping'an"),
    ("和平", "Heping"),
    ("晨光", "Chenguang"),
    ("星火", "Xinghuo"),
    ("泉塘", "Quantang"),
    ("沙洲", "Shazhou"),
    ("白鹭", "Bailu"),
];

const HOURS_SCHOOL: &str = "周一至周五 7:40–17:30";
const HOURS_OFFICE: &str = "周一至周五 8:30–12:00，14:00–17:30";

/// Where the demo accounts of a school stand.
pub const DEMO_SCHOOL: usize = 16;

/// Schools and kindergartens, the demo school first.
pub const SCHOOLS: usize = 300;

fn unit(parent: Option<usize>, kind: &'static str, name: String, name_en: String, serial: usize) -> CountyUnit {
    let hours = if matches!(kind, "school" | "kindergarten") {
        HOURS_SCHOOL
    } else {
        HOURS_OFFICE
    };
    CountyUnit {
        parent,
        kind,
        name,
        name_en,
        head: None,
        hotline: (kind != "branch").then(|| format!("0000-555{serial:04}")),
        address: None,
        opening_hours: (kind != "branch").then(|| hours.to_owned()),
    }
}

/// 1 bureau, 15 offices, 300 schools and kindergartens, then windows and branches. Parents before children.
pub fn units(random: &mut Seeded) -> Vec<CountyUnit> {
    let mut units = vec![unit(
        None,
        "bureau",
        "清河县教育局".to_owned(),
        "Qinghe County Education Bureau".to_owned(),
        100,
    )];
    for (at, (name, name_en)) in OFFICES.iter().enumerate() {
        units.push(unit(
            Some(0),
            "office",
            (*name).to_owned(),
            (*name_en).to_owned(),
            101 + at,
        ));
    }
    schools(random, &mut units);
    for (office, name, name_en) in [
        (9, "招生考试服务窗口", "Enrolment and examinations window"),
        (10, "学籍服务窗口", "Pupil records window"),
        (2, "教师资格服务窗口", "Teacher qualification window"),
        (3, "转学服务窗口", "School transfer window"),
        (6, "学生资助服务窗口", "Pupil subsidy window"),
        (4, "民办幼儿园服务窗口", "Private kindergartens window"),
    ] {
        let serial = units.len();
        units.push(unit(
            Some(office),
            "window",
            name.to_owned(),
            name_en.to_owned(),
            500 + serial,
        ));
    }
    units.push(unit(
        Some(0),
        "branch",
        "机关党支部".to_owned(),
        "Bureau branch".to_owned(),
        0,
    ));
    for school in (DEMO_SCHOOL..DEMO_SCHOOL + SCHOOLS).step_by(10) {
        units.push(unit(
            Some(school),
            "branch",
            "党支部".to_owned(),
            "Party branch".to_owned(),
            0,
        ));
    }
    let addresses: Vec<Option<String>> = units.iter().map(|unit| address(unit, random)).collect();
    for (unit, address) in units.iter_mut().zip(addresses) {
        unit.address = address;
    }
    units
}

fn address(unit: &CountyUnit, random: &mut Seeded) -> Option<String> {
    let door = 1 + random.below(180);
    match unit.kind {
        "bureau" | "office" | "window" => Some("清河县城关镇文教路8号".to_owned()),
        "school" | "kindergarten" => {
            let town = TOWNS
                .iter()
                .find(|(town, _)| unit.name.starts_with(town))
                .map_or("城关镇", |(town, _)| town);
            let road = PLACES
                .get(random.below(PLACES.len()))
                .map_or("育才", |(place, _)| place);
            Some(format!("清河县{town}{road}路{door}号"))
        }
        _ => None,
    }
}

/// 180 primary schools, 40 middle schools and others, 80 kindergartens. The demo school comes first.
fn schools(random: &mut Seeded, units: &mut Vec<CountyUnit>) {
    let mut add = |kind: &'static str, name: String, name_en: String| {
        let serial = units.len();
        if units.iter().all(|unit| unit.name != name) && serial < DEMO_SCHOOL + SCHOOLS {
            units.push(unit(Some(0), kind, name, name_en, 1_000 + serial));
        }
    };
    add(
        "school",
        "清河县柳湾小学".to_owned(),
        "Liuwan Primary School".to_owned(),
    );
    add(
        "school",
        "清河县第一中学".to_owned(),
        "Qinghe No. 1 High School".to_owned(),
    );
    add(
        "school",
        "清河县第二中学".to_owned(),
        "Qinghe No. 2 High School".to_owned(),
    );
    add(
        "school",
        "清河县职业中等专业学校".to_owned(),
        "Qinghe Vocational School".to_owned(),
    );
    add(
        "school",
        "清河县特殊教育学校".to_owned(),
        "Qinghe Special Education School".to_owned(),
    );
    add(
        "kindergarten",
        "清河县机关幼儿园".to_owned(),
        "Qinghe Bureau Kindergarten".to_owned(),
    );
    for (town, town_en) in TOWNS {
        add(
            "school",
            format!("{town}中心小学"),
            format!("{town_en} Central Primary School"),
        );
        add("school", format!("{town}初级中学"), format!("{town_en} Middle School"));
        add(
            "kindergarten",
            format!("{town}中心幼儿园"),
            format!("{town_en} Central Kindergarten"),
        );
    }
    for (town, town_en) in TOWNS {
        let shift = random.below(PLACES.len());
        for at in 0..10 {
            let (place, place_en) = PLACES
                .get((shift + at) % PLACES.len())
                .copied()
                .unwrap_or(("育才", "Yucai"));
            add(
                "school",
                format!("{town}{place}小学"),
                format!("{town_en} {place_en} Primary School"),
            );
        }
        for at in 0..6 {
            let (place, place_en) = PLACES
                .get((shift + 11 + at) % PLACES.len())
                .copied()
                .unwrap_or(("晨光", "Chenguang"));
            add(
                "kindergarten",
                format!("{town}{place}幼儿园"),
                format!("{town_en} {place_en} Kindergarten"),
            );
        }
    }
}
