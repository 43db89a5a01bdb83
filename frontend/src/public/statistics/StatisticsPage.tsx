import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useEffect } from "react";
import { Link, useLocation, useSearchParams } from "react-router";
import type { Schemas } from "../../api/client";
import { formatMonth, formatNumber } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { complaintKindLabels } from "../../shared/labels";
import { FailureNotice } from "../common/FailureNotice";
import { Figures } from "../common/Figures";
import { Fold } from "../common/Fold";
import { Icon } from "../common/Icon";
import { Loading } from "../common/Loading";
import { BackLink, usePageTitle } from "../common/Page";
import { useStatistics } from "../common/queries";
import { MonthChart } from "./MonthChart";

type Statistics = Schemas["PublicComplaintStatistics"];

export default function StatisticsPage() {
  const { t } = useLingui();
  usePageTitle(t`投诉和建议：办得怎么样`);
  const [params] = useSearchParams();
  const asked = Number(params.get("year") ?? Number.NaN);
  const statistics = useStatistics(Number.isInteger(asked) ? asked : undefined);
  return (
    <div className="wrap">
      <BackLink to="/">
        <Trans>首页</Trans>
      </BackLink>
      <h1>
        <Trans>投诉和建议：办得怎么样</Trans>
      </h1>
      {statistics.isPending && <Loading lines={6} />}
      {statistics.isError && (
        <FailureNotice error={statistics.error} retry={() => void statistics.refetch()} />
      )}
      {statistics.data && <Report statistics={statistics.data} />}
    </div>
  );
}

function Report({ statistics }: { statistics: Statistics }) {
  useScrollToPart();
  const { year, years } = statistics;
  const isPresent = year === years.at(-1);
  return (
    <>
      <p className="lede">
        <Trans>
          全县，<span className="nb">{statistics.year}年</span>
          。少于5件的数字，和能算出这种数字的，都不单列，免得看出是谁提的。
        </Trans>
      </p>
      <Years statistics={statistics} />
      <div className="after">
        <Figures
          figures={statistics.figures}
          to={`/statistics?year=${year}`}
          year={isPresent ? undefined : year}
        />
      </div>
      <Months months={statistics.by_month} />
      <Kinds kinds={statistics.by_kind} />
      <Categories categories={statistics.by_category} />
      <How />
      <p className="btns no-print">
        <button type="button" className="btn" onClick={() => globalThis.print()}>
          <Icon name="print" />
          <Trans>打印</Trans>
        </button>
      </p>
    </>
  );
}

/** The years that there are figures of; a county that has just begun has one. */
function Years({ statistics: { year, years } }: { statistics: Statistics }) {
  const { t } = useLingui();
  if (years.length < 2) return null;
  return (
    <nav className="btns years no-print" aria-label={t`看哪一年`}>
      {years.toReversed().map((one) => (
        <Link
          key={one}
          className={one === year ? "btn primary" : "btn"}
          to={`/statistics?year=${one}`}
          aria-current={one === year ? "page" : undefined}
        >
          {t`${one}年`}
        </Link>
      ))}
    </nav>
  );
}

/** A figure of the home page leads to its part of this one, which is there only once the numbers are. */
function useScrollToPart() {
  const { hash } = useLocation();
  useEffect(() => {
    if (!hash) return;
    const part = document.getElementById(hash.slice(1));
    part?.scrollIntoView?.();
    part?.querySelector<HTMLElement>("h2")?.focus({ preventScroll: true });
  }, [hash]);
}

function Part({
  id,
  title,
  says,
  isWide = false,
  children,
}: {
  isWide?: boolean;
  id: string;
  title: string;
  says?: ReactNode;
  children: ReactNode;
}) {
  return (
    <section className={`sec ${isWide ? "" : "col"}`} id={id} aria-labelledby={`${id}-title`}>
      <header>
        <h2 id={`${id}-title`} tabIndex={-1}>
          {title}
        </h2>
      </header>
      {says && <p className="muted">{says}</p>}
      {children}
    </section>
  );
}

function Months({ months }: { months: Statistics["by_month"] }) {
  const { t, i18n } = useLingui();
  if (months.length === 0) {
    return (
      <Part id="months" title={t`每月收到和答复了多少件`}>
        <p className="muted">
          <Trans>还没有收到。有了以后，这里按月列出。</Trans>
        </p>
      </Part>
    );
  }
  return (
    <Part id="months" title={t`每月收到和答复了多少件`} isWide>
      <MonthChart months={months} label={t`每月收到和答复的件数，数字见下面的表`} />
      <Data>
        <table>
          <thead>
            <tr>
              <th scope="col">{t`月份`}</th>
              <th scope="col" className="n">{t`收到`}</th>
              <th scope="col" className="n">{t`其中已答复`}</th>
            </tr>
          </thead>
          <tbody>
            {months.map((month) => (
              <tr key={month.month}>
                <th scope="row">{formatMonth(month.month, i18n.locale)}</th>
                <Count value={month.received} />
                <Count value={month.replied} />
              </tr>
            ))}
          </tbody>
        </table>
      </Data>
    </Part>
  );
}

function Kinds({ kinds }: { kinds: Statistics["by_kind"] }) {
  const { t } = useLingui();
  return (
    <Part id="kinds" title={t`都是什么事`} says={<Trans>这一年收到的，按种类。</Trans>}>
      <BarTable
        heading={t`种类`}
        rows={kinds.map(({ kind, received }) => ({
          key: kind,
          name: t(complaintKindLabels[kind]),
          received,
        }))}
      />
    </Part>
  );
}

/** Those whose number is not shown stand in one row: a long list of them would say nothing more. */
function Categories({ categories }: { categories: Statistics["by_category"] }) {
  const { t, i18n } = useLingui();
  if (categories.length === 0) return null;
  const rows = categories.map(({ category, received }) => ({
    key: category?.id ?? "none",
    name: category ? nameIn(i18n.locale, category) : t`还没有分类的`,
    received,
  }));
  const few = rows.filter(({ received }) => received === null).map(({ name }) => name);
  return (
    <Part id="categories" title={t`涉及哪些方面`} says={<Trans>这一年收到的，按分类，多的在前。</Trans>}>
      <BarTable heading={t`分类`} isWide rows={rows.filter(({ received }) => received !== null)} />
      {few.length > 0 && (
        <p className="muted">
          <Trans>不单列的：{few.join(i18n.locale === "en" ? ", " : "、")}</Trans>
        </p>
      )}
    </Part>
  );
}

interface BarRow {
  key: string;
  name: string;
  received: number | null;
}

/** Bars from zero, each with its number; what is not shown has no bar. */
function BarTable({ heading, rows, isWide = false }: { heading: string; rows: BarRow[]; isWide?: boolean }) {
  const { t, i18n } = useLingui();
  const max = Math.max(1, ...rows.map(({ received }) => received ?? 0));
  return (
    <table className={isWide ? "bars wide" : "bars"}>
      <thead className="sr">
        <tr>
          <th scope="col">{heading}</th>
          <th scope="col">{t`收到`}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map(({ key, name, received }) => (
          <tr key={key}>
            <th scope="row">{name}</th>
            <td>
              <span className="tr">
                {received !== null && (
                  <svg width="100%" height="12" aria-hidden="true">
                    <rect width={`${(received / max) * 100}%`} height="12" rx="3" className="c1" />
                  </svg>
                )}
              </span>
              <span className="n">
                {received === null ? <Few /> : <Trans>{formatNumber(received, i18n.locale)}件</Trans>}
              </span>
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function How() {
  const { t } = useLingui();
  return (
    <Part id="how" title={t`这些数字怎么算`}>
      <dl className="why">
        <dt>
          <Trans>收到</Trans>
        </dt>
        <dd>
          <Trans>网上、电话、信箱、邮件和当面提出的都算，从当年1月1日起。</Trans>
        </dd>
        <dt>
          <Trans>答复</Trans>
        </dt>
        <dd>
          <Trans>
            单位负责人审核以后，发给提出人的正式答复。中间的问话不算。每月的答复，是那个月收到的里面已经答复的。
          </Trans>
        </dd>
        <dt>
          <Trans>答复用时的中位数</Trans>
        </dt>
        <dd>
          <Trans>
            把每件事从收到到答复的天数排起来，正中间的那一个。一半的事比它快，一半比它慢；不像平均数那样被个别特别慢的事带偏。
          </Trans>
        </dd>
        <dt>
          <Trans>满意</Trans>
        </dt>
        <dd>
          <Trans>只有提出人自己能评价答复。“非常满意”“满意”“基本满意”算满意；没有评价的不算在内。</Trans>
        </dd>
      </dl>
    </Part>
  );
}

function Data({ children }: { children: ReactNode }) {
  return (
    <Fold className="data" label={<Trans>看数字</Trans>}>
      {children}
    </Fold>
  );
}

function Count({ value }: { value: number | null }) {
  const { i18n } = useLingui();
  return <td className="n">{value === null ? <Few /> : formatNumber(value, i18n.locale)}</td>;
}

function Few() {
  return (
    <span className="hide">
      <Trans>不单列</Trans>
    </span>
  );
}
