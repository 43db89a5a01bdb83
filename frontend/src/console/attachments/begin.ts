import { api } from "../../api/client";
import type { Begin } from "../../shared/uploads/transfer";

/** Announces a file as a member. */
export const begin: Begin = async (file, signal) => {
  const { data } = await api.POST("/api/v1/uploads", {
    params: { header: { "Idempotency-Key": file.key } },
    body: { name: file.name, size: file.size },
    signal,
  });
  if (!data) throw new Error("an answer without a file");
  return { id: data.id, token: data.upload_token };
};
