import { useLingui } from "@lingui/react/macro";
import { Dropdown, Popover } from "antd";
import { type ReactNode, useState } from "react";
import { Icon } from "./Icon";
import { listOf } from "./listOf";

interface Option {
  value: string;
  label: string;
}

interface ChoiceChipProps {
  label: string;
  options: Option[];
  value: string[];
  isMultiple?: boolean;
  /** What to say when nothing is chosen. */
  none: string;
  /** The name of what is chosen, where the choice as a whole has one. */
  shownAs?: string;
  onChange: (value: string[]) => void;
}

/** A filter: closed it says what it holds, pressed it offers its choices. */
export function ChoiceChip({
  label,
  options,
  value,
  isMultiple = false,
  none,
  shownAs,
  onChange,
}: ChoiceChipProps) {
  const { t, i18n } = useLingui();
  const words = options.filter((option) => value.includes(option.value)).map((option) => option.label);
  const many = words.length;
  const shown = shownAs || (many > 2 ? t`${many}项` : listOf(i18n.locale, words));
  const pick = (key: string) => {
    const isOn = value.includes(key);
    if (!isMultiple) return onChange(isOn ? [] : [key]);
    onChange(isOn ? value.filter((code) => code !== key) : [...value, key]);
  };
  return (
    <Face
      label={label}
      shown={shown || (value.length > 0 ? listOf(i18n.locale, value) : "")}
      none={none}
      onClear={() => onChange([])}
    >
      {(button) => (
        <Dropdown
          trigger={["click"]}
          menu={{
            selectable: true,
            multiple: isMultiple,
            selectedKeys: value,
            items: options.map((option) => ({ key: option.value, label: option.label })),
            onClick: ({ key }) => pick(key),
            style: { maxHeight: 360, overflow: "auto" },
          }}
        >
          {button}
        </Dropdown>
      )}
    </Face>
  );
}

interface PanelChipProps {
  label: string;
  shown: string;
  none: string;
  onClear: () => void;
  children: (close: () => void) => ReactNode;
}

/** A filter whose choice needs more than a list: a search, two dates. */
export function PanelChip({ label, shown, none, onClear, children }: PanelChipProps) {
  const [isOpen, setOpen] = useState(false);
  return (
    <Face label={label} shown={shown} none={none} onClear={onClear}>
      {(button) => (
        <Popover
          trigger="click"
          placement="bottomLeft"
          arrow={false}
          open={isOpen}
          onOpenChange={setOpen}
          destroyOnHidden
          content={<div style={{ width: 280 }}>{children(() => setOpen(false))}</div>}
        >
          {button}
        </Popover>
      )}
    </Face>
  );
}

interface FaceProps {
  label: string;
  shown: string;
  none: string;
  onClear: () => void;
  children: (button: ReactNode) => ReactNode;
}

function Face({ label, shown, none, onClear, children }: FaceProps) {
  const { t } = useLingui();
  const button = (
    <button type="button" className="fc" aria-haspopup="true">
      <span className="k">{label}</span>
      {shown ? <b className="ell">{shown}</b> : <span>{none}</span>}
      {!shown && <Icon name="down" small />}
    </button>
  );
  if (!shown) return children(button);
  return (
    <span className="fcx">
      {children(button)}
      <button type="button" className="fc" aria-label={t`清除${label}`} onClick={onClear}>
        <Icon name="close" small />
      </button>
    </span>
  );
}
