import { Trans, useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { type FormEvent, useEffect, useRef, useState, useSyncExternalStore } from "react";
import { $api, api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { PasswordField } from "../session/PasswordField";
import { ErrorNotice, FormErrors } from "../shared/ErrorNotice";
import { BusyButton, Skeleton } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { CodeField, type CodeKind, codeOf } from "./CodeField";
import { confirmation } from "./confirmation";

/** Asks who one is, for what needs more than a session that lies open. What was asked for then goes on by itself. */
export function ConfirmDialog() {
  const { t } = useLingui();
  const isAsked = useSyncExternalStore(confirmation.subscribe, confirmation.isAsked);
  return (
    <Modal
      open={isAsked}
      title={t`请再确认一次是您本人`}
      onCancel={() => confirmation.settle(false)}
      footer={null}
      width={420}
      zIndex={1200}
      destroyOnHidden
    >
      {isAsked && <ConfirmForm />}
    </Modal>
  );
}

function ConfirmForm() {
  const { t } = useLingui();
  // Asked for each time: it may have been set up elsewhere since.
  const standing = $api.useQuery("get", "/api/v1/me/second-factor", {}, { staleTime: 0, gcTime: 0 });
  const saving = useSave();
  const [kind, setKind] = useState<CodeKind>("code");
  const wrong = fieldErrors(saving.error);
  const form = useRef<HTMLFormElement>(null);
  const isReady = Boolean(standing.data);
  useEffect(() => {
    if (isReady) form.current?.querySelector("input")?.focus();
  }, [isReady]);
  const hasSecondFactor = standing.data?.is_enrolled ?? false;

  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    // Portals bubble in React: the form behind the dialog must not be sent by this one.
    event.stopPropagation();
    const typed = new FormData(event.currentTarget);
    const body = hasSecondFactor ? codeOf(typed) : { password: String(typed.get("password") ?? "") };
    void saving.save(async () => {
      await api.POST("/api/v1/auth/confirm", { body });
      confirmation.settle(true);
    });
  };

  if (standing.error) return <ErrorNotice error={standing.error} retry={() => void standing.refetch()} />;
  if (!standing.data) return <Skeleton lines={2} label={t`正在准备`} />;
  const labels = { password: t`密码`, code: t`验证码`, recovery_code: t`恢复码` };
  return (
    <form ref={form} onSubmit={submit} noValidate>
      <p className="m" style={{ marginBottom: 16 }}>
        <Trans>这一步关系到权限或资料外带，所以再问一次。确认后接着办，您填的都在；15分钟内不再问。</Trans>
      </p>
      <FormErrors error={saving.error} labels={labels} prefix="confirm-" />
      {hasSecondFactor ? (
        <CodeField
          kind={kind}
          onKind={setKind}
          prefix="confirm-"
          error={kind === "code" ? wrong.code : wrong.recovery_code}
        />
      ) : (
        <PasswordField
          id="confirm-password"
          name="password"
          label={labels.password}
          autoComplete="current-password"
          error={wrong.password}
        />
      )}
      <div className="row" style={{ justifyContent: "flex-end" }}>
        <button type="button" className="btn" onClick={() => confirmation.settle(false)}>
          <Trans>取消</Trans>
        </button>
        <BusyButton type="submit" className="btn p" isBusy={saving.isBusy}>
          <Trans>确认</Trans>
        </BusyButton>
      </div>
    </form>
  );
}
