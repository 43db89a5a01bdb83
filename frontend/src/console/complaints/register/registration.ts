import type { Schemas } from "../../../api/client";
import { today } from "../../shared/due";

export type Payload = Schemas["RegisterComplaint"];
export type Registration = Schemas["ComplaintRegistration"];

/** What is typed in, but for who called: that stands in no storage. */
export interface Draft {
  channel: Schemas["DeskChannel"];
  kind: Schemas["ComplaintKind"];
  title: string;
  body: string;
  unit: string | null;
  category: string;
  /** A day; today where it is empty. */
  receivedOn: string;
  /** As the channel has it, where nobody said otherwise. */
  isOrder: boolean | null;
  isEmergency: boolean;
  emergency: string;
  isNamed: boolean;
}

export interface Contact {
  name: string;
  phone: string;
  email: string;
}

export const NOBODY: Contact = { name: "", phone: "", email: "" };

/** Days back that a letter may have come in; the server says the same. */
export const LATE_DAYS = 30;

export function emptyDraft(unit: string | null, kind: Draft["kind"]): Draft {
  return {
    channel: "phone",
    kind,
    title: "",
    body: "",
    unit,
    category: "",
    receivedOn: "",
    isOrder: null,
    isEmergency: false,
    emergency: "",
    isNamed: false,
  };
}

export const isOrder = (draft: Draft) => draft.isOrder ?? draft.channel === "phone";

export const hasWords = (draft: Draft) =>
  [draft.title, draft.body, draft.emergency].some((text) => text.trim());

/** Clocks count days: of an earlier one noon stands for all of it, and of today the server takes the moment. */
function receivedAt(day: string): Pick<Payload, "received_at"> {
  return day && day !== today() ? { received_at: `${day}T12:00:00+08:00` } : {};
}

export function payloadOf(draft: Draft, contact: Contact): Payload {
  const [phone, email] = [contact.phone.trim(), contact.email.trim()];
  const named = { name: contact.name.trim(), ...(phone ? { phone } : {}), ...(email ? { email } : {}) };
  return {
    kind: draft.kind,
    channel: draft.channel,
    title: draft.title.trim(),
    body: draft.body.trim(),
    is_order: isOrder(draft),
    ...(draft.unit ? { unit_id: draft.unit } : {}),
    ...(draft.category ? { category_id: draft.category } : {}),
    ...(draft.isNamed ? { contact: named } : {}),
    ...receivedAt(draft.receivedOn),
    ...(draft.isEmergency ? { emergency_reason: draft.emergency.trim() } : {}),
  };
}

const HAN = /\p{Script=Han}/u;

/**
 * What a title is about and what became of it, as two words to search by: Chinese is written without spaces, and a
 * whole title is found in no other case.
 */
export function wordsOf(title: string): string {
  const parts = title.split(/[\s\p{P}]+/u).filter((part) => part.length >= 2);
  const [first, last] = [parts[0] ?? "", parts.at(-1) ?? ""];
  const head = HAN.test(first) ? first.slice(0, 2) : first;
  const tail = HAN.test(last) ? last.slice(-2) : last;
  if (parts.join("").length < 4) return "";
  return head === tail ? head : `${head} ${tail}`;
}
