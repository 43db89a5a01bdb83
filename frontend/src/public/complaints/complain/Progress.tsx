import { Trans, useLingui } from "@lingui/react/macro";
import { Icon } from "../../common/Icon";
import { stepNames, steps } from "./steps";

/** "2 / 4" on a phone, the names of the steps where there is room. */
export function Progress({ at }: { at: number }) {
  const { t } = useLingui();
  const name = steps[at];
  const count = steps.length;
  const position = at + 1;
  const stateOf = (index: number) => (index < at ? "done" : index === at ? "now" : "");
  return (
    <section className="step col" aria-label={t`第${position}步，共${count}步`}>
      <div className="seg" aria-hidden="true">
        {steps.map((step, index) => (
          <i key={step} className={stateOf(index)} />
        ))}
      </div>
      <p>
        <b>{name && t(stepNames[name])}</b>
        <span>
          <Trans>
            {position} / {count}
          </Trans>
        </span>
      </p>
      <ol aria-hidden="true">
        {steps.map((step, index) => (
          <li key={step} className={stateOf(index)}>
            {index < at && <Icon name="check" />}
            {`${index + 1}. ${t(stepNames[step])}`}
          </li>
        ))}
      </ol>
    </section>
  );
}
