import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Popconfirm } from "antd";
import { $api, api } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { BusyButton, Skeleton } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { leaveFor } from "./flow";

/** Whether one's account can be opened by the provider's log-in, if there is a provider. */
export function ProviderPanel() {
  const { i18n } = useLingui();
  const { data } = $api.useQuery("get", "/api/v1/auth/options", {}, { staleTime: 3_600_000 });
  if (!data?.provider) return null;
  return <Panel name={nameIn(i18n.locale, data.provider)} />;
}

function Panel({ name }: { name: string }) {
  const { t, i18n } = useLingui();
  const queryClient = useQueryClient();
  const saving = useSave();
  const { data, error, refetch } = $api.useQuery("get", "/api/v1/me/provider");
  const tie = () => saving.save(() => leaveFor("tie", "/account"));
  const untie = () =>
    saving.save(async () => {
      await api.POST("/api/v1/me/provider/untie");
      await queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/me/provider"] });
    });
  return (
    <section className="panel" aria-labelledby="provider-head">
      <div className="ph">
        <h2 id="provider-head" className="sp">
          {name}
        </h2>
        {data && !data.tied_at && (
          <BusyButton className="btn sm" isBusy={saving.isBusy} onClick={() => void tie()}>
            <Trans context="to begin">绑定</Trans>
          </BusyButton>
        )}
        {data?.tied_at && (
          <Popconfirm
            title={t`解除以后，只能用密码登录。`}
            okText={t`解除绑定`}
            cancelText={t`先不解除`}
            onConfirm={() => void untie()}
          >
            <BusyButton className="btn sm" isBusy={saving.isBusy}>
              <Trans>解除绑定</Trans>
            </BusyButton>
          </Popconfirm>
        )}
      </div>
      <div className="pb">
        {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
        {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton lines={1} label={t`正在取绑定情况`} />}
        {data?.tied_at && (
          <p>
            <Trans>
              {formatWhen(data.tied_at, i18n.locale)}绑定。在{name}登录就能打开这个账号。
            </Trans>
          </p>
        )}
        {data && !data.tied_at && (
          <p className="m">
            <Trans>没有绑定。绑定以后，登录时可以不输密码。</Trans>
          </p>
        )}
      </div>
    </section>
  );
}
