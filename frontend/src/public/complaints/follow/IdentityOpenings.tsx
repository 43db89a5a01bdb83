import { msg } from "@lingui/core/macro";
import { Trans, useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../../api/client";
import { When } from "../../../shared/When";

type Opening = Schemas["TrackedIdentityOpening"];

const reasons: Record<Opening["category"], ReturnType<typeof msg>> = {
  contact: msg`要联系您`,
  danger: msg`有人有危险`,
  retaliation: msg`打击报复`,
  law: msg`依法要求`,
  other: msg`其他`,
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
            已清除：
            <When value={erasedOn} />
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
          <Trans>联系方式被查看</Trans>
        </h2>
      </header>
      <ul className="also">
        {openings.map(({ on, category, people }) => (
          <li key={`${on} ${category}`}>
            <When value={on} /> {t(reasons[category] ?? msg`其他`)} <span className="muted">×{people}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
