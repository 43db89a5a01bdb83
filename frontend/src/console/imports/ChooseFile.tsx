import { Trans, useLingui } from "@lingui/react/macro";
import { App } from "antd";
import { type DragEvent, useRef, useState } from "react";
import { download } from "../shared/bearer";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { BusyButton } from "../shared/parts";
import { useOnce } from "../shared/useOnce";
import type { Kind } from "./client";

interface ChooseFileProps {
  kind: Kind;
  isBusy: boolean;
  error: unknown;
  onChoose: (file: File) => void;
}

export function ChooseFile({ kind, isBusy, error, onChoose }: ChooseFileProps) {
  const { t } = useLingui();
  const input = useRef<HTMLInputElement>(null);
  const [isOver, setOver] = useState(false);
  const take = (files: FileList | null | undefined) => {
    const file = files?.[0];
    if (file && !isBusy) onChoose(file);
  };
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(event.dataTransfer?.files);
  };
  return (
    <div style={{ display: "grid", gap: 16, maxWidth: 820 }}>
      {Boolean(error) && <ErrorNotice error={error} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: dropping is an extra; the button does the same */}
      <div
        className={isOver ? "drop over" : "drop"}
        data-testid="drop"
        onDragOver={(event) => {
          event.preventDefault();
          setOver(true);
        }}
        onDragLeave={() => setOver(false)}
        onDrop={drop}
      >
        <Icon name="upload" />
        <b>{kind === "complaints" ? <Trans>把台账拖到这里</Trans> : <Trans>把表格拖到这里</Trans>}</b>
        <p className="m">
          {kind === "complaints" ? (
            <Trans>
              .xlsx 20MB以内，.csv 200MB以内；第一行是列名，一行一件。选了以后先看、先试，不会马上写入。
            </Trans>
          ) : (
            <Trans>
              .xlsx 20MB以内，.csv 200MB以内；第一行是列名，一行一个。选了以后先看、先试，不会马上写入。
            </Trans>
          )}
        </p>
        <BusyButton className="btn p" isBusy={isBusy} onClick={() => input.current?.click()}>
          {isBusy ? <Trans>正在看这份文件</Trans> : <Trans>选文件</Trans>}
        </BusyButton>
        <input
          ref={input}
          type="file"
          accept=".xlsx,.csv"
          hidden
          aria-label={kind === "complaints" ? t`台账文件` : t`要导入的文件`}
          onChange={(event) => {
            take(event.target.files);
            event.target.value = "";
          }}
        />
      </div>
      {kind === "complaints" ? <Template /> : <ListTemplates kind={kind} />}
      <p className="m">
        {kind === "complaints" ? (
          <Trans>同一份台账可以再导：编号相同、内容没变的跳过，变了的更新，不会重复。</Trans>
        ) : (
          <Trans>
            同一张表可以再导：只写不一样的地方。空着的格子保留原来的内容，填“-”才清空；表里没有的，什么都不变。
          </Trans>
        )}
      </p>
    </div>
  );
}

/** The columns with what they mean, in a workbook; or the headings alone. */
function ListTemplates({ kind }: { kind: "units" | "members" }) {
  const { t } = useLingui();
  const { message } = App.useApp();
  const { isBusy, once } = useOnce();
  const name = kind === "units" ? t`单位导入表` : t`成员导入表`;
  const get = (format: "xlsx" | "csv") =>
    once(() => download(`/api/v1/imports/templates/${kind}`, `${name}.${format}`, { format })).catch(() =>
      message.error(t`没有下载成，请再试一次`),
    );
  return (
    <div className="row wrap">
      <span className="m">
        <Trans>还没有表？用我们的，里面写了怎么填。要改现有的，先导出，改好再导入。</Trans>
      </span>
      <BusyButton className="btn sm" isBusy={isBusy} onClick={() => void get("xlsx")}>
        <Icon name="download" small /> <Trans>下载导入表（Excel）</Trans>
      </BusyButton>
      <BusyButton className="btn sm" isBusy={isBusy} onClick={() => void get("csv")}>
        <Icon name="download" small /> <Trans>下载导入表（CSV）</Trans>
      </BusyButton>
    </div>
  );
}

/** For an office that has no ledger yet, or one that the import doesn't understand. */
function Template() {
  const { t } = useLingui();
  const { message } = App.useApp();
  const { isBusy, once } = useOnce();
  const get = () =>
    once(() => download("/api/v1/imports/complaints/template.xlsx", t`空白台账.xlsx`)).catch(() =>
      message.error(t`没有下载成，请再试一次`),
    );
  return (
    <div className="row wrap">
      <span className="m">
        <Trans>还没有台账，或列名对不上？用我们的表，里面写了怎么填。</Trans>
      </span>
      <BusyButton className="btn sm" isBusy={isBusy} onClick={() => void get()}>
        <Icon name="download" small /> <Trans>下载空白台账</Trans>
      </BusyButton>
    </div>
  );
}
