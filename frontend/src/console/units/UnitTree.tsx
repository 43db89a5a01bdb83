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

/** One level of the tree; each unit fetches its own when opened. */
export function UnitLevel({ parentId, depth, ...tree }: TreeProps & { parentId: string; depth: number }) {
  const { t } = useLingui();
  const { data, error, refetch } = useUnitList({ parent_id: parentId, include_closed: tree.isWithClosed });
  if (error) return <ErrorNotice error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={2} label={t`正在取下级单位`} />;
  const indent = 8 + depth * 24;
  return (
    <ul>
      {data.items.map((unit) => (
        <UnitNode key={unit.id} unit={unit} depth={depth} {...tree} />
      ))}
      {data.items.length === 0 && (
        <li className="m xs" style={{ padding: `8px 8px 8px ${indent + 32}px` }}>
          <Trans>没有下级单位</Trans>
        </li>
      )}
      {data.next_cursor && (
        <li className="m xs" style={{ padding: `8px 8px 8px ${indent + 32}px` }}>
          <Trans>只列出前100个，请用搜索找其余的</Trans>
        </li>
      )}
    </ul>
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
  const { data, error, refetch } = useUnitList({ q, include_closed: tree.isWithClosed });
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
