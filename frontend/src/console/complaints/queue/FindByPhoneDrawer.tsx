import { Plural, Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { api, type Schemas } from "../../../api/client";
import { fieldErrors } from "../../../api/problem";
import { AreaField, TextField } from "../../shared/Field";
import { FormDrawer } from "../../shared/FormDrawer";
import { Empty, Note } from "../../shared/parts";
import { useSave } from "../../shared/useSave";
import { QueueCards } from "./QueueCards";

type Found = Schemas["ComplaintsByPhone"];

/**
 * Looks for the cases of a telephone number. The number is sent in a body and kept in this form alone: not in the address, not in
 * the history, not in the query cache.
 */
export default function FindByPhoneDrawer({ onClose }: { onClose: () => void }) {
  const { t } = useLingui();
  const saving = useSave();
  const [found, setFound] = useState<Found | null>(null);
  const wrong = fieldErrors(saving.error);
  const find = (form: FormData) =>
    void saving.save(async () => {
      setFound(null);
      const body = { phone: String(form.get("phone") ?? ""), reason: String(form.get("reason") ?? "") };
      const { data } = await api.POST("/api/v1/complaints/find-by-phone", { body });
      setFound(data ?? null);
    });
  return (
    <FormDrawer
      title={t`按电话查找`}
      submit={t`查找`}
      saving={saving}
      labels={{ phone: t`电话`, reason: t`为什么查` }}
      prefix="find-"
      onSave={find}
      onClose={onClose}
    >
      <div style={{ display: "grid", gap: 12 }}>
        <Note tone="so">
          <Trans>
            只能查完整的号码，查到的是留过这个电话的件，看不到姓名和其他联系方式。谁、为什么查、查到几件都记入日志，号码不记。每人每天30次。
          </Trans>
        </Note>
        <TextField
          id="find-phone"
          name="phone"
          type="tel"
          inputMode="tel"
          autoComplete="off"
          maxLength={40}
          label={t`电话`}
          hint={t`空格、横线、+86和全角数字都可以`}
          error={wrong.phone}
          required
        />
        <AreaField
          id="find-reason"
          name="reason"
          rows={2}
          maxLength={2000}
          label={t`为什么查`}
          hint={t`不要写电话号码`}
          error={wrong.reason}
          required
        />
        <div role="status">{found && <Results found={found} />}</div>
      </div>
    </FormDrawer>
  );
}

function Results({ found }: { found: Found }) {
  const { t } = useLingui();
  const left = (
    <p className="m xs">
      <Plural value={found.look_ups_left} other="今天还可以查#次。" />
    </p>
  );
  if (found.items.length === 0) {
    return (
      <>
        <Empty title={t`没有查到这个号码的件`}>
          <Trans>可能没有留电话、留的是另一个号码，或者办结已久、联系方式已经清除。</Trans>
        </Empty>
        {left}
      </>
    );
  }
  return (
    <>
      <h3>
        <Plural value={found.items.length} other="查到#件" />
      </h3>
      <QueueCards items={found.items} onOpen={() => undefined} />
      {left}
    </>
  );
}
