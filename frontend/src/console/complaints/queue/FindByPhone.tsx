import { Trans, useLingui } from "@lingui/react/macro";
import { lazy, Suspense, useState } from "react";
import { Icon } from "../../shared/Icon";
import { useMay } from "../../shared/me";

const Drawer = lazy(() => import("./FindByPhoneDrawer"));

/** For the county's own desk: a caller who has no receipt code is found by their number. */
export function FindByPhone() {
  const { t } = useLingui();
  const may = useMay();
  const [isOpen, setOpen] = useState(false);
  if (!may("complaints.find_by_phone")) return null;
  return (
    <>
      <button type="button" className="btn" aria-haspopup="dialog" onClick={() => setOpen(true)}>
        <Icon name="search" />
        {t`按电话查找`}
      </button>
      {isOpen && (
        <Suspense fallback={<Trans>正在打开</Trans>}>
          <Drawer onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
