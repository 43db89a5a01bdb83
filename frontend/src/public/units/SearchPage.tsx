import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { Link, useSearchParams } from "react-router";
import type { Schemas } from "../../api/client";
import { formatNumber } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { unitKindLabels } from "../../shared/labels";
import { FailureNotice } from "../common/FailureNotice";
import { Icon } from "../common/Icon";
import { Loading } from "../common/Loading";
import { BackLink, usePageTitle } from "../common/Page";
import { UnitSearchBox } from "../common/UnitSearchBox";
import { useDebounced } from "../common/useDebounced";
import { usePublicUnits } from "../common/usePublicUnits";

const kinds: Schemas["OrgUnitKind"][] = ["school", "kindergarten", "office", "window"];

function kindIn(params: URLSearchParams): Schemas["OrgUnitKind"] | undefined {
  return kinds.find((kind) => kind === params.get("kind"));
}

export default function SearchPage() {
  const { t } = useLingui();
  usePageTitle(t`找一个单位`);
  const [params, setParams] = useSearchParams();
  const kind = kindIn(params);
  const [typed, setTyped] = useState(params.get("q") ?? "");
  const q = useDebounced(typed.trim());

  // What is searched stands in the address, so that the list can be left, shared and found again.
  useEffect(() => {
    setParams(
      (now) => {
        const next = new URLSearchParams(now);
        if (q) next.set("q", q);
        else next.delete("q");
        return next;
      },
      { replace: true },
    );
  }, [q, setParams]);

  const setKind = (next: Schemas["OrgUnitKind"] | null) =>
    setParams((now) => {
      const changed = new URLSearchParams(now);
      if (next) changed.set("kind", next);
      else changed.delete("kind");
      return changed;
    });

  return (
    <div className="wrap">
      <div className="col">
        <BackLink to="/">
          <Trans>首页</Trans>
        </BackLink>
        <h1>
          <Trans>找一个单位</Trans>
        </h1>
        <UnitSearchBox
          value={typed}
          onChange={setTyped}
          onSubmit={() => document.getElementById("results")?.focus()}
          label={t`写出名称里的几个字就行`}
        />
        <fieldset className="pick">
          <legend className="sr">{t`种类`}</legend>
          <KindChoice label={t`全部`} isChosen={!kind} choose={() => setKind(null)} />
          {kinds.map((each) => (
            <KindChoice
              key={each}
              label={t(unitKindLabels[each])}
              isChosen={kind === each}
              choose={() => setKind(each)}
            />
          ))}
        </fieldset>
        <Results q={q} kind={kind} />
      </div>
    </div>
  );
}

function KindChoice({ label, isChosen, choose }: { label: string; isChosen: boolean; choose: () => void }) {
  return (
    <label className={isChosen ? "on" : ""}>
      <input type="radio" name="kind" checked={isChosen} onChange={choose} />
      <Icon name="check" />
      {label}
    </label>
  );
}

function Results({ q, kind }: { q: string; kind: Schemas["OrgUnitKind"] | undefined }) {
  const list = usePublicUnits({ ...(q ? { q } : {}), ...(kind ? { kind } : {}), limit: 20 });
  return (
    <section className="found" id="results" tabIndex={-1} aria-busy={list.isFetching}>
      <div role="status">
        {list.isSuccess && !list.isPlaceholderData && (
          <Count total={list.total} isCapped={list.isTotalCapped} q={q} />
        )}
      </div>
      {list.isPending && <Loading lines={5} />}
      {list.isError && (
        <FailureNotice
          error={list.error}
          retry={() => void list.refetch()}
          kept={<Trans>您写的还在上面的框里。</Trans>}
        />
      )}
      {list.isSuccess && list.units.length === 0 && <NothingFound q={q} />}
      {list.units.length > 0 && (
        <ul className="rows">
          {list.units.map((unit) => (
            <UnitRow key={unit.id} unit={unit} />
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

function Count({ total, isCapped, q }: { total: number | null; isCapped: boolean; q: string }) {
  const { i18n } = useLingui();
  if (total === null || total === 0) return null;
  const shown = `${formatNumber(total, i18n.locale)}${isCapped ? "+" : ""}`;
  return (
    <p className="small muted">
      {q ? (
        <Trans>
          名称里有“{q}”的，共<span className="nb">{shown}个</span>
        </Trans>
      ) : (
        <Plural value={total} one={`共${shown}个单位`} other={`共${shown}个单位`} />
      )}
    </p>
  );
}

function NothingFound({ q }: { q: string }) {
  return (
    <div className="empty">
      <h2>{q ? <Trans>没有找到名称里有“{q}”的单位</Trans> : <Trans>这里还没有单位</Trans>}</h2>
      <p>
        <Trans>可以少写几个字再试，比如只写“柳湾”。也可以直接投诉，由教育局确定该哪个单位办。</Trans>
      </p>
      <p className="btns">
        <Link className="btn" to="/complain">
          <Trans>不选单位，直接投诉</Trans>
        </Link>
      </p>
    </div>
  );
}

function UnitRow({ unit }: { unit: Schemas["PublicUnitItem"] }) {
  const { i18n, t } = useLingui();
  return (
    <li>
      <h2>
        <Link to={`/units/${unit.id}`}>{nameIn(i18n.locale, unit)}</Link>
      </h2>
      <p className="meta">
        <span>{t(unitKindLabels[unit.kind])}</span>
        {unit.parent && <span>{nameIn(i18n.locale, unit.parent)}</span>}
        {unit.address && <span>{unit.address}</span>}
      </p>
    </li>
  );
}
