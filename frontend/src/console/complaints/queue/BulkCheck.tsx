import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { Note } from "../../shared/parts";
import { Status } from "../../shared/Status";
import { ASSIGNABLE } from "../../shared/states";
import type { Item } from "./useSelection";

interface BulkCheckProps {
  asked: readonly Item[];
  unit: string;
  handler: string;
  note: string;
}

/** Everything once more before it is done: to whom, with what words, which cases. */
export function BulkCheck({ asked, unit, handler, note }: BulkCheckProps) {
  const { t } = useLingui();
  const head = useFocus();
  const count = asked.length;
  const off = asked.filter(({ state }) => !ASSIGNABLE.includes(state)).length;
  const objected = asked.filter(({ state }) => state === "objected").length;
  return (
    <>
      <h3 ref={head} tabIndex={-1} className="lab2">
        <Trans>请核对</Trans>
      </h3>
      <dl className="told">
        <dt>{t`交给`}</dt>
        <dd>{unit}</dd>
        <dt>{t`承办人`}</dt>
        <dd>{handler || t`由单位指定`}</dd>
        <dt>{t`交代`}</dt>
        <dd className="pre">{note || t`没有`}</dd>
      </dl>
      <Note>
        <Trans>
          这{count}件马上转到这个单位，各件的办理时限不变。每件单独办：有一件办不成，不影响其他的。
        </Trans>
      </Note>
      {off > 0 && (
        <div style={{ marginTop: 8 }}>
          <Note tone="so">
            <Trans>其中{off}件看状态现在不能交办，会原样留着，并告诉您原因。</Trans>
          </Note>
        </div>
      )}
      {objected > 0 && (
        <div style={{ marginTop: 8 }}>
          <Note tone="so">
            <Trans>其中{objected}件单位提了异议：交给别的单位，异议成立；交给原单位，异议不成立。</Trans>
          </Note>
        </div>
      )}
      <ul className="lines">
        {asked.map((item) => (
          <li key={item.id}>
            <span>
              {item.title}
              <span className="m xs">　{item.number}</span>
            </span>
            <span className="sp" />
            <Status state={item.state} />
          </li>
        ))}
      </ul>
    </>
  );
}

/** What replaced what one was reading begins where the reader is. */
export function useFocus() {
  const head = useRef<HTMLHeadingElement>(null);
  useEffect(() => head.current?.focus(), []);
  return head;
}
