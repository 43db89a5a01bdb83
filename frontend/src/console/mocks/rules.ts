import { HttpResponse, http } from "msw";
import type { Schemas } from "../../api/client";
import { at } from "./problem";

export const settings: Schemas["CountySettings"] = {
  tell_days: 15,
  decide_days: 60,
  decide_extension_days: 30,
  hotline_days: 5,
  hotline_extension_days: 5,
  inquiry_days: 5,
  suggestion_days: 15,
  redo_days: 15,
  object_days: 5,
  hold_days: 10,
  longest_hold_days: 30,
  rating_days: 15,
  due_soon_percent: 20,
  yellow_card_day: 1,
  red_card_day: 7,
  circular_notice_day: 15,
  supervision_report_days: 5,
  appeal_days: 5,
  identity_days: 180,
  minor_identity_days: 90,
  duty: [],
  rolls_forward: true,
  bounds: [{ name: "decide_days", default: 60, least: 1, greatest: 60 }],
  may_edit: true,
  version: 3,
};

const year2026: Schemas["CalendarYear"] = {
  year: 2026,
  days: [
    { day: "2026-01-01", is_worked: false },
    { day: "2026-01-04", is_worked: true },
  ],
  previous_december: [],
  loaded_at: null,
  version: 0,
};

/** Settings, calendar and notices, as a county without anything of its own has them. */
export function rules() {
  return [
    http.get(at("/me/notices/unread"), () => HttpResponse.json({ unread: 0, alarm: null })),
    http.post(at("/me/notices/read"), () => HttpResponse.json({ unread: 0, alarm: null })),
    http.get(at("/me/notices"), () =>
      HttpResponse.json({ items: [], next_cursor: null, total: null, total_is_capped: false }),
    ),
    http.get(at("/cards"), () =>
      HttpResponse.json({ items: [], next_cursor: null, total: 0, total_is_capped: false }),
    ),
    http.get(at("/identity-openings"), () =>
      HttpResponse.json({ items: [], next_cursor: null, total: null, total_is_capped: false }),
    ),
    http.get(at("/cards/by-unit"), () => HttpResponse.json({ items: [] })),
    http.get(at("/complaints/:id/templates"), () => HttpResponse.json({ items: [] })),
    http.get(at("/reply-templates"), () => HttpResponse.json({ items: [] })),
    http.get(at("/me/views"), () => HttpResponse.json({ items: [] })),
    http.get(at("/settings"), () => HttpResponse.json(settings)),
    http.get(at("/system"), () =>
      HttpResponse.json({
        version: "0.1.0",
        database: "sqlite",
        scanner: "ready",
        files_waiting: 0,
        password_profile: "mlps",
        has_provider: false,
      }),
    ),
    http.get(at("/calendars"), () => HttpResponse.json({ items: [year2026] })),
  ];
}
