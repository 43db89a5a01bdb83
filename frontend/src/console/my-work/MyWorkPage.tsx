import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { formatWhen } from "../../shared/format";
import { today } from "../shared/due";
import { ErrorNotice } from "../shared/ErrorNotice";
import { queueLink } from "../shared/filters";
import { Icon } from "../shared/Icon";
import { useMay, useMe } from "../shared/me";
import { Empty, Skeleton, Title } from "../shared/parts";
import { OPEN } from "../shared/states";
import { idsOf, keepTrail } from "../shared/trail";
import { ComingDue } from "./ComingDue";
import { Reminders } from "./Reminders";
import { RunningImports } from "./RunningImports";
import { sectionsFor } from "./sections";
import { useSections } from "./useSections";
import { WorkRow } from "./WorkRow";

type Loaded = ReturnType<typeof useSections>[number];

export default function MyWorkPage() {
  const { t, i18n } = useLingui();
  const me = useMe();
  const may = useMay();
  const loaded = useSections(sectionsFor(me?.roles ?? []));
  const isPending = loaded.some((one) => one.isPending);
  const error = loaded.find((one) => one.error)?.error;
  const filled = loaded.filter(({ page }) => (page?.items.length ?? 0) > 0);
  const isIdle = !isPending && !error && filled.length === 0;
  return (
    <>
      <Title name={t`我的工作`} aside={formatWhen(today(), i18n.locale)}>
        <Link className="btn desk" to={queueLink({ state: OPEN }, {}, "due_at")}>
          <Icon name="inbox" />
          <Trans>全部办件</Trans>
        </Link>
        {may("complaints.register") && (
          <Link className="btn p" to="/register">
            <Icon name="plus" />
            <Trans>登记来电来访</Trans>
          </Link>
        )}
      </Title>
      {Boolean(error) && <ErrorNotice error={error} />}
      {isPending && <Skeleton label={t`正在取您的工作`} lines={10} />}
      {isIdle && <Reminders />}
      {isIdle && <NothingToDo mayImport={may("complaints.import")} />}
      {!isPending && filled.length > 0 && (
        <>
          <Strip loaded={loaded} />
          <div className="cols">
            <div>
              <Reminders />
              {filled.map((one) => (
                <WorkSection key={one.section.id} one={one} />
              ))}
            </div>
            <aside className="rail">
              <ComingDue />
              {may("complaints.import") && <RunningImports />}
            </aside>
          </div>
        </>
      )}
    </>
  );
}

function countOf({ page }: Loaded): string {
  if (!page) return "";
  const total = page.total ?? page.items.length;
  return page.total_is_capped ? `${total}+` : String(total);
}

/** Jumps to the sections; the list behind each number is one press further. */
function Strip({ loaded }: { loaded: Loaded[] }) {
  const { t } = useLingui();
  return (
    <nav className="strip work" aria-label={t`今天的数`}>
      {loaded.slice(0, 5).map((one) => {
        const isLate = one.section.tone === "late" && (one.page?.total ?? 0) > 0;
        const isFilled = (one.page?.items.length ?? 0) > 0;
        const inside = (
          <>
            <span className={isLate ? "late" : "m"}>
              {isLate && <Icon name="warn" small />} {t(one.section.title)}
            </span>
            <b className={isLate ? "late" : isFilled ? "" : "m"}>{countOf(one)}</b>
          </>
        );
        return isFilled ? (
          <a key={one.section.id} href={`#${one.section.id}`}>
            {inside}
          </a>
        ) : (
          <span key={one.section.id}>{inside}</span>
        );
      })}
    </nav>
  );
}

function WorkSection({ one }: { one: Loaded }) {
  const { t } = useLingui();
  const { section, page } = one;
  const items = page?.items ?? [];
  const all = queueLink(section.filters, {}, section.sort);
  const count = countOf(one);
  const open = () => keepTrail({ back: all, ids: idsOf(items), offset: 0, total: page?.total ?? null });
  return (
    <section aria-labelledby={section.id} className="work">
      <div className="sec">
        <span className={section.tone === "late" ? "late" : "m"}>
          <Icon name={section.icon} />
        </span>
        <h2 id={section.id}>{t(section.title)}</h2>
        <Link to={all} className={`n fig ${section.tone ?? ""}`} aria-label={t`全部${count}件`}>
          {count}
        </Link>
        {section.hint && <span className="m xs">{t(section.hint)}</span>}
      </div>
      <ul>
        {items.map((item) => (
          <WorkRow key={item.id} item={item} onOpen={open} />
        ))}
      </ul>
      {page?.next_cursor && (
        <p style={{ paddingTop: 8 }}>
          <Link to={all}>
            <Trans>看全部{count}件</Trans>
          </Link>
        </p>
      )}
    </section>
  );
}

function NothingToDo({ mayImport }: { mayImport: boolean }) {
  const { t } = useLingui();
  return (
    <Empty
      title={t`手上没有要办的`}
      steps={[t`收到`, t`受理`, t`交办`, t`答复`, t`评价`]}
      action={
        mayImport ? (
          <Link className="btn p lg" to="/imports/new">
            <Trans>导入第一份台账</Trans>
          </Link>
        ) : (
          <Link className="btn lg" to="/complaints">
            <Trans>看全部办件</Trans>
          </Link>
        )
      }
    >
      <Trans>
        家长和群众在网上提的、从台账导入的件，轮到您的一步会排在这里：先是超期的，再是今天到期的，再是等您批的。
      </Trans>
    </Empty>
  );
}
