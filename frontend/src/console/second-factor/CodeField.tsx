import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef } from "react";
import { TextField } from "../shared/Field";

export type CodeKind = "code" | "recovery_code";

interface CodeFieldProps {
  kind: CodeKind;
  /** Where only the device will do, such as at its first code. */
  onKind?: (kind: CodeKind) => void;
  error?: string;
  prefix?: string;
}

/** The six digits that the app shows, or one of the codes on paper. */
export function CodeField({ kind, onKind, error, prefix = "" }: CodeFieldProps) {
  const { t } = useLingui();
  const isCode = kind === "code";
  const box = useRef<HTMLDivElement>(null);
  useEffect(() => {
    box.current?.querySelector("input")?.focus();
  }, []);
  return (
    <div ref={box}>
      {/* Each kind has a field of its own: what was typed into the one is not for the other. */}
      <TextField
        key={kind}
        id={`${prefix}${kind}`}
        name={kind}
        className="inp code"
        label={isCode ? t`验证码` : t`恢复码`}
        hint={isCode ? t`验证器上现在显示的6位数字` : t`设置时存下的，如 abcde-fgh23，每个只能用一次`}
        inputMode={isCode ? "numeric" : "text"}
        autoComplete={isCode ? "one-time-code" : "off"}
        autoCapitalize="none"
        spellCheck={false}
        maxLength={20}
        error={error}
      />
      {onKind && (
        <p style={{ margin: "-4px 0 16px" }}>
          <button
            type="button"
            className="btn t sm"
            onClick={() => onKind(isCode ? "recovery_code" : "code")}
          >
            {isCode ? <Trans>手机不在身边？用恢复码</Trans> : <Trans>用验证器上的验证码</Trans>}
          </button>
        </p>
      )}
    </div>
  );
}

/** What a form with a CodeField sends. */
export function codeOf(form: FormData): { code?: string; recovery_code?: string } {
  const text = (name: CodeKind) => String(form.get(name) ?? "").trim();
  return form.has("recovery_code") ? { recovery_code: text("recovery_code") } : { code: text("code") };
}
