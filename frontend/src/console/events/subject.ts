import { useLingui } from "@lingui/react/macro";
import { nameIn } from "../../shared/i18n";
import { wordFor } from "../shared/labels";
import { useMay } from "../shared/me";
import { IMPORTS, mayAny } from "../shell/menu";
import type { LogEvent } from "./useLog";
import { type SubjectKind, subjectWords } from "./words";

export interface Named {
  label: string;
  /** Where it is, if the caller may go there. */
  to?: string;
}

/** What an event is about, in words: by the name of the thing, or by its kind and the beginning of its id. */
export function useSubject() {
  const { t, i18n } = useLingui();
  const linkOf = useLinks();
  const named = (thing: { name: string; name_en: string | null } | null) =>
    thing ? nameIn(i18n.locale, thing) : null;
  return (event: LogEvent): Named => {
    const { kind, id, number, unit, member, name, name_en } = event.subject;
    const who = named(member);
    const names: Partial<Record<SubjectKind, string | null>> = {
      complaints: number,
      units: named(unit),
      members: who,
      accounts: who && t`${who}的账号`,
      settings: t`全县的设置`,
      calendars: t`全县的工作日历`,
    };
    const own = names[kind] ?? named(name === null ? null : { name, name_en });
    const to = linkOf(event);
    const label = own ?? `${t(wordFor(subjectWords, kind))} ${id.slice(0, 8)}`;
    return to ? { label, to } : { label };
  };
}

/** Where the thing is, for those who may go there. */
function useLinks() {
  const may = useMay();
  return ({ subject: { kind, id, number, member } }: LogEvent): string | null => {
    const person = member && may("members.list") ? `/members?q=${encodeURIComponent(member.name)}` : null;
    const links: Partial<Record<SubjectKind, string | null>> = {
      // Whose number is told is a case that the caller may open.
      complaints: number && `/complaints/${id}`,
      units: `/units?unit=${id}`,
      members: person,
      accounts: person,
      settings: "/settings",
      calendars: "/calendars",
      categories: "/categories",
      reply_templates: may("complaints.list") ? "/templates" : null,
      imports: mayAny(may, IMPORTS) ? `/imports/${id}` : null,
    };
    return links[kind] ?? null;
  };
}

/** Who did it: a member by name, the public and the product by what they are. */
export function useActor() {
  const { t, i18n } = useLingui();
  return ({ by, by_kind }: LogEvent): string => {
    if (by) return nameIn(i18n.locale, by);
    const others = { member: t`工作人员`, complainant: t`公众`, system: t`系统` };
    return others[by_kind];
  };
}
