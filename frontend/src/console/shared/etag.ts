import { newUuid } from "../../shared/uuid";

export const ifMatch = (thing: { version: number }) => ({ "If-Match": `"v${thing.version}"` });
export const idempotencyKey = () => ({ "Idempotency-Key": newUuid() });
