import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { Schemas } from "../../api/client";

/** What a link into an account is for. */
export const linkWords: Record<Schemas["AccountLinkKind"], MessageDescriptor> = {
  invitation: msg`邀请链接`,
  reset: msg`重设密码链接`,
};
