import { Trans, useLingui } from "@lingui/react/macro";
import { ErrorNotice } from "../shared/ErrorNotice";
import { BusyButton, Empty, Skeleton, Title } from "../shared/parts";
import { OpeningItem } from "./OpeningItem";
import { useOpenings } from "./useOpenings";

/** All requests to open who filed a case: those that wait first, and among them those that wait for the reader. */
export default function OpeningsPage() {
  const { t } = useLingui();
  const waiting = useOpenings({ is_waiting: true });
  const others = useOpenings({ is_waiting: false });
  const error = waiting.error ?? others.error;
  const retry = () => void Promise.all([waiting.refetch(), others.refetch()]);
  const isLoaded = waiting.openings !== undefined && others.openings !== undefined;
  const isEmpty = isLoaded && waiting.openings?.length === 0 && others.openings?.length === 0;
  const forMe = (waiting.openings ?? []).toSorted(
    (one, other) =>
      Number(other.allowed_actions.includes("approve")) - Number(one.allowed_actions.includes("approve")),
  );
  return (
    <>
      <Title name={t`查看身份的申请`} />
      {Boolean(error) && <ErrorNotice error={error} retry={retry} />}
      {!isLoaded && !error && <Skeleton lines={8} label={t`正在取申请`} />}
      {isEmpty && (
        <Empty title={t`还没有人申请`} steps={[t`申请`, t`第二个人同意`, t`一小时内查看`, t`投诉人知道`]}>
          <Trans>在留了联系方式的办件上，监督人员可以申请查看投诉人身份，由另一名监督人员答复。</Trans>
        </Empty>
      )}
      <Part title={t`等答复的`} found={waiting} openings={forMe} />
      <Part title={t`有了结果的`} found={others} openings={others.openings ?? []} />
    </>
  );
}

type Found = ReturnType<typeof useOpenings>;

function Part({
  title,
  found,
  openings,
}: {
  title: string;
  found: Found;
  openings: NonNullable<Found["openings"]>;
}) {
  if (openings.length === 0) return null;
  return (
    <section aria-label={title} style={{ marginBottom: 24 }}>
      <h2>{title}</h2>
      <ul className="cardrows">
        {openings.map((opening) => (
          <OpeningItem key={opening.id} opening={opening} />
        ))}
      </ul>
      {found.hasNextPage && (
        <BusyButton
          className="btn"
          isBusy={found.isFetchingNextPage}
          onClick={() => void found.fetchNextPage()}
        >
          <Trans>更早的</Trans>
        </BusyButton>
      )}
    </section>
  );
}
