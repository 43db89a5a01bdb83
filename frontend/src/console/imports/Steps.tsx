import { useLingui } from "@lingui/react/macro";
import { Icon } from "../shared/Icon";

/** Where one is in the four steps of an import. */
export function Steps({ at }: { at: number }) {
  const { t } = useLingui();
  const names = [t`选文件`, t`对应列`, t`试运行`, t`导入`];
  return (
    <ol className="steps" aria-label={t`导入的步骤`}>
      {names.map((name, index) => (
        <li
          key={name}
          className={index < at ? "dn" : index === at ? "on" : undefined}
          aria-current={index === at ? "step" : undefined}
        >
          <i>{index < at ? <Icon name="check" small /> : index + 1}</i>
          {name}
        </li>
      ))}
    </ol>
  );
}
