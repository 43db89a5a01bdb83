import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../api/client";
import type { Words } from "../shared/labels";

export type Card = Schemas["ComplaintCard"];
export type CardAction = Schemas["ComplaintCardAction"];

export const cardWords: Words = {
  yellow_card: msg`黄牌`,
  red_card: msg`红牌`,
  circular_notice: msg({ message: "通报", context: "card" }),
};

/** How loud a card is: a notice is the last rung. */
export const cardTones: Record<string, "so" | "la"> = {
  yellow_card: "so",
  red_card: "la",
  circular_notice: "la",
};

export const cardStateWords: Words = {
  proposed: msg`等决定通不通报`,
  standing: msg({ message: "有效", context: "card" }),
  appealed: msg`申诉中`,
  upheld: msg({ message: "申诉后维持", context: "card" }),
  lifted: msg({ message: "已撤销", context: "card" }),
  dropped: msg({ message: "不通报", context: "card" }),
};

interface CardForm {
  label: MessageDescriptor;
  /** What it brings about, said before it is done. */
  consequence: MessageDescriptor;
  why: MessageDescriptor;
  hint: MessageDescriptor;
  isDanger?: boolean;
}

export const cardForms: Record<CardAction, CardForm> = {
  appeal: {
    label: msg`申诉`,
    consequence: msg`创先争优办和局领导马上收到提醒，由不在本单位的人决定；一张牌只能申诉一次。`,
    why: msg`为什么不该给`,
    hint: msg`写明事实：哪天、什么原因，有什么可以证明`,
  },
  uphold: {
    label: msg({ message: "维持", context: "card" }),
    consequence: msg`这张牌保留，不能再申诉；单位看得到您的理由。`,
    why: msg`为什么维持`,
    hint: msg`回应申诉里说的每一点`,
  },
  lift: {
    label: msg({ message: "撤销", context: "card" }),
    consequence: msg`这张牌撤销，记录留着；单位看得到您的理由。`,
    why: msg`为什么撤销`,
    hint: msg`写明采信了什么`,
  },
  issue: {
    label: msg`在内部通报`,
    consequence: msg`单位马上收到提醒，可以在限期内申诉。`,
    why: msg`为什么通报`,
    hint: msg`写明拖了多久、催过几次`,
    isDanger: true,
  },
  drop: {
    label: msg({ message: "不通报", context: "action" }),
    consequence: msg`不再通报，黄牌红牌照旧；单位看得到您的理由。`,
    why: msg`为什么不通报`,
    hint: msg`写明已经怎样处理`,
  },
};
