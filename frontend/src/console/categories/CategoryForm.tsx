import { Trans, useLingui } from "@lingui/react/macro";
import { api } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { nameIn } from "../../shared/i18n";
import { ifMatch } from "../shared/etag";
import { TextField } from "../shared/Field";
import { FormDrawer } from "../shared/FormDrawer";
import { BusyButton, Note } from "../shared/parts";
import { useKeyFor } from "../shared/useKeyFor";
import { useSave } from "../shared/useSave";
import type { Category } from "./CategoriesPage";

/** A new one below another (or at the top), or one that is changed. */
export type Editing = { parent: Category | null; category?: never } | { category: Category; parent?: never };

interface CategoryFormProps {
  editing: Editing;
  onClose: () => void;
  onSaved: () => void;
  onRefresh: () => void;
}

const textOf = (form: FormData, name: string) => String(form.get(name) ?? "").trim();

export function CategoryForm({ editing, onClose, onSaved, onRefresh }: CategoryFormProps) {
  const { t, i18n } = useLingui();
  const saving = useSave();
  const keyFor = useKeyFor();
  const wrong = fieldErrors(saving.error);
  const { category, parent } = editing;
  const labels = { name: t`名称`, name_en: t`英文名`, position: t`顺序` };
  const isClosed = Boolean(category?.closed_at);
  const under = parent ? nameIn(i18n.locale, parent) : "";
  const title = category ? t`修改分类` : parent ? t`在“${under}”下新建` : t`新建一级分类`;
  const save = (form: FormData) =>
    saving.save(async () => {
      const fields = {
        name: textOf(form, "name"),
        name_en: textOf(form, "name_en") || null,
        position: Number(textOf(form, "position") || 0),
      };
      if (category) {
        await api.PATCH("/api/v1/categories/{category_id}", {
          params: { path: { category_id: category.id }, header: ifMatch(category) },
          body: fields,
        });
      } else {
        const body = { ...fields, ...(parent ? { parent_id: parent.id } : {}) };
        await api.POST("/api/v1/categories", { params: { header: keyFor(body) }, body });
      }
      onSaved();
    });
  const turn = (verb: "close" | "reopen") =>
    saving.save(async () => {
      if (!category) return;
      await api.POST(`/api/v1/categories/{category_id}/${verb}`, {
        params: { path: { category_id: category.id }, header: ifMatch(category) },
        body: {},
      });
      onSaved();
    });
  return (
    <FormDrawer
      title={title}
      submit={category ? <Trans>保存</Trans> : <Trans>新建</Trans>}
      saving={saving}
      labels={labels}
      prefix="category-"
      onSave={isClosed ? () => void turn("reopen") : save}
      onClose={onClose}
      onRefresh={onRefresh}
    >
      {isClosed ? (
        <Note>
          <Trans>这个分类已停用：办过的来件仍然归在它下面，新的来件不能选。保存就恢复使用。</Trans>
        </Note>
      ) : (
        <>
          <TextField
            id="category-name"
            name="name"
            label={labels.name}
            error={wrong.name}
            defaultValue={category?.name}
            maxLength={30}
          />
          <TextField
            id="category-name_en"
            name="name_en"
            lang="en"
            label={labels.name_en}
            error={wrong.name_en}
            defaultValue={category?.name_en ?? ""}
            maxLength={80}
            isOptional
          />
          <TextField
            id="category-position"
            name="position"
            type="number"
            min={0}
            max={10_000}
            label={labels.position}
            hint={t`同级里小的排前面`}
            error={wrong.position}
            defaultValue={category?.position ?? 0}
          />
          {category && (
            <div style={{ marginTop: 24 }}>
              <Note>
                <p>
                  <Trans>停用后，新的来件不能选它；已经归在它下面的来件不变，以后可以恢复。</Trans>
                </p>
                <BusyButton className="btn sm dz" isBusy={saving.isBusy} onClick={() => void turn("close")}>
                  <Trans>停用这个分类</Trans>
                </BusyButton>
              </Note>
            </div>
          )}
        </>
      )}
    </FormDrawer>
  );
}
