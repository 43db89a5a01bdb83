import { Trans, useLingui } from "@lingui/react/macro";
import type { FormEvent } from "react";
import { Icon } from "./Icon";

interface Props {
  value: string;
  onChange: (value: string) => void;
  onSubmit: () => void;
  label: string;
}

export function UnitSearchBox({ value, onChange, onSubmit, label }: Props) {
  const { t } = useLingui();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSubmit();
  };
  return (
    <search>
      <form className="search" onSubmit={submit}>
        <label htmlFor="q">{label}</label>
        <div className="row">
          <input
            id="q"
            type="search"
            value={value}
            onChange={(event) => onChange(event.target.value)}
            placeholder={t`例如：柳湾小学`}
            autoComplete="off"
            enterKeyHint="search"
            maxLength={100}
          />
          <button type="submit">
            <Icon name="search" />
            <Trans>查找</Trans>
          </button>
        </div>
      </form>
    </search>
  );
}
