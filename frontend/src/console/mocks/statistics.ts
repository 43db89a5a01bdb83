import { HttpResponse, http } from "msw";
import type { Schemas } from "../../api/client";
import { LATE } from "../shared/states";
import { categories, daysToReply, matches } from "./cases";
import { units } from "./data";
import type { State } from "./handlers";
import { at } from "./problem";

type Case = Schemas["Complaint"];

/** Counted from the cases in memory, as the server does, so that a test can open a figure's list and count it. */
export function statistics(state: State) {
  return [
    http.get(at("/statistics/complaints"), ({ request }) =>
      HttpResponse.json(statisticsOf(state.cases, new URL(request.url).searchParams)),
    ),
  ];
}

function tally(cases: Case[], key: (one: Case) => string): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const one of cases) counts[key(one)] = (counts[key(one)] ?? 0) + 1;
  return counts;
}

function groupBy<Key>(cases: Case[], key: (one: Case) => Key): Map<Key, Case[]> {
  const groups = new Map<Key, Case[]>();
  for (const one of cases) groups.set(key(one), [...(groups.get(key(one)) ?? []), one]);
  return groups;
}

/** The groups of cases, those with the most first. */
function grouped<Key>(cases: Case[], key: (one: Case) => Key): [Key, Case[]][] {
  return [...groupBy(cases, key)].sort(([, one], [, other]) => other.length - one.length);
}

function figuresOf(cases: Case[]): Schemas["ComplaintFigures"] {
  const days = cases.map(daysToReply).filter((value) => value !== null);
  days.sort((one, other) => one - other);
  const rated = cases.filter(({ rating }) => rating !== null);
  return {
    total: cases.length,
    by_state: tally(cases, ({ state }) => state),
    by_phase: tally(cases, ({ phase }) => phase),
    replied: days.length,
    ended: cases.filter(({ concluded_at }) => concluded_at).length,
    median_days_to_reply: days[Math.floor(days.length / 2)] ?? null,
    p90_days_to_reply: days[Math.floor(days.length * 0.9)] ?? null,
    over_15_days: days.filter((value) => value > 15).length,
    over_60_days: days.filter((value) => value > 60).length,
    rated: rated.length,
    satisfied: rated.filter(({ rating }) => (rating?.level ?? 0) >= 3).length,
    redone: cases.filter(({ redo }) => redo).length,
    overdue: cases.filter(({ phase }) => LATE.includes(phase)).length,
    is_approximate: false,
  };
}

function monthsOf(cases: Case[], whenever: Case[], params: URLSearchParams): Schemas["MonthFigures"][] {
  const inPeriod = (day: string) =>
    day.startsWith(params.get("year") ?? "") &&
    day >= (params.get("received_from") ?? "") &&
    day <= (params.get("received_to") ?? "9999");
  const monthOf = (time: string | null) => (time && inPeriod(time.slice(0, 10)) ? time.slice(0, 7) : "");
  const replied = groupBy(whenever, ({ replied_at }) => monthOf(replied_at));
  const ended = groupBy(whenever, ({ concluded_at }) => monthOf(concluded_at));
  const received = groupBy(cases, ({ received_on }) => monthOf(received_on));
  const months = new Set([...received.keys(), ...replied.keys(), ...ended.keys()]);
  months.delete("");
  return [...months].sort().map((month) => ({
    month,
    received: received.get(month)?.length ?? 0,
    replied: replied.get(month)?.length ?? 0,
    ended: ended.get(month)?.length ?? 0,
    figures: figuresOf(received.get(month) ?? []),
  }));
}

function categoriesOf(cases: Case[], above: string | null): Schemas["CategoryFigures"][] {
  const place = (id: string | null): string | null => {
    const parent = categories.find((one) => one.id === id)?.parent_id ?? null;
    return id === above || parent === above || parent === null ? id : place(parent);
  };
  return grouped(cases, ({ category_id }) => place(category_id)).map(([id, own]) => {
    const known = categories.find((one) => one.id === id);
    return {
      category: known
        ? {
            id: known.id,
            name: known.name,
            name_en: known.name_en,
            has_below: categories.some(({ parent_id }) => parent_id === id),
          }
        : null,
      is_alone: id !== null && id === above,
      figures: figuresOf(own),
    };
  });
}

function statisticsOf(all: Case[], params: URLSearchParams): Schemas["ComplaintStatistics"] {
  const cases = all.filter((one) => matches(one, params));
  const anyTime = new URLSearchParams(params);
  for (const name of ["year", "received_from", "received_to"]) anyTime.delete(name);
  const whenever = all.filter((one) => matches(one, anyTime));
  const by_unit = grouped(cases, ({ unit }) => unit.id).flatMap(([id, own]) => {
    const unit = units.find((one) => one.id === id);
    return unit ? [{ unit: { id, name: unit.name, name_en: unit.name_en }, figures: figuresOf(own) }] : [];
  });
  return {
    ...figuresOf(cases),
    by_year: tally(cases, ({ received_on }) => received_on.slice(0, 4)),
    by_month: monthsOf(cases, whenever, params),
    by_unit,
    by_category: categoriesOf(cases, params.get("category_id")),
    by_channel: grouped(cases, ({ channel }) => channel).map(([channel, own]) => ({
      channel,
      figures: figuresOf(own),
    })),
    by_kind: grouped(cases, ({ kind }) => kind).map(([kind, own]) => ({ kind, figures: figuresOf(own) })),
    distinct_authors: Math.ceil(cases.length * 0.8),
  };
}
