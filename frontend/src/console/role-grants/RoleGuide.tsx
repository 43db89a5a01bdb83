import { Trans, useLingui } from "@lingui/react/macro";
import { roleWords, wordFor } from "../shared/labels";
import { GRANTABLE, meanings } from "./words";

/** What each role may see and do, for who has to choose one. */
export function RoleGuide() {
  const { t } = useLingui();
  return (
    <details className="guide noprint">
      <summary>
        <Trans>各角色能看什么、做什么</Trans>
      </summary>
      <dl>
        {GRANTABLE.map((role) => (
          <div key={role}>
            <dt>{t(wordFor(roleWords, role))}</dt>
            <dd>
              <span className="m">
                <Trans>能看</Trans>
              </span>{" "}
              {t(meanings[role].sees)}
            </dd>
            <dd>
              <span className="m">
                <Trans>能做</Trans>
              </span>{" "}
              {t(meanings[role].does)}
            </dd>
          </div>
        ))}
      </dl>
      <p className="m xs">
        <Trans>
          角色管到所在单位和它下面的单位。办来件的、管系统的、查日志的，要由不同的人担任。被举报的人和他那条线上的人，无论什么角色，都看不到那一件；代理人也一样。
        </Trans>
      </p>
    </details>
  );
}
