import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { ReactNode } from "react";
import { $api } from "../../api/client";
import { PasswordField } from "./PasswordField";

interface NewPasswordFieldProps {
  id: string;
  name: string;
  label: string;
  error?: string;
  /** Whoever chooses has a second factor already. */
  hasSecondFactor?: boolean;
}

/** Where a password is chosen: with the rules that are in force here. */
export function NewPasswordField({ hasSecondFactor = false, ...field }: NewPasswordFieldProps) {
  const { t } = useLingui();
  const { data } = $api.useQuery("get", "/api/v1/auth/options", {}, { staleTime: 3_600_000 });
  const rules = data?.password;
  if (!rules)
    return <PasswordField {...field} autoComplete="new-password" hint={t`一句您记得住的话最好。`} />;
  const least = hasSecondFactor ? rules.min_length_with_second_factor : rules.min_length;
  return (
    <PasswordField
      {...field}
      autoComplete="new-password"
      hint={
        <>
          <Line>
            <Plural value={least} other="至少#个字，一句您记得住的话最好。" />
          </Line>
          {rules.min_kinds > 1 && (
            <Line>
              <Trans>汉字、大写字母、小写字母、数字、标点，至少用其中{rules.min_kinds}种。</Trans>
            </Line>
          )}
          {rules.max_age_days !== null && (
            <Line>
              <Plural value={rules.max_age_days} other="#天后要再换，不能与最近用过的相同。" />
            </Line>
          )}
        </>
      }
    />
  );
}

function Line({ children }: { children: ReactNode }) {
  return <span style={{ display: "block" }}>{children}</span>;
}
