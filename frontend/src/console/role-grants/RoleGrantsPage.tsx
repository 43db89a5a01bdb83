import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { formatNumber } from "../../shared/format";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { useMay } from "../shared/me";
import { Empty, Skeleton, Title } from "../shared/parts";
import { GrantFilters } from "./GrantFilters";
import { DeputyForm, EndGrantForm, GrantForm } from "./GrantForms";
import { GrantTable } from "./GrantTable";
import { RoleGuide } from "./RoleGuide";
import { type GrantList, useRoleGrants } from "./useRoleGrants";
import type { RoleGrant } from "./words";

export type Doing = "end" | "name_deputy";

export default function RoleGrantsPage() {
  const { t } = useLingui();
  const mayGrant = useMay()("role_grants.edit");
  const list = useRoleGrants();
  const [isGranting, setGranting] = useState(false);
  const [doing, setDoing] = useState<{ grant: RoleGrant; action: Doing } | null>(null);
  const { data, error, refetch } = list.result;
  const grants = data?.items ?? [];
  // What was fetched anew meanwhile is what the next try is about; what has left the list stays as it was.
  const chosen = grants.find(({ id }) => id === doing?.grant.id) ?? doing?.grant;
  const done = () => {
    setGranting(false);
    setDoing(null);
    void list.refresh();
  };
  const common = { onClose: () => setDoing(null), onSaved: done, onRefresh: () => void refetch() };
  const grantButton = mayGrant && (
    <button type="button" className="btn p" onClick={() => setGranting(true)}>
      <Icon name="plus" />
      <Trans>授予角色</Trans>
    </button>
  );
  return (
    <>
      <Title name={t({ message: "角色", context: "page" })}>{grantButton}</Title>
      <GrantFilters list={list} />
      {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton label={t`正在取角色`} lines={8} />}
      {data && grants.length === 0 && <Nothing list={list} action={grantButton} />}
      {grants.length > 0 && (
        <>
          <GrantTable grants={grants} onDo={(grant, action) => setDoing({ grant, action })} />
          <Pager list={list} />
        </>
      )}
      <RoleGuide />
      {isGranting && (
        <GrantForm
          memberId={list.shown.member_id}
          unitId={list.shown.unit_id}
          onClose={() => setGranting(false)}
          onSaved={done}
        />
      )}
      {chosen && doing?.action === "end" && <EndGrantForm grant={chosen} {...common} />}
      {chosen && doing?.action === "name_deputy" && <DeputyForm grant={chosen} {...common} />}
    </>
  );
}

function Nothing({ list, action }: { list: GrantList; action: React.ReactNode }) {
  const { t } = useLingui();
  if (list.isNarrowed) {
    return (
      <Empty
        title={t`没有符合的角色`}
        action={
          <button
            type="button"
            className="btn"
            onClick={() =>
              list.show({
                q: undefined,
                member_id: undefined,
                unit_id: undefined,
                role: undefined,
                is_deputy: undefined,
                role_grant_id: undefined,
                state: undefined,
              })
            }
          >
            <Trans>清除筛选</Trans>
          </button>
        }
      >
        <Trans>换一个姓名、单位或角色再找；已经结束的，在“状态”里选。</Trans>
      </Empty>
    );
  }
  return (
    <Empty title={t`还没有人担任角色`} action={action}>
      <Trans>
        谁在哪个单位担任什么角色，都记在这里。没有角色的人是普通成员，看不到来件；授予后几秒内生效，不用重新登录。
      </Trans>
    </Empty>
  );
}

function Pager({ list }: { list: GrantList }) {
  const { i18n } = useLingui();
  const { data } = list.result;
  const next = data?.next_cursor;
  const total = data?.total == null ? "" : formatNumber(data.total, i18n.locale);
  return (
    <div className="pager">
      <span role="status">
        {data?.total_is_capped ? <Trans>{total}项以上</Trans> : <Trans>共{total}项</Trans>}
      </span>
      <span className="sp" />
      {list.shown.cursor && (
        <button type="button" className="btn sm" onClick={() => list.show({})}>
          <Trans>回到第一页</Trans>
        </button>
      )}
      {next && (
        <button type="button" className="btn sm" onClick={() => list.show({ cursor: next })}>
          <Trans>下一页</Trans>
          <Icon name="right" small />
        </button>
      )}
    </div>
  );
}
