import { Trans } from "@lingui/react/macro";
import type { InputHTMLAttributes, ReactNode, TextareaHTMLAttributes } from "react";
import { Icon } from "./Icon";

interface FrameProps {
  id: string;
  label: ReactNode;
  hint?: ReactNode;
  error?: string;
  isOptional?: boolean;
  children: ReactNode;
}

/** Label above, hint and error below, tied to the control for screen readers by ids. */
export function Field({ id, label, hint, error, isOptional = false, children }: FrameProps) {
  return (
    <div className="fld">
      <label htmlFor={id}>
        {label}
        {isOptional && (
          <span className="m xs">
            {" "}
            <Trans>可不填</Trans>
          </span>
        )}
      </label>
      {children}
      {error && (
        <p className="err" id={`${id}-error`}>
          <Icon name="warn" small /> {error}
        </p>
      )}
      {hint && (
        <p className="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

export function ariaOf(id: string, hint: unknown, error: unknown) {
  const ids = [error ? `${id}-error` : "", hint ? `${id}-hint` : ""].filter(Boolean).join(" ");
  return { "aria-describedby": ids || undefined, "aria-invalid": error ? true : undefined };
}

type Shared = Omit<FrameProps, "children">;

export function TextField({ id, label, hint, error, isOptional, ...input }: Shared & Input) {
  return (
    <Field id={id} label={label} hint={hint} error={error} isOptional={isOptional}>
      <input id={id} className="inp" {...ariaOf(id, hint, error)} {...input} />
    </Field>
  );
}

type Input = Omit<InputHTMLAttributes<HTMLInputElement>, "id">;

export function AreaField({ id, label, hint, error, isOptional, ...area }: Shared & Area) {
  return (
    <Field id={id} label={label} hint={hint} error={error} isOptional={isOptional}>
      <textarea id={id} className="inp" rows={4} {...ariaOf(id, hint, error)} {...area} />
    </Field>
  );
}

type Area = Omit<TextareaHTMLAttributes<HTMLTextAreaElement>, "id">;
