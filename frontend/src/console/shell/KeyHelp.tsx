import { useLingui } from "@lingui/react/macro";
import { Modal } from "antd";
import { useMay } from "../shared/me";

export function KeyHelp({ isOpen, onClose }: { isOpen: boolean; onClose: () => void }) {
  const { t } = useLingui();
  const may = useMay();
  const register: [string[], string][] = may("complaints.register") ? [[["N"], t`登记来电来访`]] : [];
  const keys: [string[], string][] = [
    [["/"], t`到搜索框`],
    [["J", "K"], t`列表里上下，办件里下一件、上一件`],
    [["Enter"], t`打开选中的一件`],
    [["X"], t`选中或不选这一件，用来批量交办`],
    ...register,
    [["U"], t`从办件回到列表`],
    [["Ctrl", "S"], t`存答复稿`],
    [["?"], t`看这张表`],
  ];
  return (
    <Modal open={isOpen} onCancel={onClose} footer={null} title={t`键盘按键`} width={420}>
      <table className="tbl dense">
        <tbody>
          {keys.map(([names, does]) => (
            <tr key={does}>
              <td style={{ width: 110 }}>
                {names.map((name) => (
                  <kbd key={name} style={{ marginRight: 4 }}>
                    {name}
                  </kbd>
                ))}
              </td>
              <td style={{ whiteSpace: "normal" }}>{does}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Modal>
  );
}
