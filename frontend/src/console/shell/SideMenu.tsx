import { useLingui } from "@lingui/react/macro";
import { NavLink } from "react-router";
import { Icon } from "../shared/Icon";
import { useMay } from "../shared/me";
import { OPEN } from "../shared/states";
import { menuFor } from "./menu";

/** The queue opens on what is still to be done. */
const addressOf = (to: string) =>
  to === "/complaints" ? `/complaints?state=${OPEN.join(",")}&sort=due_at` : to;

export function SideMenu({ isMini, onPick }: { isMini: boolean; onPick?: () => void }) {
  const { t } = useLingui();
  const may = useMay();
  return (
    <nav className="nav" aria-label={t`主菜单`}>
      {menuFor(may).map((group) => (
        <div key={group.items[0]?.to}>
          {group.label && <h2>{t(group.label)}</h2>}
          {group.items.map(({ to, icon, label }) => (
            <NavLink
              key={to}
              to={addressOf(to)}
              end={to === "/"}
              title={isMini ? t(label) : undefined}
              onClick={onPick}
            >
              <Icon name={icon} />
              <span>{t(label)}</span>
            </NavLink>
          ))}
        </div>
      ))}
    </nav>
  );
}
