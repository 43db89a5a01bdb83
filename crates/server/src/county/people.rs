//! Invented names and posts.

use super::random::Seeded;

const SURNAMES: [(&str, &str); 40] = [
    ("王", "Wang"),
    ("李", "Li"),
    ("张", "Zhang"),
    ("刘", "Liu"),
    ("陈", "Chen"),
    ("杨", "Yang"),
    ("黄", "Huang"),
    ("赵", "Zhao"),
    ("周", "Zhou"),
    ("吴", "Wu"),
    ("徐", "Xu"),
    ("孙", "Sun"),
    ("马", "Ma"),
    ("朱", "Zhu"),
    ("胡", "Hu"),
    ("郭", "Guo"),
    ("何", "He"),
    ("林", "Lin"),
    ("高", "Gao"),
    ("罗", "Luo"),
    ("郑", "Zheng"),
    ("梁", "Liang"),
    ("谢", "Xie"),
    ("宋", "Song"),
    ("唐", "Tang"),
    ("许", "Xu"),
    ("韩", "Han"),
    ("邓", "Deng"),
    ("冯", "Feng"),
    ("曹", "Cao"),
    ("彭", "Peng"),
    ("曾", "Zeng"),
    ("肖", "Xiao"),
    ("田", "Tian"),
    ("董", "Dong"),
    ("潘", "Pan"),
    ("袁", "Yuan"),
    ("蔡", "Cai"),
    ("蒋", "Jiang"),
    ("余", "Yu"),
];
const FIRST: [(&str, &str); 24] = [
    ("文", "wen"),
    ("晓", "xiao"),
    ("玉", "yu"),
    ("建", "jian"),
    ("志", "zhi"),
    ("春", "chun"),
    ("秀", "xiu"),
    ("国", "guo"),
    ("雨", "yu"),
    ("思", "si"),
    ("子", "zi"),
    ("海", "hai"),
    ("小", "xiao"),
    ("明", "ming"),
    ("家", "jia"),
    ("雪", "xue"),
    ("佳", "jia"),
    ("立", "li"),
    ("永", "yong"),
    ("美", "mei"),
    ("天", "tian"),
    ("新", "xin"),
    ("长", "chang"),
    ("云", "yun"),
];
const SECOND: [(&str, &str); 26] = [
    ("敏", "min"),
    ("华", "hua"),
    ("军", "jun"),
    ("芳", "fang"),
    ("平", "ping"),
    ("丽", "li"),
    ("强", "qiang"),
    ("娟", "juan"),
    ("涛", "tao"),
    ("燕", "yan"),
    ("辉", "hui"),
    ("梅", "mei"),
    ("林", "lin"),
    ("静", "jing"),
    ("波", "bo"),
    ("红", "hong"),
    ("斌", "bin"),
    ("琴", "qin"),
    ("宁", "ning"),
    ("萍", "ping"),
    ("峰", "feng"),
    ("兰", "lan"),
    ("勇", "yong"),
    ("霞", "xia"),
    ("杰", "jie"),
    ("荣", "rong"),
];

/// A name in Chinese and in Latin letters.
pub fn name(random: &mut Seeded) -> (String, String) {
    // Two picks, the smaller wins: the first surnames are the common ones.
    let at = random.below(SURNAMES.len()).min(random.below(SURNAMES.len()));
    let (surname, surname_en) = SURNAMES.get(at).copied().unwrap_or(("王", "Wang"));
    let (second, second_en) = random.pick(&SECOND).copied().unwrap_or(("敏", "min"));
    let mut given = String::new();
    let mut given_en = String::new();
    if random.percent(70) {
        let (first, first_en) = random.pick(&FIRST).copied().unwrap_or(("文", "wen"));
        given.push_str(first);
        given_en.push_str(first_en);
    }
    given.push_str(second);
    given_en.push_str(second_en);
    let mut letters = given_en.chars();
    let capital: String = letters
        .next()
        .map(|c| c.to_ascii_uppercase())
        .into_iter()
        .chain(letters)
        .collect();
    (format!("{surname}{given}"), format!("{surname_en} {capital}"))
}

/// The post of the `at`th member of a unit of this kind.
pub fn post(kind: &str, at: usize, random: &mut Seeded) -> (&'static str, &'static str) {
    const SCHOOL: [(&str, &str); 5] = [
        ("校长", "Head teacher"),
        ("副校长", "Deputy head teacher"),
        ("教导主任", "Director of studies"),
        ("总务主任", "Bursar"),
        ("办公室职员", "Office clerk"),
    ];
    const TEACHERS: [(&str, &str); 10] = [
        ("语文教师", "Chinese teacher"),
        ("数学教师", "Mathematics teacher"),
        ("英语教师", "English teacher"),
        ("科学教师", "Science teacher"),
        ("体育教师", "Physical education teacher"),
        ("音乐教师", "Music teacher"),
        ("美术教师", "Art teacher"),
        ("班主任", "Form teacher"),
        ("心理教师", "School counsellor"),
        ("信息技术教师", "Computing teacher"),
    ];
    const KINDERGARTEN: [(&str, &str); 3] = [
        ("园长", "Head of kindergarten"),
        ("副园长", "Deputy head"),
        ("保健医生", "Nurse"),
    ];
    const OFFICE: [(&str, &str); 2] = [("股长", "Head of office"), ("副股长", "Deputy head of office")];
    const BUREAU: [(&str, &str); 4] = [
        ("局长", "Director"),
        ("副局长", "Deputy director"),
        ("纪检组长", "Head of discipline"),
        ("办公室主任", "Head of the general office"),
    ];
    let (leading, others): (&[_], &[_]) = match kind {
        "bureau" => (&BUREAU, &[("工作人员", "Clerk")]),
        "office" | "window" => (&OFFICE, &[("工作人员", "Clerk")]),
        "kindergarten" => (
            &KINDERGARTEN,
            &[("幼儿教师", "Kindergarten teacher"), ("保育员", "Carer")],
        ),
        _ => (&SCHOOL, &TEACHERS),
    };
    leading
        .get(at)
        .or_else(|| random.pick(others))
        .copied()
        .unwrap_or(("工作人员", "Clerk"))
}
