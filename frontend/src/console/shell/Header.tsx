import { useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { Dropdown } from "antd";
import { type FormEvent, useEffect, useRef, useState } from "react";
import { useNavigate } from "react-router";
import type { Schemas } from "../../api/client";
import { nameIn, switchLocale } from "../../shared/i18n";
import { Bell } from "../notices/Bell";
import { useHotkeys } from "../shared/hotkeys";
import { Icon } from "../shared/Icon";
import { LanguageButton } from "../shared/LanguageButton";
import { roleWords, wordFor } from "../shared/labels";
import { listOf } from "../shared/listOf";
import { useMay } from "../shared/me";
import { loadMessages } from "../shared/messages";
import { Avatar } from "../shared/parts";
import { session } from "../shared/session";
import { useIsPhone } from "../shared/useMedia";

export function Header({
  me,
  onMenu,
  onHelp,
}: {
  me: Schemas["Me"];
  onMenu: () => void;
  onHelp: () => void;
}) {
  const { t, i18n } = useLingui();
  const isPhone = useIsPhone();
  const may = useMay();
  const held = me.grants.filter(({ role }) => role !== "member" || me.grants.length === 1);
  const roles = held.map(({ role, acting_for: holder }) => {
    const word = t(wordFor(roleWords, role));
    return holder ? t`${word}（代${nameIn(i18n.locale, holder)}）` : word;
  });
  return (
    <header className="head">
      {isPhone && (
        <button type="button" className="ib" aria-label={t`打开菜单`} onClick={onMenu}>
          <Icon name="menu" />
        </button>
      )}
      <div className="unit">
        <span className="ell">{nameIn(i18n.locale, me.unit)}</span>
        <span className="m ell">{listOf(i18n.locale, [...new Set(roles)])}</span>
      </div>
      {!isPhone && <span className="sp" />}
      {may("complaints.list") && <Find isPhone={isPhone} />}
      {may("complaints.list") && <Bell />}
      {!isPhone && (
        <>
          <LanguageButton />
          <button type="button" className="ib" aria-label={t`键盘按键`} onClick={onHelp}>
            <Icon name="help" />
          </button>
        </>
      )}
      <UserMenu me={me} />
    </header>
  );
}

/** The page's own search comes before the frame's. */
function searchBox() {
  const boxes = [...document.querySelectorAll<HTMLInputElement>("[data-search]")];
  return boxes.find(({ dataset }) => dataset.search === "page") ?? boxes[0];
}

function Find({ isPhone }: { isPhone: boolean }) {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [isOpen, setOpen] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  // On a phone the box appears when asked for, ready to type in.
  useEffect(() => {
    if (isOpen) input.current?.focus();
  }, [isOpen]);
  useHotkeys({
    "/": () => searchBox()?.focus(),
  });
  function find(event: FormEvent<HTMLFormElement>) {
    event.preventDefault();
    const q = String(new FormData(event.currentTarget).get("q") ?? "").trim();
    if (!q) return;
    event.currentTarget.reset();
    setOpen(false);
    navigate(`/complaints?q=${encodeURIComponent(q)}`);
  }
  if (isPhone && !isOpen) {
    return (
      <button type="button" className="ib" aria-label={t`搜索办件`} onClick={() => setOpen(true)}>
        <Icon name="search" />
      </button>
    );
  }
  return (
    // biome-ignore lint/a11y/useSemanticElements: <search> is not known to every browser we serve
    <form className="find" role="search" onSubmit={find}>
      <Icon name="search" />
      <input
        name="q"
        type="search"
        data-search="shell"
        aria-label={t`搜索办件`}
        placeholder={t`搜编号、标题、内容`}
        ref={input}
        onBlur={() => setOpen(false)}
        maxLength={100}
      />
      {!isPhone && <kbd>/</kbd>}
    </form>
  );
}

function UserMenu({ me }: { me: Schemas["Me"] }) {
  const { t, i18n } = useLingui();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  const name = nameIn(i18n.locale, me.member);
  const other = i18n.locale === "en" ? "zh-CN" : "en";
  async function signOut() {
    await session.signOut().catch(() => undefined);
    queryClient.clear();
    navigate("/sign-in", { replace: true });
  }
  const actions: Record<string, () => void> = {
    language: () => void switchLocale(other, loadMessages),
    account: () => void navigate("/account"),
    password: () => void navigate("/account/password"),
    out: () => void signOut(),
  };
  return (
    <Dropdown
      trigger={["click"]}
      menu={{
        items: [
          {
            key: "who",
            type: "group",
            label: `${me.login}`,
            children: [
              { key: "language", icon: <Icon name="globe" />, label: other === "en" ? "English" : "中文" },
              { key: "account", icon: <Icon name="people" />, label: t`我的账号` },
              { key: "password", icon: <Icon name="key" />, label: t`修改密码` },
            ],
          },
          { type: "divider" },
          { key: "out", icon: <Icon name="out" />, label: t`退出登录` },
        ],
        onClick: ({ key }) => actions[key]?.(),
      }}
    >
      <button type="button" className="me" aria-haspopup="menu">
        <Avatar name={name} />
        <span className="mn">{name}</span>
        <span className="vh">{t`账号菜单`}</span>
        <Icon name="down" small />
      </button>
    </Dropdown>
  );
}
