import { Trans, useLingui } from "@lingui/react/macro";
import { QRCode } from "antd";
import { type FormEvent, useRef, useState } from "react";
import { api, type Schemas } from "../../api/client";
import { fieldErrors } from "../../api/problem";
import { copyText } from "../../shared/copyText";
import { FormErrors } from "../shared/ErrorNotice";
import { Icon } from "../shared/Icon";
import { BusyButton } from "../shared/parts";
import { useSave } from "../shared/useSave";
import { CodeField } from "./CodeField";
import { RecoveryCodeBox } from "./RecoveryCodeBox";

type Seed = Schemas["SecondFactorSeed"];

/** Sets a second factor up: the app takes the seed, shows a code, and there are recovery codes. */
export function Enrolment({ onDone, onEnrolled }: { onDone: () => void; onEnrolled?: () => void }) {
  const [seed, setSeed] = useState<Seed | null>(null);
  const [codes, setCodes] = useState<string[] | null>(null);
  const saving = useSave();
  const begin = () =>
    saving.save(async () => {
      const { data } = await api.POST("/api/v1/me/second-factor/begin", { body: {} });
      setSeed(data ?? null);
    });
  const enrol = (code: string) =>
    saving.save(async () => {
      const { data } = await api.POST("/api/v1/me/second-factor/enrol", { body: { code } });
      setCodes(data?.recovery_codes ?? []);
      onEnrolled?.();
    });
  if (codes) return <RecoveryCodeBox codes={codes} onKept={onDone} />;
  if (seed) return <FirstCode seed={seed} saving={saving} enrol={enrol} onAgain={() => setSeed(null)} />;
  return (
    <div className="enrolment">
      <FormErrors error={saving.error} labels={{}} prefix="" />
      <ol className="how">
        <li>
          <Trans>
            手机上先装一个验证器，如“腾讯身份验证器”小程序或 Microsoft Authenticator。不用联网，也不收费。
          </Trans>
        </li>
        <li>
          <Trans>用它扫这里的二维码，再输入它显示的6位数字。</Trans>
        </li>
        <li>
          <Trans>存好恢复码，手机丢了还能登录。</Trans>
        </li>
      </ol>
      <BusyButton className="btn p" isBusy={saving.isBusy} onClick={() => void begin()}>
        <Trans>开始设置</Trans>
      </BusyButton>
    </div>
  );
}

interface FirstCodeProps {
  seed: Seed;
  saving: ReturnType<typeof useSave>;
  enrol: (code: string) => Promise<void>;
  onAgain: () => void;
}

function FirstCode({ seed, saving, enrol, onAgain }: FirstCodeProps) {
  const { t } = useLingui();
  const submit = (event: FormEvent<HTMLFormElement>) => {
    event.preventDefault();
    void enrol(String(new FormData(event.currentTarget).get("code") ?? ""));
  };
  return (
    <div className="enrolment">
      <figure role="img" aria-label={t`给验证器扫的二维码；扫不了，请用下面的密钥`}>
        <div aria-hidden="true">
          <QRCode value={seed.uri} type="svg" size={200} bordered={false} errorLevel="M" />
        </div>
      </figure>
      <SeedText seed={seed} />
      <form onSubmit={submit} noValidate>
        <FormErrors error={saving.error} labels={{ code: t`验证码` }} prefix="" />
        <CodeField kind="code" error={fieldErrors(saving.error).code} />
        <BusyButton type="submit" className="btn p" isBusy={saving.isBusy}>
          <Trans>绑定</Trans>
        </BusyButton>
      </form>
      <p>
        <button type="button" className="btn t sm" onClick={onAgain}>
          <Trans>换一个二维码，从头来</Trans>
        </button>
      </p>
    </div>
  );
}

/** For an app on the same telephone, and for one that can't scan. */
function SeedText({ seed }: { seed: Seed }) {
  const { t } = useLingui();
  const text = useRef<HTMLElement>(null);
  const [isCopied, setCopied] = useState(false);
  const copy = async () => setCopied(await copyText(seed.seed, text.current));
  return (
    <div className="seed">
      <p className="m xs">
        <Trans>扫不了？在装了验证器的手机上打开它，或把这个密钥填进去：</Trans>
      </p>
      <p className="row">
        <code ref={text}>{seed.seed.match(/.{1,4}/g)?.join(" ")}</code>
        <button type="button" className="btn sm" onClick={() => void copy()} aria-label={t`复制密钥`}>
          <Icon name={isCopied ? "check" : "doc"} small />
          {isCopied ? <Trans>已复制</Trans> : <Trans>复制</Trans>}
        </button>
      </p>
      <a className="btn sm" href={seed.uri}>
        <Trans>在这台设备上打开验证器</Trans>
      </a>
    </div>
  );
}
