import { useLingui } from "@lingui/react/macro";
import { Icon, type IconName } from "./Icon";
import { stateWords, wordFor } from "./labels";

const looks: Record<string, [IconName, string]> = {
  received: ["ring", ""],
  accepted: ["empty", ""],
  assigned: ["handed", "br"],
  objected: ["handed", "so"],
  handling: ["half", "br"],
  in_handling: ["half", "br"],
  waiting: ["paused", "so"],
  reply_drafted: ["most", "br"],
  replied: ["full", "br"],
  rated: ["full", "br"],
  redoing: ["redo", "so"],
  concluded: ["done", "go"],
  reviewed: ["done", "go"],
  final: ["done", "go"],
  not_accepted: ["barred", ""],
  withdrawn: ["barred", ""],
  duplicate: ["barred", ""],
  referred: ["handed", ""],
  sealed: ["lock", ""],
};

/** Where a case stands: a circle that fills as the work goes on, and the word. */
export function Status({ state }: { state: string }) {
  const { t } = useLingui();
  const [icon, tone] = looks[state] ?? ["empty", ""];
  return (
    <span className={`st ${tone}`}>
      <Icon name={icon} />
      {t(wordFor(stateWords, state))}
    </span>
  );
}
