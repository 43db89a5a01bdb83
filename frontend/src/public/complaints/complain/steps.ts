import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { FieldError } from "../../common/ErrorSummary";
import type { Draft } from "./draft";

export const steps = ["about", "what", "answer", "check"] as const;
export type Step = (typeof steps)[number];

export const stepNames: Record<Step, MessageDescriptor> = {
  about: msg`关于谁`,
  what: msg`发生了什么`,
  answer: msg`怎么答复您`,
  check: msg`检查`,
};

export const TITLE_MAX = 100;
export const BODY_MAX = 20_000;
export const NAME_MAX = 50;

/** Which step asks for a field. The ids of fields are the server's names, so that its errors find them. */
export function stepOf(field: string): Step {
  if (field === "unit_id" || field === "about") return "about";
  if (["kind", "title", "body", "category_id"].includes(field)) return "what";
  return field === "answer" || field.startsWith("contact") ? "answer" : "check";
}

type Fault = { field: string; message: MessageDescriptor };

function faultsOfAbout(draft: Draft): Fault[] {
  if (draft.about === "unit" && !draft.unit)
    return [{ field: "unit_id", message: msg`请查找并选一个单位，或者选“不清楚是哪个单位”` }];
  return [];
}

function faultsOfWhat(draft: Draft): Fault[] {
  const faults: Fault[] = [];
  if (!draft.kind) faults.push({ field: "kind", message: msg`请选是投诉、建议，还是别的` });
  if (!draft.title.trim()) faults.push({ field: "title", message: msg`请用一句话写出是什么事` });
  else if ([...draft.title.trim()].length > TITLE_MAX) {
    faults.push({ field: "title", message: msg`一句话最多${TITLE_MAX}字，其余请写在经过里` });
  }
  if (!draft.body.trim()) faults.push({ field: "body", message: msg`请写经过` });
  else if ([...draft.body.trim()].length > BODY_MAX) {
    faults.push({ field: "body", message: msg`经过最多${BODY_MAX}字，请删掉一些` });
  }
  return faults;
}

function faultsOfAnswer(draft: Draft): Fault[] {
  if (!draft.answer) return [{ field: "answer", message: msg`请选要不要留姓名` }];
  if (draft.answer === "anonymous") return [];
  const faults: Fault[] = [];
  if (!draft.name.trim())
    faults.push({ field: "contact.name", message: msg`请写您的姓名，或者改选不留姓名` });
  if (draft.email.trim() && !/^\S+@\S+\.\S+$/.test(draft.email.trim())) {
    faults.push({ field: "contact.email", message: msg`邮箱写得不完整，应该像 name@example.com` });
  }
  if (draft.phone.trim() && !/^[+\d][\d\s-]{4,24}$/.test(draft.phone.trim())) {
    faults.push({ field: "contact.phone", message: msg`电话里只能有数字、空格和短横` });
  }
  return faults;
}

const faultsOf: Record<Step, (draft: Draft) => Fault[]> = {
  about: faultsOfAbout,
  what: faultsOfWhat,
  answer: faultsOfAnswer,
  check: (draft) => [...faultsOfAbout(draft), ...faultsOfWhat(draft), ...faultsOfAnswer(draft)],
};

export function checkStep(step: Step, draft: Draft, t: (message: MessageDescriptor) => string): FieldError[] {
  return faultsOf[step](draft).map(({ field, message }) => ({ field, message: t(message) }));
}
