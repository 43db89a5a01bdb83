import type { Schemas } from "../../api/client";
import { people, root, school } from "./data";

type Role = Schemas["RoleCode"];

interface Persona {
  roles: Role[];
  unit: Schemas["UnitRef"];
  person: number;
  permissions: Schemas["Permission"][];
}

const LIST: Schemas["Permission"][] = ["complaints.list", "statistics.read"];
const DESK: Schemas["Permission"][] = [...LIST, "complaints.register"];

/** One account per role; the password is anything but "wrong". */
export const personas: Record<string, Persona> = {
  handler: { roles: ["member", "handler"], unit: school, person: 0, permissions: DESK },
  head: {
    roles: ["member", "unit_head"],
    unit: school,
    person: 2,
    permissions: [...LIST, "members.list", "role_grants.list"],
  },
  office: {
    roles: ["member", "campaign_office"],
    unit: root,
    person: 1,
    permissions: [...DESK, "complaints.import"],
  },
  inspector: {
    roles: ["member", "inspector"],
    unit: root,
    person: 3,
    permissions: [...DESK, "members.list", "events.list", "identity.open"],
  },
  auditor: { roles: ["member", "audit_admin"], unit: root, person: 4, permissions: ["events.list"] },
  admin: {
    roles: ["member", "admin", "security_admin"],
    unit: root,
    person: 4,
    permissions: [
      "units.edit",
      "units.import",
      "members.list",
      "members.edit",
      "members.import",
      "role_grants.list",
      "role_grants.edit",
      "settings.edit",
    ],
  },
  all: {
    roles: ["member", "handler", "unit_head", "campaign_office"],
    unit: root,
    person: 1,
    permissions: [
      ...DESK,
      "complaints.import",
      "units.edit",
      "members.list",
      "members.edit",
      "role_grants.list",
      "role_grants.edit",
      "templates.edit",
    ],
  },
};

export function meOf(login: string): Schemas["Me"] {
  const persona = (personas[login] ?? personas.all) as Persona;
  return {
    member: people[persona.person] as Schemas["MemberRef"],
    login,
    unit: persona.unit,
    grants: persona.roles.map((role) => ({ role, unit: persona.unit, acting_for: null })),
    roles: persona.roles,
    permissions: persona.permissions,
    region: root,
    password_due_at: null,
    has_second_factor: false,
    account_notices: [],
  };
}
