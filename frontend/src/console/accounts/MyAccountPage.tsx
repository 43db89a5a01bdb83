import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import type { Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { ProviderPanel } from "../providers/ProviderPanel";
import { SecondFactorPanel } from "../second-factor/SecondFactorPanel";
import { SessionList } from "../sessions/SessionList";
import { Icon } from "../shared/Icon";
import { roleWords, wordFor } from "../shared/labels";
import { useMember } from "../shared/MemberSelect";
import { useMe } from "../shared/me";
import { Title } from "../shared/parts";

/** One's own account: who one is here, the password, where one is signed in. */
export default function MyAccountPage() {
  const { t } = useLingui();
  const me = useMe();
  return (
    <div className="account">
      <Title name={t`我的账号`} />
      {me && <WhoAmI me={me} />}
      <SecondFactorPanel />
      <ProviderPanel />
      <SessionList />
    </div>
  );
}

/** What the public is shown of oneself; the head of the unit decides it. */
function MyCard({ id }: { id: string }) {
  const card = useMember(id)?.public_card;
  if (!card) return null;
  if (!card.is_public) return <Trans>不公开：群众看不到您的姓名</Trans>;
  if (card.shows_party) return <Trans>单位公开页上有您的姓名、岗位和党员身份；要改请找单位负责人</Trans>;
  return <Trans>单位公开页上有您的姓名和岗位；要改请找单位负责人</Trans>;
}

function WhoAmI({ me }: { me: Schemas["Me"] }) {
  const { t, i18n } = useLingui();
  const held = me.grants.filter(({ role }) => role !== "member" || me.grants.length === 1);
  return (
    <section className="panel" aria-labelledby="account-head">
      <div className="ph">
        <h2 id="account-head" className="sp">
          {nameIn(i18n.locale, me.member)}
        </h2>
        <Link className="btn sm" to="/account/password">
          <Icon name="key" small />
          <Trans>修改密码</Trans>
        </Link>
      </div>
      <div className="pb">
        <dl className="facts">
          <dt>{t`账号`}</dt>
          <dd>{me.login}</dd>
          <dt>{t`单位`}</dt>
          <dd>{nameIn(i18n.locale, me.unit)}</dd>
          <dt>{t`亮身份`}</dt>
          <dd>
            <MyCard id={me.member.id} />
          </dd>
          <dt>{t`角色`}</dt>
          <dd>
            <ul>
              {held.map(({ role, unit, acting_for: holder }) => {
                const [word, where] = [t(wordFor(roleWords, role)), nameIn(i18n.locale, unit)];
                return (
                  <li key={`${role}-${unit.id}-${holder?.id ?? ""}`}>
                    {holder ? (
                      <Trans>
                        {where}的{word}（代{nameIn(i18n.locale, holder)}）
                      </Trans>
                    ) : (
                      <Trans>
                        {where}的{word}
                      </Trans>
                    )}
                  </li>
                );
              })}
            </ul>
          </dd>
        </dl>
      </div>
    </section>
  );
}
