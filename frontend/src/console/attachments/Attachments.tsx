import { Trans, useLingui } from "@lingui/react/macro";
import { App } from "antd";
import { lazy, Suspense, useState } from "react";
import type { Schemas } from "../../api/client";
import { formatNumber, formatWhen } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { download } from "../shared/bearer";
import { ErrorNotice } from "../shared/ErrorNotice";
import { explain } from "../shared/explain";
import { wordFor } from "../shared/labels";
import { Dot, Skeleton } from "../shared/parts";
import { useOnce } from "../shared/useOnce";
import { AddFiles } from "./AddFiles";
import { RemoveFile } from "./RemoveFile";
import { contentPath, useAttachments, usePictures } from "./useAttachments";
import { type Attachment, attachmentStateWords, refusalWords } from "./words";
import "./attachments.css";

type Case = Schemas["Complaint"];

const Viewer = lazy(() => import("./Viewer"));

/** Photos and documents of a case: pictures to be looked at here, documents to be saved, and evidence to be added. */
export function Attachments({ complaint }: { complaint: Case }) {
  const [isAdding, setAdding] = useState(false);
  const count = complaint.attachment_count;
  const mayAttach = complaint.allowed_actions.includes("attach");
  if (count === 0 && !mayAttach) return null;
  return (
    <section className="atts" aria-labelledby="attachments">
      <div className="row">
        <h2 id="attachments">{count > 0 ? <Trans>附件（{count}）</Trans> : <Trans>附件</Trans>}</h2>
        <span className="sp" />
        {mayAttach && (
          <button type="button" className="btn sm noprint" onClick={() => setAdding(true)}>
            <Trans>附上文件</Trans>
          </button>
        )}
      </div>
      {count > 0 ? (
        <Loaded complaint={complaint} />
      ) : (
        <p className="m xs">
          <Trans>投诉人没有发文件来。现场照片、谈话记录可以附在这里，投诉人看不到。</Trans>
        </p>
      )}
      {isAdding && <AddFiles complaint={complaint} onClose={() => setAdding(false)} />}
    </section>
  );
}

function Loaded({ complaint }: { complaint: Case }) {
  const { t } = useLingui();
  const { data, error, refetch } = useAttachments(complaint.id);
  if (data) return <Files complaint={complaint} files={data.items} />;
  if (error) return <ErrorNotice error={error} retry={() => void refetch()} />;
  return <Skeleton lines={2} label={t`正在取附件`} />;
}

function Files({ complaint, files }: { complaint: Case; files: Attachment[] }) {
  const { t } = useLingui();
  const ready = files.filter(({ state }) => state === "ready");
  const pictures = usePictures(
    complaint.id,
    ready.filter(({ kind }) => kind === "image"),
  );
  const [open, setOpen] = useState<number | null>(null);
  const others = files.filter(({ state, kind }) => state !== "ready" || kind !== "image");
  const hasDocuments = ready.some(({ kind }) => kind === "document");
  return (
    <>
      {pictures.length > 0 && (
        <ul className="pics">
          {pictures.map(({ picture, url, error, retry }, nth) => (
            <li key={picture.id}>
              {error ? (
                <button type="button" className="btn sm" onClick={retry}>
                  <Trans>没有取到，再取一次</Trans>
                </button>
              ) : (
                <button
                  type="button"
                  className="thumb"
                  onClick={() => setOpen(nth)}
                  aria-label={t`放大 ${picture.name}`}
                >
                  {url && <img src={url} alt="" />}
                </button>
              )}
              <Line complaint={complaint} file={picture} />
            </li>
          ))}
        </ul>
      )}
      {others.length > 0 && (
        <ul className="docs">
          {others.map((file) => (
            <li key={file.id}>
              <Line complaint={complaint} file={file} />
            </li>
          ))}
        </ul>
      )}
      {hasDocuments && (
        <p className="xs m">
          <Trans>文件按原样保存，可能写有作者姓名，也可能带有外部链接；打开时不要启用编辑或宏。</Trans>
        </p>
      )}
      {open !== null && (
        <Suspense fallback={null}>
          <Viewer
            pictures={pictures.map(({ picture, url }) => ({ name: picture.name, url: url ?? "" }))}
            current={open}
            onChange={setOpen}
            onClose={() => setOpen(null)}
          />
        </Suspense>
      )}
    </>
  );
}

function Line({ complaint, file }: { complaint: Case; file: Attachment }) {
  const { t, i18n } = useLingui();
  const { message } = App.useApp();
  const { isBusy, once } = useOnce();
  const [isRemoving, setRemoving] = useState(false);
  const isReady = file.state === "ready";
  const mayRemove = file.is_own && complaint.allowed_actions.includes("attach");
  const save = () =>
    once(async () => {
      try {
        await download(contentPath(complaint.id, file), file.name);
      } catch (failure) {
        const { title, todo } = explain(failure);
        void message.error(`${t(title)} ${t(todo)}`);
      }
    });
  return (
    <div className="attline">
      <p className="name">{file.name}</p>
      <p className="xs m">
        {isReady ? sizeOf(file.size, i18n.locale) : t(wordFor(attachmentStateWords, file.state))}
        {file.refusal && (
          <>
            <Dot />
            {t(wordFor(refusalWords, file.refusal))}
          </>
        )}
        <Dot />
        {file.added_by ? nameIn(i18n.locale, file.added_by) : <Trans>投诉人</Trans>}
        <Dot />
        {formatWhen(file.added_at ?? file.added_on, i18n.locale)}
        {file.has_original && (
          <>
            <Dot />
            <Trans>原件另存，须两名督查人员同意才能打开</Trans>
          </>
        )}
      </p>
      <div className="row noprint">
        {isReady && (
          <button
            type="button"
            className="btn sm"
            aria-disabled={isBusy}
            onClick={() => void save()}
            aria-label={t`下载 ${file.name}`}
          >
            <Trans>下载</Trans>
          </button>
        )}
        {mayRemove && (
          <button
            type="button"
            className="btn sm"
            onClick={() => setRemoving(true)}
            aria-label={t`移除 ${file.name}`}
          >
            <Trans>移除</Trans>
          </button>
        )}
      </div>
      {isRemoving && <RemoveFile complaint={complaint} file={file} onClose={() => setRemoving(false)} />}
    </div>
  );
}

function sizeOf(bytes: number, locale: string): string {
  const isSmall = bytes < 1024 * 1024;
  const size = isSmall ? Math.max(1, Math.round(bytes / 1024)) : Math.round((bytes / 1024 / 1024) * 10) / 10;
  return `${formatNumber(size, locale)} ${isSmall ? "KB" : "MB"}`;
}
