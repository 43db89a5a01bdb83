import { lazy, Suspense } from "react";
import { Route, Routes } from "react-router";
import { CrashBoundary } from "./common/CrashBoundary";
import { Layout } from "./common/Layout";
import { Loading } from "./common/Loading";

const HomePage = lazy(() => import("./home/HomePage"));
const SearchPage = lazy(() => import("./units/SearchPage"));
const UnitPage = lazy(() => import("./units/UnitPage"));
const ComplainPage = lazy(() => import("./complaints/complain/ComplainPage"));
const ReceiptPage = lazy(() => import("./complaints/ReceiptPage"));
const FollowPage = lazy(() => import("./complaints/follow/FollowPage"));
const StatisticsPage = lazy(() => import("./statistics/StatisticsPage"));
const HelpPage = lazy(() => import("./help/HelpPage"));
const NotFoundPage = lazy(() => import("./common/NotFoundPage"));

export function App() {
  return (
    <Layout>
      <CrashBoundary>
        <Suspense
          fallback={
            <div className="wrap">
              <Loading />
            </div>
          }
        >
          <Routes>
            <Route path="/" element={<HomePage />} />
            <Route path="/units" element={<SearchPage />} />
            <Route path="/units/:unitId" element={<UnitPage />} />
            <Route path="/complain/:step?" element={<ComplainPage />} />
            <Route path="/receipt" element={<ReceiptPage />} />
            <Route path="/follow" element={<FollowPage />} />
            <Route path="/statistics" element={<StatisticsPage />} />
            <Route path="/help" element={<HelpPage />} />
            <Route path="*" element={<NotFoundPage />} />
          </Routes>
        </Suspense>
      </CrashBoundary>
    </Layout>
  );
}
