import { Trans, useLingui } from "@lingui/react/macro";
import { keepPreviousData, useQueryClient } from "@tanstack/react-query";
import { Dropdown } from "antd";
import { type ComponentType, type FormEvent, useState } from "react";
import { Link, useSearchParams } from "react-router";
import { $api } from "../../api/client";
import { formatNumber } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { AccountDrawer } from "../accounts/AccountDrawer";
import { ErrorNotice } from "../shared/ErrorNotice";
import { ExportMenu } from "../shared/ExportMenu";
import { UnitChip } from "../shared/FilterChips";
import { Icon } from "../shared/Icon";
import { roleWords, wordFor } from "../shared/labels";
import { listOf } from "../shared/listOf";
import { useMay, useMe } from "../shared/me";
import { Avatar, Empty, Skeleton, Title } from "../shared/parts";
import { HandOverForm } from "./HandOverForm";
import {
  CloseMemberForm,
  CreateMemberForm,
  EditMemberForm,
  type Member,
  MoveMemberForm,
} from "./MemberForms";
import { PublicCardForm } from "./PublicCardForm";

type Action = Member["allowed_actions"][number];

interface FormProps {
  member: Member;
  onClose: () => void;
  onSaved: () => void;
  onRefresh: () => void;
}

const forms: Record<Action, ComponentType<FormProps>> = {
  edit: EditMemberForm,
  move: MoveMemberForm,
  show_card: PublicCardForm,
  hand_over: HandOverForm,
  close: CloseMemberForm,
  view_account: AccountDrawer,
};

export default function MembersPage() {
  const { t } = useLingui();
  const may = useMay();
  const me = useMe();
  const list = useMembers();
  const [isCreating, setCreating] = useState(false);
  const [doing, setDoing] = useState<{ id: string; action: Action } | null>(null);
  const { data, error, refetch } = list.result;
  const members = data?.items ?? [];
  const member = members.find(({ id }) => id === doing?.id);
  const Form = doing ? forms[doing.action] : null;
  const done = () => {
    setCreating(false);
    setDoing(null);
    void list.refresh();
  };
  return (
    <>
      <Title name={t`成员`}>
        {may("members.import") && (
          <Link className="btn" to="/imports/new?kind=members">
            <Icon name="upload" />
            <Trans>导入成员</Trans>
          </Link>
        )}
        <ExportMenu path="/api/v1/members/export" name={t`成员`} query={list.filters} />
        {may("members.edit") && (
          <button type="button" className="btn p" onClick={() => setCreating(true)}>
            <Icon name="plus" />
            <Trans>新增成员</Trans>
          </button>
        )}
      </Title>
      <MemberFilters list={list} />
      {error && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton label={t`正在取成员`} lines={10} />}
      {data && members.length === 0 && (
        <Empty title={t`没有找到成员`}>
          <Trans>换一个名字或单位再找；新来的人由系统管理员新增。</Trans>
        </Empty>
      )}
      {members.length > 0 && (
        <MemberTable members={members} onDo={(id, action) => setDoing({ id, action })} />
      )}
      {members.length > 0 && <MemberPager list={list} />}
      {isCreating && (
        <CreateMemberForm
          unitId={list.unitId ?? me?.region.id}
          onClose={() => setCreating(false)}
          onSaved={done}
        />
      )}
      {Form && member && (
        <Form
          member={member}
          onClose={() => setDoing(null)}
          onSaved={done}
          onRefresh={() => void refetch()}
        />
      )}
    </>
  );
}

function useMembers() {
  const queryClient = useQueryClient();
  const [params, setParams] = useSearchParams();
  const q = params.get("q") ?? "";
  const unitId = params.get("unit_id") ?? undefined;
  const isWithClosed = params.get("include_closed") === "true";
  const cursor = params.get("cursor") ?? undefined;
  const filters = {
    ...(q ? { q } : {}),
    ...(unitId ? { unit_id: unitId } : {}),
    ...(isWithClosed ? { include_closed: true } : {}),
  };
  const query = {
    limit: 50,
    count: true,
    ...filters,
    ...(cursor ? { cursor } : {}),
  };
  const result = $api.useQuery(
    "get",
    "/api/v1/members",
    { params: { query } },
    { placeholderData: keepPreviousData },
  );
  const show = (changed: Record<string, string | undefined>) => {
    const all = { q, unit_id: unitId, include_closed: isWithClosed ? "true" : undefined, ...changed };
    const kept = Object.entries(all).filter((entry): entry is [string, string] => Boolean(entry[1]));
    setParams(Object.fromEntries(kept));
  };
  const refresh = () =>
    queryClient.invalidateQueries({
      predicate: ({ queryKey }) => String(queryKey[1]).startsWith("/api/v1/members"),
    });
  return { q, unitId, isWithClosed, cursor, filters, result, show, refresh };
}

type MemberList = ReturnType<typeof useMembers>;

function MemberFilters({ list }: { list: MemberList }) {
  const { t } = useLingui();
  const find = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    list.show({ q: String(new FormData(event.currentTarget).get("q") ?? "").trim() });
  };
  return (
    <div className="filters">
      {/* biome-ignore lint/a11y/useSemanticElements: <search> is not known to every browser we serve */}
      <form
        className="fin"
        role="search"
        style={{ width: 240 }}
        onSubmit={find}
        key={list.q}
        aria-label={t`找成员`}
      >
        <Icon name="search" small />
        <input
          type="search"
          name="q"
          data-search="page"
          defaultValue={list.q}
          aria-label={t`找成员`}
          placeholder={t`姓名或工号，按Enter`}
        />
      </form>
      <UnitChip filters={{ unit_id: list.unitId }} onChange={({ unit_id }) => list.show({ unit_id })} />
      <label className="check">
        <input
          type="checkbox"
          checked={list.isWithClosed}
          onChange={(event) => list.show({ include_closed: event.target.checked ? "true" : undefined })}
        />
        <Trans>连同已离任的</Trans>
      </label>
    </div>
  );
}

interface MemberTableProps {
  members: Member[];
  onDo: (id: string, action: Action) => void;
}

function MemberTable({ members, onDo }: MemberTableProps) {
  const { t, i18n } = useLingui();
  return (
    <table className="tbl sticky members">
      <thead>
        <tr>
          <th scope="col">{t`姓名`}</th>
          <th scope="col" className="desk-cell">{t`工号`}</th>
          <th scope="col" className="desk-cell">{t`单位`}</th>
          <th scope="col" className="desk-cell">{t`角色`}</th>
          <th scope="col" className="desk-cell">{t`党支部`}</th>
          <th scope="col" style={{ width: 64 }}>
            <span className="vh">{t`能做的事`}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {members.map((member) => (
          <tr key={member.id}>
            <td>
              <span className="row">
                <Avatar name={nameIn(i18n.locale, member)} quiet />
                <span className="ell">
                  {nameIn(i18n.locale, member)}
                  <span className="m">　{(i18n.locale === "en" && member.post_en) || member.post}</span>
                </span>
                {member.is_party_member && <span className="tag">{t`党员`}</span>}
                {member.closed_at && <span className="tag so">{t`已离任`}</span>}
              </span>
              <span className="m xs phone">
                {nameIn(i18n.locale, member.unit)}
                {member.staff_number && ` · ${member.staff_number}`}
              </span>
              <span className="phone">
                <Roles member={member} />
              </span>
            </td>
            <td className="m desk-cell">{member.staff_number ?? "—"}</td>
            <td className="desk-cell">{nameIn(i18n.locale, member.unit)}</td>
            <td className="desk-cell">
              <Roles member={member} />
            </td>
            <td className="m desk-cell">{member.branch ? nameIn(i18n.locale, member.branch) : "—"}</td>
            <td className="r">
              <MemberMenu member={member} onDo={onDo} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** What the member holds now; it leads to since when, until when and why. */
function Roles({ member }: { member: Member }) {
  const { t, i18n } = useLingui();
  const may = useMay();
  if (member.roles.length === 0) return null;
  const words = member.roles.map(({ role, acting_for: holder }) => {
    const word = t(wordFor(roleWords, role));
    return holder ? t`${word}（代${nameIn(i18n.locale, holder)}）` : word;
  });
  const text = listOf(i18n.locale, [...new Set(words)]);
  return may("role_grants.list") ? <Link to={`/role-grants?member_id=${member.id}`}>{text}</Link> : text;
}

function MemberMenu({ member, onDo }: { member: Member; onDo: MemberTableProps["onDo"] }) {
  const { t, i18n } = useLingui();
  const labels: Record<Action, string> = {
    edit: t`修改`,
    move: t`调动`,
    show_card: t`亮身份`,
    hand_over: t`交接`,
    close: t`离任`,
    view_account: t`账号`,
  };
  if (member.allowed_actions.length === 0) return null;
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: member.allowed_actions.map((action) => ({
          key: action,
          label: labels[action],
          danger: action === "close",
        })),
        onClick: ({ key }) => onDo(member.id, key as Action),
      }}
    >
      <button
        type="button"
        className="ib"
        aria-haspopup="menu"
        aria-label={t`${nameIn(i18n.locale, member)}，更多`}
      >
        <Icon name="more" />
      </button>
    </Dropdown>
  );
}

function MemberPager({ list }: { list: MemberList }) {
  const { i18n } = useLingui();
  const { data } = list.result;
  const next = data?.next_cursor;
  const total = data?.total == null ? "" : formatNumber(data.total, i18n.locale);
  return (
    <div className="pager">
      <span role="status">
        <Trans>共{total}人</Trans>
      </span>
      <span className="sp" />
      {list.cursor && (
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
