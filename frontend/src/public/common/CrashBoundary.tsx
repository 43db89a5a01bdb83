import { Trans } from "@lingui/react/macro";
import { Component, type ReactNode } from "react";

/** Catches what no page expected, above all a part of the app that could not be fetched after an update. */
export class CrashBoundary extends Component<{ children: ReactNode }, { crashed: boolean }> {
  override state = { crashed: false };

  static getDerivedStateFromError() {
    return { crashed: true };
  }

  override render() {
    if (!this.state.crashed) return this.props.children;
    return (
      <div className="wrap">
        <div className="col" role="alert">
          <h1>
            <Trans>这一页没有打开</Trans>
          </h1>
          <p className="lede">
            <Trans>可能是网络断了一下，也可能是网站刚刚更新过。您没写完的投诉还存在这台设备上。</Trans>
          </p>
          <p className="btns">
            <button type="button" className="btn primary" onClick={() => globalThis.location.reload()}>
              <Trans>重新打开</Trans>
            </button>
          </p>
        </div>
      </div>
    );
  }
}
