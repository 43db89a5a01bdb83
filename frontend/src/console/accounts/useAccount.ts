import { useQueryClient } from "@tanstack/react-query";
import { useState } from "react";
import { $api, api, type Schemas } from "../../api/client";
import { useKeyFor } from "../shared/useKeyFor";
import { useSave } from "../shared/useSave";

export type Account = Schemas["MemberAccount"];
export type IssuedLink = Schemas["IssuedAccountLink"];

/** The account of a member, with what can be done about it. `issued` is the link of which the words are known here alone. */
export function useAccount(member_id: string) {
  const queryClient = useQueryClient();
  const saving = useSave();
  const [issued, setIssued] = useState<IssuedLink | null>(null);
  // Each press is a request of its own, a repeated one after a broken line is not.
  const [nth, setNth] = useState(0);
  const keyFor = useKeyFor();
  const params = { path: { member_id } };
  const result = $api.useQuery("get", "/api/v1/members/{member_id}/account", { params });
  const renew = () =>
    queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/members/{member_id}/account"] });
  const issue = () =>
    saving.save(async () => {
      const header = keyFor({ member_id, nth });
      const { data } = await api.POST("/api/v1/members/{member_id}/account/link", {
        params: { ...params, header },
        body: {},
      });
      setIssued(data ?? null);
      setNth(nth + 1);
      await renew();
    });
  const revoke = () =>
    saving.save(async () => {
      try {
        await api.POST("/api/v1/members/{member_id}/account/link/revoke", { params });
        setIssued(null);
      } finally {
        // Also after a refusal: it may have been used meanwhile.
        await renew();
      }
    });
  const removeSecondFactor = () =>
    saving.save(async () => {
      try {
        await api.POST("/api/v1/members/{member_id}/account/second-factor/remove", { params });
      } finally {
        await renew();
      }
    });
  return { result, saving, issued, issue, revoke, removeSecondFactor };
}
