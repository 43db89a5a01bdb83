import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../api/client";
import type { Words } from "../shared/labels";

export type Attachment = Schemas["ComplaintAttachment"];

export const attachmentStateWords: Words = {
  receiving: msg({ message: "没有传完", context: "attachment" }),
  processing: msg({ message: "正在检查", context: "attachment" }),
  quarantined: msg({ message: "等待查毒", context: "attachment" }),
  ready: msg({ message: "可以查看", context: "attachment" }),
  refused: msg({ message: "不能接收，已清除", context: "attachment" }),
  infected: msg({ message: "有病毒，已清除", context: "attachment" }),
};

export const refusalWords: Words = {
  attachment_kind: msg`不是可以接收的文件种类`,
  attachment_heic: msg`HEIC 照片`,
  attachment_broken: msg`文件打不开`,
  attachment_pixels: msg`像素太多`,
  attachment_macros: msg`带有宏程序`,
  attachment_unpacks: msg`展开后太大`,
  attachment_encrypted: msg`设了密码`,
};
