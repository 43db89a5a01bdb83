import { type ComponentType, lazy } from "react";
import { createBrowserRouter, Navigate, Outlet, type RouteObject } from "react-router";
import { RequireSession } from "./session/RequireSession";
import SignInPage from "./session/SignInPage";
import { type Permission, useMay } from "./shared/me";
import { IMPORTS, mayAny } from "./shell/menu";
import { CrashPage, ForbiddenPage, NotFoundPage } from "./shell/ProblemPages";
import { Shell } from "./shell/Shell";

type Load = () => Promise<{ default: ComponentType }>;

/** A page fetched when it is first opened, for those who may see it. */
function page(path: string, load: Load, needs?: Permission | Permission[]): RouteObject {
  const Page = lazy(load);
  return { path, element: needs ? <Gate needs={needs} page={Page} /> : <Page /> };
}

function Gate({ needs, page: Page }: { needs: Permission | Permission[]; page: ComponentType }) {
  return mayAny(useMay(), needs) ? <Page /> : <ForbiddenPage />;
}

/** Who has no cases to work on lands on what their role is for. */
const MyWork = lazy(() => import("./my-work/MyWorkPage"));
function Landing() {
  const may = useMay();
  if (may("complaints.list")) return <MyWork />;
  return <Navigate to={may("events.list") ? "/events" : "/units"} replace />;
}

const ProviderReturn = lazy(() => import("./providers/ReturnPage"));
const AccountLink = lazy(() => import("./accounts/LinkPage"));
const Bootstrap = lazy(() => import("./session/BootstrapPage"));

export const routes: RouteObject[] = [
  {
    element: <Outlet />,
    errorElement: <CrashPage />,
    children: [
      { path: "/sign-in", element: <SignInPage /> },
      { path: "/bootstrap", element: <Bootstrap /> },
      { path: "/sign-in/provider", element: <ProviderReturn /> },
      { path: "/account-link", element: <AccountLink /> },
      {
        element: <RequireSession />,
        children: [
          {
            element: <Shell />,
            children: [
              {
                errorElement: <CrashPage />,
                children: [
                  { path: "/", element: <Landing /> },
                  page("/complaints", () => import("./complaints/queue/QueuePage"), "complaints.list"),
                  page("/complaints/:id", () => import("./complaints/case/CasePage"), "complaints.list"),
                  page("/complaints/:id/file", () => import("./complaints/case/CaseFile"), "complaints.list"),
                  page(
                    "/register",
                    () => import("./complaints/register/RegisterPage"),
                    "complaints.register",
                  ),
                  page("/cards", () => import("./cards/CardsPage"), "complaints.list"),
                  page("/statistics", () => import("./statistics/StatisticsPage"), "statistics.read"),
                  page("/imports", () => import("./imports/ImportsPage"), IMPORTS),
                  page("/imports/new", () => import("./imports/ImportWizard"), IMPORTS),
                  page("/imports/:id", () => import("./imports/ImportRunPage"), IMPORTS),
                  page("/events", () => import("./events/EventsPage"), "events.list"),
                  page("/identity-openings", () => import("./identity/OpeningsPage"), "identity.open"),
                  page("/units", () => import("./units/UnitsPage")),
                  page("/units/:id/poster", () => import("./units/PosterPage")),
                  page("/members", () => import("./members/MembersPage"), "members.list"),
                  page("/role-grants", () => import("./role-grants/RoleGrantsPage"), "role_grants.list"),
                  page("/notices", () => import("./notices/NoticesPage"), "complaints.list"),
                  page("/templates", () => import("./templates/TemplatesPage"), "complaints.list"),
                  page("/categories", () => import("./categories/CategoriesPage")),
                  page("/settings", () => import("./settings/SettingsPage")),
                  page("/calendars", () => import("./calendars/CalendarsPage")),
                  page("/account", () => import("./accounts/MyAccountPage")),
                  page("/account/second-factor", () => import("./second-factor/SecondFactorPage")),
                  page("/account/password", () => import("./session/PasswordPage")),
                  { path: "*", element: <NotFoundPage /> },
                ],
              },
            ],
          },
        ],
      },
    ],
  },
];

export const newRouter = () => createBrowserRouter(routes, { basename: "/console" });
