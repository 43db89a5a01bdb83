import { Trans, useLingui } from "@lingui/react/macro";
import { formatWhen } from "../../shared/format";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { BusyButton, Dot, Note, Skeleton } from "../shared/parts";
import { type Session, useSessions } from "./useSessions";
import { browserWords, systemWords } from "./words";

/** Where one is signed in, so that what is strange or was left open elsewhere can be ended. */
export function SessionList() {
  const { t } = useLingui();
  const { result, saving, ended, endOne, endOthers } = useSessions();
  const { data, error, refetch } = result;
  const sessions = data?.items ?? [];
  const hasOthers = sessions.some(({ is_current }) => !is_current);
  return (
    <section className="panel" aria-labelledby="sessions-head">
      <div className="ph">
        <h2 id="sessions-head" className="sp">
          <Trans>在哪里登录着</Trans>
        </h2>
        {hasOthers && (
          <BusyButton className="btn sm" isBusy={saving.isBusy} onClick={() => void endOthers()}>
            <Trans>退出其他所有登录</Trans>
          </BusyButton>
        )}
      </div>
      <div className="pb">
        {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
        {ended && (
          <Note tone="go" live="status">
            {ended === "others" ? (
              <Trans>其他登录都退出了，几秒内就不能再用。这里不用重新登录。</Trans>
            ) : (
              <Trans>那一处已经退出，几秒内就不能再用。</Trans>
            )}
          </Note>
        )}
        {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton lines={3} label={t`正在取登录`} />}
        <ul className="sessions">
          {sessions.map((session) => (
            <SessionRow
              key={session.id}
              session={session}
              isBusy={saving.isBusy}
              onEnd={() => void endOne(session.id)}
            />
          ))}
        </ul>
        <p className="m xs">
          <Trans>有不认识的，请先退出它，再修改密码。我们只记设备的种类，不记地址。</Trans>
        </p>
      </div>
    </section>
  );
}

interface RowProps {
  session: Session;
  isBusy: boolean;
  onEnd: () => void;
}

function SessionRow({ session, isBusy, onEnd }: RowProps) {
  const { t, i18n } = useLingui();
  const { browser, system } = session;
  const program = browserWords[browser] ? t(browserWords[browser]) : browser;
  const place = system !== "other" && systemWords[system] ? t(systemWords[system]) : "";
  const name = place ? t`${program}（${place}）` : program;
  const begun = formatWhen(session.created_at, i18n.locale);
  const used = formatWhen(session.last_used_at, i18n.locale);
  return (
    <li>
      <div>
        <b>{name}</b>
        {session.is_current && (
          <span className="tag go">
            <Icon name="check" small />
            {t`就是这里`}
          </span>
        )}
        <p className="m xs">
          <Trans>{begun}登录</Trans>
          {!session.is_current && (
            <>
              <Dot />
              <Trans>最近使用{used}</Trans>
            </>
          )}
        </p>
      </div>
      {!session.is_current && (
        <BusyButton
          className="btn sm"
          isBusy={isBusy}
          aria-label={t`退出${name}，${begun}登录的`}
          onClick={onEnd}
        >
          <Trans>退出</Trans>
        </BusyButton>
      )}
    </li>
  );
}
