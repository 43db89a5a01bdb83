import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, useEffect, useState } from "react";
import { Navigate, useLocation, useNavigate, useParams, useSearchParams } from "react-router";
import { type FieldError, focusField } from "../../common/ErrorSummary";
import { FailureNotice } from "../../common/FailureNotice";
import { Loading } from "../../common/Loading";
import { BackLink, usePageTitle } from "../../common/Page";
import { useUnit } from "../../common/queries";
import { AboutStep } from "./AboutStep";
import { changeDraft, type Draft, hasWords, useDraft } from "./draft";
import { KeptDraft } from "./KeptDraft";
import { Progress } from "./Progress";
import { checkStep, type Step, stepNames, steps } from "./steps";
import { WhatStep } from "./WhatStep";

export interface StepProps {
  draft: Draft;
  errors: readonly FieldError[];
  /** Checks this step and goes on, or says what is missing. */
  next: () => void;
}

// The last step brings what files and proves; it is fetched, as the one before, while the first ones are filled in.
const loadAnswerStep = () => import("./AnswerStep");
const AnswerStep = lazy(loadAnswerStep);
const loadCheckStep = () => import("./CheckStep");
const CheckStep = lazy(loadCheckStep);

const NotFoundPage = lazy(() => import("../../common/NotFoundPage"));

const forms = { about: AboutStep, what: WhatStep, answer: AnswerStep };

export default function ComplainPage() {
  const { step = "about" } = useParams();
  const { key } = useLocation();
  const [params] = useSearchParams();
  const unitId = params.get("unit");
  if (unitId) return <StartWithUnit unitId={unitId} />;
  const known = steps.find((each) => each === step);
  // Each visit to a step begins anew, with the errors that it was opened with.
  return known ? <Wizard key={`${known}-${key}`} step={known} /> : <NotFoundPage />;
}

/** From a unit's page: the first question is answered already, and stays open to change. */
function StartWithUnit({ unitId }: { unitId: string }) {
  const navigate = useNavigate();
  const unit = useUnit(unitId);
  const found = unit.data;
  useEffect(() => {
    if (!found) return;
    changeDraft({ about: "unit", unit: { id: found.id, name: found.name, name_en: found.name_en } });
    void navigate("/complain/what", { replace: true, state: { from: `/units/${found.id}` } });
  }, [found, navigate]);
  return (
    <div className="wrap">
      {unit.isError ? (
        <FailureNotice error={unit.error} retry={() => void unit.refetch()} />
      ) : (
        <Loading lines={5} />
      )}
    </div>
  );
}

function Wizard({ step }: { step: Step }) {
  const { t } = useLingui();
  const draft = useDraft();
  const navigate = useNavigate();
  const { state } = useLocation() as { state: { focus?: string; errors?: FieldError[] } | null };
  const [errors, setErrors] = useState<readonly FieldError[]>(state?.errors ?? []);
  const at = steps.indexOf(step);
  const before = steps[at - 1];
  usePageTitle(`${t(stepNames[step])} - ${t`投诉或建议`}`);

  useEffect(() => {
    // Should it fail, the step itself tries again.
    void Promise.all([loadAnswerStep(), loadCheckStep()]).catch(() => undefined);
  }, []);
  const field = state?.focus;
  useEffect(() => {
    if (!field) return;
    // After the frame has moved the focus to the new page.
    const timer = setTimeout(() => focusField(field), 0);
    return () => clearTimeout(timer);
  }, [field]);

  // Somebody opens "check" from their history with nothing written: the first step that lacks something comes first.
  const firstGap = steps.slice(0, at).find((each) => checkStep(each, draft, t).length > 0);
  if (firstGap) return <Navigate to={`/complain/${firstGap}`} replace />;

  const next = () => {
    const found = checkStep(step, draft, t);
    setErrors(found);
    if (found.length === 0) void navigate(`/complain/${steps[at + 1]}`);
  };
  const Form = step === "check" ? null : forms[step];
  return (
    <div className="wrap">
      {before ? (
        <BackLink to={`/complain/${before}`}>
          <Trans>上一步：{t(stepNames[before])}</Trans>
        </BackLink>
      ) : (
        <BackLink to="/">
          <Trans>首页</Trans>
        </BackLink>
      )}
      <Progress at={at} />
      {step === "about" && hasWords(draft) && <KeptDraft draft={draft} />}
      {Form ? <Form draft={draft} errors={errors} next={next} /> : <CheckStep draft={draft} />}
    </div>
  );
}
