import { Trans, useLingui } from "@lingui/react/macro";
import { Link } from "react-router";
import { usePageTitle } from "./Page";

export default function NotFoundPage() {
  const { t } = useLingui();
  usePageTitle(t`没有这个页面`);
  return (
    <div className="wrap">
      <div className="col">
        <h1>
          <Trans>没有这个页面</Trans>
        </h1>
        <p className="lede">
          <Trans>可能是网址抄错了，也可能是页面换了地方。您可以从这里继续：</Trans>
        </p>
        <ul className="ways">
          <li>
            <Link to="/units">
              <Trans>找学校、幼儿园或者科室</Trans>
            </Link>
          </li>
          <li>
            <Link to="/complain">
              <Trans>投诉或建议</Trans>
            </Link>
          </li>
          <li>
            <Link to="/follow">
              <Trans>用查询码查办理进度</Trans>
            </Link>
          </li>
          <li>
            <Link to="/">
              <Trans>回首页</Trans>
            </Link>
          </li>
        </ul>
      </div>
    </div>
  );
}
