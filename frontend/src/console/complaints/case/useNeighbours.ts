import { useNavigate } from "react-router";
import { useHotkeys } from "../../shared/hotkeys";
import { readTrail } from "../../shared/trail";

export interface Neighbours {
  back: string;
  position: number | null;
  total: number | null;
  previous?: () => void;
  next?: () => void;
}

/** The case before and after this one in the list that it was opened from; j, k and u move there. */
export function useNeighbours(id: string): Neighbours {
  const navigate = useNavigate();
  const trail = readTrail();
  const at = trail?.ids.indexOf(id) ?? -1;
  const goTo = (target: string | undefined) =>
    target ? () => void navigate(`/complaints/${target}`, { replace: true }) : undefined;
  const back = at >= 0 && trail ? trail.back : "/complaints";
  const previous = goTo(at > 0 ? trail?.ids[at - 1] : undefined);
  const next = goTo(at >= 0 ? trail?.ids[at + 1] : undefined);
  useHotkeys({ j: () => next?.(), k: () => previous?.(), u: () => void navigate(back) });
  return {
    back,
    position: at >= 0 && trail ? trail.offset + at + 1 : null,
    total: at >= 0 ? (trail?.total ?? null) : null,
    previous,
    next,
  };
}
