import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import { failureOf } from "../../api/problem";

/** What a refusal or a failure means to its reader: what happened, what was kept, what to do. */
export interface Explanation {
  title: MessageDescriptor;
  todo: MessageDescriptor;
  /** The server's own sentence, where it knows more than the code says; it is in the reader's language already. */
  detail: string;
  requestId: string | null;
}

type Sentences = [title: MessageDescriptor, todo: MessageDescriptor];

const byCode: Record<string, Sentences> = {
  network: [msg`没有连上服务器`, msg`您写的还在这一页。请看看网络，再试一次。`],
  unauthenticated: [msg`请重新登录`, msg`登录已经到期。您写的存在这台设备上，登录后回到这里。`],
  session_ended: [msg`请重新登录`, msg`登录已经到期。您写的存在这台设备上，登录后回到这里。`],
  wrong_credentials: [msg`账号或密码不对`, msg`请核对大小写后再输一次。输错不会锁死账号，只是要等得久一些。`],
  second_factor_needed: [msg`还要输入验证码`, msg`密码对了。请输入手机上的验证码。`],
  ticket_ended: [msg`请重新输入密码`, msg`离上次输入密码超过五分钟了，或者密码刚改过。`],
  wrong_code: [
    msg`验证码不对`,
    msg`请看手机上现在显示的那个再输。每个验证码和恢复码只能用一次；老是不对，请校准手机的时间。`,
  ],
  provider_refused: [msg`统一身份认证没有通过`, msg`请从头再登录一次，或用密码登录。`],
  provider_account_unknown: [msg`这个统一身份还没有绑定账号`, msg`请先用密码登录，再在“我的账号”里绑定。`],
  provider_unavailable: [msg`统一身份认证暂时连不上`, msg`请稍后再试，或用密码登录。`],
  password_change_needed: [msg`请先换一个密码`, msg`刷新这一页，按提示换好以后接着做。`],
  second_factor_missing: [msg`请先设置两步验证`, msg`刷新这一页，按提示设好以后接着做。`],
  confirmation_needed: [
    msg`没有确认，所以没有办`,
    msg`什么都没有改，您填的没有丢。再办一次时请输入密码或验证码。`,
  ],
  forbidden: [msg`您没有做这一步的权限`, msg`什么都没有改。需要的话，请联系本单位负责人或系统管理员。`],
  not_found: [msg`找不到这一项`, msg`可能已经转走、合并，或者不在您的范围里。请回到列表看看。`],
  wrong_state: [msg`这一件现在不能做这一步`, msg`它的状态可能刚刚变过。请看过最新情况再决定，您写的没有丢。`],
  not_ready: [msg`还差一步`, msg`您写的没有丢。先补上前面的一步，再来做这一步。`],
  own_work: [msg`这是您自己经手的，不能由您审批`, msg`请另一位负责人或上级单位来批。什么都没有改。`],
  own_roles: [msg`不能办理自己的角色`, msg`请另一位安全管理员来办。什么都没有改。`],
  own_account: [msg`不能办理自己的账号`, msg`请另一位安全管理员来办。自己的密码在“我的账号”里修改。`],
  link_closed: [msg`这个链接已不能用`, msg`它可能用过了、过期了，或被收回。请找安全管理员重新要一个。`],
  already_granted: [msg`已经有这个角色了`, msg`您填的没有丢。改一下日期、单位或角色再存。`],
  roles_apart: [msg`这两种角色不能由同一人担任`, msg`您填的没有丢。换一个人，或先终止原来的角色。`],
  last_security_admin: [
    msg`不能没有安全管理员`,
    msg`请先授予另一位能登录的成员，再终止这一位。什么都没有改。`,
  ],
  taken: [msg`这个名字已经有了`, msg`您填的没有丢，换一个名字再存。`],
  stale_version: [
    msg`您看的时候，别人改了这一项`,
    msg`您写的没有丢，也没有覆盖别人的修改。请看过新的内容再存。`,
  ],
  invalid_field: [msg`有几处要改`, msg`您填的没有丢。请按提示改好再存。`],
  export_too_large: [msg`行数太多，一个工作簿放不下`, msg`请先筛选，或选 CSV 格式。`],
  malformed_query: [msg`筛选条件里有认不出的内容`, msg`可能是链接不完整。请清除筛选后重新选择。`],
  bad_cursor: [msg`这一页的位置已经失效`, msg`列表变过了，请从第一页看起。`],
  payload_too_large: [msg`文件太大`, msg`请把表格分成几份，再一份一份传。`],
  unsupported_media_type: [msg`这种文件读不了`, msg`请存成 .xlsx 或 .csv 再传。`],
  rate_limited: [msg`试得太快了`, msg`请稍等再试，您写的没有丢。`],
  busy: [msg`服务器正忙`, msg`什么都没有存。请过一会儿再试。`],
  bootstrap_closed: [msg`这个链接用过了，或者过期了`, msg`请在服务器上重新生成一个初始设置链接。`],
  internal: [
    msg`服务器出错了`,
    msg`我们已经记下。您写的没有丢，请过一会儿再试；还不行，请把编号告诉系统管理员。`,
  ],
};

const other: Sentences = [msg`没有做成`, msg`您写的没有丢。请再试一次；还不行，请把编号告诉系统管理员。`];

/** Codes under which the server says something more exact than we can. */
const TELLING = new Set([
  "wrong_state",
  "not_ready",
  "own_work",
  "already_granted",
  "roles_apart",
  "taken",
  "invalid_field",
  "payload_too_large",
  "unsupported_media_type",
]);

export function explain(error: unknown): Explanation {
  const failure = failureOf(error);
  const [title, todo] =
    byCode[failure.code] ?? (failure.kind === "server" ? byCode.internal : undefined) ?? other;
  return {
    title,
    todo,
    detail: TELLING.has(failure.code) ? failure.detail : "",
    requestId: failure.kind === "server" ? failure.requestId : null,
  };
}
