import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer } from "antd";
import { useState } from "react";
import { Link, useSearchParams } from "react-router";
import { $api } from "../../api/client";
import { ErrorNotice } from "../shared/ErrorNotice";
import { ExportMenu } from "../shared/ExportMenu";
import { Icon } from "../shared/Icon";
import { useMay, useMe } from "../shared/me";
import { Note, Skeleton, Title } from "../shared/parts";
import { useDebounced } from "../shared/useDebounced";
import { useMedia } from "../shared/useMedia";
import { UnitCard } from "./UnitCard";
import { FoundUnits, UnitNode } from "./UnitTree";

export default function UnitsPage() {
  const { t } = useLingui();
  const may = useMay();
  const [params, setParams] = useSearchParams();
  const chosen = params.get("unit");
  const [typed, setTyped] = useState("");
  const [isWithClosed, setWithClosed] = useState(false);
  const q = useDebounced(typed.trim());
  const choose = (id: string | null) => setParams(id ? { unit: id } : {}, { replace: true });
  const tree = { chosen, isWithClosed, onChoose: choose };
  // Beside the tree there is no room; below it nobody would see the card.
  const isNarrow = useMedia("(max-width: 1023px)");
  const card = chosen && <UnitCard key={chosen} id={chosen} onClose={() => choose(null)} onChoose={choose} />;
  return (
    <>
      <Title name={t({ message: "单位", context: "page" })}>
        {may("units.import") && (
          <Link className="btn" to="/imports/new?kind=units">
            <Icon name="upload" />
            <Trans>导入单位</Trans>
          </Link>
        )}
        <ExportMenu
          path="/api/v1/units/export"
          name={t({ message: "单位", context: "page" })}
          query={{ ...(q ? { q } : {}), ...(isWithClosed ? { include_closed: true } : {}) }}
        />
      </Title>
      <div className="filters">
        <label className="fin" style={{ width: 280 }}>
          <Icon name="search" small />
          <input
            type="search"
            data-search="page"
            value={typed}
            aria-label={t`找单位`}
            placeholder={t`找单位，名称、拼音或编码`}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={isWithClosed}
            onChange={(event) => setWithClosed(event.target.checked)}
          />
          <Trans>连同已撤销的</Trans>
        </label>
      </div>
      <div className="split">
        <div>{q ? <FoundUnits q={q} {...tree} /> : <Root {...tree} />}</div>
        {!isNarrow &&
          (card || (
            <div className="sidecard">
              <Note>
                <Trans>点一个单位，看它的电话、地址和能做的事。展开箭头看下级。</Trans>
              </Note>
            </div>
          ))}
      </div>
      {isNarrow && (
        <Drawer
          open={chosen !== null}
          onClose={() => choose(null)}
          closable={false}
          size={420}
          aria-labelledby="unit-head"
          className="carddrawer"
        >
          {card}
        </Drawer>
      )}
    </>
  );
}

interface RootProps {
  chosen: string | null;
  isWithClosed: boolean;
  onChoose: (id: string) => void;
}

function Root(tree: RootProps) {
  const { t } = useLingui();
  const me = useMe();
  const id = me?.region.id ?? "";
  const { data, error, refetch } = $api.useQuery("get", "/api/v1/units/{unit_id}", {
    params: { path: { unit_id: id } },
  });
  if (error) return <ErrorNotice error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton label={t`正在取单位`} />;
  return (
    <ul className="tree">
      <UnitNode unit={data} depth={0} isOpenAtFirst {...tree} />
    </ul>
  );
}
