import { expect, test } from "vitest";
import { groupsOf } from "../../shared/codeGroups";
import { codeFault, isCompleteCode, normaliseCode } from "./receiptCode";

const code = "7KQM4XWD9TRF2HNCP3VBZ86E";

test("a code is understood however it was written down", () => {
  expect(normaliseCode("7kqm 4xwd 9trf 2hnc p3vb z86e")).toBe(code);
  expect(normaliseCode(" 7KQM-4XWD-9TRF-2HNC-P3VB-Z86E\n")).toBe(code);
  expect(normaliseCode("7KQM—4XWD　9TRF2HNCP3VBZ86E")).toBe(code);
  expect(normaliseCode("７ＫＱＭ4XWD9TRF2HNCP3VBZ86E")).toBe(code);
});

test("letters that the alphabet lacks are read as the digits they look like", () => {
  expect(normaliseCode("oil")).toBe("011");
});

test("what is wrong with a code is named", () => {
  expect(codeFault("")).toBe("empty");
  expect(codeFault(code.slice(1))).toBe("too_short");
  expect(codeFault(`${code}0`)).toBe("too_long");
  expect(codeFault(code.replace("7", "U"))).toBe("strange");
  expect(codeFault(code)).toBeNull();
  expect(isCompleteCode(code)).toBe(true);
  expect(isCompleteCode("柳湾小学")).toBe(false);
});

test("it is shown in groups of four", () => {
  expect(groupsOf(code)).toEqual(["7KQM", "4XWD", "9TRF", "2HNC", "P3VB", "Z86E"]);
});
