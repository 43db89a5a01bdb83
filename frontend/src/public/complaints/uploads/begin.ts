import { api } from "../../../api/client";
import type { Begin } from "../../../shared/uploads/transfer";
import { prove } from "../proof/prove";

/** Announces a file as anybody may: with a proof of work. */
export const begin: Begin = async (file, signal) => {
  const altcha = await prove(() => undefined, signal);
  const { data } = await api.POST("/api/v1/public/uploads", {
    params: { header: { "Idempotency-Key": file.key } },
    body: { name: file.name, size: file.size, keeps_original: file.keepsOriginal, altcha },
    signal,
  });
  if (!data) throw new Error("an answer without a file");
  return { id: data.id, token: data.upload_token };
};
