import { useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../../api/client";
import { When } from "../../../shared/When";

type Opening = Schemas["TrackedIdentityOpening"];

/** Few ever read these, and the catalogue comes with the first page of everybody: they stay with this part of the page. */
const words = {
  "zh-CN": {
    title: "您的联系方式被查看过",
    about: "查看要写明理由，并经另一名督查人员同意，每次都有记录。我们不说明是谁看的。",
    people: (count: number) => `${count}人`,
    erased: "您留下的联系方式已清除：",
    reasons: {
      contact: "要联系您",
      danger: "有人有危险",
      retaliation: "查打击报复",
      law: "依法要求",
      other: "其他",
    },
  },
  en: {
    title: "Your contact details were read",
    about:
      "It takes a reason and the consent of a second inspector, and each time is recorded. Who it was is not told.",
    people: (count: number) => (count === 1 ? "one person" : `${count} people`),
    erased: "The contact details that you left were erased: ",
    reasons: {
      contact: "to reach you",
      danger: "somebody in danger",
      retaliation: "to look into retaliation",
      law: "asked for by law",
      other: "another reason",
    },
  },
};

function useWords() {
  const { i18n } = useLingui();
  return words[i18n.locale === "en" ? "en" : "zh-CN"];
}

interface IdentityOpeningsProps {
  openings: Opening[];
  erasedOn: string | null;
}

/** What became of contact data that were left: when they were read, and why; never by whom; and since when they are gone. */
export function IdentityOpenings({ openings, erasedOn }: IdentityOpeningsProps) {
  const { erased } = useWords();
  return (
    <>
      {openings.length > 0 && <Openings openings={openings} />}
      {erasedOn && (
        <p className="small muted">
          {erased}
          <When value={erasedOn} />
        </p>
      )}
    </>
  );
}

function Openings({ openings }: { openings: Opening[] }) {
  const { title, about, people, reasons } = useWords();
  return (
    <section className="sec" aria-labelledby="identity">
      <header>
        <h2 id="identity">{title}</h2>
      </header>
      <p className="small muted">{about}</p>
      <ul className="also">
        {openings.map((opening) => (
          <li key={`${opening.on} ${opening.category}`}>
            <When value={opening.on} /> {reasons[opening.category] ?? reasons.other}{" "}
            <span className="muted">{people(opening.people)}</span>
          </li>
        ))}
      </ul>
    </section>
  );
}
