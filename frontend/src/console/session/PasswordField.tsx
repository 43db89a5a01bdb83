import { useLingui } from "@lingui/react/macro";
import { type InputHTMLAttributes, type ReactNode, useState } from "react";
import { ariaOf, Field } from "../shared/Field";

interface PasswordFieldProps extends Omit<InputHTMLAttributes<HTMLInputElement>, "id"> {
  id: string;
  label: string;
  hint?: ReactNode;
  error?: string;
}

export function PasswordField({ id, label, hint, error, ...input }: PasswordFieldProps) {
  const { t } = useLingui();
  const [isShown, setShown] = useState(false);
  return (
    <Field id={id} label={label} hint={hint} error={error}>
      <div className="pw">
        <input
          id={id}
          className="inp"
          type={isShown ? "text" : "password"}
          {...ariaOf(id, hint, error)}
          {...input}
        />
        <button
          type="button"
          className="ib"
          aria-pressed={isShown}
          aria-label={t`显示密码`}
          onClick={() => setShown(!isShown)}
        >
          <svg className="i" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M1.500 8S4 3.500 8 3.500 14.500 8 14.500 8 12 12.500 8 12.500 1.500 8 1.500 8z" />
            {isShown ? <path d="m3 13 10-10" /> : <circle cx="8" cy="8" r="2" />}
          </svg>
        </button>
      </div>
    </Field>
  );
}
