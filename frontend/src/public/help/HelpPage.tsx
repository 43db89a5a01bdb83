import { Trans, useLingui } from "@lingui/react/macro";
import { useEffect } from "react";
import { Link, useLocation } from "react-router";
import { BackLink, usePageTitle } from "../common/Page";
import { useRegion } from "../common/queries";

/** What the foot of every page leads to: how numbers are made, who sees what, and what to do where the page fails one. */
export default function HelpPage() {
  const { t } = useLingui();
  usePageTitle(t`说明`);
  const { hash } = useLocation();
  useEffect(() => {
    if (hash) document.getElementById(hash.slice(1))?.scrollIntoView?.();
  }, [hash]);
  return (
    <div className="wrap">
      <div className="col prose">
        <BackLink to="/">
          <Trans>首页</Trans>
        </BackLink>
        <h1>
          <Trans>说明</Trans>
        </h1>
        <Numbers />
        <Privacy />
        <Access />
      </div>
    </div>
  );
}

function Numbers() {
  return (
    <section className="sec" id="figures">
      <h2>
        <Trans>数字怎么统计</Trans>
      </h2>
      <p>
        <Trans>
          页面上的数字都由办理记录直接算出，没有人能填写或修改。算法见
          <Link to="/statistics#how">这些数字怎么算</Link>。
        </Trans>
      </p>
      <p>
        <Trans>
          少于5件的一律不单列，能用减法算出这种数字的也不单列：人少的时候，一个数字就可能看出是谁提的。
        </Trans>
      </p>
      <h3>
        <Trans>多久会有答复</Trans>
      </h3>
      <ul>
        <li>
          <Trans>
            投诉和举报：收到后15天内告诉您是否受理；受理后60天内办结，情况复杂的最多延长30天，会告诉您理由。
          </Trans>
        </li>
        <li>
          <Trans>咨询：5个工作日内答复。</Trans>
        </li>
        <li>
          <Trans>建议：15个工作日内答复。</Trans>
        </li>
        <li>
          <Trans>到期那天不上班的，顺延到下一个工作日。</Trans>
        </li>
      </ul>
    </section>
  );
}

function Privacy() {
  return (
    <section className="sec" id="privacy">
      <h2>
        <Trans>谁能看到您的信息</Trans>
      </h2>
      <ul>
        <li>
          <Trans>
            不留姓名的：谁也不知道您是谁。办理投诉的系统里不存您的网络地址，工作人员只看得到是哪一天收到的。
          </Trans>
        </li>
        <li>
          <Trans>
            留了姓名和联系方式的：它们和内容分开存放。经办人看不到；确实需要的，要写明理由、由第二个人批准，并且会告诉您。
          </Trans>
        </li>
        <li>
          <Trans>投诉、建议、咨询和表扬：您写的内容由教育局和办理这件事的单位看到。</Trans>
        </li>
        <li>
          <Trans>举报：只有教育局的纪检督查人员看得到，被举报的人和单位看不到，连有这件事都不知道。</Trans>
        </li>
        <li>
          <Trans>查询码：只在提交成功时显示一次，我们不存原文。谁拿着它，谁就能看到这件事，请收好。</Trans>
        </li>
        <li>
          <Trans>没写完的内容：只存在您自己的设备上，提交成功或者30天以后自动删除，您也可以随时删除。</Trans>
        </li>
      </ul>
    </section>
  );
}

function Access() {
  const region = useRegion();
  return (
    <section className="sec" id="access">
      <h2>
        <Trans>看不清、用不了怎么办</Trans>
      </h2>
      <ul>
        <li>
          <Trans>页面右上角的“大字”会把所有文字放大，下次打开还是大字。</Trans>
        </li>
        <li>
          <Trans>只用键盘也能办完每一件事；读屏软件能读出每一步。</Trans>
        </li>
        <li>
          <Trans>提交时不用认图片、不用拖滑块：设备自己做一道验算，几秒钟就好。</Trans>
        </li>
        {region?.hotline && (
          <li>
            <Trans>
              还是用不了的，请打电话{" "}
              <a className="nb" href={`tel:${region.hotline}`}>
                {region.hotline}
              </a>
              ，由工作人员替您登记，一样给您查询码。
            </Trans>
          </li>
        )}
        {region?.address && (
          <li>
            <Trans>也可以当面来说：{region.address}。</Trans>
          </li>
        )}
      </ul>
    </section>
  );
}
