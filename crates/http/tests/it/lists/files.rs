//! Files as people have them: the templates, what Excel in China writes, formulas and merged cells, and what comes back.

use encoding_rs::GB18030;
use liangnuo_documents::Sheet;
use rust_xlsxwriter::{Format, Formula, Workbook};

use super::*;

#[actix_web::test]
async fn templates_are_understood_in_both_languages() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    for kind in ["units", "members"] {
        for (format, name) in [("xlsx", "list.xlsx"), ("csv", "list.csv")] {
            for language in ["zh-CN", "en"] {
                let call = Call::new("GET", &format!("/imports/templates/{kind}?format={format}")).bearer(&admin);
                let answer = app.send(call.header("accept-language", language)).await;
                assert_eq!(answer.status, 200);
                assert!(
                    answer
                        .header("content-disposition")
                        .contains(&format!("{kind}.{format}"))
                );
                let sheet = Sheet::open(&answer.bytes, name).unwrap();
                assert_eq!(sheet.rows_total(), 0, "examples are not imported");
                let call = Call::new("POST", &format!("/imports/{kind}/inspect")).bearer(&admin);
                let seen = app
                    .send(call.form(&[("file", Some(name), &answer.bytes)]))
                    .await
                    .ok(200);
                let headings = seen["headings"].as_array().unwrap();
                assert!(
                    headings.len() >= 8 && headings.iter().all(|it| it["guess"].is_string()),
                    "{seen}"
                );
                assert_eq!(seen["missing"], json!([]));
            }
        }
    }
    app.get_as(&admin, "/imports/templates/complaints")
        .await
        .refused(403, "forbidden");
    app.get_as(&admin, "/imports/templates/cases")
        .await
        .refused(400, "malformed_path");
    let office = app.root_token(Role::CampaignOffice).await;
    assert_eq!(
        app.get_as(&office, "/imports/templates/complaints?format=csv")
            .await
            .status,
        200
    );
}

#[actix_web::test]
async fn a_list_in_gb_18030_is_read_as_a_ledger_is() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let bytes = GB18030
        .encode("单位名称,类型,上级单位\n东岭中学,学校,清河县教育局\n")
        .0
        .into_owned();
    let job = run(&app, &admin, "units", ("list.csv", &bytes), false).await;
    assert_eq!(counts(&job), [1, 0, 0, 0], "{job}");
}

#[actix_web::test]
async fn formulas_and_merged_cells_are_no_empty_ones() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let mut book = Workbook::new();
    let page = book.add_worksheet();
    for (column, heading) in (0..).zip(["单位名称", "类型", "上级单位", "负责人"]) {
        page.write_string(0, column, heading).unwrap();
    }
    for (row, name) in (1..).zip(["甲中学", "乙中学", "丙中学", "丁中学"]) {
        page.write_string(row, 0, name).unwrap();
        page.write_string(row, 1, "学校").unwrap();
    }
    page.merge_range(1, 2, 3, 2, "清河县教育局", &Format::new()).unwrap();
    page.write_formula(4, 2, Formula::new("=\"清河县\"&\"教育局\"").set_result("清河县教育局"))
        .unwrap();
    page.write_formula(3, 3, Formula::new("=NA()").set_result("#N/A"))
        .unwrap();
    page.write_formula(4, 3, Formula::new("=A1").set_result("")).unwrap();
    let bytes = book.save_to_buffer().unwrap();
    let job = run(&app, &admin, "units", ("list.xlsx", &bytes), false).await;
    assert_eq!(
        errors(&job),
        [(3, "C", "merged_cell"), (4, "C", "merged_cell"), (4, "D", "cell_error"),],
        "{job}"
    );
    assert_eq!(
        counts(&job),
        [2, 0, 0, 2],
        "what Excel has calculated is what a person sees"
    );
}

#[actix_web::test]
async fn what_failed_comes_back_and_is_corrected() {
    let app = test_app().await;
    let admin = app.root_token(Role::Admin).await;
    let list = "工号,姓名,单位\nT1,周敏,柳湾小学\nT2,何磊,柳弯小学\n";
    let job = run(&app, &admin, "members", ("list.csv", list.as_bytes()), false).await;
    assert_eq!(counts(&job), [1, 0, 0, 1]);
    let path = format!("/imports/{}/errors.xlsx", job["id"].as_str().unwrap());
    let workbook = app.get_as(&admin, &path).await;
    let sheet = Sheet::open(&workbook.bytes, "errors.xlsx").unwrap();
    assert_eq!(
        (sheet.rows_total(), sheet.rows()[0].cell(2).to_line()),
        (1, "柳弯小学".to_owned())
    );
    // As it is, it fails again; the added columns are no columns of the list.
    let again = run(&app, &admin, "members", ("errors.xlsx", &workbook.bytes), false).await;
    assert_eq!((counts(&again), errors(&again)[0].2), ([0, 0, 0, 1], "unknown_unit"));
    let whole = list.replace("柳弯", "柳湾");
    let corrected = run(&app, &admin, "members", ("list.csv", whole.as_bytes()), false).await;
    assert_eq!(counts(&corrected), [1, 0, 1, 0]);
}
