import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer } from "antd";
import { useState } from "react";
import type { Schemas } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { BusyButton, Note, Skeleton } from "../shared/parts";
import { useIsPhone } from "../shared/useMedia";
import { IssuedLinkBox } from "./IssuedLinkBox";
import { type Account, useAccount } from "./useAccount";
import { linkWords } from "./words";

interface DrawerProps {
  member: Schemas["Member"];
  onClose: () => void;
}

/** How a member gets into the console: whether they have an account, and the link that makes or mends it. */
export function AccountDrawer({ member, onClose }: DrawerProps) {
  const { t, i18n } = useLingui();
  const isPhone = useIsPhone();
  const account = useAccount(member.id);
  const { data, error, refetch } = account.result;
  const name = nameIn(i18n.locale, member);
  return (
    <Drawer open onClose={onClose} title={t`“${name}”的账号`} size={isPhone ? "100%" : 480}>
      <div className="account">
        {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
        {!data && !error && <Skeleton lines={4} label={t`正在取账号`} />}
        {Boolean(account.saving.error) && <ErrorNotice error={account.saving.error} />}
        {data && <Standing account={data} />}
        {account.issued && data?.link?.id === account.issued.id && <IssuedLinkBox link={account.issued} />}
        {data && <Doing account={data} {...account} />}
      </div>
    </Drawer>
  );
}

/** What there is now. */
function Standing({ account }: { account: Account }) {
  const { t, i18n } = useLingui();
  const { link } = account;
  const when = (at: string | null) => (at ? formatWhen(at, i18n.locale) : "");
  if (!account.login && !link) {
    return (
      <Note>
        <Trans>还没有账号，不能登录。发一个邀请链接，由本人设好账号和密码。</Trans>
      </Note>
    );
  }
  return (
    <dl className="facts">
      {account.login && (
        <>
          <dt>{t`账号`}</dt>
          <dd>{account.login}</dd>
          <dt>{t`开通时间`}</dt>
          <dd>{when(account.created_at)}</dd>
          <dt>{t`上次改密码`}</dt>
          <dd>{when(account.password_changed_at)}</dd>
          <dt>{t`两步验证`}</dt>
          <dd>
            {account.second_factor_at ? (
              <Trans>{when(account.second_factor_at)}起</Trans>
            ) : (
              <Trans>没有设置</Trans>
            )}
          </dd>
        </>
      )}
      {link && (
        <>
          <dt>{t`还没用的`}</dt>
          <dd>
            {t(linkWords[link.kind])}
            <p className="m xs">
              <Trans>
                {nameIn(i18n.locale, link.issued_by)}发出，{when(link.expires_at)}前有效
              </Trans>
            </p>
          </dd>
        </>
      )}
    </dl>
  );
}

type DoingProps = { account: Account } & Pick<
  ReturnType<typeof useAccount>,
  "saving" | "issue" | "revoke" | "removeSecondFactor"
>;

function Doing({ account, saving, issue, revoke, removeSecondFactor }: DoingProps) {
  const may = (action: Account["allowed_actions"][number]) => account.allowed_actions.includes(action);
  const isFirst = may("invite");
  if (account.allowed_actions.length === 0) {
    return (
      <Note>
        <Trans>这个账号不能由您办理。自己的密码在“我的账号”里修改。</Trans>
      </Note>
    );
  }
  return (
    <>
      {(isFirst || may("reset")) && (
        <p className="m">
          {isFirst ? (
            <Trans>
              邀请链接一天内有效，只能用一次。账号名和密码都由本人设，您不会知道。要给角色的请先给：给了新角色，没用的链接就作废。
            </Trans>
          ) : (
            <Trans>
              重设密码链接一刻钟内有效，只能用一次。本人设好新密码后，以前的登录全部退出。请先确认要您办的确是本人。
            </Trans>
          )}
        </p>
      )}
      <div className="row wrap">
        {(isFirst || may("reset")) && (
          <BusyButton
            className={account.link ? "btn" : "btn p"}
            isBusy={saving.isBusy}
            onClick={() => void issue()}
          >
            <IssueWords isFirst={isFirst} isAgain={account.link !== null} />
          </BusyButton>
        )}
        {may("revoke_link") && (
          <BusyButton className="btn dz" isBusy={saving.isBusy} onClick={() => void revoke()}>
            <Trans>收回链接</Trans>
          </BusyButton>
        )}
      </div>
      {may("remove_second_factor") && (
        <RemoveSecondFactor isBusy={saving.isBusy} remove={removeSecondFactor} />
      )}
    </>
  );
}

/** A new link takes the place of the one before. */
function IssueWords({ isFirst, isAgain }: { isFirst: boolean; isAgain: boolean }) {
  if (isAgain) return <Trans>换一个新链接</Trans>;
  return isFirst ? <Trans>发邀请链接</Trans> : <Trans>发重设密码链接</Trans>;
}

/** For a lost telephone. Asked twice: from then on the password alone is enough, until another one is set up. */
function RemoveSecondFactor({ isBusy, remove }: { isBusy: boolean; remove: () => Promise<void> }) {
  const [isSure, setSure] = useState(false);
  return (
    <>
      <p className="m">
        <Trans>
          手机和恢复码都丢了，才解除两步验证：本人的登录全部退出，下次凭密码登录后重新设置，并会看到是谁解除的。请先确认要您办的确是本人。
        </Trans>
      </p>
      <div className="row wrap">
        {isSure ? (
          <>
            <BusyButton className="btn dz" isBusy={isBusy} onClick={() => void remove()}>
              <Trans>确定解除</Trans>
            </BusyButton>
            <button type="button" className="btn" onClick={() => setSure(false)}>
              <Trans>不解除了</Trans>
            </button>
          </>
        ) : (
          <button type="button" className="btn dz" onClick={() => setSure(true)}>
            <Trans>解除两步验证</Trans>
          </button>
        )}
      </div>
    </>
  );
}
