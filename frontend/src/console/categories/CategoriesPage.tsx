import { Trans, useLingui } from "@lingui/react/macro";
import { useState } from "react";
import { $api, type Schemas } from "../../api/client";
import { nameIn } from "../../shared/i18n";
import { ErrorNotice } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { useMay } from "../shared/me";
import { Skeleton, Title } from "../shared/parts";
import { CategoryForm, type Editing } from "./CategoryForm";

export type Category = Schemas["CategoryItem"];

export default function CategoriesPage() {
  const { t, i18n } = useLingui();
  const mayEdit = useMay()("settings.edit");
  const [withClosed, setWithClosed] = useState(false);
  const [typed, setTyped] = useState("");
  const [editing, setEditing] = useState<Editing | null>(null);
  const query = withClosed ? { include_closed: true } : {};
  const { data, error, refetch } = $api.useQuery("get", "/api/v1/categories", { params: { query } });
  const word = typed.trim().toLowerCase();
  const shown = data?.items.filter(
    ({ name, name_en }) => !word || name.includes(word) || name_en?.toLowerCase().includes(word),
  );
  return (
    <>
      <Title name={t`分类`}>
        {mayEdit && (
          <button type="button" className="btn p" onClick={() => setEditing({ parent: null })}>
            <Icon name="plus" />
            <Trans>新建一级分类</Trans>
          </button>
        )}
      </Title>
      <div className="filters">
        <label className="fin">
          <Icon name="search" small />
          <input
            type="search"
            data-search="page"
            aria-label={t`在分类里找`}
            placeholder={t`在分类里找`}
            value={typed}
            onChange={(event) => setTyped(event.target.value)}
          />
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={withClosed}
            onChange={(event) => setWithClosed(event.target.checked)}
          />
          <Trans>停用的也列出</Trans>
        </label>
      </div>
      {Boolean(error) && <ErrorNotice error={error} retry={() => void refetch()} />}
      {!data && !error && <Skeleton lines={10} label={t`正在取分类`} />}
      {shown?.length === 0 && (
        <p className="m">
          <Trans>没有符合的分类。</Trans>
        </p>
      )}
      <ul className="cats">
        {shown?.map((category) => (
          <li key={category.id} className={category.closed_at ? "closed" : undefined}>
            <span style={{ paddingLeft: (category.depth - 1) * 24 }} className={`d${category.depth}`}>
              {nameIn(i18n.locale, category)}
              {category.closed_at && <span className="tag">{t`已停用`}</span>}
            </span>
            <span className="sp" />
            {mayEdit && <Buttons category={category} onEdit={setEditing} />}
          </li>
        ))}
      </ul>
      {editing && (
        <CategoryForm
          editing={editing}
          onClose={() => setEditing(null)}
          onSaved={() => {
            setEditing(null);
            void refetch();
          }}
          onRefresh={() => void refetch()}
        />
      )}
    </>
  );
}

function Buttons({ category, onEdit }: { category: Category; onEdit: (editing: Editing) => void }) {
  const { t, i18n } = useLingui();
  const name = nameIn(i18n.locale, category);
  const isOpen = category.closed_at === null;
  return (
    <span className="row noprint">
      {isOpen && category.depth < 3 && (
        <button
          type="button"
          className="btn t sm"
          aria-label={t`加下级：${name}`}
          onClick={() => onEdit({ parent: category })}
        >
          <Trans>加下级</Trans>
        </button>
      )}
      <button
        type="button"
        className="btn t sm"
        aria-label={t`修改“${name}”`}
        onClick={() => onEdit({ category })}
      >
        {isOpen ? <Trans>修改</Trans> : <Trans>恢复</Trans>}
      </button>
    </span>
  );
}
