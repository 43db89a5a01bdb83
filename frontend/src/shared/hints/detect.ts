/**
 * What in a text may say who somebody is. It is looked for in the browser, while one writes, and sent nowhere. Each pattern is
 * bounded in length and begins with something that is rare, so that no text makes it slow.
 */

export type HintKind = "phone" | "id_number" | "bank_card" | "child";

export interface Hint {
  kind: HintKind;
  /** Where it stands in the text. */
  start: number;
  end: number;
  /** What stands there. */
  text: string;
}

/** The most frequent surnames that begin few other words: a hint that speaks up for nothing is not read when it matters. */
const SURNAME =
  "[王李张刘陈杨赵黄周吴徐孙朱胡郭林罗郑梁谢宋唐许韩冯邓曹彭曾萧田董袁潘蒋蔡余杜魏苏吕丁沈姚卢姜崔钟谭陆范廖贾韦傅邹孟熊秦邱尹薛闫阎段侯龙陶黎贺顾毛郝龚邵钱严覃武戴莫孔汤]";
const NAME = `(?:欧阳|上官|司马|诸葛)[\\u4e00-\\u9fa5]{1,2}|${SURNAME}[\\u4e00-\\u9fa5]{1,2}?`;
/** What may follow a name: a sign, the end, or a word that goes on about somebody. */
const AFTER = "(?=$|[^\\u4e00-\\u9fa5]|[在是的被于从今上读就同和与因]|这次|现在)";
const OWN = "(?:我|我的|我家|我们家|本人|其)?";
const CHILD = "(?:儿子|女儿|孩子|小孩|孙子|孙女|外孙女|外孙|外甥女|外甥|侄子|侄女|弟弟|妹妹)";
const CALLED = "(?:叫做|叫|名叫|名字叫|名字是|姓名|名字)";

const NUMERAL = "[一二三四五六七八九十\\d]{1,3}";
const GRADE = "(?:小学|初中|高中)?(?:[一二三四五六七八九]年级|[初高][一二三])";
const ROOM = `[（(]?${NUMERAL}[)）]?班`;

const CHILDREN = [
  new RegExp(`${OWN}${CHILD}${CALLED}[:：]?\\s?(${NAME})${AFTER}`, "g"),
  new RegExp(`${OWN}${CHILD}[:：]?(${NAME})(?=[,，。；;、（(\\s]|$)`, "g"),
  new RegExp(`(?:学生|同学|考生)(?:姓名|${CALLED})?[:：]?\\s?(${NAME})${AFTER}`, "g"),
  // A class of some forty, and somebody of it: whoever knows the class knows whom.
  new RegExp(`${OWN}(?:${CHILD}|学生)[^。！？\\n]{0,12}?(${GRADE}${ROOM})`, "g"),
  new RegExp(`(${GRADE}${ROOM})的?(?:学生|同学)[:：]?(?:${NAME})${AFTER}`, "g"),
];

const DIGIT = "[0-9０-９]";
/** Groups of digits with single signs between them, as people write long numbers. */
const NUMBER = new RegExp(`${DIGIT}(?:[-\\s－–—]?${DIGIT}){9,20}[XxＸｘ]?`, "g");

export function findHints(text: string): Hint[] {
  const found: Hint[] = [];
  for (const match of text.matchAll(NUMBER)) {
    const kind = kindOf(match[0]);
    if (kind) found.push(at(kind, match.index, match[0]));
  }
  for (const pattern of CHILDREN) {
    for (const match of text.matchAll(pattern)) {
      const said = match[1] ?? "";
      const start = match.index + match[0].lastIndexOf(said);
      if (said) found.push(at("child", start, said));
    }
  }
  found.sort((one, other) => one.start - other.start || other.end - one.end);
  return found.filter((hint, nth) => !found.slice(0, nth).some((earlier) => hint.start < earlier.end));
}

function at(kind: HintKind, start: number, text: string): Hint {
  return { kind, start, end: start + text.length, text };
}

/** What a long number is. Most are none of these: amounts, times, numbers of documents. */
function kindOf(raw: string): HintKind | null {
  const plain = raw.normalize("NFKC");
  const digits = plain.replace(/[^0-9Xx]/g, "").toUpperCase();
  if (isIdNumber(digits)) return "id_number";
  if (digits.includes("X")) return null;
  if (/^(?:86)?1[3-9]\d{9}$/.test(digits)) return "phone";
  // A fixed line only where it is written as one: eleven digits in a row that begin with 0 are anything.
  if (/^0\d{2,3}[-\s－–—]\d{7,8}$/.test(plain)) return "phone";
  if (digits.length >= 16 && digits.length <= 19 && /^(?:62|4|5[1-5])/.test(digits) && isLuhn(digits)) {
    return "bank_card";
  }
  return null;
}

const WEIGHTS = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];

/** Eighteen signs with a birthday in them and a check at the end (GB 11643). */
function isIdNumber(digits: string): boolean {
  const parts = /^[1-9]\d{5}(19|20)\d{2}(\d{2})(\d{2})\d{3}[\dX]$/.exec(digits);
  if (!parts) return false;
  const [month, day] = [Number(parts[2]), Number(parts[3])];
  if (month < 1 || month > 12 || day < 1 || day > 31) return false;
  const sum = WEIGHTS.reduce((total, weight, nth) => total + weight * Number(digits[nth]), 0);
  return "10X98765432"[sum % 11] === digits[17];
}

/** The check digit of cards (ISO/IEC 7812). */
function isLuhn(digits: string): boolean {
  const sum = [...digits].reverse().reduce((total, digit, nth) => {
    const twice = Number(digit) * (nth % 2 === 0 ? 1 : 2);
    return total + (twice > 9 ? twice - 9 : twice);
  }, 0);
  return sum % 10 === 0;
}

/** The text with one find taken out of it, and something in its place by which the sentence can still be read. */
export function withoutHint(text: string, hint: Hint, instead: string): string {
  return text.slice(0, hint.start) + instead + text.slice(hint.end);
}
