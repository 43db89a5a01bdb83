import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { $api, type Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { complaintKindLabels } from "../../shared/labels";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { useMay } from "../shared/me";
import { Empty, Skeleton, Title } from "../shared/parts";
import { TemplateForm } from "./TemplateForm";

export type Template = Schemas["ReplyTemplate"];

export const purposeWords: Record<Schemas["TemplatePurpose"], MessageDescriptor> = {
  reply: msg`答复`,
  not_accept: msg`不予受理的理由`,
  refer: msg`转送的理由`,
  question: msg`请投诉人补充`,
  message: msg`留言`,
};

export default function TemplatesPage() {
  const { t } = useLingui();
  const mayEdit = useMay()("templates.edit");
  const [editing, setEditing] = useState<Template | "new" | null>(null);
  const { data, error, refetch } = $api.useQuery("get", "/api/v1/reply-templates");
  return (
    <>
      <Title name={t`模板`}>
        {mayEdit && (
          <button type="button" className="btn p" onClick={() => setEditing("new")}>
            <Icon name="plus" />
            <Trans>新建模板</Trans>
          </button>
        )}
      </Title>
      {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={6} label={t`正在取模板`} />}
      {data?.items.length === 0 && (
        <Empty title={t`还没有模板`}>
          <Trans>常写的答复、不受理的理由、要问投诉人的话，写成模板，办件时一选就填好。</Trans>
        </Empty>
      )}
      <ul className="cats">
        {data?.items.map((template) => (
          <Row key={template.id} template={template} onEdit={() => setEditing(template)} />
        ))}
      </ul>
      {editing && (
        <TemplateForm
          template={editing === "new" ? undefined : editing}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            void refetch();
          }}
          onRefresh={() => void refetch()}
        />
      )}
    </>
  );
}

function Row({ template, onEdit }: { template: Template; onEdit: () => void }) {
  const { t, i18n } = useLingui();
  const text = template.body || template.decision || template.request || template.facts || template.basis;
  return (
    <li className="tplitem">
      <div>
        <b>{template.name}</b> <span className="tag">{t(purposeWords[template.purpose])}</span>{" "}
        {template.kind && <span className="tag">{t(complaintKindLabels[template.kind])}</span>}
        <p className="m xs">{nameIn(i18n.locale, template.unit)}</p>
        <p className="xs ell2">{text}</p>
      </div>
      <span className="sp" />
      {template.may_edit && (
        <button
          type="button"
          className="btn t sm noprint"
          aria-label={t`修改“${template.name}”`}
          onClick={onEdit}
        >
          <Trans>修改</Trans>
        </button>
      )}
    </li>
  );
}
