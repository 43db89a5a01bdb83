import { Trans, useLingui } from "@lingui/react/macro";
import { useQueries } from "@tanstack/react-query";
import { Dropdown, Popover } from "antd";
import { type FormEvent, useState } from "react";
import { Link, useLocation } from "react-router";
import { $api } from "../../../api/client";
import { type Filters, isSameFilters, queueLink, readFilters } from "../../shared/filters";
import { Icon } from "../../shared/Icon";
import { useLocal } from "../../shared/local";
import { SAVED_VIEWS, type SavedView, views } from "./views";

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
  const [saved, keep] = useLocal<SavedView[]>(SAVED_VIEWS, []);
  const isKnown =
    views.some((view) => isSameFilters(view.filters, filters)) ||
    saved.some((view) => isSameFilters(readFilters(new URLSearchParams(view.search)), filters));
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
          key={view.name}
          view={view}
          isOn={isSameFilters(readFilters(new URLSearchParams(view.search)), filters)}
          onRemove={() => keep(saved.filter(({ name }) => name !== view.name))}
        />
      ))}
      {!isKnown && (
        <SaveView
          onSave={(name) => keep([...saved.filter((view) => view.name !== name), { name, search }])}
        />
      )}
    </nav>
  );
}

function SavedTab({ view, isOn, onRemove }: { view: SavedView; isOn: boolean; onRemove: () => void }) {
  const { t } = useLingui();
  return (
    <Dropdown
      trigger={["contextMenu"]}
      menu={{ items: [{ key: "remove", label: t`删掉这个视图` }], onClick: onRemove }}
    >
      <span className="row" style={{ gap: 0 }}>
        <Link to={`/complaints${view.search}`} aria-current={isOn ? "true" : undefined}>
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

function SaveView({ onSave }: { onSave: (name: string) => void }) {
  const { t } = useLingui();
  const [isOpen, setOpen] = useState(false);
  function save(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const name = String(new FormData(event.currentTarget).get("name") ?? "").trim();
    if (!name) return;
    onSave(name);
    setOpen(false);
  }
  return (
    <Popover
      trigger="click"
      open={isOpen}
      onOpenChange={setOpen}
      arrow={false}
      destroyOnHidden
      content={
        <form onSubmit={save} className="row">
          <input
            className="inp in-row"
            name="name"
            maxLength={20}
            aria-label={t`视图名称`}
            placeholder={t`视图名称`}
          />
          <button type="submit" className="btn p sm">
            <Trans>存</Trans>
          </button>
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
