import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { api } from "../../api/client";
import { AreaField, TextField } from "../shared/Field";
import { FormDrawer } from "../shared/FormDrawer";
import { Note } from "../shared/parts";
import { useSave } from "../shared/useSave";
import type { Year } from "./CalendarsPage";
import { type LineError, type Parsed, parseCalendar } from "./parse";

interface LoadYearProps {
  years: Year[];
  onClose: () => void;
  onLoaded: () => void;
}

const reasons: Record<LineError["why"], MessageDescriptor> = {
  not_a_pair: msg`要写“日期,类型”`,
  not_a_date: msg`日期要写成2027-01-01这样`,
  other_year: msg`不是这一年的日期`,
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
  const isReady = parsed.days.length > 0 && parsed.errors.length === 0;
  const load = () => {
    if (!isReady) return;
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
        min={2004}
        max={2100}
        value={year}
        onChange={(event) => setYear(Number(event.target.value))}
      />
      <AreaField
        id="calendar-days"
        label={t`放假安排`}
        hint={t`每行一天：2027-01-01,holiday 是放假，2027-01-03,workday 是周末上班。只写和平常不一样的日子。`}
        rows={10}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <label className="btn sm">
        <Trans>从文件读</Trans>
        <input
          className="vh"
          type="file"
          accept=".csv,text/csv,text/plain"
          onChange={(event) => {
            const [file] = event.target.files ?? [];
            if (file) void file.text().then(setText);
          }}
        />
      </label>
      <Preview parsed={parsed} known={known} year={year} />
    </FormDrawer>
  );
}

function Preview({ parsed, known, year }: { parsed: Parsed; known?: Year; year: number }) {
  const { t } = useLingui();
  const { days, errors } = parsed;
  if (errors.length > 0) {
    return (
      <Note tone="la" live="status">
        <ul>
          {errors.slice(0, 10).map(({ line, why }) => (
            <li key={`${line}-${why}`}>
              <Trans>
                第{line}行：{t(reasons[why])}
              </Trans>
            </li>
          ))}
        </ul>
      </Note>
    );
  }
  if (days.length === 0) return null;
  const off = days.filter(({ is_worked }) => !is_worked).length;
  const worked = days.length - off;
  const before = new Map(known?.days.map((one) => [one.day, one.is_worked]));
  const changed = days.filter(({ day, is_worked }) => before.get(day) !== is_worked).length;
  const dropped = [...before.keys()].filter((day) => !days.some((one) => one.day === day)).length;
  return (
    <Note live="status">
      <p>
        <Trans>
          {year}年：放假{off}天，调休上班{worked}天。
        </Trans>
      </p>
      {known && (
        <p>
          <Trans>
            和现在的比，改了{changed}天，去掉{dropped}天。
          </Trans>
        </p>
      )}
      <p>
        <Trans>载入后，没办结的来件重新计算到期日，不会提前。</Trans>
      </p>
    </Note>
  );
}
