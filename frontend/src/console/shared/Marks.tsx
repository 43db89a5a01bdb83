import { useLingui } from "@lingui/react/macro";
import type { Schemas } from "../../api/client";
import { Icon } from "./Icon";

type Marked = Pick<Schemas["ComplaintSummary"], "is_emergency" | "is_supervised" | "is_redone">;

/** What is out of the ordinary about a case in a list: an icon and a word each. */
export function Marks({ item }: { item: Marked }) {
  const { t } = useLingui();
  if (!item.is_emergency && !item.is_supervised && !item.is_redone) return null;
  return (
    <span className="marks">
      {item.is_emergency && (
        <span className="tag la">
          <Icon name="warn" small />
          {t`紧急`}
        </span>
      )}
      {item.is_supervised && (
        <span className="tag so">
          <Icon name="bookmark" small />
          {t`督办`}
        </span>
      )}
      {item.is_redone && (
        <span className="tag so">
          <Icon name="redo" small />
          {t`重办`}
        </span>
      )}
    </span>
  );
}
