import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useState } from "react";
import { Link, useNavigate, useSearchParams } from "react-router";
import { formatNumber } from "../../shared/format";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { BusyButton, Dot, Title } from "../shared/parts";
import { useOnce } from "../shared/useOnce";
import { ForbiddenPage } from "../shell/ProblemPages";
import { ChooseFile } from "./ChooseFile";
import {
  type Inspection,
  inspect,
  isRunning,
  type Job,
  type Kind,
  type Mapping,
  startImport,
} from "./client";
import { MapColumns } from "./MapColumns";
import { guessed, sourceOf } from "./mapping";
import { Progress } from "./Progress";
import { Result } from "./Result";
import { Steps } from "./Steps";
import { useJob } from "./useJob";
import { useKinds } from "./useKinds";

/** File, columns, dry run; the import itself has a page of its own that can be left and found again. */
export default function ImportWizard() {
  const [params] = useSearchParams();
  const kinds = useKinds();
  // A link without a kind is to what the role can import.
  const kind = params.get("kind") ?? kinds[0];
  const known = kinds.find((mine) => mine === kind);
  return known ? <Wizard key={known} kind={known} /> : <ForbiddenPage />;
}

function Wizard({ kind }: { kind: Kind }) {
  const { t, i18n } = useLingui();
  const wizard = useWizard(kind);
  const { inspection, trial } = wizard;
  const at = trial ? 2 : inspection ? 1 : 0;
  return (
    <>
      <Title
        name={{ complaints: t`导入办件`, units: t`导入单位`, members: t`导入成员` }[kind]}
        aside={
          inspection && (
            <>
              {inspection.file_name}
              <Dot />
              <Trans>{formatNumber(inspection.rows_total, i18n.locale)}行</Trans>
            </>
          )
        }
      >
        <Link className="btn t" to="/imports">
          <Trans>取消导入</Trans>
        </Link>
      </Title>
      <Steps at={at} />
      <ToTop key={at} />
      {!inspection && (
        <ChooseFile
          kind={kind}
          isBusy={wizard.isBusy}
          error={wizard.error}
          onChoose={(file) => wizard.choose(file)}
        />
      )}
      {inspection && !trial && (
        <MapColumns
          kind={kind}
          inspection={inspection}
          mapping={wizard.mapping}
          source={wizard.source}
          isOrder={wizard.isOrder}
          onOrder={wizard.setOrder}
          isBusy={wizard.isBusy}
          error={wizard.error}
          onMap={wizard.setMapping}
          onSource={wizard.setSource}
          onBack={wizard.restart}
          onTry={wizard.tryOut}
        />
      )}
      {trial && <Trial trial={trial} wizard={wizard} />}
    </>
  );
}

/** Each step begins at the head of the page. */
function ToTop() {
  useEffect(() => {
    // In braces: where scrolling answers with a promise, it must not be taken for a clean-up.
    globalThis.scrollTo(0, 0);
  }, []);
  return null;
}

function Trial({ trial, wizard }: { trial: Job; wizard: ReturnType<typeof useWizard> }) {
  const { i18n } = useLingui();
  if (isRunning(trial)) return <Progress job={trial} />;
  const good = trial.rows_total - trial.rows_failed;
  const count = formatNumber(good, i18n.locale);
  return (
    <>
      {Boolean(wizard.error) && <ErrorNotice error={wizard.error} />}
      <Result job={trial} />
      <div className="foot" style={{ marginTop: 24 }}>
        <button type="button" className="btn" onClick={wizard.backToColumns}>
          <Icon name="left" small />
          <Trans>上一步：对应列</Trans>
        </button>
        <span className="sp" />
        <button type="button" className="btn" onClick={wizard.restart}>
          <Trans>改好再传一次</Trans>
        </button>
        <BusyButton className="btn p" isBusy={wizard.isBusy} disabled={good === 0} onClick={wizard.start}>
          {trial.rows_failed > 0 ? <Trans>导入其余{count}行</Trans> : <Trans>导入{count}行</Trans>}
        </BusyButton>
      </div>
    </>
  );
}

function useWizard(kind: Kind) {
  const navigate = useNavigate();
  const { isBusy, once } = useOnce();
  const [file, setFile] = useState<File | null>(null);
  const [inspection, setInspection] = useState<Inspection | null>(null);
  const [mapping, setMapping] = useState<Mapping>({});
  const [source, setSource] = useState("");
  const [isOrder, setOrder] = useState(false);
  const [trialId, setTrialId] = useState<string>();
  const [error, setError] = useState<unknown>(null);
  const trial = useJob(trialId);

  const attempt = (work: () => Promise<void>) =>
    void once(async () => {
      setError(null);
      try {
        await work();
      } catch (refusal) {
        setError(refusal);
      }
    });

  const run = async (isDryRun: boolean) => {
    if (!file || !inspection) throw new Error("no file");
    return startImport({ kind, file, inspection, mapping, source: source.trim(), isOrder, isDryRun });
  };

  return {
    inspection,
    mapping,
    source,
    isOrder,
    setOrder,
    trial: trial.data,
    isBusy: isBusy || Boolean(trialId && !trial.data && !trial.error),
    error: error ?? trial.error,
    setMapping,
    setSource,
    choose: (chosen: File) =>
      attempt(async () => {
        const found = await inspect(kind, chosen);
        setFile(chosen);
        setInspection(found);
        setMapping(guessed(found));
        setSource((kept) => kept || sourceOf(found.sheet, chosen.name));
      }),
    tryOut: () => attempt(async () => setTrialId((await run(true)).id)),
    start: () => attempt(async () => void navigate(`/imports/${(await run(false)).id}`)),
    backToColumns: () => setTrialId(undefined),
    restart: () => {
      setTrialId(undefined);
      setInspection(null);
      setFile(null);
      setError(null);
    },
  };
}
