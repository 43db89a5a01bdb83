import { useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../api/client";

type Refusal = Schemas["AttachmentRefusal"];

/** Not everybody sends files, and the catalogue comes with the first page of everybody: they stay with this part of the page. */
const words = {
  "zh-CN": {
    title: "照片和文件",
    staffTitle: "要附上的照片和文件",
    staffHint: "只有能看这一件的同事看得到，投诉人看不到。照片会自动去掉拍摄地点、时间和手机型号。",
    optional: "可以不附",
    hint: "照片，或 PDF、Word、Excel 文件，每个最多 5 MB，最多 10 个。",
    faces: "照片里的人脸、姓名、车牌会让人认出来。PDF 和 Word 文件里常带着作者的名字。",
    stripped: "照片会自动去掉拍摄地点、时间和手机型号，经办人只看得到画面。",
    keep: "同时保留照片原件，作为证据",
    keepWhy:
      "原件里的拍摄地点和时间能证明照片是真的。原件加密存放，经办人看不到，只有两名督查人员都同意才能打开；办完后到期与联系方式一起清除。",
    take: "拍照",
    choose: "选照片或文件",
    none: "没有附",
    list: "已选的文件",
    remove: (name: string) => `移除 ${name}`,
    removeShort: "移除",
    retry: "重试",
    again: "重新选这个文件",
    again_why: "没有传完。请重新选这个文件，会接着传。",
    notSame: "这不是同一个文件，请选原来那个，或者移除它。",
    queued: "等着传",
    proving: "正在准备",
    sending: (percent: number) => `正在传 ${percent}%`,
    paused: (percent: number) => `网络断了，已传 ${percent}%，连上后接着传`,
    checking: "传完了，正在检查",
    ready: "可以提交",
    waiting: "已收到，正在查毒，可以提交",
    infected: "文件有病毒，已清除",
    failed: "没有传成",
    original: "保留原件",
    tooMany: "最多 10 个文件，多出来的没有加进来。",
    tooLarge: "超过 5 MB，没有加进来：",
    busy: "还有文件没有传完。等它传完，或者移除它，再提交。",
    bad: "有的文件不能接收。请移除它，再提交。",
    sent: "您发来的文件",
    short: {
      receiving: "还没有传完",
      processing: "正在检查",
      quarantined: "已收到",
      ready: "已收到",
      refused: "不能接收",
      infected: "有病毒，已清除",
    },
    states: {
      receiving: "没有传完",
      processing: "正在检查",
      quarantined: "正在查毒，经办人还看不到",
      ready: "经办人能看到",
      refused: "不能接收，没有保存",
      infected: "有病毒，已清除，没有保存",
    },
    refusals: {
      attachment_kind: "不能接收这种文件。请发照片（JPG、PNG、WebP）、PDF、Word 或 Excel 文件。",
      attachment_heic: "这是 HEIC 照片，很多电脑打不开。请在手机上另存为 JPG，或者截图后再发。",
      attachment_broken: "这个文件打不开，可能没有存完整。请换一个。",
      attachment_pixels: "照片的像素太多。请压缩后再发，或者发截图。",
      attachment_macros: "文件里有宏程序，不能接收。请另存为不带宏的文件。",
      attachment_unpacks: "文件展开后太大，不能接收。",
      attachment_encrypted: "文件设了密码，打不开。请去掉密码再发。",
    },
  },
  en: {
    title: "Photos and files",
    staffTitle: "Photos and files to attach",
    staffHint:
      "Seen by colleagues who may see this case, never by the complainant. Where, when and with which phone a photo was taken is removed.",
    optional: "if you like",
    hint: "Photos, or PDF, Word and Excel files: 5 MB each at most, and ten of them.",
    faces:
      "Faces, names and number plates in a photo tell who is in it. PDF and Word files often hold their author's name.",
    stripped:
      "Where, when and with which phone a photo was taken is removed. The staff see the picture alone.",
    keep: "Also keep the photo as it is, as evidence",
    keepWhy:
      "Place and time inside can prove that a photo is genuine. It is kept encrypted; the staff can't see it, and it opens only if two inspectors agree. It is erased some months after your case has ended, as contact data are.",
    take: "Take a photo",
    choose: "Choose photos or files",
    none: "none",
    list: "Chosen files",
    remove: (name: string) => `Remove ${name}`,
    removeShort: "Remove",
    retry: "Try again",
    again: "Choose this file again",
    again_why: "It was not sent to its end. Choose the same file again, and it goes on from there.",
    notSame: "This is not the same file. Choose the one from before, or remove it.",
    queued: "Waiting",
    proving: "Getting ready",
    sending: (percent: number) => `Sending, ${percent}%`,
    paused: (percent: number) =>
      `The connection is gone. ${percent}% was sent; it goes on when the connection is back`,
    checking: "Sent, being looked at",
    ready: "Ready",
    waiting: "Received, being scanned for viruses; you can send your complaint",
    infected: "It had a virus and was erased",
    failed: "It was not sent",
    original: "original kept",
    tooMany: "Ten files at most; the others were not added.",
    tooLarge: "Larger than 5 MB, not added: ",
    busy: "Some files are not sent yet. Wait until they are, or remove them.",
    bad: "Some files can't be taken. Remove them first.",
    sent: "Files that you sent",
    short: {
      receiving: "not sent yet",
      processing: "being looked at",
      quarantined: "received",
      ready: "received",
      refused: "can't be taken",
      infected: "had a virus and was erased",
    },
    states: {
      receiving: "not sent to its end",
      processing: "being looked at",
      quarantined: "being scanned; the staff can't see it yet",
      ready: "the staff can see it",
      refused: "can't be taken, and was not kept",
      infected: "had a virus, and was not kept",
    },
    refusals: {
      attachment_kind:
        "This kind of file can't be taken. Send a photo (JPG, PNG, WebP), a PDF, or a Word or Excel file.",
      attachment_heic:
        "This is a HEIC photo, which many computers can't open. Save it as JPG on your phone, or send a screenshot.",
      attachment_broken: "This file can't be opened; it may not be whole. Choose another one.",
      attachment_pixels: "The photo has too many pixels. Make it smaller, or send a screenshot.",
      attachment_macros: "The file holds macros and can't be taken. Save it without them.",
      attachment_unpacks: "Unpacked, the file is too large.",
      attachment_encrypted: "The file has a password. Send it without one.",
    },
  },
} satisfies Record<string, { refusals: Record<Refusal, string>; [name: string]: unknown }>;

export type UploadWords = (typeof words)["en"];

export function useUploadWords(): UploadWords {
  const { i18n } = useLingui();
  return words[i18n.locale === "en" ? "en" : "zh-CN"];
}
