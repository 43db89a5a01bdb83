import { useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { wordFor } from "../shared/labels";
import type { LogEvent } from "./useLog";
import { factWords, valueWords } from "./words";

type Fact = Schemas["EventFact"];

export interface Line {
  name: string;
  label: string;
  /** What it is; of a change, what it became. */
  values: string[];
  before?: string;
  to?: string;
}

const DAY = /^\d{4}-\d{2}-\d{2}$/;

/** What an event says beside what happened: a line for each name, with all of its values. */
export function useFacts() {
  const { t, i18n } = useLingui();
  const wordsOf = (name: string, value: string) => {
    const words = valueWords[name];
    if (words) return t(wordFor(words, value));
    return DAY.test(value) ? formatWhen(value, i18n.locale) : value;
  };
  const named = (thing: { name: string; name_en: string | null } | null) =>
    thing ? nameIn(i18n.locale, thing) : undefined;
  const shownOf = (fact: Fact) =>
    named(fact.unit) ??
    named(fact.member) ??
    named(fact.category) ??
    fact.complaint?.number ??
    (fact.value === null ? undefined : wordsOf(fact.name, fact.value));
  const beforeOf = (fact: Fact) =>
    named(fact.unit_before) ?? (fact.before === null ? undefined : wordsOf(fact.name, fact.before));
  return ({ facts }: LogEvent): Line[] =>
    [...new Set(facts.map(({ name }) => name))].map((name) => {
      const same = facts.filter((fact) => fact.name === name);
      const other = same.find(({ complaint }) => complaint)?.complaint;
      return {
        name,
        label: t(wordFor(factWords, name)),
        values: same.map(shownOf).filter((value) => value !== undefined),
        before: same.map(beforeOf).find((value) => value !== undefined),
        to: other ? `/complaints/${other.id}` : undefined,
      };
    });
}

/** Of which facts the list itself speaks, since what happened says too little without them. */
const TELLING: Record<string, string[]> = {
  "complaints.assigned": ["unit"],
  "complaints.reminded": ["rung"],
  "complaints.rated": ["level"],
  "exports.begun": ["of"],
  "exports.made": ["of"],
  "imports.requested": ["kind"],
  "imports.finished": ["state"],
  "calendars.loaded": ["year"],
};

/** The one or two words beside what happened: to whom it was given, which setting it was. */
export function useGist() {
  const factsOf = useFacts();
  return (event: LogEvent): string => {
    const lines = factsOf(event);
    if (event.action === "settings.changed") return lines.map(({ label }) => label).join(" · ");
    const telling = TELLING[event.action] ?? [];
    return lines
      .filter(({ name }) => telling.includes(name))
      .flatMap(({ values }) => values)
      .join(" · ");
  };
}
