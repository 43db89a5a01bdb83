import { existsSync, readFileSync } from "node:fs";
import { env } from "node:process";
import { inflateRawSync } from "node:zlib";
import { describe, expect, test } from "vitest";
import { findHints, withoutHint } from "./detect";

const found = (text: string) => findHints(text).map(({ kind, text: said }) => `${kind}: ${said}`);

describe("what a text may give away", () => {
  test.each([
    ["请打我电话13900000000谢谢", "phone: 13900000000"],
    ["电话：139 0000 0000。", "phone: 139 0000 0000"],
    ["＋86-139-0000-0000", "phone: 86-139-0000-0000"],
    ["１３９００００００００", "phone: １３９００００００００"],
    ["固话0571-86000000", "phone: 0571-86000000"],
    ["身份证11010519491231002X", "id_number: 11010519491231002X"],
    ["身份证 110105 19491231 0021", null],
    ["卡号6222 0212 3456 7890 128", "bank_card: 6222 0212 3456 7890 128"],
    ["卡号6222 0212 3456 7890 129", null],
    ["我儿子叫张小明，今年八岁", "child: 张小明"],
    ["我女儿李雨桐，在学校", "child: 李雨桐"],
    ["孩子姓名：王一，", "child: 王一"],
    ["学生陈思远被罚站", "child: 陈思远"],
    ["我孩子在三年级（2）班", "child: 三年级（2）班"],
    ["学生在读高二5班", "child: 高二5班"],
    ["四年级1班的同学赵子涵", "child: 四年级1班, child: 赵子涵"],
  ])("%s", (text, expected) => {
    expect(found(text).join(", ")).toBe(expected ?? "");
  });

  test.each([
    "请拨打12345或者110",
    "学费每学期4800.00元，共139000元",
    "文件号2026000123456789012",
    "11010519491331002X 的月份不对，110105194912310021 的校验不对",
    "我女儿高三，我孩子在上小学",
    "我儿子时常说饭菜是凉的，孩子都不敢说",
    "学生和家长都反映，学生马上要考试",
    "三年级的家长都希望延后放学",
    "2026年11月23日15时30分20秒",
    "",
  ])("nothing in: %s", (text) => {
    expect(found(text)).toEqual([]);
  });

  test("each find says where it stands, and can be taken out", () => {
    const text = "学生陈思远的电话13900000000，急";
    const [child, phone] = findHints(text);
    expect(findHints(text).map((hint) => text.slice(hint.start, hint.end))).toEqual([
      "陈思远",
      "13900000000",
    ]);
    if (!child || !phone) throw new Error("two are found");
    expect(withoutHint(text, phone, "（电话已略）")).toBe("学生陈思远的电话（电话已略），急");
    expect(findHints(withoutHint(withoutHint(text, phone, "（略）"), child, "某某"))).toEqual([]);
  });

  // A pattern that runs wild takes minutes for these, and the test its whole time.
  test.each([
    "1",
    "139 ",
    "学生",
    "张",
    "我儿子叫",
    "三年级",
    "（（（",
    "1-",
    "１",
    "学生张",
    "初一十十十",
    "我的孩子在",
  ])("thirty thousand signs of %s are no trouble", (part) => {
    const text = part.repeat(30_000 / part.length);
    for (const hint of findHints(text)) expect(text.slice(hint.start, hint.end)).toBe(hint.text);
    findHints(`${text}班`);
  });

  test.runIf(realFile())("it speaks up in few of the messages that people really wrote", () => {
    const messages = realMessages();
    expect(messages.length).toBeGreaterThan(1_000);
    const share = messages.filter((text) => findHints(text).length > 0).length / messages.length;
    // 1.8 % when it was written.
    expect(share).toBeLessThan(0.1);
  });
});

function realFile(): string | null {
  const file = `${env.LIANGNUO_TEST_DATA ?? ""}/messages-with-replies.xlsx`;
  return env.LIANGNUO_TEST_DATA && existsSync(file) ? file : null;
}

/** The column of texts, of a workbook without a table of strings. Nothing of it is ever shown. */
function realMessages(): string[] {
  const archive = readFileSync(realFile() ?? "");
  let end = archive.length - 22;
  while (archive.readUInt32LE(end) !== 0x06054b50) end--;
  let at = archive.readUInt32LE(end + 16);
  for (let left = archive.readUInt16LE(end + 10); left > 0; left--) {
    const [size, name] = [archive.readUInt32LE(at + 20), archive.readUInt16LE(at + 28)];
    const start = archive.readUInt32LE(at + 42);
    if (archive.toString("utf8", at + 46, at + 46 + name) === "xl/worksheets/sheet1.xml") {
      const content = start + 30 + archive.readUInt16LE(start + 26) + archive.readUInt16LE(start + 28);
      const sheet = inflateRawSync(archive.subarray(content, content + size)).toString("utf8");
      return [...sheet.matchAll(/<c r="E\d+"[^>]*>(.*?)<\/c>/gs)].map((cell) =>
        (cell[1] ?? "").replace(/<[^>]*>/g, ""),
      );
    }
    at += 46 + name + archive.readUInt16LE(at + 30) + archive.readUInt16LE(at + 32);
  }
  return [];
}
