import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { complaintKindLabels } from "../../../shared/labels";
import { Icon } from "../../shared/Icon";
import { wordFor } from "../../shared/labels";
import { useDocumentTitle } from "../../shared/parts";
import { Status } from "../../shared/Status";
import type { Neighbours } from "./useNeighbours";
import type { Case } from "./verbs";

export function CaseHead({ complaint, neighbours }: { complaint: Case; neighbours: Neighbours }) {
  const { t } = useLingui();
  useDocumentTitle(`${complaint.number} ${complaint.title}`);
  return (
    <div className="chd">
      <nav className="crumb" aria-label={t`位置`}>
        <Link to={neighbours.back}>
          <Trans>投诉与建议</Trans>
        </Link>
        <span aria-hidden="true">/</span>
        <span>{complaint.number}</span>
      </nav>
      <StepButtons neighbours={neighbours} />
      <div className="row wrap name">
        <h1>{complaint.title}</h1>
        <Status state={complaint.state} />
        <span className="tag">{t(wordFor(complaintKindLabels, complaint.kind))}</span>
        {complaint.is_order && (
          <span className="tag">
            <Trans>热线工单</Trans>
          </span>
        )}
        {complaint.is_sealed && (
          <span className="tag so">
            <Icon name="lock" small />
            <Trans>密件</Trans>
          </span>
        )}
      </div>
    </div>
  );
}

function StepButtons({ neighbours }: { neighbours: Neighbours }) {
  const { t } = useLingui();
  const { position, total, previous, next } = neighbours;
  return (
    <div className="row noprint steps-to">
      {position && (
        <span className="m xs nb">
          {total ? (
            <Trans>
              第{position}件，共{total}件
            </Trans>
          ) : (
            <Trans>第{position}件</Trans>
          )}
        </span>
      )}
      <button type="button" className="btn sm" disabled={!previous} onClick={previous} aria-label={t`上一件`}>
        <Icon name="up" small />
        <kbd className="desk">K</kbd>
      </button>
      <button type="button" className="btn sm" disabled={!next} onClick={next} aria-label={t`下一件`}>
        <Icon name="down" small />
        <kbd className="desk">J</kbd>
      </button>
      <Link className="btn sm desk" to="file" aria-label={t`打印这一件`} title={t`打印这一件`}>
        <Icon name="print" small />
      </Link>
    </div>
  );
}
