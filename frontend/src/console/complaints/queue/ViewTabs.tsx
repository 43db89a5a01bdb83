import { Trans, useLingui } from "@lingui/react/macro";
import { useQueries } from "@tanstack/react-query";
import { Dropdown, Popover } from "antd";
import { type FormEvent, useState } from "react";
import { Link, useLocation } from "react-router";
import { $api, type Schemas } from "../../../api/client";
import { ErrorNotice } from "../../shared/ErrorNotice";
import { type Filters, isSameFilters, queueLink, readFilters } from "../../shared/filters";
import { Icon } from "../../shared/Icon";
import { BusyButton } from "../../shared/parts";
import { useSave } from "../../shared/useSave";
import { useSavedViews } from "./useSavedViews";
import { views } from "./views";

function useCounts() {
  const counted = views.filter((view) => view.isCounted);
  const results = useQueries({
    queries: counted.map(({ filters }) => ({
      ...$api.queryOptions("get", "/api/v1/complaints", {
        params: { query: { ...filters, limit: 1, count: true } as never },
      }),
      staleTime: 60_000,
    })),
  });
  const counts = new Map<string, string>();
  counted.forEach(({ id }, index) => {
    const page = results[index]?.data;
    if (page?.total != null) counts.set(id, page.total_is_capped ? `${page.total}+` : String(page.total));
  });
  return counts;
}

export function ViewTabs({ filters }: { filters: Filters }) {
  const { t } = useLingui();
  const counts = useCounts();
  const { search } = useLocation();
  const { saved, save, remove } = useSavedViews();
  const isKnown =
    views.some((view) => isSameFilters(view.filters, filters)) ||
    saved.some((view) => isSameFilters(readFilters(new URLSearchParams(view.query)), filters));
  return (
    <nav className="views" aria-label={t`视图`}>
      {views.map((view) => (
        <Link
          key={view.id}
          to={queueLink(view.filters, {}, view.sort)}
          aria-current={isSameFilters(view.filters, filters) ? "true" : undefined}
        >
          {t(view.label)}
          {counts.has(view.id) && <span className="n">{counts.get(view.id)}</span>}
        </Link>
      ))}
      {saved.map((view) => (
        <SavedTab
          key={view.id}
          view={view}
          isOn={isSameFilters(readFilters(new URLSearchParams(view.query)), filters)}
          onRemove={() => void remove(view.id).catch(() => undefined)}
        />
      ))}
      {!isKnown && <SaveView onSave={(name) => save(name, withoutCursor(search))} />}
    </nav>
  );
}

/** A view is the filters and the order, not the page that one was on. */
function withoutCursor(search: string): string {
  const params = new URLSearchParams(search);
  for (const name of ["cursor", "limit", "count"]) params.delete(name);
  return params.toString().replaceAll("%2C", ",");
}

type SavedView = Schemas["SavedView"];

function SavedTab({ view, isOn, onRemove }: { view: SavedView; isOn: boolean; onRemove: () => void }) {
  const { t } = useLingui();
  return (
    <Dropdown
      trigger={["contextMenu"]}
      menu={{ items: [{ key: "remove", label: t`删掉这个视图` }], onClick: onRemove }}
    >
      <span className="row" style={{ gap: 0 }}>
        <Link to={`/complaints?${view.query}`} aria-current={isOn ? "true" : undefined}>
          <Icon name="bookmark" small />
          {view.name}
        </Link>
        {isOn && (
          <button type="button" className="ib" aria-label={t`删掉视图${view.name}`} onClick={onRemove}>
            <Icon name="close" small />
          </button>
        )}
      </span>
    </Dropdown>
  );
}

function SaveView({ onSave }: { onSave: (name: string) => Promise<void> }) {
  const { t } = useLingui();
  const [isOpen, setOpen] = useState(false);
  const saving = useSave();
  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    if (!name) return;
    void saving.save(async () => {
      await onSave(name);
      setOpen(false);
    });
  }
  return (
    <Popover
      trigger="click"
      open={isOpen}
      onOpenChange={setOpen}
      arrow={false}
      destroyOnHidden
      content={
        <form onSubmit={save} className="row wrap">
          <input
            className="inp in-row"
            name="name"
            maxLength={20}
            aria-label={t`视图名称`}
            placeholder={t`视图名称`}
          />
          <BusyButton type="submit" className="btn p sm" isBusy={saving.isBusy}>
            <Trans>存</Trans>
          </BusyButton>
          {Boolean(saving.error) && <ErrorNotice error={saving.error} />}
        </form>
      }
    >
      <button type="button" className="btn t sm">
        <Icon name="plus" small />
        <Trans>存为视图</Trans>
      </button>
    </Popover>
  );
}
