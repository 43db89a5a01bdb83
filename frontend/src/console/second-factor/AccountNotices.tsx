import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { api, type Schemas } from "../../api/client";
import { formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { Icon } from "../shared/Icon";
import { BusyButton } from "../shared/parts";
import { useSave } from "../shared/useSave";

/** What somebody else did to one's account stands on every page until one has seen it: it may not have been at one's own wish. */
export function AccountNotices({ notices }: { notices: Schemas["AccountNotice"][] }) {
  const queryClient = useQueryClient();
  const saving = useSave();
  const [latest] = notices;
  if (!latest) return null;
  const dismiss = () =>
    saving.save(async () => {
      await api.POST("/api/v1/me/account-notices/dismiss", { body: { until: latest.at } });
      await queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/me"] });
    });
  return (
    <div className="banner noprint" role="status">
      <Icon name="key" />
      <div>
        {notices.map((notice) => (
          <NoticeText key={notice.kind} notice={notice} />
        ))}
      </div>
      <BusyButton className="btn sm" isBusy={saving.isBusy} onClick={() => void dismiss()}>
        <Trans>知道了</Trans>
      </BusyButton>
    </div>
  );
}

function NoticeText({ notice }: { notice: Schemas["AccountNotice"] }) {
  const { i18n } = useLingui();
  const [when, who] = [formatWhen(notice.at, i18n.locale), nameIn(i18n.locale, notice.by)];
  return (
    <p>
      {notice.kind === "password_reset" ? (
        <Trans>
          {when}，有人用{who}发出的链接重设了您的密码。不是您本人，请马上告诉纪检监察。
        </Trans>
      ) : (
        <Trans>
          {when}，{who}解除了您的两步验证。不是您要的，请马上告诉纪检监察。
        </Trans>
      )}
    </p>
  );
}
