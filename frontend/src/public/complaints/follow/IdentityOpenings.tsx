import { msg } from "@lingui/core/macro";
import { Plural, Trans, useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../../api/client";
import { When } from "../../../shared/When";

type Opening = Schemas["TrackedIdentityOpening"];

const reasons: Record<Opening["category"], ReturnType<typeof msg>> = {
  contact: msg`需要联系您`,
  danger: msg`有人可能有危险`,
  retaliation: msg`查是否有人打击报复`,
  law: msg`法律或法院要求`,
  other: msg`其他原因`,
};

interface IdentityOpeningsProps {
  openings: Opening[];
  erasedOn: string | null;
}

/** What became of contact data that were left: when they were read, and why; never by whom; and since when they are gone. */
export function IdentityOpenings({ openings, erasedOn }: IdentityOpeningsProps) {
  return (
    <>
      {openings.length > 0 && <Openings openings={openings} />}
      {erasedOn && (
        <p className="small muted">
          <Trans>
            您留的联系方式已于 <When value={erasedOn} /> 清除：办件结束已久，不再需要。
          </Trans>
        </p>
      )}
    </>
  );
}

function Openings({ openings }: { openings: Opening[] }) {
  const { t } = useLingui();
  return (
    <section className="sec" aria-labelledby="identity">
      <header>
        <h2 id="identity">
          <Trans>您的联系方式被查看过</Trans>
        </h2>
      </header>
      <ul className="also">
        {openings.map(({ on, category, people }) => (
          <li key={`${on} ${category}`}>
            <When value={on} /> {t(reasons[category] ?? msg`其他原因`)}{" "}
            <span className="muted">
              <Plural value={people} other="#人查看" />
            </span>
          </li>
        ))}
      </ul>
      <p className="small muted">
        <Trans>每次查看都要由一名监督人员申请、另一名同意，并记入日志。被投诉的人和单位看不到。</Trans>
      </p>
    </section>
  );
}
