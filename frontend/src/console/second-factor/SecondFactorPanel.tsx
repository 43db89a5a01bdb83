import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { Link } from "react-router";
import { $api, api, type Schemas } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { BusyButton, Note, Skeleton } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { RecoveryCodeBox } from "./RecoveryCodeBox";

type Standing = Schemas["SecondFactor"];

/** One's own second factor: whether there is one, its recovery codes, another telephone, turning it off. */
export function SecondFactorPanel() {
  const { t } = useLingui();
  const { result, saving, codes, remake, turnOff, keep } = useSecondFactor();
  const { data, error, refetch } = result;
  return (
    <section className="panel" aria-labelledby="second-factor-head">
      <div className="ph">
        <h2 id="second-factor-head" className="sp">
          <Trans>两步验证</Trans>
        </h2>
        {data && (
          <Link className="btn sm" to="/account/second-factor">
            <Icon name="lock" small />
            {data.is_enrolled ? <Trans>换手机</Trans> : <Trans context="to begin">设置</Trans>}
          </Link>
        )}
      </div>
      <div className="pb">
        {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
        {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton lines={2} label={t`正在取两步验证`} />}
        {codes && <RecoveryCodeBox codes={codes} onKept={keep} />}
        {data && !codes && <StandingText standing={data} />}
        {data?.is_enrolled && !codes && (
          <Doing standing={data} isBusy={saving.isBusy} remake={remake} turnOff={turnOff} />
        )}
      </div>
    </section>
  );
}

function StandingText({ standing }: { standing: Standing }) {
  const { i18n } = useLingui();
  const left = standing.recovery_codes_left;
  if (!standing.enrolled_at) {
    return (
      <p className="m">
        <Trans>没有设置。设好以后，别人知道了您的密码也登录不了。</Trans>
      </p>
    );
  }
  return (
    <>
      <p>
        <Trans>{formatWhen(standing.enrolled_at, i18n.locale)}起，登录时要手机上的验证码。</Trans>
      </p>
      {left > 3 ? (
        <p className="m">
          <Trans>恢复码还剩{left}个。</Trans>
        </p>
      ) : (
        <Note tone="so">
          <Trans>恢复码只剩{left}个了，请重新生成一组。</Trans>
        </Note>
      )}
    </>
  );
}

interface DoingProps {
  standing: Standing;
  isBusy: boolean;
  remake: () => Promise<void>;
  turnOff: () => Promise<void>;
}

function Doing({ standing, isBusy, remake, turnOff }: DoingProps) {
  const [isSure, setSure] = useState(false);
  return (
    <>
      <div className="row wrap">
        <BusyButton className="btn" isBusy={isBusy} onClick={() => void remake()}>
          <Trans>重新生成恢复码</Trans>
        </BusyButton>
        {!standing.is_mandatory && !isSure && (
          <button type="button" className="btn dz" onClick={() => setSure(true)}>
            <Trans>关闭两步验证</Trans>
          </button>
        )}
        {isSure && (
          <>
            <BusyButton className="btn dz" isBusy={isBusy} onClick={() => void turnOff()}>
              <Trans>真的关闭</Trans>
            </BusyButton>
            <button type="button" className="btn" onClick={() => setSure(false)}>
              <Trans>不关了</Trans>
            </button>
          </>
        )}
      </div>
      {isSure && (
        <p className="m xs">
          <Trans>关闭以后，只凭密码就能登录您的账号；恢复码全部作废。</Trans>
        </p>
      )}
      {standing.is_mandatory && (
        <p className="m xs">
          <Trans>您的角色必须用两步验证，不能关闭。</Trans>
        </p>
      )}
    </>
  );
}

function useSecondFactor() {
  const queryClient = useQueryClient();
  const saving = useSave();
  const [codes, setCodes] = useState<string[] | null>(null);
  const result = $api.useQuery("get", "/api/v1/me/second-factor");
  const renew = () => queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/me/second-factor"] });
  const remake = () =>
    saving.save(async () => {
      const { data } = await api.POST("/api/v1/me/second-factor/recovery-codes", { body: {} });
      setCodes(data?.recovery_codes ?? null);
      await renew();
    });
  const turnOff = () =>
    saving.save(async () => {
      await api.POST("/api/v1/me/second-factor/turn-off", { body: {} });
      await renew();
      await queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/me"] });
    });
  return { result, saving, codes, remake, turnOff, keep: () => setCodes(null) };
}
