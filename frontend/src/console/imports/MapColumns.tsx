import { Trans, useLingui } from "@lingui/react/macro";
import { ErrorNotice } from "../shared/ErrorNotice";
import { TextField } from "../shared/Field";
import { Icon } from "../shared/Icon";
import { importFieldWords, wordFor } from "../shared/labels";
import { listOf } from "../shared/listOf";
import { BusyButton, Note } from "../shared/parts";
import type { ImportField, Inspection, Kind, Mapping } from "./client";
import { assign, FIELDS, missing } from "./mapping";

interface MapColumnsProps {
  kind: Kind;
  inspection: Inspection;
  mapping: Mapping;
  source: string;
  isOrder: boolean;
  isBusy: boolean;
  error: unknown;
  onMap: (mapping: Mapping) => void;
  onSource: (source: string) => void;
  onOrder: (isOrder: boolean) => void;
  onBack: () => void;
  onTry: () => void;
}

/** What each column holds: guessed from its heading, put right by hand. */
export function MapColumns(props: MapColumnsProps) {
  const { kind, inspection, mapping, source, isBusy, error, onMap, onBack, onTry } = props;
  const { t, i18n } = useLingui();
  const gaps = missing(kind, mapping);
  const isLedger = kind === "complaints";
  const names = listOf(
    i18n.locale,
    gaps.map((field) => t(wordFor(importFieldWords[kind], field))),
  );
  return (
    <>
      {Boolean(error) && (
        <div style={{ marginBottom: 16 }}>
          <ErrorNotice error={error} />
        </div>
      )}
      {gaps.length > 0 ? (
        <Note tone="so" live="status">
          <b>
            <Trans>还缺：{names}</Trans>
          </b>
          <p>
            <Trans>请在下面选出哪一列是它。没有这一列的表不能导入。</Trans>
          </p>
        </Note>
      ) : (
        <Note tone="go" live="status">
          <Trans>要有的列都找到了。请对照样子看一眼，不对的改过来。</Trans>
        </Note>
      )}
      <div className="scroll" style={{ margin: "16px 0" }}>
        <table className="tbl map">
          <thead>
            <tr>
              <th scope="col" style={{ width: 48 }}>{t`列`}</th>
              <th scope="col" style={{ width: 160 }}>{t`表头`}</th>
              <th scope="col" style={{ width: 200 }}>{t`是什么`}</th>
              <th scope="col">{t`前几行的样子`}</th>
            </tr>
          </thead>
          <tbody>
            {inspection.headings.map(({ column, heading, samples }) => (
              <tr key={column}>
                <td className="m">{column}</td>
                <td className="b">{heading || <span className="m">{t`（没有表头）`}</span>}</td>
                <td>
                  <FieldSelect
                    kind={kind}
                    label={t`${column}列“${heading}”是什么`}
                    value={mapping[column] ?? null}
                    onChange={(field) => onMap(assign(mapping, column, field))}
                  />
                </td>
                <td className="m" title={samples.join("\n")}>
                  {samples.filter(Boolean).map((sample, index) => (
                    // biome-ignore lint/suspicious/noArrayIndexKey: samples may repeat
                    <span key={index} className="sample">
                      {sample}
                    </span>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </div>
      {isLedger && <LedgerFields {...props} />}
      <div className="foot">
        <button type="button" className="btn" onClick={onBack}>
          <Icon name="left" small />
          <Trans>换一份文件</Trans>
        </button>
        <span className="sp" />
        <BusyButton
          className="btn p"
          isBusy={isBusy}
          disabled={gaps.length > 0 || (isLedger && source.trim() === "")}
          onClick={onTry}
        >
          <Trans>试运行，先不写入</Trans>
        </BusyButton>
      </div>
    </>
  );
}

/** What a ledger is told by beside its columns. */
function LedgerFields({ source, isOrder, onSource, onOrder }: MapColumnsProps) {
  const { t } = useLingui();
  return (
    <div style={{ maxWidth: 360 }}>
      <TextField
        id="source"
        label={t`来源名称`}
        hint={t`如：县长信箱、12345转办单。同一来源里编号不重复，再导时按它对上。`}
        value={source}
        maxLength={50}
        onChange={(event) => onSource(event.target.value)}
      />
      <label className="check">
        <input type="checkbox" checked={isOrder} onChange={(event) => onOrder(event.target.checked)} />
        <Trans>这些是热线工单：还没答复的，按热线工单的时限计算</Trans>
      </label>
    </div>
  );
}

interface FieldSelectProps {
  kind: Kind;
  label: string;
  value: ImportField | null;
  onChange: (field: ImportField | null) => void;
}

function FieldSelect({ kind, label, value, onChange }: FieldSelectProps) {
  const { t } = useLingui();
  return (
    <select
      className="inp in-row"
      style={{ width: "100%" }}
      aria-label={label}
      value={value ?? ""}
      onChange={(event) => onChange((event.target.value || null) as ImportField | null)}
    >
      <option value="">{t`不导入`}</option>
      {FIELDS[kind].map((field) => (
        <option key={field} value={field}>
          {t(wordFor(importFieldWords[kind], field))}
        </option>
      ))}
    </select>
  );
}
