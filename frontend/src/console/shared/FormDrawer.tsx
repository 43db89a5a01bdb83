import { Trans, useLingui } from "@lingui/react/macro";
import { Drawer } from "antd";
import type { FormEvent, ReactNode } from "react";
import { FormErrors } from "./ErrorNotice";
import { BusyButton, Note } from "./parts";
import { useIsPhone } from "./useMedia";
import type { useSave } from "./useSave";

interface FormDrawerProps {
  title: string;
  submit: ReactNode;
  saving: ReturnType<typeof useSave>;
  labels: Record<string, ReactNode>;
  prefix: string;
  isDanger?: boolean;
  onSave: (form: FormData) => void;
  onClose: () => void;
  /** Fetches what somebody else saved meanwhile; what is typed here stays. */
  onRefresh?: () => void;
  children: ReactNode;
}

/** A form beside the list: errors above and beside the fields, no second submit, nothing typed is lost. */
export function FormDrawer(props: FormDrawerProps) {
  const { title, submit, saving, labels, prefix, isDanger, onSave, onClose, onRefresh, children } = props;
  const { t } = useLingui();
  const isPhone = useIsPhone();
  const id = `${prefix}form`;
  const send = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    onSave(new FormData(event.currentTarget));
  };
  const refresh = () => {
    saving.forget();
    onRefresh?.();
  };
  return (
    <Drawer
      open
      onClose={onClose}
      title={title}
      size={isPhone ? "100%" : 480}
      mask={{ closable: false }}
      footer={
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <button type="button" className="btn" onClick={onClose}>
            <Trans>取消</Trans>
          </button>
          <BusyButton
            type="submit"
            form={id}
            className={isDanger ? "btn dz" : "btn p"}
            isBusy={saving.isBusy}
          >
            {submit}
          </BusyButton>
        </div>
      }
    >
      <form id={id} onSubmit={send} noValidate aria-label={title}>
        {saving.isStale && onRefresh ? (
          <div style={{ marginBottom: 16 }}>
            <Note tone="so" live="alert" icon="swap">
              <b>{t`您填的时候，别人改了这一项`}</b>
              <p>
                <Trans>您填的没有丢，也没有存。取来新的以后，再存一次就按您填的改。</Trans>
              </p>
              <button type="button" className="btn sm" onClick={refresh}>
                <Trans>取来新的，接着存</Trans>
              </button>
            </Note>
          </div>
        ) : (
          <FormErrors error={saving.error} labels={labels} prefix={prefix} />
        )}
        {children}
      </form>
    </Drawer>
  );
}
