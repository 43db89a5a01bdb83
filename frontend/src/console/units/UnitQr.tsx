import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { apiBase } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { Icon } from "../shared/Icon";
import type { Unit } from "./useUnits";

/** The code that opens a unit's public page, to be looked at and taken for doors and desks. */
export function UnitQr({ unit }: { unit: Unit }) {
  const { t, i18n } = useLingui();
  const name = nameIn(i18n.locale, unit);
  const address = (query: string) => `${apiBase()}/api/v1/public/units/${unit.id}/qr?${query}`;
  return (
    <details className="qr">
      <summary>
        <Trans>单位二维码</Trans>
      </summary>
      <img src={address("format=svg&size=200")} width={200} height={200} alt={t`“${name}”的二维码`} />
      <p className="m xs">
        <Trans>扫码打开它的公开页</Trans>
      </p>
      <p className="row wrap">
        <a className="btn sm" href={address("format=svg&size=512")} download={`${unit.name}-二维码.svg`}>
          <Trans>下载SVG</Trans>
        </a>
        <a className="btn sm" href={address("format=png&size=1024")} download={`${unit.name}-二维码.png`}>
          <Trans>下载PNG</Trans>
        </a>
        <Link className="btn sm" to={`/units/${unit.id}/poster`}>
          <Icon name="print" small />
          <Trans>A4张贴页</Trans>
        </Link>
      </p>
    </details>
  );
}
