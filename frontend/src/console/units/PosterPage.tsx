import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useParams } from "react-router";
import { $api, apiBase } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { useMe } from "../shared/me";
import { Skeleton, useDocumentTitle } from "../shared/parts";
import type { Unit } from "./useUnits";
import "../styles/poster.css";

/** What stands on a sheet is in both languages, whichever the console speaks: it hangs where everybody passes. */
const POINTS: [string, string][] = [
  ["投诉、建议、咨询、表扬，都可以写", "Complaints, suggestions, questions and praise"],
  ["可以不留姓名，也不用注册", "No name and no account needed"],
  ["交了就有查询码，凭码看办到哪一步", "You get a code to see how it goes on"],
  ["办完可以评价，不满意可以要求重办", "Rate the answer, or ask for another one"],
];

/** An A4 sheet for doors and counters: the unit, its code, and what one can do there. */
export default function PosterPage() {
  const { id = "" } = useParams();
  const { t } = useLingui();
  const me = useMe();
  const unit = $api.useQuery("get", "/api/v1/units/{unit_id}", { params: { path: { unit_id: id } } });
  const county = $api.useQuery(
    "get",
    "/api/v1/units/{unit_id}",
    { params: { path: { unit_id: me?.region.id ?? "" } } },
    { enabled: Boolean(me) },
  );
  const failed = unit.error ?? county.error;
  if (failed) return <ErrorNotice error={failed} retry={() => void unit.refetch()} />;
  if (!unit.data || !county.data) return <Skeleton lines={8} label={t`正在取单位`} />;
  return (
    <>
      <div className="row noprint poster-bar">
        <Link className="btn" to={`/units?unit=${id}`}>
          <Trans>回到单位</Trans>
        </Link>
        <span className="sp" />
        {!unit.data.closed_at && (
          <button type="button" className="btn p" onClick={() => globalThis.print()}>
            <Icon name="print" />
            <Trans>打印</Trans>
          </button>
        )}
      </div>
      {unit.data.closed_at ? (
        <p>
          <Trans>这个单位已经撤销，不能再张贴它的二维码。</Trans>
        </p>
      ) : (
        <div className="poster-frame">
          <Sheet unit={unit.data} county={county.data} />
        </div>
      )}
    </>
  );
}

function Sheet({ unit, county }: { unit: Unit; county: Unit }) {
  const { t, i18n } = useLingui();
  useDocumentTitle(t`张贴页：${nameIn(i18n.locale, unit)}`);
  const isCounty = unit.id === county.id;
  const { name } = unit;
  return (
    <article className="poster" aria-label={t`A4张贴页`}>
      <header>
        {!isCounty && (
          <p className="over">
            <span lang="zh-CN">{county.name}</span>
            {county.name_en && <span lang="en">{county.name_en}</span>}
          </p>
        )}
        <h1>
          <span lang="zh-CN">{unit.name}</span>
          {unit.name_en && (
            <small lang="en" className="en">
              {unit.name_en}
            </small>
          )}
        </h1>
      </header>
      <p className="call">
        <span lang="zh-CN">对我们的工作有话说，请扫码</span>
        <span lang="en" className="en">
          Something to tell us? Scan here
        </span>
      </p>
      <img
        src={`${apiBase()}/api/v1/public/units/${unit.id}/qr?format=svg&size=1024`}
        alt={t`“${name}”的二维码`}
      />
      <ul>
        {POINTS.map(([zh, en]) => (
          <li key={en}>
            <span lang="zh-CN">{zh}</span>
            <span lang="en" className="en">
              {en}
            </span>
          </li>
        ))}
      </ul>
      <footer>
        <Hotline zh="本单位电话" en="This unit" number={unit.hotline} />
        {!isCounty && <Hotline zh="教育局监督电话" en="Education bureau" number={county.hotline} />}
      </footer>
    </article>
  );
}

function Hotline({ zh, en, number }: { zh: string; en: string; number: string | null }) {
  if (!number) return null;
  return (
    <p>
      <span lang="zh-CN">{zh}</span> <span lang="en">{en}</span>
      <b>{number}</b>
    </p>
  );
}
