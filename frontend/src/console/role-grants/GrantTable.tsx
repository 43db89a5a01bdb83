import { Trans, useLingui } from "@lingui/react/macro";
import { Dropdown } from "antd";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { Icon } from "../shared/Icon";
import { roleWords, wordFor } from "../shared/labels";
import { Avatar } from "../shared/parts";
import type { Doing } from "./RoleGrantsPage";
import { firstDay, isVoid, lastDay, type RoleGrant, stateWords } from "./words";

interface TableProps {
  grants: RoleGrant[];
  onDo: (grant: RoleGrant, action: Doing) => void;
}

/** Who, what, where, from when to when. On a phone each is a card. */
export function GrantTable({ grants, onDo }: TableProps) {
  const { t, i18n } = useLingui();
  const name = (thing: { name: string; name_en: string | null }) => nameIn(i18n.locale, thing);
  return (
    <table className="tbl sticky members grants">
      <thead>
        <tr>
          <th scope="col">{t`姓名`}</th>
          <th scope="col" className="desk-cell">{t`角色`}</th>
          <th scope="col" className="desk-cell">{t`单位`}</th>
          <th scope="col" className="desk-cell" style={{ width: "34%" }}>{t`期限`}</th>
          <th scope="col" style={{ width: 56 }} className="noprint">
            <span className="vh">{t`能做的事`}</span>
          </th>
        </tr>
      </thead>
      <tbody>
        {grants.map((grant) => (
          <tr key={grant.id} className={grant.state === "ended" ? "past" : undefined}>
            <td>
              <span className="row">
                <Avatar name={name(grant.member)} quiet />
                <span className="ell">{name(grant.member)}</span>
              </span>
              <span className="phone">
                <Held grant={grant} />
                <span className="m xs">{name(grant.unit)}</span>
                <Term grant={grant} />
              </span>
            </td>
            <td className="desk-cell">
              <Held grant={grant} />
            </td>
            <td className="desk-cell">{name(grant.unit)}</td>
            <td className="desk-cell">
              <Term grant={grant} />
            </td>
            <td className="r noprint">
              <Menu grant={grant} onDo={onDo} />
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Held({ grant }: { grant: RoleGrant }) {
  const { t, i18n } = useLingui();
  const holder = grant.acting_for ? nameIn(i18n.locale, grant.acting_for) : "";
  return (
    <span className="stk">
      <span>{t(wordFor(roleWords, grant.role))}</span>
      {holder && (
        <span className="m xs">
          <Icon name="swap" small /> <Trans>代理{holder}</Trans>
        </span>
      )}
    </span>
  );
}

function Standing({ grant }: { grant: RoleGrant }) {
  const { t } = useLingui();
  if (grant.state === "in_force") return null;
  return (
    <>
      <span className={grant.state === "future" ? "tag so" : "tag"}>{t(stateWords[grant.state])}</span>{" "}
    </>
  );
}

/** From when to when, and why. */
function Term({ grant }: { grant: RoleGrant }) {
  const { i18n } = useLingui();
  const last = lastDay(grant);
  const from = formatWhen(firstDay(grant), i18n.locale);
  const to = last ? formatWhen(last, i18n.locale) : "";
  const by = grant.granted_by ? nameIn(i18n.locale, grant.granted_by) : "";
  return (
    <span className="stk">
      <span>
        <Standing grant={grant} />
        {isVoid(grant) ? (
          <Trans>没开始就撤销了</Trans>
        ) : to ? (
          <Trans>
            {from}至{to}
          </Trans>
        ) : (
          <Trans>{from}起</Trans>
        )}
      </span>
      {grant.reason && (
        <span className="m xs">
          {grant.reason}
          {by && (
            <>
              {" "}
              <Trans>（{by}授予）</Trans>
            </>
          )}
        </span>
      )}
      {grant.end_reason && (
        <span className="m xs">
          <Trans>终止：{grant.end_reason}</Trans>
        </span>
      )}
    </span>
  );
}

function Menu({ grant, onDo }: { grant: RoleGrant; onDo: TableProps["onDo"] }) {
  const { t, i18n } = useLingui();
  const labels: Record<Doing, string> = { name_deputy: t`指定代理人`, end: t`终止` };
  const known = (["name_deputy", "end"] as const).filter((action) => grant.allowed_actions.includes(action));
  if (known.length === 0) return null;
  const role = t(wordFor(roleWords, grant.role));
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: known.map((action) => ({ key: action, label: labels[action], danger: action === "end" })),
        onClick: ({ key }) => onDo(grant, key as Doing),
      }}
    >
      <button
        type="button"
        className="ib"
        aria-haspopup="menu"
        aria-label={t`${nameIn(i18n.locale, grant.member)}（${role}），更多`}
      >
        <Icon name="more" />
      </button>
    </Dropdown>
  );
}
