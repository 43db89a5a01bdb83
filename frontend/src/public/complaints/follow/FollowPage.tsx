import { useLingui } from "@lingui/react/macro";
import { useMutation } from "@tanstack/react-query";
import { lazy, useEffect, useRef, useState } from "react";
import { api, type Schemas } from "../../../api/client";
import { usePageTitle } from "../../common/Page";
import { dropHandedCode, peekHandedCode } from "../../common/receiptCode";
import { CodeForm } from "./CodeForm";

// Fetched while the code is being typed.
const loadCaseView = () => import("./CaseView");
const CaseView = lazy(loadCaseView);

export interface Opened {
  /** Kept in this component's state alone: not in the address, not in storage. */
  code: string;
  complaint: Schemas["TrackedComplaint"];
}

async function track(code: string): Promise<Opened> {
  const { data } = await api.POST("/api/v1/public/complaints/track", { body: { receipt_code: code } });
  if (!data) throw new Error("an answer without a complaint");
  return { code, complaint: data };
}

export default function FollowPage() {
  const { t } = useLingui();
  const [opened, setOpened] = useState<Opened | null>(null);
  const [handed] = useState(peekHandedCode);
  const open = useMutation({ mutationFn: track, onSuccess: setOpened });
  usePageTitle(opened ? t`办理进度` : t`查办理进度`);

  useEffect(() => {
    // Should it fail, the page itself tries again.
    void loadCaseView().catch(() => undefined);
  }, []);

  const { mutate } = open;
  const isStarted = useRef(false);
  useEffect(() => {
    dropHandedCode();
    if (!handed || isStarted.current) return;
    isStarted.current = true;
    mutate(handed);
  }, [handed, mutate]);

  if (!opened) {
    return (
      <CodeForm
        initial={handed ?? ""}
        isPending={open.isPending}
        error={open.error}
        open={(code) => open.mutate(code)}
      />
    );
  }
  return (
    <CaseView
      opened={opened}
      onChange={(complaint) => setOpened({ code: opened.code, complaint })}
      onRefresh={() => open.mutate(opened.code)}
      refreshing={{ isPending: open.isPending, error: open.error }}
      onLeave={() => {
        open.reset();
        setOpened(null);
      }}
    />
  );
}
