import { Trans, useLingui } from "@lingui/react/macro";
import { $api } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { AreaField, Field, TextField } from "../../shared/Field";
import { Note } from "../../shared/parts";
import type { Typing } from "./useRegistration";

interface ChoiceProps<Code extends string> {
  name: string;
  legend: string;
  options: readonly { code: Code; label: string }[];
  value: Code;
  onChange: (code: Code) => void;
}

/** One of a few, all in sight. */
export function Choice<Code extends string>({ name, legend, options, value, onChange }: ChoiceProps<Code>) {
  return (
    <fieldset className="fld" id={`register-${name}`}>
      <legend className="lab">{legend}</legend>
      <div className="pick across">
        {options.map(({ code, label }) => (
          <label key={code}>
            <input
              type="radio"
              name={`register-${name}`}
              checked={value === code}
              onChange={() => onChange(code)}
            />
            {label}
          </label>
        ))}
      </div>
    </fieldset>
  );
}

interface CategoryFieldProps {
  label: string;
  error?: string;
  value: string;
  onChange: (id: string) => void;
}

export function CategoryField({ label, error, value, onChange }: CategoryFieldProps) {
  const { t, i18n } = useLingui();
  const { data } = $api.useQuery("get", "/api/v1/categories");
  return (
    <Field id="register-category_id" label={label} error={error} isOptional>
      <select
        id="register-category_id"
        className="inp"
        value={value}
        aria-invalid={error ? true : undefined}
        aria-describedby={error ? "register-category_id-error" : undefined}
        onChange={(event) => onChange(event.target.value)}
      >
        <option value="">{t`不分类`}</option>
        {data?.items.map((item) => (
          <option key={item.id} value={item.id}>
            {"　".repeat(item.depth - 1)}
            {nameIn(i18n.locale, item)}
          </option>
        ))}
      </select>
    </Field>
  );
}

type ContactName = "name" | "phone" | "email";

interface ContactFieldsProps {
  typing: Typing;
  labels: Record<`contact.${ContactName}`, string>;
  wrong: Record<string, string>;
}

export function ContactFields({ typing, labels, wrong }: ContactFieldsProps) {
  const { t } = useLingui();
  const { draft, contact, change, changeContact } = typing;
  const field = (name: ContactName) => ({
    id: `register-contact.${name}`,
    label: labels[`contact.${name}`],
    error: wrong[`contact.${name}`],
    value: contact[name],
    isOptional: name !== "name",
    // The clerk's own data are not the caller's.
    autoComplete: "off",
    onChange: (event: { target: { value: string } }) => changeContact({ [name]: event.target.value }),
  });
  return (
    <>
      <Choice
        name="contact"
        legend={t`留不留姓名`}
        options={[
          { code: "no", label: t`不留姓名` },
          { code: "yes", label: t`留姓名和联系方式` },
        ]}
        value={draft.isNamed ? "yes" : "no"}
        onChange={(code) => change({ isNamed: code === "yes" })}
      />
      {draft.isNamed && (
        <>
          <div className="three">
            <TextField {...field("name")} maxLength={50} />
            <TextField {...field("phone")} type="tel" maxLength={20} />
            <TextField {...field("email")} type="email" maxLength={254} />
          </div>
          <p className="hint after">
            <Trans>不存进草稿；登记以后这里看不到，也搜不到。</Trans>
          </p>
        </>
      )}
    </>
  );
}

export function EmergencyField({ typing, label, error }: { typing: Typing; label: string; error?: string }) {
  const { t } = useLingui();
  const { draft, change } = typing;
  return (
    <>
      <div className="fld">
        <label className="check">
          <input
            type="checkbox"
            checked={draft.isEmergency}
            onChange={(event) => change({ isEmergency: event.target.checked })}
          />
          <Trans>有人正处在危险中</Trans>
        </label>
      </div>
      {draft.isEmergency && (
        <>
          <div className="fld">
            <Note tone="la" live="status">
              {draft.kind === "report" ? (
                <Trans>先让对方打110或120，再登记。登记后马上提醒教育局纪检督查。</Trans>
              ) : (
                <Trans>先让对方打110或120，再登记。登记后马上提醒单位负责人、创先争优办和局领导。</Trans>
              )}
            </Note>
          </div>
          <AreaField
            id="register-emergency_reason"
            label={label}
            hint={t`谁在哪里、有什么危险、现在怎么样`}
            error={error}
            rows={2}
            maxLength={2000}
            value={draft.emergency}
            onChange={(event) => change({ emergency: event.target.value })}
          />
        </>
      )}
    </>
  );
}
