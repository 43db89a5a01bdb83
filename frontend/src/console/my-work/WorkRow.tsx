import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { satisfactionLabels } from "../../shared/labels";
import { DueChip } from "../shared/DueChip";
import { Icon } from "../shared/Icon";
import { stateWords, wordFor } from "../shared/labels";
import { Marks } from "../shared/Marks";
import { useMe } from "../shared/me";
import { Dot } from "../shared/parts";

const see = msg`看一看`;

/** The next step of a case for a role; the case page knows better and says what is possible. */
function nextStep(state: string, roles: string[]): { label: MessageDescriptor; anchor: string } {
  const may = (...some: string[]) => some.some((role) => roles.includes(role));
  if (state === "received" && may("handler", "campaign_office", "inspector")) {
    return { label: msg`受理`, anchor: "#actions" };
  }
  if (state === "accepted" && may("unit_head", "campaign_office", "inspector")) {
    return { label: msg`交办`, anchor: "#actions" };
  }
  if (state === "objected" && may("campaign_office")) return { label: msg`交办`, anchor: "#actions" };
  if (state === "redoing" && may("unit_head")) return { label: msg`交办`, anchor: "#actions" };
  if (["accepted", "assigned", "in_handling", "redoing"].includes(state) && may("handler", "inspector")) {
    return { label: msg`写答复`, anchor: "#reply" };
  }
  if (state === "reply_drafted" && may("unit_head", "inspector"))
    return { label: msg`审批`, anchor: "#reply" };
  return { label: see, anchor: "" };
}

interface WorkRowProps {
  item: Schemas["ComplaintSummary"];
  onOpen: () => void;
}

export function WorkRow({ item, onOpen }: WorkRowProps) {
  const { t, i18n } = useLingui();
  const me = useMe();
  const { label, anchor } = nextStep(item.state, me?.roles ?? []);
  const to = `/complaints/${item.id}`;
  return (
    <li className="wi">
      <span className="dd">
        {item.phase === "none" && item.satisfaction !== null ? (
          <Rated grade={item.satisfaction} />
        ) : (
          <DueChip item={item} />
        )}
      </span>
      <Link className="tt ell" to={to} onClick={onOpen}>
        <Marks item={item} />
        {item.title}
      </Link>
      <span className="m xs mt">
        <span className="ell">{nameIn(i18n.locale, item.unit)}</span>
        <Dot />
        <span className="nb">{t(wordFor(stateWords, item.state))}</span>
        <span className="phone nb">
          <Dot />
          {item.number}
        </span>
      </span>
      <span className="act">
        <Link
          className="btn sm"
          to={`${to}${anchor}`}
          onClick={onOpen}
          aria-label={`${t(label)} ${item.number}`}
        >
          {t(label)}
        </Link>
      </span>
    </li>
  );
}

/** Once the clock has stopped, what the complainant thinks of the answer is why the row is here. */
function Rated({ grade }: { grade: number }) {
  const { t } = useLingui();
  return (
    <span className="due so">
      <Icon name="face" small />
      {t(wordFor(satisfactionLabels, String(grade)))}
    </span>
  );
}
