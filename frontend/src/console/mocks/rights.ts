import type { Schemas } from "../../api/client";

type Case = Schemas["Complaint"];

const WORK =
  "assign draft submit message wait note ask_extension ask_longer_hold object classify merge supervise mark_emergency withdraw";

/** The server's state machine, in short. */
const byState: Record<string, string> = {
  received: "accept not_accept refer object merge classify message note supervise mark_emergency withdraw",
  accepted: `${WORK} refer`,
  assigned: WORK,
  objected: "assign refer message note ask_extension classify supervise mark_emergency withdraw",
  in_handling: WORK,
  waiting: "resume message note ask_extension ask_longer_hold classify supervise mark_emergency withdraw",
  reply_drafted: "approve return message note ask_extension classify supervise mark_emergency withdraw",
  redoing: "assign draft submit message wait note ask_extension classify supervise mark_emergency",
  duplicate: "unmerge message note withdraw",
  replied: "message note classify",
};

const unsent: Record<string, string> = {
  accepted: "答复要先由负责人批准，才能发出。",
  assigned: "答复要先由负责人批准，才能发出。",
  in_handling: "答复要先由负责人批准，才能发出。",
  reply_drafted: "等负责人批准后才能发出。",
};

/** What a caller may do now follows from the case; nobody decides on their own request. */
export function withRights(one: Case, actor?: string): Case {
  const isAsked = one.extension?.is_granted === null;
  const isOwn = isAsked && actor !== undefined && one.extension?.asked_by?.id === actor;
  const may = new Set((byState[one.state] ?? "").split(" ").filter(Boolean));
  if (isAsked || one.extension_days === null) may.delete("ask_extension");
  if (isAsked && !isOwn) may.add("extend").add("refuse_extension");
  const isLongerAsked = one.longer_hold?.is_granted === null;
  if (isLongerAsked || one.longer_hold_days === null) may.delete("ask_longer_hold");
  if (isLongerAsked && one.longer_hold?.asked_by?.id !== actor)
    may.add("grant_longer_hold").add("refuse_longer_hold");
  if (one.supervision && may.delete("supervise")) may.add("lift_supervision").add("report");
  if (one.is_emergency) may.delete("mark_emergency");
  const refused: Schemas["RefusedAction"][] = [];
  const detail = unsent[one.state];
  if (detail) refused.push({ action: "reply", code: "not_ready", detail });
  if (isOwn)
    refused.push({ action: "extend", code: "own_work", detail: "自己申请的延期，要由另一位负责人批准。" });
  return { ...one, allowed_actions: [...may] as Case["allowed_actions"], refused_actions: refused };
}
