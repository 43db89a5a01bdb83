import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { $api, api, type Schemas } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { formatNumber } from "../../shared/format";
import { nameIn } from "../../shared/i18n";
import { DoneDrawer } from "../shared/DoneDrawer";
import { ErrorNotice } from "../shared/ErrorNotice";
import { ifMatch } from "../shared/etag";
import { AreaField, Field } from "../shared/Field";
import { FormDrawer } from "../shared/FormDrawer";
import { roleWords, wordFor } from "../shared/labels";
import { MemberSelect, useMember } from "../shared/MemberSelect";
import { Note, Skeleton } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { Outcome } from "./HandOverOutcome";

type Member = Schemas["Member"];
type Report = Schemas["HandOverReport"];

interface FormProps {
  member: Member;
  onClose: () => void;
  onSaved: () => void;
  onRefresh: () => void;
}

/** A member leaves or changes work: what they hold, who takes it over, what would come of it, and then what came of it. */
export function HandOverForm({ member, onClose, onSaved, onRefresh }: FormProps) {
  const { t, i18n } = useLingui();
  const saving = useSave();
  const [to, setTo] = useState<string>();
  const [trial, setTrial] = useState<Report>();
  const [done, setDone] = useState<Report>();
  const successor = useMember(to);
  const labels = { to_member_id: t`接手的人`, reason: t`理由` };
  const wrong = fieldErrors(saving.error);
  const changed = () => {
    setTrial(undefined);
    saving.forget();
  };
  const send = (form: FormData) =>
    saving.save(async () => {
      const { data } = await api.POST("/api/v1/members/{member_id}/hand-over", {
        params: { path: { member_id: member.id }, header: ifMatch(member) },
        body: {
          to_member_id: to ?? "",
          reason: String(form.get("reason") ?? "").trim(),
          closes_record: form.get("closes_record") === "on",
          dry_run: !trial,
        },
      });
      if (trial) setDone(data);
      else setTrial(data);
    });
  const title = t`“${nameIn(i18n.locale, member)}”交接工作`;
  if (done) {
    return (
      <DoneDrawer title={title} onClose={onSaved}>
        <Outcome report={done} />
      </DoneDrawer>
    );
  }
  return (
    <FormDrawer
      title={title}
      submit={trial ? <Trans>确认交接</Trans> : <Trans>先看看会怎样</Trans>}
      saving={saving}
      labels={labels}
      prefix="member-"
      onSave={send}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <Holdings member={member} />
      <Field
        id="member-to_member_id"
        label={labels.to_member_id}
        error={wrong.to_member_id}
        hint={t`件只能交给办得了它的人：该单位或上级单位的承办人`}
      >
        <MemberSelect
          id="member-to_member_id"
          label={labels.to_member_id}
          value={to}
          without={member.id}
          onChange={(id) => {
            setTo(id);
            changed();
          }}
        />
      </Field>
      <AreaField
        id="member-reason"
        name="reason"
        label={labels.reason}
        error={wrong.reason}
        hint={t`每一件的经过里都会记下，如：调到县城任教`}
        maxLength={500}
        onChange={changed}
      />
      {member.allowed_actions.includes("close") && (
        <label className="row" style={{ marginBottom: 16 }}>
          <input type="checkbox" name="closes_record" onChange={changed} />
          <Trans>都交清了，就同时记为离任</Trans>
        </label>
      )}
      {trial && successor && (
        <div role="status">
          <h2>{t`交给“${nameIn(i18n.locale, successor)}”以后`}</h2>
          <Outcome report={trial} />
        </div>
      )}
    </FormDrawer>
  );
}

/** What there is to hand over, and what nobody gets by it. */
function Holdings({ member }: { member: Member }) {
  const { t, i18n } = useLingui();
  const { data, error, refetch } = $api.useQuery("get", "/api/v1/members/{member_id}/holdings", {
    params: { path: { member_id: member.id } },
  });
  if (error) return <ErrorNotice error={error} retry={() => void refetch()} />;
  if (!data) return <Skeleton lines={3} label={t`正在取手上的工作`} />;
  const count = (number: number) => formatNumber(number, i18n.locale);
  const roles = data.roles.map(
    ({ role, unit }) => `${t(wordFor(roleWords, role))}（${nameIn(i18n.locale, unit)}）`,
  );
  const rows: [string, ReactNode][] = [
    [t`未办结的件`, t`${count(data.cases)}件`],
    [t`您看不到的件`, data.other_cases ? t`${count(data.other_cases)}件，由看得到的人去交` : null],
    [t`在督办的件`, data.supervised_cases > 0 ? t`${count(data.supervised_cases)}件` : null],
    [t`值班`, data.duty_turns > 0 ? t`${count(data.duty_turns)}班` : null],
    [t`角色`, roles.length > 0 ? roles.join("、") : null],
    [t`代理人`, data.deputies ? t`${count(data.deputies)}人` : null],
  ];
  return (
    <>
      <dl className="facts">
        {rows.map(
          ([label, value]) =>
            value && (
              <div key={label} style={{ display: "contents" }}>
                <dt>{label}</dt>
                <dd>{value}</dd>
              </div>
            ),
        )}
      </dl>
      <div style={{ margin: "12px 0 16px" }}>
        <Note>
          <Trans>交的是件和值班。角色不会跟着走：由安全管理员另外授予，离任时一并终止。</Trans>
        </Note>
      </div>
    </>
  );
}
