import { Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { useEffect, useRef } from "react";
import { fieldErrors } from "../../api/problem";
import { explain } from "./explain";
import { Icon } from "./Icon";
import { Note } from "./parts";

/** Said beside what failed, and read out. */
export function ErrorNotice({ error, retry }: { error: unknown; retry?: () => void }) {
  const { t } = useLingui();
  if (!error) return null;
  const { title, todo, detail, requestId } = explain(error);
  return (
    <Note tone="la" live="alert">
      <b>{t(title)}</b>
      {detail && <p>{detail}</p>}
      <p className="m">{t(todo)}</p>
      {requestId && (
        <p className="m xs">
          <Trans>编号 {requestId}</Trans>
        </p>
      )}
      {retry && (
        <p style={{ marginTop: 6 }}>
          <button type="button" className="btn sm" onClick={retry}>
            <Trans>再试一次</Trans>
          </button>
        </p>
      )}
    </Note>
  );
}

/**
 * Above a form after a refused save: takes the focus and names each field as a link to it. Fields have the ids
 * `${prefix}${name}`.
 */
export function FormErrors({ error, labels, prefix }: { error: unknown; labels: Labels; prefix: string }) {
  const { t } = useLingui();
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (error) box.current?.focus();
  }, [error]);
  if (!error) return null;
  const fields = Object.entries(fieldErrors(error));
  const { title, todo, detail } = explain(error);
  return (
    <div ref={box} className="note la" role="alert" tabIndex={-1} style={{ marginBottom: 16 }}>
      <Icon name="warn" />
      <div>
        <b>{t(title)}</b>
        {fields.length === 0 && <p>{detail || t(todo)}</p>}
        <ul>
          {fields.map(([name, words]) => (
            <li key={name}>
              <a href={`#${prefix}${name}`} onClick={(event) => focusField(event, `${prefix}${name}`)}>
                {labels[name] ? <Trans>{labels[name]}：</Trans> : null}
                {words}
              </a>
            </li>
          ))}
        </ul>
      </div>
    </div>
  );
}

type Labels = Record<string, ReactNode>;

function focusField(event: { preventDefault(): void }, id: string) {
  event.preventDefault();
  document.getElementById(id)?.focus();
}
