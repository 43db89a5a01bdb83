import { Trans } from "@lingui/react/macro";
import type { ReactNode } from "react";

/** Beside each question: why it is asked, and who will see the answer. */
export function Why({ why, who }: { why: ReactNode; who: ReactNode }) {
  return (
    <div className="box">
      <dl className="why">
        <dt>
          <Trans>为什么问</Trans>
        </dt>
        <dd>{why}</dd>
        <dt>
          <Trans>谁会看到</Trans>
        </dt>
        <dd>{who}</dd>
      </dl>
    </div>
  );
}

/** The same from the first moment on: who sees a report is said where "report" is chosen. */
export function ReportNote() {
  return (
    <p className="note">
      <Trans>举报只有教育局的纪检督查人员能看到，被举报的单位和人都看不到。</Trans>
    </p>
  );
}
