import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { nameIn } from "../../../shared/i18n";
import { Dot } from "../../shared/parts";
import { PARTS, type Parts, partWords } from "./draft";
import type { Case } from "./verbs";

type Face = "phone" | "large" | "paper";

const faces: { id: Face; label: MessageDescriptor }[] = [
  { id: "phone", label: msg`手机` },
  { id: "large", label: msg`大字` },
  { id: "paper", label: msg`打印` },
];

/** Exactly the words of the draft, as the complainant's page will show them. */
export function Preview({ complaint, parts }: { complaint: Case; parts: Parts }) {
  const { t, i18n } = useLingui();
  const [face, setFace] = useState<Face>("phone");
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
          {faces.map(({ id, label }) => (
            <button key={id} type="button" aria-pressed={face === id} onClick={() => setFace(id)}>
              {t(label)}
            </button>
          ))}
        </div>
      </div>
      <div className="pvb">
        <div className={`ph2 as-${face}`}>
          <p className="m pvu">
            <Trans>{unit}的答复</Trans>
            {face === "paper" && (
              <>
                <Dot />
                {complaint.number}
              </>
            )}
          </p>
          <h3>{complaint.title}</h3>
          {filled.length === 0 && <p className="m">{t`您写的会显示在这里。`}</p>}
          {filled.map((part) => (
            <div key={part}>
              <h4>{t(partWords[part])}</h4>
              <p className="pre">{parts[part]}</p>
            </div>
          ))}
          {face !== "paper" && (
            <div className="pbtn" aria-hidden="true">
              <span>{t`满意`}</span>
              <span>{t`不满意`}</span>
            </div>
          )}
        </div>
      </div>
    </div>
  );
}
