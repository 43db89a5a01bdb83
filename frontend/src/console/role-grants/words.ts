import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../api/client";
import { today } from "../shared/due";

export type RoleGrant = Schemas["RoleGrant"];
export type RoleCode = Schemas["RoleCode"];

/** The roles that can be given, in the order in which people look for them. */
export const GRANTABLE = [
  "handler",
  "unit_head",
  "leader",
  "campaign_office",
  "supervisor",
  "inspector",
  "admin",
  "security_admin",
  "audit_admin",
] as const satisfies RoleCode[];

export type Grantable = (typeof GRANTABLE)[number];

/** What a role sees and does, in a sentence. */
export const meanings: Record<Grantable, { sees: MessageDescriptor; does: MessageDescriptor }> = {
  handler: {
    sees: msg`本单位及下属单位的来件，密件除外`,
    does: msg`受理、写答复、联系投诉人、申请延期`,
  },
  unit_head: {
    sees: msg`本单位及下属单位的来件、成员和角色`,
    does: msg`批准答复、交办、批准延期、指定自己的代理人`,
  },
  leader: {
    sees: msg`所辖单位的来件和统计，看不到投诉人是谁`,
    does: msg`督办、批准延期`,
  },
  campaign_office: {
    sees: msg`所辖单位全部公开的来件和统计`,
    does: msg`受理、跨单位交办、督办、导入台账、维护模板`,
  },
  supervisor: {
    sees: msg`公开的内容，和交给他看的来件`,
    does: msg`提意见`,
  },
  inspector: {
    sees: msg`全县的来件，包括密件`,
    does: msg`办理密件、指明被举报人`,
  },
  admin: {
    sees: msg`单位、成员、角色和设置，看不到来件`,
    does: msg`维护单位、成员、分类、日历和设置`,
  },
  security_admin: {
    sees: msg`成员和角色，看不到来件`,
    does: msg`授予和终止角色、指定代理人`,
  },
  audit_admin: {
    sees: msg`角色和操作日志，看不到来件`,
    does: msg`核查日志`,
  },
};

/** Held over the whole county only. */
export const COUNTY_ONLY: string[] = ["inspector", "audit_admin"];

export const stateWords: Record<Schemas["RoleGrantState"], MessageDescriptor> = {
  in_force: msg`生效中`,
  future: msg`还没开始`,
  ended: msg`已结束`,
};

export const firstDay = (grant: RoleGrant) => today(new Date(grant.starts_at));

/** The last day on which a grant counts: it ends with the first instant that no longer does. */
export const lastDay = (grant: RoleGrant) =>
  grant.ends_at === null ? null : today(new Date(Date.parse(grant.ends_at) - 1));

/** Ended before it began. */
export const isVoid = (grant: RoleGrant) => grant.ends_at !== null && grant.ends_at <= grant.starts_at;
