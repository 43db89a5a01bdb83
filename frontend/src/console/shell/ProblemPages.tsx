import { Trans, useLingui } from "@lingui/react/macro";
import { Link, useRouteError } from "react-router";
import { ApiError } from "../../api/problem";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Empty, useDocumentTitle } from "../shared/parts";

export function NotFoundPage() {
  const { t } = useLingui();
  useDocumentTitle(t`没有这一页`);
  return (
    <Empty
      isPage
      title={t`没有这一页`}
      action={
        <Link className="btn p" to="/">
          <Trans>回到我的工作</Trans>
        </Link>
      }
    >
      <Trans>地址可能不完整，或者这一页已经挪走。</Trans>
    </Empty>
  );
}

export function ForbiddenPage() {
  const { t } = useLingui();
  useDocumentTitle(t`您看不到这一页`);
  return (
    <Empty
      isPage
      title={t`您看不到这一页`}
      action={
        <Link className="btn p" to="/">
          <Trans>回到我的工作</Trans>
        </Link>
      }
    >
      <Trans>您的角色里没有这一项。需要的话，请联系本单位负责人或系统管理员。</Trans>
    </Empty>
  );
}

/** What no page expected; above all a part of the app that could not be fetched after an update. */
export function CrashPage() {
  const { t } = useLingui();
  const error = useRouteError();
  useDocumentTitle(t`这一页没有打开`);
  if (error instanceof ApiError) return <ErrorNotice error={error} />;
  return (
    <Empty
      isPage
      title={t`这一页没有打开`}
      action={
        <button type="button" className="btn p" onClick={() => globalThis.location.reload()}>
          <Trans>重新打开</Trans>
        </button>
      }
    >
      <Trans>可能是网络断了一下，也可能是工作台刚刚更新过。您写的存在这台设备上。</Trans>
    </Empty>
  );
}
