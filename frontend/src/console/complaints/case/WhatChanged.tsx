import { Trans, useLingui } from "@lingui/react/macro";
import { formatWhen } from "../../../shared/format";
import { nameIn } from "../../../shared/i18n";
import { Icon } from "../../shared/Icon";
import { stateWords, stepWords, wordFor } from "../../shared/labels";
import { useDoer } from "../../shared/useDoer";
import type { Case } from "./verbs";

/** What is different from what one saw, in words. */
export function WhatChanged({ before, after }: { before: Case; after: Case }) {
  const { t, i18n } = useLingui();
  const doer = useDoer();
  const known = new Set(before.timeline.map(({ id }) => id));
  const news = after.timeline.filter(({ id }) => !known.has(id));
  const [from, to] = [t(wordFor(stateWords, before.state)), t(wordFor(stateWords, after.state))];
  const handler = after.handler ? nameIn(i18n.locale, after.handler) : t`未指定`;
  const due = after.due_on ? formatWhen(after.due_on, i18n.locale) : t`不计时`;
  return (
    <>
      <h3 className="lab2">
        <Trans>另外变了</Trans>
      </h3>
      <ul className="chg">
        {before.state !== after.state && (
          <li>
            <Icon name="half" />
            <Trans>
              状态从“{from}”到“{to}”
            </Trans>
          </li>
        )}
        {before.handler?.id !== after.handler?.id && (
          <li>
            <Icon name="people" />
            <Trans>承办人现在是{handler}</Trans>
          </li>
        )}
        {news.map((step) => (
          <li key={step.id}>
            <Icon name="pen" />
            <span>
              {step.by && <>{doer(step)} </>}
              {t(wordFor(stepWords, step.action))}
            </span>
          </li>
        ))}
        <li>
          <Icon name="clock" />
          {before.due_on === after.due_on ? <Trans>时限没有变：{due}</Trans> : <Trans>时限改为{due}</Trans>}
        </li>
      </ul>
    </>
  );
}
