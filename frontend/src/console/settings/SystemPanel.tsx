import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { $api, type Schemas } from "../../api/client";
import { formatNumber } from "../../shared/format";
import { ErrorNotice } from "../shared/ErrorNotice";
import { useMay } from "../shared/me";
import { Note, Skeleton } from "../shared/parts";

type System = Schemas["SystemState"];

const scannerWords: Record<System["scanner"], MessageDescriptor> = {
  off: msg`没有设置，附件不查毒`,
  ready: msg`在运行`,
  silent: msg`没有回应`,
};
const profileWords: Record<System["password_profile"], MessageDescriptor> = {
  mlps: msg`等保：三种字符以上，九十天更换`,
  nist: msg`NIST：以长度为准，不定期更换`,
};
const databaseWords: Record<System["database"], string> = { sqlite: "SQLite", postgres: "PostgreSQL" };

/** What the operator's configuration says, for an administrator, who can't change it here. */
export function SystemPanel() {
  const may = useMay();
  if (!may("settings.edit")) return null;
  return (
    <section className="panel" aria-labelledby="system" style={{ marginTop: 24, maxWidth: 1000 }}>
      <div className="ph">
        <h2 id="system">
          <Trans>运行情况</Trans>
        </h2>
      </div>
      <div className="pb">
        <Loaded />
      </div>
    </section>
  );
}

function Loaded() {
  const { t, i18n } = useLingui();
  const { data, error, refetch } = $api.useQuery("get", "/api/v1/system");
  if (!data && error) return <ErrorNotice error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={4} label={t`正在取运行情况`} />;
  const rows: [string, ReactNode][] = [
    [t`版本`, data.version],
    [t`数据库`, databaseWords[data.database]],
    [t`查毒`, t(scannerWords[data.scanner])],
    [t`等待查毒的附件`, formatNumber(data.files_waiting, i18n.locale)],
    [t`密码规则`, t(profileWords[data.password_profile])],
    [t`统一身份登录`, data.has_provider ? t`已接入` : t`没有接入`],
  ];
  return (
    <>
      {data.scanner === "silent" && (
        <Note tone="la">
          <Trans>查毒程序没有回应：附件先收下、不给任何人看，恢复后自动查。请联系运维人员。</Trans>
        </Note>
      )}
      <dl className="facts" style={{ gridTemplateColumns: "minmax(88px, 160px) minmax(0, 1fr)" }}>
        {rows.map(([name, value]) => (
          <div key={name} style={{ display: "contents" }}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <p className="m xs" style={{ marginTop: 8 }}>
        <Trans>这些由运维人员在服务器的配置里设定，这里只能看。</Trans>
      </p>
    </>
  );
}
