import { Trans } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { Icon } from "./Icon";

export interface FieldError {
  /** The id of the field that the link leads to. */
  field: string;
  message: string;
}

/** Goes to a field without a change of address: the code of a case may be in the form, and history is not ours to fill. */
export function focusField(id: string) {
  const field = document.getElementById(id);
  const target = field?.matches("fieldset") ? field.querySelector("input") : field;
  target?.focus();
  field?.scrollIntoView?.({ block: "center" });
}

/** What has to be put right before going on. It takes the focus, and each line leads to its field. */
export function ErrorSummary({
  errors,
  onOpen = focusField,
}: {
  errors: readonly FieldError[];
  onOpen?: (field: string) => void;
}) {
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (errors.length > 0) box.current?.focus();
  }, [errors]);
  if (errors.length === 0) return null;
  return (
    <div className="esum" role="alert" tabIndex={-1} ref={box}>
      <h2>
        <Icon name="alert" />
        <Trans>还差一点</Trans>
      </h2>
      <ol>
        {errors.map(({ field, message }) => (
          <li key={field}>
            <a
              href={`#${field}`}
              onClick={(event) => {
                event.preventDefault();
                onOpen(field);
              }}
            >
              {message}
            </a>
          </li>
        ))}
      </ol>
      <p className="kept">
        <Trans>您写的都还在。</Trans>
      </p>
    </div>
  );
}

/** The same sentence beside the field. */
export function FieldMessage({ id, message }: { id: string; message: string | undefined }) {
  if (!message) return null;
  return (
    <p className="err" id={id}>
      <Icon name="alert" />
      <span>{message}</span>
    </p>
  );
}
