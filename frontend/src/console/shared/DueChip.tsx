import { useLingui } from "@lingui/react/macro";
import { type DueTone, dueView, today } from "./due";
import { Icon } from "./Icon";
import { useIsOff, workdaysBetween } from "./workdays";

const classes: Record<DueTone, string> = { none: "due", ok: "due ok", soon: "due so", late: "due la" };

/**
 * How much time is left: icon, words and colour, the colour only for exceptions. What is left is said in days on which
 * somebody can work on it; what is over in plain days, as the ladder of cards counts them.
 */
export function DueChip({ item }: { item: { phase: string; due_on: string | null; state?: string } }) {
  const { t } = useLingui();
  const isOff = useIsOff();
  const { tone, days } = dueView(item);
  if (days === null) {
    return (
      <span className="m">
        <span aria-hidden="true">—</span>
        <span className="vh">{t`不计时`}</span>
      </span>
    );
  }
  // A held clock has no days to count down; what was late before stays late.
  if (item.state === "waiting" && days >= 0) {
    return (
      <span className={classes.soon}>
        <Icon name="paused" small />
        {t`暂停`}
      </span>
    );
  }
  const over = -days;
  const left = item.due_on ? workdaysBetween(today(), item.due_on, isOff) : 0;
  const ahead = left > 0 ? t`剩${left}个工作日` : t`剩${days}天`;
  const words = days < 0 ? t`超${over}天` : days === 0 ? t`今天到期` : ahead;
  return (
    <span className={classes[tone]}>
      <Icon name={tone === "late" ? "warn" : "clock"} small />
      {words}
    </span>
  );
}
