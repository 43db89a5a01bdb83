import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { useLocation } from "react-router";
import { api, type Schemas } from "../../../api/client";
import { useMe } from "../../shared/me";
import { Title } from "../../shared/parts";
import { useSave } from "../../shared/useSave";
import { ReceiptPanel } from "./ReceiptPanel";
import { RegisterForm } from "./RegisterForm";
import { emptyDraft, payloadOf, type Registration } from "./registration";
import { Similar } from "./Similar";
import { useRegistration } from "./useRegistration";

export default function RegisterPage() {
  const me = useMe();
  return me ? <Desk key={me.member.id} me={me} /> : null;
}

/** Who has no desk takes down reports only; the server asks the same. */
const DESKS = ["handler", "campaign_office"];

function Desk({ me }: { me: Schemas["Me"] }) {
  const { t } = useLingui();
  const queryClient = useQueryClient();
  // Going to this page again, by the menu or for the next caller, leaves the receipt behind.
  const { key: visit } = useLocation();
  const [done, setDone] = useState<{ visit: string; receipt: Registration } | null>(null);
  const isReportsOnly = !me.roles.some((role) => DESKS.includes(role));
  const home = me.unit.id === me.region.id ? null : me.unit.id;
  const typing = useRegistration(me.member.id, emptyDraft(home, isReportsOnly ? "report" : "grievance"));
  const saving = useSave();
  const save = () =>
    saving.save(async () => {
      const { data } = await api.POST("/api/v1/complaints", {
        params: { header: typing.send() },
        body: payloadOf(typing.draft, typing.contact),
      });
      setDone({ visit, receipt: data as Registration });
      typing.discard();
      await queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/complaints"] });
    });
  if (done?.visit === visit) return <ReceiptPanel receipt={done.receipt} />;
  return (
    <>
      <Title name={t`登记来电来访`} />
      <div className="cols">
        <RegisterForm
          typing={typing}
          saving={saving}
          isReportsOnly={isReportsOnly}
          onSave={() => void save()}
        />
        <aside className="rail">
          <Similar draft={typing.draft} />
          <Identity />
          <Afterwards />
        </aside>
      </div>
    </>
  );
}

/** Said beside the form, so that the clerk can say it to the caller. */
function Identity() {
  return (
    <section>
      <h2>
        <Trans>姓名和电话给谁看</Trans>
      </h2>
      <p className="m">
        <Trans>
          不留也一样办理。留下的与内容分开存放，登记以后经办人和您自己都看不到，所以不要写进标题和经过里。要问对方什么，在办件里留言，对方凭查询码看。
        </Trans>
      </p>
    </section>
  );
}

function Afterwards() {
  return (
    <section>
      <h2>
        <Trans>登记以后</Trans>
      </h2>
      <ol className="register-after m">
        <li>
          <Trans>给您编号和查询码，请当场念给对方，请对方记下来。</Trans>
        </li>
        <li>
          <Trans>您管理范围内的单位，直接到那个单位；其他单位的，先到教育局，由教育局交办。</Trans>
        </li>
        <li>
          <Trans>举报只到教育局纪检督查，登记以后您打不开，也查不到。</Trans>
        </li>
      </ol>
    </section>
  );
}
