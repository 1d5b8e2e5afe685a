// The calls about the site's people and their groups.

import { call } from "../../api.ts";
import { proven } from "../desk/proven.ts";
import type { List, Person, SiteRole } from "../desk/calls.ts";

export interface SitePerson extends Person {
  verified: boolean;
  disabled: boolean;
}

export interface Group {
  id: string;
  name: string;
  members: number;
}

type PersonChange = Partial<Pick<SitePerson, "first_name" | "last_name" | "site_role" | "verified" | "disabled">>;

export interface NewPerson {
  email: string;
  first_name: string;
  last_name: string;
  site_role: SiteRole;
  verified: boolean;
}

export interface SignInLink {
  link: string;
  expires_at: string;
}

const personAt = (id: string) => `/site/people/${encodeURIComponent(id)}`;
const groupAt = (id: string) => `/site/groups/${encodeURIComponent(id)}`;
const memberAt = (group: string, person: string) => `${groupAt(group)}/members/${encodeURIComponent(person)}`;

export const people = {
  list: (q: string, after = "") => call<List<SitePerson>>("GET", `/site/people?${new URLSearchParams({ q, after })}`),
  one: (id: string) => call<SitePerson>("GET", personAt(id)),
  add: (fields: NewPerson) => proven(() => call<Person>("POST", "/people", fields)),
  change: (id: string, change: PersonChange) => proven(() => call<SitePerson>("PATCH", personAt(id), change)),
  link: (id: string) => proven(() => call<SignInLink>("POST", `${personAt(id)}/link`, {})),

  groups: () => call<List<Group>>("GET", "/site/groups"),
  addGroup: (name: string) => call<Group>("POST", "/site/groups", { name }),
  renameGroup: (id: string, name: string) => call<Group>("PATCH", groupAt(id), { name }),
  deleteGroup: (id: string) => call<void>("DELETE", groupAt(id)),
  members: (id: string, after = "") => call<List<SitePerson>>("GET", `${groupAt(id)}/members?${new URLSearchParams({ after })}`),
  addMember: (id: string, person: string) => call<SitePerson>("PUT", memberAt(id, person), {}),
  removeMember: (id: string, person: string) => call<void>("DELETE", memberAt(id, person)),
};
