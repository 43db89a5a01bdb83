import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { BulkAssign } from "./BulkAssign";
import { MOST, type Selection } from "./useSelection";

/** What is ticked, and what can be done with all of it. Stays at the lower edge, so that no row moves. */
export function BulkBar({ selection }: { selection: Selection }) {
  const { t } = useLingui();
  const [isOpen, setOpen] = useState(false);
  const count = selection.chosen.length;
  return (
    <>
      {count > 0 && (
        <section className="bulk noprint" aria-label={t`对选中的`}>
          <span role="status">
            <Trans>已选{count}件</Trans>
          </span>
          {selection.isFull && (
            <span className="xs">
              <Trans>一次最多{MOST}件</Trans>
            </span>
          )}
          <span className="sp" />
          <button type="button" className="btn" onClick={selection.clear}>
            <Trans>取消选择</Trans>
          </button>
          <button type="button" className="btn p" onClick={() => setOpen(true)}>
            <Trans>交办</Trans>
          </button>
        </section>
      )}
      {isOpen && (
        <BulkAssign chosen={selection.chosen} onDone={selection.drop} onClose={() => setOpen(false)} />
      )}
    </>
  );
}
