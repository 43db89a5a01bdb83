import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { nameIn } from "../../shared/i18n";
import { unitKindLabels } from "../../shared/labels";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { wordFor } from "../shared/labels";
import { Skeleton } from "../shared/parts";
import { type Unit, useUnitList } from "./useUnits";

interface TreeProps {
  chosen: string | null;
  isWithClosed: boolean;
  onChoose: (id: string) => void;
}

interface LevelProps extends TreeProps {
  parentId: string;
  depth: number;
}

/** One level of the tree; each unit fetches its own when opened, a long level page by page. */
export function UnitLevel(level: LevelProps) {
  const [cursors, setCursors] = useState<(string | undefined)[]>([undefined]);
  return (
    <ul>
      {cursors.map((cursor, page) => (
        <LevelPage
          key={cursor ?? "first"}
          cursor={cursor}
          onMore={page === cursors.length - 1 ? (next) => setCursors([...cursors, next]) : undefined}
          {...level}
        />
      ))}
    </ul>
  );
}

interface LevelPageProps extends LevelProps {
  cursor: string | undefined;
  onMore?: (cursor: string) => void;
}

function LevelPage({ parentId, depth, cursor, onMore, ...tree }: LevelPageProps) {
  const { t } = useLingui();
  const { data, error, refetch } = useUnitList({
    parent_id: parentId,
    ...(tree.isWithClosed ? { include_closed: true } : {}),
    ...(cursor ? { cursor } : {}),
  });
  const next = data?.next_cursor;
  const shift = { padding: `8px 8px 8px ${40 + depth * 24}px` };
  if (error) {
    return (
      <li>
        <ErrorNotice error={error} retry={() => void refetch()} />
      </li>
    );
  }
  if (!data) {
    return (
      <li>
        <Skeleton lines={2} label={t`正在取下级单位`} />
      </li>
    );
  }
  return (
    <>
      {data.items.map((unit) => (
        <UnitNode key={unit.id} unit={unit} depth={depth} {...tree} />
      ))}
      {data.items.length === 0 && (
        <li className="m xs" style={shift}>
          <Trans>没有下级单位</Trans>
        </li>
      )}
      {next && onMore && (
        <li style={shift}>
          <button type="button" className="btn sm" onClick={() => onMore(next)}>
            <Trans>看后面的</Trans>
          </button>
        </li>
      )}
    </>
  );
}

export function UnitNode({ unit, depth, isOpenAtFirst, ...tree }: UnitNodeProps) {
  const { t, i18n } = useLingui();
  const [isOpen, setOpen] = useState(Boolean(isOpenAtFirst));
  const name = nameIn(i18n.locale, unit);
  return (
    <li>
      <div className={tree.chosen === unit.id ? "tr on" : "tr"} style={{ paddingLeft: 8 + depth * 24 }}>
        <button
          type="button"
          className="ib"
          aria-expanded={isOpen}
          aria-label={t`${name}的下级`}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name={isOpen ? "down" : "right"} small />
        </button>
        <UnitButton unit={unit} {...tree} />
      </div>
      {isOpen && <UnitLevel parentId={unit.id} depth={depth + 1} {...tree} />}
    </li>
  );
}

interface UnitNodeProps extends TreeProps {
  unit: Unit;
  depth: number;
  isOpenAtFirst?: boolean;
}

function UnitButton({ unit, onChoose }: Pick<UnitNodeProps, "unit" | "onChoose">) {
  const { t, i18n } = useLingui();
  return (
    <>
      <button type="button" className="nm ell" onClick={() => onChoose(unit.id)}>
        {nameIn(i18n.locale, unit)}
      </button>
      <span className="tag">{t(wordFor(unitKindLabels, unit.kind))}</span>
      {unit.code && <span className="m xs desk">{unit.code}</span>}
      {unit.closed_at && (
        <span className="tag so">
          <Trans>已撤销</Trans>
        </span>
      )}
      <span className="sp" />
      <span className="m xs ell desk">{unit.head}</span>
    </>
  );
}

/** What a search found, with where it stands. */
export function FoundUnits({ q, ...tree }: TreeProps & { q: string }) {
  const { t, i18n } = useLingui();
  const { data, error, refetch } = useUnitList({ q, ...(tree.isWithClosed ? { include_closed: true } : {}) });
  if (error) return <ErrorNotice error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={4} label={t`正在找…`} />;
  if (data.items.length === 0) {
    return (
      <p className="m" style={{ padding: 16 }}>
        <Trans>没有找到“{q}”。试试更短的词，或者英文名。</Trans>
      </p>
    );
  }
  return (
    <ul className="tree">
      {data.items.map((unit) => (
        <li key={unit.id}>
          <div className={tree.chosen === unit.id ? "tr on" : "tr"}>
            <UnitButton unit={unit} onChoose={tree.onChoose} />
            <span className="m xs ell desk">
              {unit.path.map((above) => nameIn(i18n.locale, above)).join(" / ")}
            </span>
          </div>
        </li>
      ))}
    </ul>
  );
}
