import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { nameIn } from "../../../shared/i18n";
import { PARTS, type Parts, partWords } from "./draft";
import type { Case } from "./verbs";

/** Exactly the words of the draft, as the complainant's page will show them. */
export function Preview({ complaint, parts }: { complaint: Case; parts: Parts }) {
  const { t, i18n } = useLingui();
  const [isLarge, setLarge] = useState(false);
  const unit = nameIn(i18n.locale, complaint.unit);
  const filled = PARTS.filter((part) => parts[part].trim());
  return (
    <div className="pv">
      <div className="ph">
        <h2>
          <Trans>投诉人将看到</Trans>
        </h2>
        <span className="sp" />
        <div className="seg">
          <button type="button" aria-pressed={!isLarge} onClick={() => setLarge(false)}>
            <Trans>手机</Trans>
          </button>
          <button type="button" aria-pressed={isLarge} onClick={() => setLarge(true)}>
            <Trans>大字</Trans>
          </button>
        </div>
      </div>
      <div className="pvb">
        <div className={isLarge ? "ph2 large" : "ph2"}>
          <p className="m pvu">
            <Trans>{unit}的答复</Trans>
          </p>
          <h3>{complaint.title}</h3>
          {filled.length === 0 && <p className="m">{t`您写的会显示在这里。`}</p>}
          {filled.map((part) => (
            <div key={part}>
              <h4>{t(partWords[part])}</h4>
              <p className="pre">{parts[part]}</p>
            </div>
          ))}
          <div className="pbtn" aria-hidden="true">
            <span>{t`满意`}</span>
            <span>{t`不满意`}</span>
          </div>
        </div>
      </div>
    </div>
  );
}
