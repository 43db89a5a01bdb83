import { useQueries, useQueryClient } from "@tanstack/react-query";
import { useEffect, useState } from "react";
import { $api, api } from "../../api/client";
import type { Attachment } from "./words";

const EVERY_MS = 4_000;
const isUnderWay = ({ state }: Attachment) => state === "processing" || state === "quarantined";

export function useAttachments(complaintId: string) {
  return $api.useQuery(
    "get",
    "/api/v1/complaints/{complaint_id}/attachments",
    { params: { path: { complaint_id: complaintId } } },
    { refetchInterval: ({ state }) => (state.data?.items.some(isUnderWay) ? EVERY_MS : false) },
  );
}

/** After something was attached or removed: the list, and the case that counts it. */
export function useAttachmentsChanged() {
  const queryClient = useQueryClient();
  return () =>
    Promise.all(
      ["/api/v1/complaints/{complaint_id}/attachments", "/api/v1/complaints/{complaint_id}"].map((path) =>
        queryClient.invalidateQueries({ queryKey: ["get", path] }),
      ),
    );
}

export const contentPath = (complaintId: string, { id }: Attachment) =>
  `/api/v1/complaints/${complaintId}/attachments/${id}/content`;

/** Addresses of what is in memory, one for each, until the page that shows them is left. */
class Urls {
  private readonly made = new Map<Blob, string>();

  of(blob: Blob | undefined): string | null {
    if (!blob) return null;
    const url = this.made.get(blob) ?? URL.createObjectURL(blob);
    this.made.set(blob, url);
    return url;
  }

  revoke() {
    for (const url of this.made.values()) URL.revokeObjectURL(url);
    this.made.clear();
  }
}

/** What can be drawn of pictures, by their ids: their bytes come with the bearer's token, so that no address shows them. */
export function usePictures(complaintId: string, pictures: readonly Attachment[]) {
  const loaded = useQueries({
    queries: pictures.map((picture) => ({
      queryKey: ["attachment", complaintId, picture.id],
      queryFn: async () => {
        const { data } = await api.GET(
          contentPath(complaintId, picture) as never,
          { parseAs: "blob" } as never,
        );
        return data as unknown as Blob;
      },
      staleTime: Number.POSITIVE_INFINITY,
      // Not longer than the page that shows them.
      gcTime: 0,
    })),
  });
  const [urls] = useState(() => new Urls());
  useEffect(() => () => urls.revoke(), [urls]);
  return pictures.map((picture, nth) => ({
    picture,
    url: urls.of(loaded[nth]?.data),
    error: loaded[nth]?.error ?? null,
    retry: () => void loaded[nth]?.refetch(),
  }));
}
