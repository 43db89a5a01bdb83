import { Trans, useLingui } from "@lingui/react/macro";
import { App } from "antd";
import { type ReactNode, useState } from "react";
import { Icon } from "../../shared/Icon";
import { Note } from "../../shared/parts";
import { diff } from "./diff";
import { conflictsOf, lengthOf, merge, PARTS, type Part, partWords } from "./draft";
import type { Draft } from "./useDraft";
import type { Case } from "./verbs";
import { WhatChanged } from "./WhatChanged";

interface StalePanelProps {
  complaint: Case;
  /** The case as it was when the text was begun, where that is known. */
  seen: Case | null;
  draft: Draft;
  onSettled: () => void;
}

/** Somebody else changed the reply while one was writing: both texts, side by side, and one's own is never lost. */
export function StalePanel({ complaint, seen, draft, onSettled }: StalePanelProps) {
  const [takeTheirs, setTakeTheirs] = useState<ReadonlySet<Part>>(new Set());
  const { base, parts: mine, theirs } = draft;
  const conflicts = conflictsOf(base, mine, theirs);
  const touched = PARTS.filter((part) => mine[part] !== base[part] || theirs[part] !== base[part]);
  const count = lengthOf(mine);
  const goOn = () => {
    draft.rebase(merge(base, mine, theirs, takeTheirs));
    onSettled();
  };
  const giveUp = () => {
    draft.drop();
    onSettled();
  };
  const choose = (part: Part, isTheirs: boolean) => {
    const next = new Set(takeTheirs);
    if (isTheirs) next.add(part);
    else next.delete(part);
    setTakeTheirs(next);
  };
  return (
    <section className="stale">
      <Note tone="so" live="status" icon="swap">
        <b>
          <Trans>您写的时候，别人改了这一件。</Trans>
        </b>{" "}
        <Trans>您的{count}个字一个没丢，也还没有发出；先看看两边，再决定。</Trans>
      </Note>
      <div className="sides">
        <Side title={<Trans>您写的</Trans>} tag={<span className="tag so">{<Trans>还没保存</Trans>}</span>}>
          {touched.map((part) => (
            <PartText key={part} part={part} before={mine[part]} after={mine[part]} />
          ))}
        </Side>
        <Side
          title={<Trans>现在的</Trans>}
          aside={<Trans>第{complaint.version}版</Trans>}
          tag={<span className="tag br">{<Trans>已保存</Trans>}</span>}
        >
          {touched.map((part) => (
            <PartText key={part} part={part} before={base[part]} after={theirs[part]} />
          ))}
          {seen && <WhatChanged before={seen} after={complaint} />}
        </Side>
      </div>
      <div className="panel">
        <div className="ph">
          <h2>
            <Trans>合在一起</Trans>
          </h2>
          <span className="m xs">
            {conflicts.length > 0 ? (
              <Trans>有{conflicts.length}处两人都改了，请您选</Trans>
            ) : (
              <Trans>两人改的不是同一处，可以直接合</Trans>
            )}
          </span>
        </div>
        <div className="mg">
          {touched.map((part) => (
            <MergeRow
              key={part}
              part={part}
              isConflict={conflicts.includes(part)}
              isMine={mine[part] !== base[part]}
              isTheirs={takeTheirs.has(part)}
              onChoose={choose}
            />
          ))}
        </div>
        <div className="ef">
          <CopyButton text={PARTS.map((part) => mine[part]).join("\n\n")} />
          <button type="button" className="btn dz sm" onClick={giveUp}>
            <Trans>放弃我的，用现在的</Trans>
          </button>
          <span className="sp" />
          <span className="m xs">
            <Trans>合好后回到答复稿，不会自动保存或送审</Trans>
          </span>
          <button type="button" className="btn p sm" onClick={goOn}>
            <Trans>合在一起，接着写</Trans>
          </button>
        </div>
      </div>
    </section>
  );
}

interface SideProps {
  title: ReactNode;
  aside?: ReactNode;
  tag: ReactNode;
  children: ReactNode;
}

function Side({ title, aside, tag, children }: SideProps) {
  return (
    <div className="panel">
      <div className="ph">
        <h2>{title}</h2>
        {aside && <span className="m xs">{aside}</span>}
        <span className="sp" />
        {tag}
      </div>
      <div className="pb">{children}</div>
    </div>
  );
}

function PartText({ part, before, after }: { part: Part; before: string; after: string }) {
  const { t } = useLingui();
  const tags = { added: "ins", removed: "del", same: "span" } as const;
  return (
    <>
      <h3 className="lab2">{t(partWords[part])}</h3>
      <p className="pre">
        {before === "" && after === "" && <span className="m">{t`（空）`}</span>}
        {diff(before, after).map((piece, index) => {
          const Tag = tags[piece.kind];
          // biome-ignore lint/suspicious/noArrayIndexKey: pieces have no identity of their own
          return <Tag key={index}>{piece.text}</Tag>;
        })}
      </p>
    </>
  );
}

interface MergeRowProps {
  part: Part;
  isConflict: boolean;
  isMine: boolean;
  isTheirs: boolean;
  onChoose: (part: Part, isTheirs: boolean) => void;
}

function MergeRow({ part, isConflict, isMine, isTheirs, onChoose }: MergeRowProps) {
  const { t } = useLingui();
  const name = t(partWords[part]);
  if (!isConflict) {
    return (
      <div className="mr">
        <span className="m">{name}</span>
        <span className="st go">
          <Icon name="ok" />
          {isMine ? <Trans>您改的，保留</Trans> : <Trans>别人改的，保留</Trans>}
        </span>
      </div>
    );
  }
  return (
    <fieldset className="mr">
      <legend className="vh">{name}</legend>
      <span className="m" aria-hidden="true">
        {name}
      </span>
      <label className="row">
        <input
          type="radio"
          name={`merge-${part}`}
          checked={!isTheirs}
          onChange={() => onChoose(part, false)}
        />
        <Trans>用您写的</Trans>
      </label>
      <label className="row">
        <input type="radio" name={`merge-${part}`} checked={isTheirs} onChange={() => onChoose(part, true)} />
        <Trans>用别人写的</Trans>
      </label>
    </fieldset>
  );
}

function CopyButton({ text }: { text: string }) {
  const { t } = useLingui();
  const { message } = App.useApp();
  const copy = async () => {
    try {
      await navigator.clipboard.writeText(text);
      message.success(t`已复制`);
    } catch {
      message.warning(t`浏览器不让复制，请在左边选中文字再复制`);
    }
  };
  return (
    <button type="button" className="btn sm" onClick={() => void copy()}>
      <Icon name="doc" small />
      <Trans>复制我的文字</Trans>
    </button>
  );
}
