import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useRef, useState } from "react";
import { api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { formatWhen } from "../../shared/format";
import { AreaField, TextField } from "../shared/Field";
import { FormDrawer } from "../shared/FormDrawer";
import { Note } from "../shared/parts";
import { useSave } from "../shared/useSave";
import type { Year } from "./CalendarsPage";
import { type Change, changesBetween, decemberAfter } from "./months";
import { decodeCsv, isDecemberBefore, type LineError, type Parsed, parseCalendar } from "./parse";

/** Before 2004 nothing was counted by it. */
const YEARS = [2004, 2100] as const;

interface LoadYearProps {
  years: Year[];
  onClose: () => void;
  onLoaded: () => void;
}

const reasons: Record<LineError["why"], MessageDescriptor> = {
  not_a_pair: msg`要写“日期,类型”`,
  not_a_date: msg`日期要写成2027-01-01这样`,
  other_year: msg`不是这一年的日期，也不是上一年12月的`,
  unknown_kind: msg`类型要写holiday（放假）或workday（上班）`,
  twice: msg`这一天写了两次`,
};

/** A year as the State Council announces it: pasted or from a file, looked at, then loaded. */
export function LoadYear({ years, onClose, onLoaded }: LoadYearProps) {
  const { t } = useLingui();
  const saving = useSave();
  const [year, setYear] = useState((years[0]?.year ?? 2026) + 1);
  const [text, setText] = useState("");
  const known = years.find((one) => one.year === year);
  const parsed = parseCalendar(text, year);
  const [isChecked, setChecked] = useState(false);
  const file = useRef<HTMLInputElement>(null);
  const refused = fieldErrors(saving.error);
  const isYear = Number.isInteger(year) && year >= YEARS[0] && year <= YEARS[1];
  const yearFault = isYear ? undefined : t`年份应在2004到2100之间`;
  const count = parsed.errors.length;
  const isEmpty = parsed.days.length === 0;
  const missing = isEmpty ? t`请先粘贴放假安排，或者选一个文件` : t`还没有${year}年的日子`;
  const daysFault = count > 0 ? t`有${count}行要改，见下面` : missing;
  const isOfTheYear = parsed.days.some(({ day }) => !isDecemberBefore(day, year));
  const isReady = isOfTheYear && count === 0;
  const load = () => {
    setChecked(true);
    if (!isReady || !isYear) {
      document.getElementById(isYear ? "calendar-days" : "calendar-year")?.focus();
      return;
    }
    void saving.save(async () => {
      await api.PUT("/api/v1/calendars/{year}", {
        params: { path: { year }, header: { "If-Match": `"v${known?.version ?? 0}"` } },
        body: { days: parsed.days },
      });
      onLoaded();
      onClose();
    });
  };
  return (
    <FormDrawer
      title={t`载入一年的放假安排`}
      submit={<Trans>载入{year}年</Trans>}
      saving={saving}
      labels={{ days: t`放假安排`, year: t`年份` }}
      prefix="calendar-"
      onSave={load}
      onClose={onClose}
      onRefresh={onLoaded}
    >
      <TextField
        id="calendar-year"
        label={t`年份`}
        type="number"
        min={YEARS[0]}
        max={YEARS[1]}
        error={(isChecked ? yearFault : undefined) ?? refused.year}
        value={year || ""}
        onChange={(event) => setYear(Number(event.target.value))}
      />
      <AreaField
        id="calendar-days"
        label={t`放假安排`}
        hint={t`每行一天：2027-01-01,holiday 是放假，2027-01-03,workday 是周末上班。只写和平常不一样的日子；通知里上一年12月的日子照写。`}
        error={(isChecked && !isReady ? daysFault : undefined) ?? refused.days}
        rows={10}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button type="button" className="btn sm" onClick={() => file.current?.click()}>
        <Trans>从文件读</Trans>
      </button>
      <input
        ref={file}
        hidden
        type="file"
        aria-label={t`要载入的文件`}
        accept=".csv,text/csv,text/plain"
        onChange={(event) => {
          const [chosen] = event.target.files ?? [];
          if (chosen) void chosen.arrayBuffer().then((bytes) => setText(decodeCsv(bytes)));
          event.target.value = "";
        }}
      />
      <Preview parsed={parsed} years={years} year={year} />
    </FormDrawer>
  );
}

const SHOWN = 10;

function Preview({ parsed, years, year }: { parsed: Parsed; years: Year[]; year: number }) {
  const { t } = useLingui();
  const { days, errors } = parsed;
  if (errors.length > 0) {
    const more = errors.length - SHOWN;
    return (
      <Note tone="la" live="status">
        <ul>
          {errors.slice(0, SHOWN).map(({ line, why }) => (
            <li key={`${line}-${why}`}>
              <Trans>
                第{line}行：{t(reasons[why])}
              </Trans>
            </li>
          ))}
        </ul>
        {more > 0 && (
          <p>
            <Trans>还有{more}行要改。</Trans>
          </p>
        )}
      </Note>
    );
  }
  if (days.length === 0) return null;
  return (
    <Note live="status">
      <Loaded days={days} years={years} year={year} />
      <December days={days} years={years} year={year} />
      <p>
        <Trans>载入后，没办结的来件重新计算到期日，不会提前。</Trans>
      </p>
    </Note>
  );
}

interface LoadedProps {
  days: Parsed["days"];
  years: Year[];
  year: number;
}

/** The year itself: what is loaded takes the place of what is known as a whole, but for what a later notice names. */
function Loaded({ days, years, year }: LoadedProps) {
  const known = years.find((one) => one.year === year);
  const later = years.find((one) => one.year === year + 1)?.previous_december ?? [];
  const own = days.filter(({ day }) => !isDecemberBefore(day, year));
  const off = own.filter(({ is_worked }) => !is_worked).length;
  const worked = own.length - off;
  return (
    <>
      <p style={{ fontWeight: 600 }}>
        <Trans>
          {year}年：放假{off}天，调休上班{worked}天。
        </Trans>
      </p>
      {known && <Changes changes={changesBetween(known.days, decemberAfter(own, [], later))} />}
    </>
  );
}

/** The December before, where this notice, or the one that it takes the place of, names days of it. */
function December({ days, years, year }: LoadedProps) {
  const before = years.find((one) => one.year === year - 1);
  const namedBefore = years.find((one) => one.year === year)?.previous_december ?? [];
  const named = days.filter(({ day }) => isDecemberBefore(day, year));
  if (named.length + namedBefore.length === 0) return null;
  const earlier = year - 1;
  const known = before?.days ?? namedBefore;
  return (
    <>
      <p style={{ fontWeight: 600 }}>
        {before ? (
          <Trans>同时改{earlier}年12月：</Trans>
        ) : (
          <Trans>
            同时改{earlier}年12月（{earlier}年的放假安排还没有载入，其余日子仍是暂定）：
          </Trans>
        )}
      </p>
      <Changes changes={changesBetween(known, decemberAfter(known, namedBefore, named))} />
    </>
  );
}

/** Against what is known. */
function Changes({ changes }: { changes: Change[] }) {
  const { t, i18n } = useLingui();
  if (changes.length === 0) {
    return (
      <p>
        <Trans>和现在的一样，没有变化。</Trans>
      </p>
    );
  }
  const count = changes.length;
  const words = (isWorked: boolean | null) => {
    if (isWorked === null) return t({ message: "照常", context: "day" });
    return isWorked ? t({ message: "调休上班", context: "day" }) : t({ message: "放假", context: "day" });
  };
  return (
    <>
      <p>
        <Trans>和现在的比，有{count}天不同：</Trans>
      </p>
      <ul className="changes">
        {changes.map(({ day, before, after }) => (
          <li key={day}>
            <Trans>
              {formatWhen(day, i18n.locale)}：由{words(before)}改为{words(after)}
            </Trans>
          </li>
        ))}
      </ul>
    </>
  );
}
