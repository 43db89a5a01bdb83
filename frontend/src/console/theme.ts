import type { ThemeConfig } from "antd";
import css from "../shared/tokens.css?raw";

const values = new Map(
  // The first declaration of a name is the one on :root; later ones belong to a mode.
  [...css.matchAll(/--([a-z0-9-]+):\s*([^;]+);/g)]
    .toReversed()
    .map(([, name, value]) => [name, value?.trim()]),
);

/** A raw value of tokens.css: antd derives shades in JavaScript and cannot take `var(--brand)` as a seed. */
export function token(name: string): string {
  const value = values.get(name);
  if (!value) throw new Error(`tokens.css has no --${name}`);
  return value;
}

/** The border of a box that one types in: 3:1 against white, at the console's smaller size. */
const control = "#8b94a2";

export const theme: ThemeConfig = {
  cssVar: { key: "ln" },
  token: {
    colorPrimary: token("brand"),
    colorPrimaryHover: token("brand-deep"),
    colorPrimaryBg: token("brand-tint"),
    colorPrimaryBorder: token("brand-line"),
    colorLink: token("brand"),
    // Darker, as buttons: the lighter one of the library's own falls below 4.5 to 1.
    colorLinkHover: token("brand-deep"),
    colorLinkActive: token("brand-deep"),
    colorSuccess: token("good"),
    colorSuccessBg: token("good-tint"),
    colorSuccessBorder: token("good-line"),
    colorWarning: token("soon"),
    colorWarningBg: token("soon-tint"),
    colorWarningBorder: token("soon-line"),
    colorError: token("late"),
    colorErrorBg: token("late-tint"),
    colorErrorBorder: token("late-line"),
    colorInfo: token("brand"),
    colorText: token("ink"),
    colorTextSecondary: token("muted"),
    colorTextTertiary: token("muted"),
    colorTextDescription: token("muted"),
    colorTextPlaceholder: token("muted"),
    colorTextDisabled: token("muted"),
    colorBorder: token("line"),
    colorBorderSecondary: token("line-soft"),
    colorSplit: token("line-soft"),
    colorBgLayout: token("paper"),
    colorFillAlter: token("tint"),
    fontFamily: token("font").replace(/\s+/g, " "),
    fontSize: 14,
    lineHeight: 1.5714,
    fontSizeSM: 12,
    fontSizeLG: 16,
    fontSizeHeading1: 20,
    fontSizeHeading2: 16,
    fontSizeHeading3: 14,
    fontWeightStrong: 600,
    borderRadius: 6,
    borderRadiusSM: 4,
    borderRadiusLG: 8,
    controlHeight: 32,
    controlHeightSM: 28,
    controlHeightLG: 44,
    lineWidthFocus: 2,
    controlOutline: "#cfe0f2",
    boxShadow: "0 6px 20px rgba(29,33,41,.12)",
    boxShadowTertiary: "none",
    motion: false,
    wireframe: false,
  },
  components: {
    Layout: {
      siderBg: token("tint"),
      headerBg: token("paper"),
      headerHeight: 52,
      headerPadding: "0 24px",
      bodyBg: token("paper"),
    },
    Menu: {
      itemBg: "transparent",
      itemHeight: 32,
      itemMarginBlock: 1,
      itemMarginInline: 8,
      itemSelectedBg: token("paper"),
      itemSelectedColor: token("brand"),
      itemHoverBg: "#e9edf2",
      groupTitleFontSize: 12,
      groupTitleColor: token("muted"),
    },
    Table: {
      headerBg: token("paper"),
      headerColor: token("muted"),
      headerSplitColor: "transparent",
      borderColor: token("line-soft"),
      rowHoverBg: "#fafbfc",
      rowSelectedBg: token("brand-tint"),
      rowSelectedHoverBg: token("brand-tint"),
      cellPaddingBlockMD: 10,
      cellPaddingInlineMD: 10,
      cellFontSizeMD: 14,
    },
    Button: { primaryShadow: "none", defaultShadow: "none", fontWeight: 400 },
    Input: { colorBorder: control, activeShadow: "0 0 0 3px #cfe0f2" },
    InputNumber: { colorBorder: control },
    // As high as the other boxes of a form.
    Select: { colorBorder: control, controlHeight: 36 },
    Checkbox: { colorBorder: control },
    Radio: { colorBorder: control },
    Tabs: { horizontalItemPaddingSM: "6px 0 9px", horizontalItemGutter: 20, inkBarColor: token("brand") },
    Segmented: {
      itemSelectedBg: token("brand-tint"),
      itemSelectedColor: token("brand"),
      trackBg: token("paper"),
    },
    Steps: { iconSizeSM: 24 },
    Drawer: { padding: 16 },
    Tag: { defaultBg: token("tint"), defaultColor: token("muted") },
  },
};
