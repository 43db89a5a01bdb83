import { Trans, useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { useEffect, useState } from "react";
import { activity } from "../shared/activity";
import { session } from "../shared/session";

const WARNED_MS = 60_000;
const SIGNS = ["pointerdown", "keydown", "wheel", "touchstart"] as const;

/** Signs out whoever has left: after the time for which a session lasts that is not used, told a minute before. */
export function IdleGuard() {
  const { t } = useLingui();
  const [left, setLeft] = useState<number | null>(null);
  useEffect(() => {
    activity.note();
    const note = () => activity.note();
    for (const sign of SIGNS) globalThis.addEventListener(sign, note, { passive: true });
    const timer = setInterval(() => {
      const remaining = session.idleMs() - activity.idleMs();
      if (remaining <= 0) void session.signOut();
      setLeft(remaining <= WARNED_MS ? Math.max(0, Math.ceil(remaining / 1000)) : null);
    }, 1_000);
    return () => {
      clearInterval(timer);
      for (const sign of SIGNS) globalThis.removeEventListener(sign, note);
    };
  }, []);
  const stay = () => {
    activity.note();
    setLeft(null);
  };
  return (
    <Modal
      open={left !== null}
      title={t`您还在吗？`}
      okText={t`我还在`}
      cancelText={t`退出登录`}
      onOk={stay}
      onCancel={() => void session.signOut()}
      closable={false}
      maskClosable={false}
      width={420}
    >
      <p role="timer" aria-live="off">
        <Trans>很久没有操作了。{left ?? 0}秒后自动退出，已写的草稿留在这台设备上。</Trans>
      </p>
    </Modal>
  );
}
