import { Trans } from "@lingui/react/macro";
import { Drawer } from "antd";
import type { ReactNode } from "react";
import { useIsPhone } from "./useMedia";

interface DoneDrawerProps {
  title: string;
  onClose: () => void;
  children: ReactNode;
}

/** What came of something large, where its form stood. */
export function DoneDrawer({ title, onClose, children }: DoneDrawerProps) {
  const isPhone = useIsPhone();
  return (
    <Drawer
      open
      onClose={onClose}
      title={title}
      size={isPhone ? "100%" : 480}
      footer={
        <div className="row" style={{ justifyContent: "flex-end" }}>
          <button type="button" className="btn p" onClick={onClose}>
            <Trans>知道了</Trans>
          </button>
        </div>
      }
    >
      <div role="status">{children}</div>
    </Drawer>
  );
}
