import type { Schemas } from "../../../api/client";

type Complaint = Schemas["TrackedComplaint"];

/** What comes next. An answer that has been rated, or is too old to be, does not wait for its rating any more. */
export function nextStepOf({ next_step, allowed_actions }: Complaint): Complaint["next_step"] {
  return next_step === "rating" && !allowed_actions.includes("rate") ? "none" : next_step;
}
