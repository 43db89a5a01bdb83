import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../api/client";
import type { Words } from "../shared/labels";

export type Opening = Schemas["IdentityOpening"];
export type OpeningAction = Schemas["IdentityOpeningAction"];

/** Why an identity is wanted; the complainant is told the same. */
export const openingCategoryWords: Words = {
  contact: msg`需要联系投诉人`,
  danger: msg`有人可能有危险`,
  retaliation: msg`查是否有人打击报复`,
  law: msg`法律或法院要求`,
  other: msg`其他原因`,
};

export const openingStateWords: Words = {
  waiting: msg`等第二个人答复`,
  approved: msg`已同意`,
  refused: msg`不同意`,
  withdrawn: msg`已撤回`,
  lapsed: msg`五个工作日内没有人答复，已失效`,
};

interface OpeningForm {
  label: MessageDescriptor;
  consequence: MessageDescriptor;
}

/** What a second person says, and what comes of it. */
export const answerForms: Record<"approve" | "refuse", OpeningForm> = {
  approve: {
    label: msg`同意查看`,
    consequence: msg`申请人本人在一小时内可以看到联系方式；每次查看都记入日志，投诉人会看到被查看的日期和原因。`,
  },
  refuse: { label: msg`不同意`, consequence: msg`申请人会看到您的理由；需要时可以再申请。` },
};

export const relationWords: Record<Schemas["GuardianRelation"], MessageDescriptor> = {
  parent: msg`父亲或母亲`,
  grandparent: msg`祖父母或外祖父母`,
  other: msg`其他监护人`,
};
