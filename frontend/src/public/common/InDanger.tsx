import { Trans } from "@lingui/react/macro";

/** Whom to call first when somebody is in danger: no form is as fast as a telephone. */
export function InDanger({ isQuiet = false }: { isQuiet?: boolean }) {
  return (
    <p className={isQuiet ? "danger-line quiet" : "danger-line"}>
      <Trans>
        有人正处在危险中？请先打<a href="tel:110">110报警</a>、<a href="tel:120">120急救</a>；孩子的事也可以打
        <a href="tel:12355">12355青少年服务热线</a>。
      </Trans>
    </p>
  );
}
