import { Trans, useLingui } from "@lingui/react/macro";

/** Why the button waits a moment, and that something moves. */
export function ProofProgress({ progress }: { progress: number | null }) {
  const { t } = useLingui();
  if (progress === null) return null;
  return (
    <div className="work" role="status">
      <span>
        <Trans>正在做安全验算，代替认图片，几秒钟就好。</Trans>
      </span>
      <progress aria-label={t`验算进度`} max={1} value={progress} />
    </div>
  );
}
