import { Trans, useLingui } from "@lingui/react/macro";
import { type ReactNode, useState } from "react";
import { Link, useNavigate } from "react-router";
import { nameIn } from "../../shared/i18n";
import { FailureNotice } from "../common/FailureNotice";
import { Figures } from "../common/Figures";
import { Icon, type IconName } from "../common/Icon";
import { Loading } from "../common/Loading";
import { usePageTitle } from "../common/Page";
import { useRegion, useStatistics } from "../common/queries";
import { handOverCode, isCompleteCode, normaliseCode } from "../common/receiptCode";
import { UnitSearchBox } from "../common/UnitSearchBox";

export default function HomePage() {
  const { t, i18n } = useLingui();
  const region = useRegion();
  usePageTitle(t`首页`);
  return (
    <>
      <div className="hero">
        <div className="wrap">
          <h1>{region ? nameIn(i18n.locale, region) : <Trans>教育服务</Trans>}</h1>
          <Search />
        </div>
      </div>
      <div className="wrap">
        <nav className="acts" aria-label={t`办事`}>
          <Action
            to="/complain"
            icon="pen"
            title={t`投诉或建议`}
            says={<Trans>分几步写完，可以不留姓名</Trans>}
          />
          <Action
            to="/follow"
            icon="track"
            title={t`查办理进度`}
            says={<Trans>用提交时给您的查询码</Trans>}
          />
          <Action
            to="/units"
            icon="building"
            title={t`找一个单位`}
            says={<Trans>电话、地址和办理情况</Trans>}
          />
        </nav>
        <County />
      </div>
    </>
  );
}

function Search() {
  const { t } = useLingui();
  const navigate = useNavigate();
  const [typed, setTyped] = useState("");
  const search = () => {
    const code = normaliseCode(typed);
    // Somebody pastes a receipt code into the first box they see: take them there, and keep it out of the address.
    if (isCompleteCode(code)) {
      handOverCode(code);
      void navigate("/follow");
      return;
    }
    void navigate({
      pathname: "/units",
      search: typed.trim() ? `?q=${encodeURIComponent(typed.trim())}` : "",
    });
  };
  return (
    <>
      <UnitSearchBox
        value={typed}
        onChange={setTyped}
        onSubmit={search}
        label={t`找学校、幼儿园、科室或者服务窗口`}
      />
      <p className="eg">
        <span>
          <Trans>按种类看</Trans>
        </span>
        <Link to="/units?kind=school">
          <Trans>学校</Trans>
        </Link>
        <Link to="/units?kind=kindergarten">
          <Trans>幼儿园</Trans>
        </Link>
        <Link to="/units?kind=office">
          <Trans>股室</Trans>
        </Link>
        <Link to="/units?kind=window">
          <Trans>窗口</Trans>
        </Link>
      </p>
    </>
  );
}

function Action({ to, icon, title, says }: { to: string; icon: IconName; title: string; says: ReactNode }) {
  return (
    <Link className="act" to={to}>
      <span className="sq">
        <Icon name={icon} />
      </span>
      <span>
        <b>{title}</b>
        <span className="t">{says}</span>
      </span>
      <Icon name="next" />
    </Link>
  );
}

function County() {
  const statistics = useStatistics();
  return (
    <section className="sec" aria-labelledby="county">
      <header>
        <h2 id="county">
          <Trans>全县今年的情况</Trans>
        </h2>
        {statistics.data && (
          <p className="small">
            <Trans>
              <span className="nb">{statistics.data.year}年</span>1月1日以来
            </Trans>
          </p>
        )}
      </header>
      {statistics.isPending && <Loading lines={4} />}
      {statistics.isError && (
        <FailureNotice error={statistics.error} retry={() => void statistics.refetch()} />
      )}
      {statistics.data && <Figures figures={statistics.data.figures} to="/statistics" />}
    </section>
  );
}
