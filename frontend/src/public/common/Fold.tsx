import type { ReactNode } from "react";
import { Icon } from "./Icon";

interface Props {
  label: ReactNode;
  className?: string;
  isOpen?: boolean;
  children: ReactNode;
}

/** What opens at a press of its name. On paper it is open. */
export function Fold({ label, className = "", isOpen, children }: Props) {
  return (
    <details className={`fold ${className}`.trim()} open={isOpen}>
      <summary>
        <Icon name="next" />
        {label}
      </summary>
      {children}
    </details>
  );
}
