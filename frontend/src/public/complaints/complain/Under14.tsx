import { useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../../api/client";
import { type FieldError, FieldMessage } from "../../common/ErrorSummary";
import { Icon } from "../../common/Icon";
import { changeDraft, type Draft } from "./draft";

type Relation = Schemas["GuardianInput"]["relation"];

/** Few are so young, and the catalogue comes with the first page of everybody: the words stay with this part of the form. */
const words = {
  "zh-CN": {
    question: "我未满14周岁",
    safety:
      "有人打你、碰你、吓你，或者你觉得有危险：马上打110，或者告诉一个你信任的大人。也可以打12355，那里有人专门听小朋友说话；打12345也行，都不要钱。",
    anonymous: "不写名字也能提交，不用家长同意，我们一样会认真办。选上面的“不留姓名”就可以。",
    why: "要留名字和电话，请让爸爸妈妈或者照顾你的大人看一看，由他们来填：",
    name: "大人的姓名",
    relation: "是孩子的",
    relations: { parent: "父亲或母亲", grandparent: "祖父母或外祖父母", other: "其他监护人" },
    consent: "我是监护人，我同意",
    gist: "为了办这件事，教育局保存孩子和我的姓名、联系方式。加密存放，经办人看不到，要两名督查人员都同意才能看，一次15分钟；办结后比大人的更早清除。这是《个人信息保护法》第三十一条的要求。",
    nameMissing: "请写大人的姓名，或者改选不留姓名",
    consentMissing: "要监护人同意才能留姓名；也可以改选不留姓名",
  },
  en: {
    question: "I am under 14",
    safety:
      "If somebody hits you, touches you or scares you, or you think you are in danger: call 110 at once, or tell a grown-up you trust. You can also call 12355, where people listen to children, or 12345. It costs nothing.",
    anonymous:
      'You can send this without your name. No grown-up has to agree, and we work on it just the same: choose "Stay anonymous" above.',
    why: "To leave a name and a phone number, ask a parent or whoever looks after you to read this and fill it in:",
    name: "Name of the grown-up",
    relation: "What they are to the child",
    relations: { parent: "Mother or father", grandparent: "Grandparent", other: "Another guardian" },
    consent: "I am the guardian, and I agree",
    gist: "So that this can be handled, the education bureau keeps the names and contact details of the child and of me. They are encrypted; those who handle it do not see them; it takes two inspectors to open them, for 15 minutes; and they are erased earlier than an adult's. Article 31 of the Personal Information Protection Law asks for this.",
    nameMissing: "Write the grown-up's name, or choose to leave no name",
    consentMissing: "A name is left with a guardian's consent; or choose to leave no name",
  },
};

function useWords() {
  const { i18n } = useLingui();
  return words[i18n.locale === "en" ? "en" : "zh-CN"];
}

/** What is missing of a guardian, where one is needed. */
export function useGuardianFaults() {
  const said = useWords();
  return ({ answer, guardian }: Draft): FieldError[] => {
    if (answer !== "named" || !guardian) return [];
    const faults: FieldError[] = [];
    if (!guardian.name.trim()) faults.push({ field: "contact.guardian.name", message: said.nameMissing });
    if (!guardian.has_consented) {
      faults.push({ field: "contact.guardian.has_consented", message: said.consentMissing });
    }
    return faults;
  };
}

interface Under14Props {
  draft: Draft;
  messageOf: (field: string) => string | undefined;
}

/** Asked of nobody but who wants to leave a name: only then is anything of a child kept, and a guardian's consent needed. */
export function Under14({ draft, messageOf }: Under14Props) {
  const said = useWords();
  const { guardian } = draft;
  const set = (change: Partial<Schemas["GuardianInput"]>) =>
    changeDraft({
      guardian: { name: "", relation: "parent", has_consented: false, ...guardian, ...change },
    });
  return (
    <div className="young">
      <label className="keep">
        <input
          type="checkbox"
          checked={guardian !== undefined}
          onChange={(event) => (event.target.checked ? set({}) : changeDraft({ guardian: undefined }))}
        />
        <span>{said.question}</span>
      </label>
      {guardian && (
        <div>
          <div className="help">
            <Icon name="alert" />
            <div>
              <p>{said.safety}</p>
              <p>{said.anonymous}</p>
            </div>
          </div>
          <p className="small">{said.why}</p>
          <GuardianName value={guardian.name} set={set} message={messageOf("contact.guardian.name")} />
          <div className="field">
            <label htmlFor="contact.guardian.relation">{said.relation}</label>
            <select
              className="in"
              id="contact.guardian.relation"
              value={guardian.relation}
              onChange={(event) => set({ relation: event.target.value as Relation })}
            >
              {(Object.keys(said.relations) as Relation[]).map((relation) => (
                <option key={relation} value={relation}>
                  {said.relations[relation]}
                </option>
              ))}
            </select>
          </div>
          <Consent
            isGiven={guardian.has_consented}
            set={set}
            message={messageOf("contact.guardian.has_consented")}
          />
        </div>
      )}
    </div>
  );
}

interface PartProps {
  set: (change: Partial<Schemas["GuardianInput"]>) => void;
  message: string | undefined;
}

function GuardianName({ value, set, message }: PartProps & { value: string }) {
  const said = useWords();
  const id = "contact.guardian.name";
  return (
    <div className={`field ${message ? "has-err" : ""}`}>
      <label htmlFor={id}>{said.name}</label>
      <FieldMessage id={`${id}-err`} message={message} />
      <input
        className={`in ${message ? "bad" : ""}`}
        id={id}
        value={value}
        maxLength={50}
        autoComplete="off"
        onChange={(event) => set({ name: event.target.value })}
        aria-invalid={message ? true : undefined}
        aria-describedby={message ? `${id}-err` : undefined}
      />
    </div>
  );
}

function Consent({ isGiven, set, message }: PartProps & { isGiven: boolean }) {
  const said = useWords();
  const id = "contact.guardian.has_consented";
  return (
    <div className={`field ${message ? "has-err" : ""}`}>
      <FieldMessage id={`${id}-err`} message={message} />
      <label className="keep">
        <input
          type="checkbox"
          id={id}
          checked={isGiven}
          onChange={(event) => set({ has_consented: event.target.checked })}
          aria-invalid={message ? true : undefined}
          aria-describedby={message ? `${id}-err` : undefined}
        />
        <span>
          {said.consent}
          <small id={`${id}-gist`}>{said.gist}</small>
        </span>
      </label>
    </div>
  );
}
