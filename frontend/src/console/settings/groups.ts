import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../api/client";

export type Settings = Schemas["CountySettings"];
export type Changes = Schemas["UpdateSettings"];
export type NumberName = Exclude<keyof Changes, "rolls_forward" | "duty">;

interface SettingWords {
  name: NumberName;
  label: MessageDescriptor;
  unit: "days" | "working_days" | "percent" | "th";
  /** What law says: a bound that may be tightened, never loosened. */
  law?: MessageDescriptor;
}

interface SettingGroup {
  title: MessageDescriptor;
  settings: SettingWords[];
}

export const groups: SettingGroup[] = [
  {
    title: msg`办理时限`,
    settings: [
      { name: "tell_days", label: msg`告知是否受理`, unit: "days", law: msg`《信访工作条例》：最多15天` },
      { name: "decide_days", label: msg`受理后办结`, unit: "days", law: msg`《信访工作条例》：最多60天` },
      { name: "inquiry_days", label: msg`答复咨询`, unit: "working_days" },
      { name: "suggestion_days", label: msg`答复建议`, unit: "working_days" },
      { name: "hotline_days", label: msg`热线工单`, unit: "working_days" },
      {
        name: "object_days",
        label: msg`单位可以提出异议的时间`,
        unit: "working_days",
        law: msg`《信访工作条例》：5个工作日`,
      },
    ],
  },
  {
    title: msg`延期与等待`,
    settings: [
      {
        name: "decide_extension_days",
        label: msg`办结延期最多`,
        unit: "days",
        law: msg`《信访工作条例》：最多30天，一次`,
      },
      { name: "hotline_extension_days", label: msg`热线工单延期最多`, unit: "working_days" },
      { name: "hold_days", label: msg`等投诉人补充，累计最多`, unit: "days" },
      { name: "longest_hold_days", label: msg`经负责人批准，累计最多等`, unit: "days" },
    ],
  },
  {
    title: msg`催办`,
    settings: [
      { name: "due_soon_percent", label: msg`剩下多少时间算快到期`, unit: "percent" },
      { name: "yellow_card_day", label: msg`黄牌：超期第几天`, unit: "th" },
      { name: "red_card_day", label: msg`红牌：超期第几天`, unit: "th" },
      { name: "circular_notice_day", label: msg`建议通报：超期第几天`, unit: "th" },
      { name: "appeal_days", label: msg`单位可以申诉黄牌红牌的时间`, unit: "working_days" },
      { name: "supervision_report_days", label: msg`督办件多久报告一次`, unit: "working_days" },
    ],
  },
  {
    title: msg`投诉人身份`,
    settings: [
      { name: "identity_days", label: msg`办件结束多久后清除联系方式`, unit: "days" },
      { name: "minor_identity_days", label: msg`未满14周岁的，多久后清除`, unit: "days" },
    ],
  },
  {
    title: msg`评价与重办`,
    settings: [
      { name: "rating_days", label: msg`答复后可以评价、要求重办`, unit: "days" },
      { name: "redo_days", label: msg`重办时限`, unit: "working_days" },
    ],
  },
];
