import { Modal } from "antd";
import { type ReactNode, useEffect } from "react";
import { useBlocker } from "react-router";

interface LeaveGuardProps {
  isNeeded: boolean;
  title: string;
  leave: string;
  stay: string;
  children: ReactNode;
}

/** Asks before what is on the page is lost: on the way to another page here, and before the tab closes. */
export function LeaveGuard({ isNeeded, title, leave, stay, children }: LeaveGuardProps) {
  const blocker = useBlocker(isNeeded);
  useEffect(() => {
    if (!isNeeded) return;
    const warn = (event: BeforeUnloadEvent) => event.preventDefault();
    globalThis.addEventListener("beforeunload", warn);
    return () => globalThis.removeEventListener("beforeunload", warn);
  }, [isNeeded]);
  return (
    <Modal
      open={blocker.state === "blocked"}
      title={title}
      okText={leave}
      cancelText={stay}
      onOk={() => blocker.proceed?.()}
      onCancel={() => blocker.reset?.()}
    >
      {children}
    </Modal>
  );
}
