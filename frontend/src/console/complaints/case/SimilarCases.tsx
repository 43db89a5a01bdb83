import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { Link } from "react-router";
import { $api, type Schemas } from "../../../api/client";
import { nameIn } from "../../../shared/i18n";
import { Icon } from "../../shared/Icon";
import { Dot } from "../../shared/parts";
import { Status } from "../../shared/Status";
import { ShortDay } from "../queue/ShortDay";
import { MergeDrawer } from "./MergeDrawer";
import type { CaseActions } from "./useCase";
import type { Case } from "./verbs";

type Similar = Schemas["SimilarComplaint"];

interface SimilarCasesProps {
  complaint: Case;
  actions: CaseActions;
}

/** Cases that may say the same, with the reasons. Nothing is shown where nothing is found; a person decides. */
export function SimilarCases({ complaint, actions }: SimilarCasesProps) {
  const [lead, setLead] = useState<Similar["complaint"] | null>(null);
  const path = { complaint_id: complaint.id };
  const { data } = $api.useQuery(
    "get",
    "/api/v1/complaints/{complaint_id}/similar",
    { params: { path } },
    { staleTime: 60_000 },
  );
  const known = new Set([complaint.duplicate_of?.id, ...complaint.duplicates.map(({ id }) => id)]);
  const found = (data?.items ?? []).filter((similar) => !known.has(similar.complaint.id));
  if (found.length === 0) return null;
  const mayMerge = complaint.allowed_actions.includes("merge");
  return (
    <section className="panel" id="similar" aria-labelledby="similar-head">
      <div className="ph">
        <Icon name="swap" />
        <h2 id="similar-head">
          <Trans>可能重复</Trans>
        </h2>
        <span className="sp" />
        <span className="m xs">
          <Trans>由您判断</Trans>
        </span>
      </div>
      <ul className="same pb">
        {found.map((similar) => (
          <One
            key={similar.complaint.id}
            similar={similar}
            onMerge={mayMerge && similar.can_lead ? () => setLead(similar.complaint) : undefined}
          />
        ))}
      </ul>
      {lead && (
        <MergeDrawer
          complaint={complaint}
          actions={actions}
          proposed={lead}
          onClose={() => {
            setLead(null);
            actions.forgetRefusal();
          }}
        />
      )}
    </section>
  );
}

function One({ similar, onMerge }: { similar: Similar; onMerge: (() => void) | undefined }) {
  const { t, i18n } = useLingui();
  const { complaint } = similar;
  const why = [
    similar.is_same_unit && t`同一单位`,
    similar.is_same_category && t`同一分类`,
    similar.is_same_day && t`同一天收到`,
  ].filter((reason) => typeof reason === "string");
  return (
    <li>
      <Link
        to={`/complaints/${complaint.id}`}
        target="_blank"
        rel="noopener"
        title={t`在新窗口打开`}
        aria-label={t`${complaint.number} ${complaint.title}，在新窗口打开`}
      >
        {complaint.title}
      </Link>
      <p className="m xs">
        <ShortDay value={complaint.received_on} />
        <Dot />
        {complaint.number}
        <Dot />
        {nameIn(i18n.locale, complaint.unit)}
      </p>
      <p className="tags">
        <Status state={complaint.state} />
        {why.map((reason) => (
          <span key={reason} className="tag">
            {reason}
          </span>
        ))}
      </p>
      {similar.shared_words.length > 0 && (
        <p className="xs m">
          <Trans>都提到：</Trans>
          {similar.shared_words.map((word) => (
            <mark key={word}>{word}</mark>
          ))}
        </p>
      )}
      {onMerge && (
        <button
          type="button"
          className="btn sm"
          aria-label={t`并入这一件，${complaint.number}`}
          onClick={onMerge}
        >
          <Trans>并入这一件</Trans>
        </button>
      )}
    </li>
  );
}
