import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { api } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { ifMatch } from "../shared/etag";
import { FormDrawer } from "../shared/FormDrawer";
import { Note } from "../shared/parts";
import { useSave } from "../shared/useSave";
import type { Member } from "./MemberForms";

interface FormProps {
  member: Member;
  onClose: () => void;
  onSaved: () => void;
  onRefresh: () => void;
}

/** Whether the public page of the unit shows who somebody is, and exactly what it would say. */
export function PublicCardForm({ member, onClose, onSaved, onRefresh }: FormProps) {
  const { t, i18n } = useLingui();
  const saving = useSave();
  const [isPublic, setPublic] = useState(member.public_card.is_public);
  const [showsParty, setShowsParty] = useState(member.public_card.shows_party);
  const save = () =>
    saving.save(async () => {
      await api.PUT("/api/v1/members/{member_id}/public-card", {
        params: { path: { member_id: member.id }, header: ifMatch(member) },
        body: { is_public: isPublic, shows_party: isPublic && member.is_party_member && showsParty },
      });
      onSaved();
    });
  const post = (i18n.locale === "en" && member.post_en) || member.post;
  return (
    <FormDrawer
      title={t`“${nameIn(i18n.locale, member)}”亮身份`}
      submit={<Trans>保存</Trans>}
      saving={saving}
      labels={{ shows_party: t`亮党员身份` }}
      prefix="member-"
      onSave={save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      <div style={{ marginBottom: 16 }}>
        <Note>
          <Trans>
            亮身份以后，群众在单位的公开页上看到姓名和岗位。工号、电话、支部从不公开。调到别的单位就自动收起。
          </Trans>
        </Note>
      </div>
      <label className="row" style={{ marginBottom: 12 }}>
        <input
          type="checkbox"
          name="is_public"
          checked={isPublic}
          onChange={(event) => setPublic(event.target.checked)}
        />
        <Trans>在单位公开页上亮身份</Trans>
      </label>
      {member.is_party_member && (
        <label className="row" style={{ marginBottom: 12 }}>
          <input
            type="checkbox"
            id="member-shows_party"
            name="shows_party"
            disabled={!isPublic}
            checked={isPublic && showsParty}
            onChange={(event) => setShowsParty(event.target.checked)}
          />
          <Trans>亮党员身份</Trans>
        </label>
      )}
      <p className="m xs">
        {isPublic ? <Trans>群众看到的：</Trans> : <Trans>现在不公开，群众看不到这位成员。</Trans>}
      </p>
      {isPublic && (
        <p role="status">
          <b>{nameIn(i18n.locale, member)}</b> {post}{" "}
          {showsParty && member.is_party_member && (
            <span className="tag">
              <Trans>党员</Trans>
            </span>
          )}
        </p>
      )}
    </FormDrawer>
  );
}
