//! Which column holds what, by the look of its heading.

use std::collections::{BTreeMap, BTreeSet};

use crate::field::{Field, Form};
use crate::sheet::Heading;
use crate::text::fold_width;

/// Headings beside the template's, the surest first, in the form of [`heading_key`].
///
/// 序号 is left out on purpose: it numbers the rows of one file, and as the complaint's number it would let next month's
/// file overwrite this month's complaints.
const SYNONYMS: [(Field, &str); 28] = [
    (
        Field::ExternalRef,
        "受理编号 投诉编号 信访编号 来信编号 诉求编号 工单编号 工单号 案件编号 事项编号 办件编号 受理号 \
         信访件编号 信件编号 单号 流水号 编号 externalref complaintnumber complaintno complaintid casenumber \
         caseno caseid ticketnumber ticketid messageid reference referenceno refno number no id",
    ),
    (
        Field::Author,
        "留言人 投诉人 来信人 信访人 诉求人 反映人 举报人 提交人 来电人 当事人 投诉人姓名 来信人姓名 \
         信访人姓名 留言人姓名 用户名 用户 姓名 昵称 author complainant complainantname sender submittedby \
         username user name",
    ),
    (
        Field::Title,
        "留言标题 投诉标题 来信标题 信件标题 工单标题 诉求标题 投诉主题 来信主题 诉求主题 标题 主题 事由 \
         投诉事由 信访事由 事项名称 title subject topic headline",
    ),
    (
        Field::ReceivedAt,
        "留言日期 受理时间 受理日期 投诉时间 投诉日期 来信时间 来信日期 信访时间 信访日期 来电时间 来访时间 \
         诉求时间 收到时间 收到日期 接收时间 接收日期 登记时间 登记日期 提交时间 提交日期 创建时间 创建日期 \
         反映时间 反映日期 日期 时间 receivedat receivedon received datereceived receiveddate submittedat \
         createdat complaintdate date time datetime",
    ),
    (
        Field::Body,
        "留言内容 留言正文 投诉内容 投诉详情 来信内容 信件内容 信访内容 诉求内容 诉求详情 反映内容 反映问题 \
         反映情况 工单内容 主要内容 问题描述 详细内容 内容 详情 正文 诉求 描述 body content description \
         details detail complaint message text",
    ),
    (
        Field::Reply,
        "答复内容 回复内容 回复意见 答复情况 回复情况 官方回复 单位回复 办理结果 处理结果 办理情况 处理情况 \
         办理意见 处理意见 办结意见 答复 回复 reply replytext response answer result",
    ),
    (
        Field::RepliedAt,
        "答复日期 回复时间 回复日期 办结时间 办结日期 办理时间 办理日期 处理时间 处理日期 反馈时间 反馈日期 \
         完成时间 repliedat repliedon replydate replytime responsedate respondedat answeredat dateofreply \
         closedat completedat",
    ),
    (
        Field::Kind,
        "类型 类别 诉求类型 诉求类别 投诉类型 投诉类别 来信类型 来信类别 信件类型 信访类型 工单类型 事项类型 \
         留言类别 信访目的 kind type complainttype casetype",
    ),
    (
        Field::Category,
        "三级分类 三级标签 二级分类 二级标签 一级分类 一级标签 问题分类 问题类别 内容分类 诉求分类 投诉分类 \
         留言分类 所属领域 领域 标签 category subcategory classification tag",
    ),
    (
        Field::Unit,
        "被投诉单位 被反映单位 涉及单位 责任单位 办理单位 处理单位 答复单位 回复单位 受理单位 主办单位 \
         承办部门 责任部门 办理部门 受理部门 处理部门 学校 单位 部门 单位名称 部门名称 unit office department \
         agency organization organisation school",
    ),
    (
        Field::UnitCode,
        "编码 单位代码 机构编码 机构代码 学校编码 学校代码 学校标识码 组织机构代码 统一社会信用代码 code unitcode schoolcode",
    ),
    (
        Field::UnitName,
        "名称 单位 学校名称 学校 机构名称 部门名称 中文名称 unitname name school schoolname chinesename",
    ),
    (
        Field::UnitNameEn,
        "英文名 单位英文名称 学校英文名称 englishname nameinenglish nameen",
    ),
    (
        Field::UnitKind,
        "单位类型 单位类别 类别 机构类型 unitkind kind type unittype",
    ),
    (
        Field::Parent,
        "上级 上级单位名称 上级单位编码 上级编码 主管单位 主管部门 所属单位 隶属单位 unitabove parent parentunit parentcode parentname",
    ),
    (
        Field::Head,
        "单位负责人 主要负责人 校长 园长 负责人姓名 head headofunit principal",
    ),
    (
        Field::Hotline,
        "公开电话 联系电话 电话号码 办公电话 服务电话 telephone phone hotline tel",
    ),
    (Field::Address, "单位地址 办公地址 学校地址 通讯地址 详细地址 address"),
    (
        Field::OpeningHours,
        "开放时间 工作时间 服务时间 办理时间 openinghours hours officehours",
    ),
    (
        Field::StaffNumber,
        "职工号 教工号 人员编号 工作证号 员工编号 编号 staffnumber staffno staffid employeenumber employeeid",
    ),
    (
        Field::MemberName,
        "成员姓名 职工姓名 人员姓名 中文姓名 名字 name fullname membername chinesename",
    ),
    (
        Field::MemberNameEn,
        "英文姓名 拼音 姓名拼音 nameinenglish englishname nameen pinyin",
    ),
    (
        Field::Home,
        "所在单位 所属单位 工作单位 单位名称 单位编码 学校 部门 unit homeunit unitname unitcode school department",
    ),
    (Field::Post, "岗位 职位 现任职务 担任职务 post position title jobtitle"),
    (Field::PostEn, "职务英文 英文岗位 postinenglish englishpost posten"),
    (Field::Branch, "支部 所在党支部 所属党支部 所在支部 partybranch branch"),
    (
        Field::IsPartyMember,
        "党员 中共党员 是否中共党员 partymember ispartymember",
    ),
    (Field::ClosedOn, "撤销时间 离开日期 离职日期 closedon closedat lefton"),
];

/// How sure a heading is a field, 0 the surest; `None` when it isn't.
fn rank(field: Field, keys: &[String]) -> Option<usize> {
    names(field).position(|name| keys.iter().any(|key| key == name))
}

/// All headings of a field.
fn names(field: Field) -> impl Iterator<Item = &'static str> {
    let own = SYNONYMS.into_iter().filter(move |(of, _)| *of == field);
    std::iter::once(field.heading()).chain(own.flat_map(|(_, names)| names.split_ascii_whitespace()))
}

/// Guesses which column holds which field. A field gets one column at most and a column one field: the surest pairs
/// are settled first, and among equals the leftmost.
#[must_use]
pub fn guess(form: Form, headings: &[Heading]) -> BTreeMap<Field, usize> {
    let mut candidates = Vec::new();
    for (column, heading) in headings.iter().enumerate() {
        let keys = heading_keys(&heading.text);
        for &field in form.fields() {
            if let Some(rank) = rank(field, &keys) {
                candidates.push((rank, column, field));
            }
        }
    }
    candidates.sort_unstable();
    let mut found = BTreeMap::new();
    let mut taken = BTreeSet::new();
    for (_, column, field) in candidates {
        if !found.contains_key(&field) && taken.insert(column) {
            found.insert(field, column);
        }
    }
    found
}

/// A heading as it is compared: half width, lower case, letters and digits only.
#[must_use]
pub(crate) fn heading_key(text: &str) -> String {
    text.chars()
        .map(fold_width)
        .filter(|c| c.is_alphanumeric())
        .flat_map(char::to_lowercase)
        .collect()
}

/// The forms in which a heading is looked up: whole, without what stands in brackets, without a number in front.
fn heading_keys(text: &str) -> Vec<String> {
    let mut depth = 0_usize;
    let outside: String = text
        .chars()
        .map(fold_width)
        .filter(|c| {
            match c {
                '(' | '[' | '【' | '〔' => depth += 1,
                ')' | ']' | '】' | '〕' => {
                    depth = depth.saturating_sub(1);
                    return false;
                }
                _ => {}
            }
            depth == 0
        })
        .collect();
    let whole = heading_key(text);
    let outside = heading_key(&outside);
    let unnumbered = outside.trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
    vec![whole, outside, unnumbered]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headings(texts: &[&str]) -> Vec<Heading> {
        texts
            .iter()
            .enumerate()
            .map(|(index, text)| Heading::new(index, text))
            .collect()
    }

    fn guessed(texts: &[&str]) -> Vec<(&'static str, usize)> {
        guess(Form::Ledger, &headings(texts))
            .into_iter()
            .map(|(field, column)| (field.as_str(), column))
            .collect()
    }

    #[test]
    fn the_platforms_own_headings() {
        let found = guessed(&[
            "留言编号",
            "留言用户",
            "留言主题",
            "留言时间",
            "留言详情",
            "答复意见",
            "答复时间",
        ]);
        let expected = [
            "external_ref",
            "author",
            "title",
            "received_at",
            "body",
            "reply",
            "replied_at",
        ]
        .into_iter()
        .zip(0..);
        assert_eq!(found, expected.collect::<Vec<_>>());
    }

    #[test]
    fn headings_as_people_type_them() {
        let found = guessed(&[
            "\u{FEFF}*工 单 号：",
            "３．投诉人（姓名）",
            "【标题】",
            "时间(年/月/日)",
            "诉求内容 ",
            "Ｒｅｐｌｙ",
            "Replied at",
        ]);
        let expected = [
            "external_ref",
            "author",
            "title",
            "received_at",
            "body",
            "reply",
            "replied_at",
        ]
        .into_iter()
        .zip(0..);
        assert_eq!(found, expected.collect::<Vec<_>>());
    }

    #[test]
    fn one_column_for_a_field_and_one_field_for_a_column() {
        assert_eq!(guessed(&["时间", "受理时间", "留言时间"]), [("received_at", 2)]);
        assert_eq!(guessed(&["一级标签", "二级标签", "三级分类"]), [("category", 2)]);
        assert_eq!(guessed(&["类型", "类别", "分类"]), [("kind", 0), ("category", 2)]);
        assert_eq!(guessed(&["编号", "编号"]), [("external_ref", 0)]);
    }

    #[test]
    fn what_is_no_field_stays_unguessed() {
        assert_eq!(
            guessed(&["序号", "", "备注", "行号", "错误列", "原因", "Reason", "联系电话", "()"]),
            []
        );
    }

    #[test]
    fn no_heading_means_two_fields_and_codes_go_both_ways() {
        for form in [Form::Ledger, Form::Units, Form::Members] {
            let mut seen = BTreeSet::new();
            for &field in form.fields() {
                assert_eq!(form.parse(field.as_str()), Some(field));
                for name in names(field) {
                    assert_eq!(heading_key(name), name, "in the form that is compared");
                    assert!(seen.insert(name), "{name} stands twice");
                }
            }
            assert_eq!(form.parse("Title"), None);
        }
    }

    #[test]
    fn lists_are_known_by_the_headings_of_either_language() {
        for form in [Form::Units, Form::Members] {
            for name in [Field::heading, Field::heading_en] {
                let texts: Vec<&str> = form.fields().iter().map(|field| name(*field)).collect();
                let found = guess(form, &headings(&texts));
                let expected = form.fields().iter().copied().zip(0..);
                assert_eq!(found, expected.collect());
            }
        }
    }
}
