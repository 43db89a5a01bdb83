import type { HintKind } from "./detect";

/** Few texts need them, and the catalogue comes with the first page of everybody: they stay with this part of a page. */
export const hintWords = {
  "zh-CN": {
    heading: "发出前看一眼",
    local: "这是在您的设备上查出来的，没有上传。",
    found: {
      phone: "像是电话号码",
      id_number: "像是身份证号",
      bank_card: "像是银行卡号",
      child: "像是说出了是哪个孩子",
    } satisfies Record<HintKind, string>,
    why: {
      phone: "写在正文里，办理的人都会看到。要我们联系您，下一步可以单独留电话，分开加密存放。",
      id_number: "办理用不着身份证号，写出来只会多一份风险。",
      bank_card: "办理用不着银行卡号。要退费，工作人员会另外联系您。",
      child: "办理的人会知道是哪个孩子。不写姓名班级，一样能办；确实需要时再补充。",
    } satisfies Record<HintKind, string>,
    whyForStaff: {
      phone: "答复可能公开，电话会让人被找到。单位的公开电话可以留着。",
      id_number: "答复里不应该有身份证号。",
      bank_card: "答复里不应该有银行卡号。",
      child: "答复可能公开，别人会认出是哪个孩子。",
    } satisfies Record<HintKind, string>,
    instead: {
      phone: "（电话已略）",
      id_number: "（身份证号已略）",
      bank_card: "（卡号已略）",
      child: "某某",
    } satisfies Record<HintKind, string>,
    takeOut: "去掉",
    leave: "留着",
    takenOut: "已去掉。",
    undo: "恢复",
    about: (what: string, text: string) => `${what}：${text}`,
  },
  en: {
    heading: "A look before you send it",
    local: "This was found on your device. Nothing was sent.",
    found: {
      phone: "This looks like a phone number",
      id_number: "This looks like an ID number",
      bank_card: "This looks like a bank card number",
      child: "This seems to say which child it is",
    } satisfies Record<HintKind, string>,
    why: {
      phone:
        "Everybody who works on it will read it here. To be called back, leave the number at the next step: it is kept apart and encrypted.",
      id_number: "Nobody needs an ID number to work on this; written down it is only a risk.",
      bank_card:
        "Nobody needs a card number to work on this. For a refund, staff will get in touch with you.",
      child:
        "Those who work on it will know which child it is. It can be handled without name and class; add them later if they are needed.",
    } satisfies Record<HintKind, string>,
    whyForStaff: {
      phone:
        "A reply may be published, and a number leads to a person. The unit's own public number may stay.",
      id_number: "A reply should hold no ID number.",
      bank_card: "A reply should hold no card number.",
      child: "A reply may be published, and others will know which child it is.",
    } satisfies Record<HintKind, string>,
    instead: {
      phone: "(phone left out)",
      id_number: "(ID number left out)",
      bank_card: "(card number left out)",
      child: "某某",
    } satisfies Record<HintKind, string>,
    takeOut: "Take it out",
    leave: "Leave it",
    takenOut: "Taken out.",
    undo: "Put it back",
    about: (what: string, text: string) => `${what}: ${text}`,
  },
};
