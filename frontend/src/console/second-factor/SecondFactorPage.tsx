import { Trans, useLingui } from "@lingui/react/macro";
import { useQueryClient } from "@tanstack/react-query";
import { useNavigate } from "react-router";
import { Title } from "../shared/parts";
import { Enrolment } from "./Enrolment";

/** Sets a second factor up by one's own will, or for another telephone. */
export default function SecondFactorPage() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const queryClient = useQueryClient();
  return (
    <div className="account" style={{ maxWidth: 480 }}>
      <Title name={t`设置两步验证`} />
      <p className="m">
        <Trans>
          设好以后，登录时除了密码还要一个手机上的验证码；您在别的设备上的登录会退出。换手机也在这里：新手机设好以前，旧的一直能用。
        </Trans>
      </p>
      <Enrolment
        onEnrolled={() => void queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/me"] })}
        onDone={() => {
          void queryClient.invalidateQueries({ queryKey: ["get", "/api/v1/me/second-factor"] });
          void navigate("/account");
        }}
      />
    </div>
  );
}
