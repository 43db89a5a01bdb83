import { Trans } from "@lingui/react/macro";
import { failureOf } from "../../api/problem";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Note } from "../shared/parts";

/** Why one is not signed in. Too many tries are told with the wait: it is no lock. */
export function Refusal({ error, wait }: { error: unknown; wait: number }) {
  if (!error) return null;
  if (failureOf(error).kind !== "too_many") return <ErrorNotice error={error} />;
  return (
    <Note tone="so" live="alert" icon="clock">
      <b>
        <Trans>试得太快了</Trans>
      </b>
      <p>
        {wait > 0 ? (
          <Trans>为防有人猜密码，请等一等再试。账号没有锁。</Trans>
        ) : (
          <Trans>现在可以再试了。</Trans>
        )}
      </p>
    </Note>
  );
}
