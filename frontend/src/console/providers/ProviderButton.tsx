import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { $api } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { BusyButton } from "../shared/parts";
import { useOnce } from "../shared/useOnce";
import { leaveFor } from "./flow";

/** Signing in where one's authority keeps its log-ins, if it does. */
export function ProviderButton({ next }: { next: string }) {
  const { i18n } = useLingui();
  const { data } = $api.useQuery("get", "/api/v1/auth/options", {}, { staleTime: 3_600_000 });
  const { isBusy, once } = useOnce();
  const [error, setError] = useState<unknown>(null);
  if (!data?.provider) return null;
  const name = nameIn(i18n.locale, data.provider);
  const leave = () =>
    once(async () => {
      setError(null);
      try {
        await leaveFor("sign_in", next);
      } catch (refusal) {
        setError(refusal);
      }
    });
  return (
    <div style={{ marginTop: 16 }}>
      {Boolean(error) && (
        <div style={{ marginBottom: 12 }}>
          <ErrorNotice error={error} />
        </div>
      )}
      <BusyButton className="btn wide" isBusy={isBusy} onClick={() => void leave()}>
        <Trans>用{name}登录</Trans>
      </BusyButton>
    </div>
  );
}
