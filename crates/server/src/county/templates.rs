//! Texts that the invented county's desk has ready.

use liangnuo_domain::{
    RegionId,
    complaints::{Kind, ReplyParts},
    templates::{Purpose, TemplateFields},
};

/// A few for each purpose, for the whole county.
pub fn templates(region: RegionId) -> Vec<TemplateFields> {
    let reply = |name: &str, kind: Option<Kind>, parts: [&str; 4]| {
        let [request, facts, decision, basis] = parts.map(str::to_owned);
        TemplateFields {
            unit: region,
            purpose: Purpose::Reply,
            category: None,
            kind,
            name: name.to_owned(),
            parts: ReplyParts {
                request,
                facts,
                decision,
                basis,
            },
            body: String::new(),
        }
    };
    let text = |purpose, name: &str, body: &str| TemplateFields {
        unit: region,
        purpose,
        category: None,
        kind: None,
        name: name.to_owned(),
        parts: ReplyParts::default(),
        body: body.to_owned(),
    };
    vec![
        reply(
            "情况属实，已经整改",
            Some(Kind::Grievance),
            [
                "您{收到日期}反映：{标题}。",
                "经{单位}查实，您反映的情况属实。原因是：",
                "从即日起：一、……；二、……。由____负责，____前完成。",
                "",
            ],
        ),
        reply(
            "没有发现所反映的情况",
            Some(Kind::Grievance),
            [
                "您{收到日期}反映：{标题}。",
                "{单位}查看了____，询问了____，没有发现您反映的情况。查到的经过是：",
                "如果您还有具体的时间、地点或照片，可以凭查询码补充，我们接着查。",
                "",
            ],
        ),
        reply(
            "政策咨询",
            Some(Kind::Inquiry),
            ["您问：{标题}。", "", "现行的规定是：", "《____》第____条。"],
        ),
        text(
            Purpose::NotAccept,
            "不归教育部门管",
            "您反映的事项不属于教育部门的职责范围，我们没有权力处理，因此不能受理。",
        ),
        text(
            Purpose::Refer,
            "转送卫生健康部门",
            "您反映的事项由卫生健康部门主管，我们已经转送，请向他们了解办理情况。",
        ),
        text(
            Purpose::Question,
            "问时间和地点",
            "您反映的“{标题}”，请问发生在哪一天、什么时间、哪个班级或哪个地点？便于我们查清楚。不用写孩子的姓名。",
        ),
    ]
}
