import { useLingui } from "@lingui/react/macro";
import { Layout, Typography } from "antd";

/** The frame of the console; routes are added as pages are built. */
export function Shell() {
  const { t } = useLingui();
  return (
    <Layout>
      <Layout.Content>
        <Typography.Title>{t`亮诺工作台`}</Typography.Title>
      </Layout.Content>
    </Layout>
  );
}
