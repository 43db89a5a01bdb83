import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { $api, type Schemas } from "../../api/client";
import { formatMonth } from "../../shared/format";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { listOf } from "../shared/listOf";
import { useMay } from "../shared/me";
import { Note, Skeleton, Title } from "../shared/parts";
import { LoadYear } from "./LoadYear";
import { byMonth, type Span } from "./months";
import { formatDay } from "./words";

export type Year = Schemas["CalendarYear"];

export default function CalendarsPage() {
  const { t } = useLingui();
  const may = useMay();
  const { data, error, refetch } = $api.useQuery("get", "/api/v1/calendars");
  const [isLoading, setLoading] = useState(false);
  const last = data?.items[0]?.year ?? 0;
  return (
    <>
      <Title name={t`工作日历`}>
        {may("settings.edit") && data && (
          <button type="button" className="btn p" onClick={() => setLoading(true)}>
            <Icon name="upload" />
            <Trans>载入一年的放假安排</Trans>
          </button>
        )}
      </Title>
      {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={8} label={t`正在取工作日历`} />}
      {data && (
        <>
          <Note>
            <Trans>
              放假安排已经到{last}
              年。落在以后年份的到期日先按周末推算，是暂定的；国务院公布后在这里载入，到期日重新计算，不会提前。
            </Trans>
          </Note>
          {data.items.map((year) => (
            <YearView key={year.year} year={year} isOpen={year.year === last} />
          ))}
        </>
      )}
      {isLoading && data && (
        <LoadYear years={data.items} onClose={() => setLoading(false)} onLoaded={() => void refetch()} />
      )}
    </>
  );
}

function YearView({ year, isOpen }: { year: Year; isOpen: boolean }) {
  const { t, i18n } = useLingui();
  const off = year.days.filter(({ is_worked }) => !is_worked).length;
  const worked = year.days.length - off;
  return (
    <details className="year" open={isOpen}>
      <summary>
        <Icon name="right" small />
        <b>{year.year}</b>{" "}
        <span className="m">
          <Trans>
            放假{off}天，调休上班{worked}天
          </Trans>
        </span>
        {year.loaded_at && <span className="tag">{t`本地载入`}</span>}
      </summary>
      {year.previous_december.length > 0 && <December year={year} />}
      <dl className="months">
        {byMonth(year.days).map((month) => (
          <div key={month.month}>
            <dt>{formatMonth(month.month, i18n.locale)}</dt>
            <dd>
              {month.off.length > 0 && (
                <p>
                  <span className="tag go">{t`放假`}</span>{" "}
                  {listOf(
                    i18n.locale,
                    month.off.map((span) => spanWords(span, i18n.locale)),
                  )}
                </p>
              )}
              {month.worked.length > 0 && (
                <p>
                  <span className="tag so">{t`调休上班`}</span>{" "}
                  {listOf(
                    i18n.locale,
                    month.worked.map((day) => formatDay(day, i18n.locale)),
                  )}
                </p>
              )}
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}

/** Where this year's notice begins: those days count in the year before, and stand there, too. */
function December({ year }: { year: Year }) {
  const { i18n } = useLingui();
  const earlier = year.year - 1;
  const of = (isWorked: boolean) =>
    listOf(
      i18n.locale,
      year.previous_december
        .filter(({ is_worked }) => is_worked === isWorked)
        .map(({ day }) => formatDay(day, i18n.locale, true)),
    );
  const [off, worked] = [of(false), of(true)];
  return (
    <p className="m december">
      <Trans>这一年的通知还改了{earlier}年12月。</Trans>
      {off && (
        <>
          {" "}
          <Trans>放假：{off}。</Trans>
        </>
      )}
      {worked && (
        <>
          {" "}
          <Trans>调休上班：{worked}。</Trans>
        </>
      )}
    </p>
  );
}

function spanWords({ from, to }: Span, locale: string): string {
  const first = formatDay(from, locale);
  if (from === to) return first;
  return `${first}–${formatDay(to, locale, from.slice(0, 7) !== to.slice(0, 7))}`;
}
