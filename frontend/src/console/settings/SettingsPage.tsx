import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";
import { $api, api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { ErrorNotice, FormErrors } from "../shared/ErrorNotice";
import { ifMatch } from "../shared/etag";
import { TextField } from "../shared/Field";
import { LeaveGuard } from "../shared/LeaveGuard";
import { BusyButton, Note, Skeleton, Title } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { Duty, dutyChange, type Turn } from "./Duty";
import { type Changes, groups, type NumberName, type Settings } from "./groups";
import { SystemPanel } from "./SystemPanel";

export default function SettingsPage() {
  const { t } = useLingui();
  const { data, error, refetch } = $api.useQuery("get", "/api/v1/settings");
  return (
    <>
      <Title name={t`设置`} />
      {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={10} label={t`正在取设置`} />}
      {data && <SettingsForm settings={data} onRefresh={() => void refetch()} />}
      <SystemPanel />
    </>
  );
}

type Typed = Partial<Record<NumberName, string>> & { rolls_forward?: boolean; duty?: Turn[] };

const names = groups.flatMap((group) => group.settings).map(({ name }) => name);
const isWhole = (text: string) => /^\d{1,4}$/.test(text.trim());

/** Fields that hold no number; whether one is too great, the server knows. */
function unreadable(typed: Typed): NumberName[] {
  return names.filter((name) => {
    const text = typed[name];
    return text !== undefined && !isWhole(text);
  });
}

/** Only what differs from the server is sent; what was typed outlives a newer version of the rest. */
function changesOf(settings: Settings, typed: Typed): Changes {
  const numbers = names
    .map((name) => [name, typed[name]] as const)
    .filter(([name, text]) => text !== undefined && isWhole(text) && Number(text) !== settings[name])
    .map(([name, text]) => [name, Number(text)]);
  const { rolls_forward } = typed;
  const isTurned = rolls_forward !== undefined && rolls_forward !== settings.rolls_forward;
  const duty = typed.duty && dutyChange(settings.duty, typed.duty);
  return {
    ...Object.fromEntries(numbers),
    ...(isTurned ? { rolls_forward } : {}),
    ...(duty ? { duty } : {}),
  };
}

function SettingsForm({ settings, onRefresh }: { settings: Settings; onRefresh: () => void }) {
  const { t } = useLingui();
  const queryClient = useQueryClient();
  const saving = useSave();
  const [typed, setTyped] = useState<Typed>({});
  const [isSaved, setSaved] = useState(false);
  const [sentVersion, setSentVersion] = useState<number>();
  const [isChecked, setChecked] = useState(false);
  const changes = changesOf(settings, typed);
  const broken = unreadable(typed);
  const count = Object.keys(changes).length;
  const wrong = fieldErrors(saving.error);
  // Once the newer version is here, saving again is all there is to do.
  const isOutdated = saving.isStale && settings.version === sentVersion;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setChecked(true);
    if (broken[0]) {
      document.getElementById(`setting-${broken[0]}`)?.focus();
      return;
    }
    setSentVersion(settings.version);
    void saving.save(async () => {
      const { data } = await api.PATCH("/api/v1/settings", {
        params: { header: ifMatch(settings) },
        body: changes,
      });
      queryClient.setQueryData($api.queryOptions("get", "/api/v1/settings").queryKey, data);
      setTyped({});
      setChecked(false);
      setSaved(true);
    });
  };
  const errorOf = (name: NumberName) => {
    if (isChecked && broken.includes(name)) return t`请填整数`;
    return typed[name] === undefined ? undefined : wrong[name];
  };
  const units = { days: t`天`, working_days: t`个工作日`, percent: "%", th: "" };
  const labels = Object.fromEntries(
    groups.flatMap((group) => group.settings).map(({ name, label }) => [name, t(label)]),
  );
  const change = (next: Typed) => {
    setTyped({ ...typed, ...next });
    setSaved(false);
  };
  return (
    <form onSubmit={submit} noValidate className="settings">
      <LeaveGuard
        isNeeded={count + broken.length > 0}
        title={t`改了的还没有保存`}
        leave={t`不改了，离开`}
        stay={t`留下来保存`}
      >
        <Trans>离开这一页，改了的就丢了。</Trans>
      </LeaveGuard>
      {isOutdated ? (
        <Note tone="so" live="alert" icon="swap">
          <b>{t`您填的时候，别人改了设置`}</b>
          <p>
            <Trans>您填的没有丢，也没有存。取来新的以后，再存一次就按您填的改。</Trans>
          </p>
          <button type="button" className="btn sm" onClick={onRefresh}>
            <Trans>取来新的，接着存</Trans>
          </button>
        </Note>
      ) : (
        !saving.isStale && <FormErrors error={saving.error} labels={labels} prefix="setting-" />
      )}
      {isSaved && (
        <Note tone="go" live="status">
          <Trans>已经保存。没办结的来件正在重新计算到期日。</Trans>
        </Note>
      )}
      <Note>
        <Trans>改了以后，所有没办结的来件重新计算到期日；已经告诉投诉人的日期不会提前。</Trans>
      </Note>
      {groups.map((group) => (
        <fieldset key={group.settings[0]?.name} className="panel" disabled={!settings.may_edit}>
          <legend>{t(group.title)}</legend>
          <div className="grid3">
            {group.settings.map(({ name, label, unit, law }) => {
              const bound = settings.bounds.find((one) => one.name === name);
              const hints = [
                bound && t`${bound.least}到${bound.greatest}，默认${bound.default}`,
                law && t(law),
                name in changes && t`现在是${settings[name]}`,
              ];
              return (
                <TextField
                  key={name}
                  id={`setting-${name}`}
                  label={units[unit] ? `${t(label)} (${units[unit]})` : t(label)}
                  hint={hints.filter(Boolean).join(" · ")}
                  error={errorOf(name)}
                  type="number"
                  inputMode="numeric"
                  min={bound?.least}
                  max={bound?.greatest}
                  value={typed[name] ?? String(settings[name])}
                  onChange={(event) => change({ [name]: event.target.value })}
                />
              );
            })}
          </div>
        </fieldset>
      ))}
      <label className="check">
        <input
          type="checkbox"
          disabled={!settings.may_edit}
          checked={typed.rolls_forward ?? settings.rolls_forward}
          onChange={(event) => change({ rolls_forward: event.target.checked })}
        />
        <Trans>最后一天不是工作日的，顺延到下一个工作日（《民法典》第二百零三条）</Trans>
      </label>
      <Duty
        turns={typed.duty ?? settings.duty}
        mayEdit={settings.may_edit}
        error={saving.error}
        onChange={(duty) => change({ duty })}
      />
      {settings.may_edit ? (
        <div className="row" style={{ marginTop: 16 }}>
          <BusyButton
            type="submit"
            className="btn p"
            isBusy={saving.isBusy}
            disabled={count + broken.length === 0}
          >
            {count > 0 ? <Trans>保存{count}项修改</Trans> : <Trans>保存</Trans>}
          </BusyButton>
          {count + broken.length > 0 && (
            <button type="button" className="btn" onClick={() => setTyped({})}>
              <Trans>不改了</Trans>
            </button>
          )}
        </div>
      ) : (
        <p className="m">
          <Trans>只有系统管理员可以修改。</Trans>
        </p>
      )}
    </form>
  );
}
