import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link, useParams } from "react-router";
import type { Schemas } from "../../api/client";
import { failureOf } from "../../api/problem";
import { nameIn } from "../../shared/i18n";
import { unitKindLabels } from "../../shared/labels";
import { FailureNotice } from "../common/FailureNotice";
import { Figures } from "../common/Figures";
import { Icon, type IconName } from "../common/Icon";
import { Loading } from "../common/Loading";
import NotFoundPage from "../common/NotFoundPage";
import { Split, usePageTitle } from "../common/Page";
import { useUnit } from "../common/queries";
import { useDebounced } from "../common/useDebounced";
import { usePublicUnits } from "../common/usePublicUnits";
import { People } from "./People";
import { Successions } from "./Successions";

type Unit = Schemas["PublicUnit"];

/** A map that opens in any browser and in the map apps of phones; only the unit's own name and address are sent. */
function mapLink(unit: Unit): string {
  return `https://uri.amap.com/search?keyword=${encodeURIComponent(`${unit.name} ${unit.address ?? ""}`.trim())}`;
}

export default function UnitPage() {
  const { unitId = "" } = useParams();
  const unit = useUnit(unitId);
  if (unit.data) return <UnitDetail unit={unit.data} />;
  // An address that is no unit's is as wrong as one of no unit: trying again helps neither.
  if (unit.isError && ["not_found", "refused"].includes(failureOf(unit.error).kind)) return <NotFoundPage />;
  return (
    <div className="wrap">
      {unit.isError ? (
        <FailureNotice error={unit.error} retry={() => void unit.refetch()} />
      ) : (
        <Loading lines={6} />
      )}
    </div>
  );
}

function UnitDetail({ unit }: { unit: Unit }) {
  const { t, i18n } = useLingui();
  const name = nameIn(i18n.locale, unit);
  usePageTitle(name);
  return (
    <div className="wrap has-thumb">
      <nav aria-label={t`所在位置`}>
        <ol className="crumb">
          <li>
            <Link to="/">
              <Trans>首页</Trans>
            </Link>
          </li>
          {unit.parent && (
            <li>
              <Link to={`/units/${unit.parent.id}`}>{nameIn(i18n.locale, unit.parent)}</Link>
            </li>
          )}
        </ol>
      </nav>
      <Split aside={unit.closed_at ? null : <Speak unit={unit} />}>
        <h1>{name}</h1>
        <p className="lede">{t(unitKindLabels[unit.kind])}</p>
        <Successions unit={unit} />
        <Facts unit={unit} />
        <section className="sec" aria-labelledby="record">
          <header>
            <h2 id="record">
              <Trans>投诉和建议的办理情况</Trans>
            </h2>
          </header>
          <Figures figures={unit.complaints} />
          <p className="small muted after">
            <Trans>少于5件的数字，和能算出这种数字的，都不单列，免得看出是谁提的。</Trans>{" "}
            <Link to="/help#figures">
              <Trans>数字怎么统计</Trans>
            </Link>
          </p>
        </section>
        <People unit={unit} />
        {unit.children_count > 0 && <Children unit={unit} />}
      </Split>
      {!unit.closed_at && <Thumb unit={unit} />}
    </div>
  );
}

function Thumb({ unit }: { unit: Unit }) {
  return (
    <div className="thumb">
      <Link className="btn primary" to={`/complain?unit=${unit.id}`}>
        <Icon name="pen" />
        <Trans>投诉或建议</Trans>
      </Link>
      {unit.hotline && (
        <a className="btn" href={`tel:${unit.hotline}`}>
          <Icon name="phone" />
          <Trans>打电话</Trans>
        </a>
      )}
    </div>
  );
}

function Speak({ unit }: { unit: Unit }) {
  return (
    <div className="box only-wide">
      <h2>
        <Trans>有话要对这个单位说</Trans>
      </h2>
      <p className="btns">
        <Link className="btn primary" to={`/complain?unit=${unit.id}`}>
          <Icon name="pen" />
          <Trans>投诉或建议</Trans>
        </Link>
      </p>
      <p className="small muted after">
        <Trans>可以不留姓名。单位看不到您是谁，除非您自己写明。</Trans>
      </p>
    </div>
  );
}

function Facts({ unit }: { unit: Unit }) {
  const { t } = useLingui();
  const facts: [IconName, string, string | null][] = [
    ["clock", t`办公时间`, unit.opening_hours],
    ["map", t`地址`, unit.address],
    ["person", t`负责人`, unit.head],
  ];
  const known = facts.filter(([, , value]) => value);
  return (
    <>
      {known.length > 0 && (
        <dl className="facts">
          {known.map(([icon, label, value]) => (
            <div key={icon}>
              <dt>
                <Icon name={icon} />
                <span className="sr">{label}</span>
              </dt>
              <dd>{icon === "person" ? t`负责人：${value ?? ""}` : value}</dd>
            </div>
          ))}
        </dl>
      )}
      {known.length === 0 && !unit.hotline && (
        <p className="small muted after">
          <Trans>这个单位还没有登记电话、地址和办公时间。</Trans>
        </p>
      )}
      {(unit.hotline || unit.address) && (
        <div className="contact">
          {unit.hotline && (
            <a className="btn" href={`tel:${unit.hotline}`}>
              <Icon name="phone" />
              {unit.hotline}
            </a>
          )}
          {unit.address && (
            <a className="btn" href={mapLink(unit)} target="_blank" rel="noopener noreferrer">
              <Icon name="map" />
              <Trans>看地图</Trans>
            </a>
          )}
        </div>
      )}
    </>
  );
}

const NARROW_FROM = 8;

function Children({ unit }: { unit: Unit }) {
  const { t, i18n } = useLingui();
  const [typed, setTyped] = useState("");
  const q = useDebounced(typed.trim());
  const list = usePublicUnits({ parent_id: unit.id, ...(q ? { q } : {}), limit: 20 });
  return (
    <section className="sec" aria-labelledby="children">
      <header>
        <h2 id="children">
          <Trans>下属单位</Trans>
        </h2>
        <p className="small">
          <Trans>{unit.children_count}个</Trans>
        </p>
      </header>
      {unit.children_count > NARROW_FROM && (
        <div className="narrow">
          <Icon name="search" />
          <input
            type="search"
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
            aria-label={t`在下属单位里找`}
            placeholder={t`在下属单位里找`}
          />
        </div>
      )}
      {list.isPending && <Loading lines={4} />}
      {list.isError && <FailureNotice error={list.error} retry={() => void list.refetch()} />}
      {list.isSuccess && list.units.length === 0 && (
        <p className="muted" role="status">
          <Trans>没有找到名称里有“{q}”的单位</Trans>
        </p>
      )}
      {list.units.length > 0 && (
        <ul className="rows tight">
          {list.units.map((child) => (
            <li key={child.id}>
              <Link className="go" to={`/units/${child.id}`}>
                <span>{nameIn(i18n.locale, child)}</span>
                <small>{t(unitKindLabels[child.kind])}</small>
                <Icon name="next" />
              </Link>
            </li>
          ))}
        </ul>
      )}
      {list.hasNextPage && (
        <p className="btns">
          <button
            type="button"
            className="btn"
            disabled={list.isFetchingNextPage}
            onClick={() => void list.fetchNextPage()}
          >
            {list.isFetchingNextPage ? <Trans>正在取</Trans> : <Trans>再看20个</Trans>}
          </button>
        </p>
      )}
    </section>
  );
}
