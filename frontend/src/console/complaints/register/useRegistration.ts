import { useState } from "react";
import { tabStorage } from "../../../shared/storage";
import { newUuid } from "../../../shared/uuid";
import { type Contact, type Draft, NOBODY } from "./registration";

interface Kept {
  draft: Draft;
  /** The Idempotency-Key of what stands here. */
  key: string;
  /** It went out under this key; whether it arrived is not known. */
  isSent: boolean;
}

/** Each member's own: the next one at this tab finds nothing. */
const storageKey = (member: string) => `liangnuo.registration.${member}`;

function load(member: string, first: Draft): Kept & { isFound: boolean } {
  const fresh = { draft: first, key: newUuid(), isSent: false, isFound: false };
  const text = tabStorage.get(storageKey(member));
  if (!text) return fresh;
  try {
    const kept = JSON.parse(text) as Kept;
    const draft = { ...first, ...kept.draft };
    // Who called was not kept: what is sent now is another request than the one that may have arrived.
    return draft.isNamed ? { ...fresh, draft, isFound: true } : { ...kept, draft, isFound: true };
  } catch {
    return fresh;
  }
}

/**
 * What is being typed in, kept in this tab at every change. The same words carry the same key, over a second press, a
 * broken line and a reload, and so become one case; other words carry another.
 */
export function useRegistration(member: string, first: Draft) {
  const [kept, setKept] = useState<Kept & { isFound: boolean }>(() => load(member, first));
  const [contact, setContact] = useState<Contact>(NOBODY);
  const put = (next: Kept) => {
    setKept({ ...next, isFound: kept.isFound });
    const { draft, key, isSent } = next;
    tabStorage.set(storageKey(member), JSON.stringify({ draft, key, isSent }));
  };
  const key = kept.isSent ? null : kept.key;
  const change = (part: Partial<Draft>) =>
    put({ draft: { ...kept.draft, ...part }, key: key ?? newUuid(), isSent: false });
  return {
    draft: kept.draft,
    contact,
    /** It was begun before, in this tab. */
    isFound: kept.isFound,
    change,
    changeContact: (part: Partial<Contact>) => {
      setContact({ ...contact, ...part });
      change({});
    },
    /** The key to send with, noted before it goes. */
    send: () => {
      put({ ...kept, isSent: true });
      return { "Idempotency-Key": kept.key };
    },
    discard: () => {
      tabStorage.remove(storageKey(member));
      setKept({ draft: first, key: newUuid(), isSent: false, isFound: false });
      setContact(NOBODY);
    },
  };
}

export type Typing = ReturnType<typeof useRegistration>;
