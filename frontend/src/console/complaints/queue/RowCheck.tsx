import { useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { type Item, MOST, type Selection } from "./useSelection";

export const tickId = ({ id }: Item) => `tick-${id}`;

/** Ticks one row. */
export function RowCheck({ item, selection }: { item: Item; selection: Selection }) {
  const { t } = useLingui();
  const isOn = selection.ids.has(item.id);
  const isOff = selection.isFull && !isOn;
  return (
    <input
      id={tickId(item)}
      type="checkbox"
      className="tick"
      aria-label={t`选中${item.number}`}
      title={isOff ? t`一次最多${MOST}件` : undefined}
      checked={isOn}
      disabled={isOff}
      onChange={() => selection.toggle(item)}
    />
  );
}

/** Ticks the whole page, half full while only some of it is ticked. */
export function PageCheck({ selection }: { selection: Selection }) {
  const { t } = useLingui();
  const { isAll, isSome, isFull, togglePage } = selection;
  const box = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (box.current) box.current.indeterminate = isSome;
  }, [isSome]);
  return (
    <input
      ref={box}
      type="checkbox"
      className="tick"
      aria-label={t`选中这一页`}
      checked={isAll}
      disabled={isFull && !isAll}
      onChange={togglePage}
    />
  );
}
