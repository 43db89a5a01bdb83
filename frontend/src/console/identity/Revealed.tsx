import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect, useRef, useState } from "react";
import { api, type Schemas } from "../../api/client";
import { copyText } from "../../shared/copyText";
import { ErrorNotice } from "../shared/ErrorNotice";
import { ifMatch } from "../shared/etag";
import { BusyButton } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { useOpeningsChanged } from "./useOpenings";
import { type Opening, relationWords } from "./words";

type Identity = Schemas["ComplainantIdentity"];

/** Whole minutes left, at least one, until the time is over; computed anew every few seconds. */
function useMinutesLeft(until: string | null, onOver: () => void): number {
  const left = () => Math.ceil((Date.parse(until ?? "") - Date.now()) / 60_000);
  const [minutes, setMinutes] = useState(left);
  useEffect(() => {
    const timer = setInterval(() => {
      setMinutes(left());
      if (!(left() > 0)) onOver();
    }, 5000);
    return () => clearInterval(timer);
  });
  return Math.max(0, minutes || 0);
}

/**
 * The contact data, asked for by a press of a button. They live in this component alone: not in the query cache, gone when
 * one leaves the page, hides them or the hour is over, and not on paper.
 */
export function Revealed({ opening }: { opening: Opening }) {
  const changed = useOpeningsChanged();
  const saving = useSave();
  const [identity, setIdentity] = useState<Identity | null>(null);
  const minutes = useMinutesLeft(opening.open_until, () => setIdentity(null));
  if (minutes === 0) {
    return (
      <p className="m xs">
        <Trans>查看的时间已过，需要时请重新申请。</Trans>
      </p>
    );
  }
  const left = opening.readings_left;
  if (left === 0 && !identity) {
    return (
      <p className="m xs">
        <Trans>一次批准的查看次数已用完，仍需要时请重新申请。</Trans>
      </p>
    );
  }
  const read = () =>
    saving.save(async () => {
      const { data } = await api.POST("/api/v1/identity-openings/{identity_opening_id}/read", {
        params: { path: { identity_opening_id: opening.id }, header: ifMatch(opening) },
      });
      setIdentity(data ?? null);
      await changed();
    });
  return (
    <div className="noprint" style={{ display: "grid", gap: 8 }}>
      <p className="m xs">
        <Trans>
          还能看{minutes}分钟、{left}次。每次查看都记入日志。
        </Trans>
      </p>
      {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
      {identity ? (
        <Shown identity={identity} onHide={() => setIdentity(null)} />
      ) : (
        <p>
          <BusyButton className="btn sm p" isBusy={saving.isBusy} onClick={() => void read()}>
            <Trans>查看联系方式</Trans>
          </BusyButton>
        </p>
      )}
    </div>
  );
}

function Shown({ identity, onHide }: { identity: Identity; onHide: () => void }) {
  const { t } = useLingui();
  const rows: [string, string | null][] = [
    [t`称呼`, identity.name],
    [t`电话`, identity.phone],
    [t`邮箱`, identity.email],
    ...(identity.guardian
      ? ([[t`监护人`, `${identity.guardian.name}（${t(relationWords[identity.guardian.relation])}）`]] as [
          string,
          string,
        ][])
      : []),
  ];
  return (
    <>
      <dl className="kv" aria-label={t`投诉人的联系方式`}>
        {rows.map(([label, value]) => (
          <Line key={label} label={label} value={value} />
        ))}
      </dl>
      <p>
        <button type="button" className="btn sm" onClick={onHide}>
          <Trans>收起</Trans>
        </button>
      </p>
    </>
  );
}

function Line({ label, value }: { label: string; value: string | null }) {
  const { t } = useLingui();
  const shown = useRef<HTMLSpanElement>(null);
  const [isDone, setDone] = useState(false);
  const copy = async (text: string) => setDone(await copyText(text, shown.current));
  return (
    <div className="row">
      <dt className="m">{label}</dt>
      <dd className="row">
        <span className="ell" ref={shown}>
          {value ?? t`没有留`}
        </span>
        {value && (
          <button
            type="button"
            className="btn sm"
            aria-label={t`复制${label}`}
            onClick={() => void copy(value)}
          >
            {isDone ? t`已复制` : t`复制`}
          </button>
        )}
      </dd>
    </div>
  );
}
