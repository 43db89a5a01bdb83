import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { $api, api, type Schemas } from "../../api/client";
import { useSave } from "../shared/useSave";

export type Session = Schemas["Session"];

/** The member's sessions, and how they are ended. `ended` is what was done last: one, or all others. */
export function useSessions() {
  const queryClient = useQueryClient();
  const saving = useSave();
  const [ended, setEnded] = useState<"one" | "others" | null>(null);
  const result = $api.useQuery("get", "/api/v1/me/sessions");
  const end = (which: "one" | "others", work: () => Promise<unknown>) =>
    saving.save(async () => {
      setEnded(null);
      try {
        await work();
        setEnded(which);
      } finally {
        // Also after a refusal: it may have ended meanwhile.
        await queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/me/sessions"] });
      }
    });
  return {
    result,
    saving,
    ended,
    endOne: (session_id: string) =>
      end("one", () =>
        api.POST("/api/v1/me/sessions/{session_id}/end", { params: { path: { session_id } } }),
      ),
    endOthers: () => end("others", () => api.POST("/api/v1/me/sessions/end-others")),
  };
}
