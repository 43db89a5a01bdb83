import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { $api, type Schemas } from "../../../api/client";
import { PARTS, type Parts } from "./draft";
import type { Case } from "./verbs";

export type Template = Schemas["ReplyTemplate"];
export type Purpose = Schemas["TemplatePurpose"];

/** The templates that fit the case for one purpose, filled with its facts; the closest category first. */
export function useTemplates(complaint: Case, purpose: Purpose | undefined): Template[] {
  const { data } = $api.useQuery(
    "get",
    "/api/v1/complaints/{complaint_id}/templates",
    { params: { path: { complaint_id: complaint.id } } },
    { enabled: purpose !== undefined, staleTime: 60_000 },
  );
  return data?.items.filter((template) => template.purpose === purpose) ?? [];
}

interface TemplateSelectProps {
  id: string;
  templates: Template[];
  onChoose: (template: Template) => void;
}

/** Nothing where there is nothing to choose from. */
export function TemplateSelect({ id, templates, onChoose }: TemplateSelectProps) {
  const { t } = useLingui();
  if (templates.length === 0) return null;
  return (
    <select
      id={id}
      className="inp tpl"
      aria-label={t`套用模板`}
      value=""
      onChange={(event) => {
        const chosen = templates.find((template) => template.id === event.target.value);
        if (chosen) onChoose(chosen);
      }}
    >
      <option value="">{t`套用模板…`}</option>
      {templates.map((template) => (
        <option key={template.id} value={template.id}>
          {template.name}
        </option>
      ))}
    </select>
  );
}

/** What stands there stays: a template fills what is blank and goes below what is not. */
export function withTemplate(parts: Parts, template: Template): Parts {
  const filled = PARTS.map((part) => {
    const [mine, theirs] = [parts[part], template[part]];
    return [part, mine.trim() === "" ? theirs : theirs === "" ? mine : `${mine.trimEnd()}\n${theirs}`];
  });
  return Object.fromEntries(filled) as Parts;
}

interface ReplyTemplatesProps {
  complaint: Case;
  parts: Parts;
  onFill: (parts: Parts) => void;
}

/** A template for the reply, and the way back. */
export function ReplyTemplates({ complaint, parts, onFill }: ReplyTemplatesProps) {
  const templates = useTemplates(complaint, "reply");
  const [before, setBefore] = useState<{ name: string; parts: Parts } | null>(null);
  if (templates.length === 0) return null;
  return (
    <div className="row wrap tplrow">
      <TemplateSelect
        id="reply-template"
        templates={templates}
        onChoose={(template) => {
          setBefore({ name: template.name, parts });
          onFill(withTemplate(parts, template));
        }}
      />
      {before && (
        <span className="xs m" role="status">
          <Trans>已套用“{before.name}”，请按实际改。</Trans>{" "}
          <button
            type="button"
            className="btn t sm"
            onClick={() => {
              onFill(before.parts);
              setBefore(null);
            }}
          >
            <Trans context="template">撤销</Trans>
          </button>
        </span>
      )}
    </div>
  );
}
