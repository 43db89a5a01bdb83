import { useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";

/** Who did something, and in whose place: "何梅 代 周敏". */
export function useDoer() {
  const { t, i18n } = useLingui();
  const others = { complainant: t`投诉人`, system: t`系统`, member: t`工作人员` };
  return (step: Pick<Schemas["ComplaintStep"], "by" | "by_kind" | "acting_for">) => {
    const by = step.by ? nameIn(i18n.locale, step.by) : others[step.by_kind];
    const holder = step.acting_for ? nameIn(i18n.locale, step.acting_for) : "";
    return holder ? t`${by} 代 ${holder}` : by;
  };
}
