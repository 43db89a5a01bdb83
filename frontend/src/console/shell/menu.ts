import type { MessageDescriptor } from "@lingui/core";
import { msg } from "@lingui/core/macro";
import type { IconName } from "../shared/Icon";
import type { Permission } from "../shared/me";

export interface MenuItem {
  to: string;
  icon: IconName;
  label: MessageDescriptor;
  /** One of these is enough. */
  needs?: Permission | Permission[];
}

export interface MenuGroup {
  label?: MessageDescriptor;
  items: MenuItem[];
}

/** Whoever may import something has a use for the list of runs. */
export const IMPORTS: Permission[] = ["complaints.import", "units.import", "members.import"];

export const menu: MenuGroup[] = [
  { items: [{ to: "/", icon: "home", label: msg`我的工作`, needs: "complaints.list" }] },
  {
    label: msg`办件`,
    items: [
      { to: "/complaints", icon: "inbox", label: msg`投诉与建议`, needs: "complaints.list" },
      { to: "/register", icon: "plus", label: msg`登记来电来访`, needs: "complaints.register" },
      { to: "/cards", icon: "warn", label: msg`黄牌红牌`, needs: "complaints.list" },
      { to: "/notices", icon: "bell", label: msg`提醒`, needs: "complaints.list" },
      { to: "/templates", icon: "doc", label: msg`模板`, needs: "complaints.list" },
    ],
  },
  {
    label: msg`数据`,
    items: [
      { to: "/statistics", icon: "chart", label: msg`统计`, needs: "statistics.read" },
      { to: "/imports", icon: "upload", label: msg`导入`, needs: IMPORTS },
    ],
  },
  {
    label: msg`组织`,
    items: [
      { to: "/units", icon: "units", label: msg({ message: "单位", context: "page" }) },
      { to: "/members", icon: "people", label: msg`成员`, needs: "members.list" },
      {
        to: "/role-grants",
        icon: "key",
        label: msg({ message: "角色", context: "page" }),
        needs: "role_grants.list",
      },
    ],
  },
  {
    label: msg`核验`,
    items: [
      { to: "/events", icon: "chain", label: msg`事件日志`, needs: "events.list" },
      { to: "/identity-openings", icon: "lock", label: msg`查看身份的申请`, needs: "identity.open" },
    ],
  },
  {
    label: msg`规则`,
    items: [
      { to: "/settings", icon: "gear", label: msg`设置`, needs: "settings.edit" },
      { to: "/categories", icon: "columns", label: msg`分类`, needs: "settings.edit" },
      { to: "/calendars", icon: "calendar", label: msg`工作日历`, needs: "settings.edit" },
    ],
  },
];

/** Whether one of them is there; whoever is signed in where none is needed. */
export function mayAny(may: (permission: Permission) => boolean, needs?: Permission | Permission[]): boolean {
  return !needs || [needs].flat().some(may);
}

/** The menu of this caller: groups without a page they may see are left out. */
export function menuFor(may: (permission: Permission) => boolean): MenuGroup[] {
  return menu
    .map((group) => ({ ...group, items: group.items.filter(({ needs }) => mayAny(may, needs)) }))
    .filter(({ items }) => items.length > 0);
}
