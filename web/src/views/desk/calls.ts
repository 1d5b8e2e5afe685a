// The managers' calls over HTTP.

import type { Inviting, RoomRecord } from "../../api.ts";
import { at, call } from "../../api.ts";
import { proven } from "./proven.ts";
import type { Grant, Right, Role, Speaker } from "../../protocol.ts";

export type { Inviting };

export type SiteRole = "owner" | "admin" | "member";

export interface Person {
  id: string;
  email: string;
  first_name: string;
  last_name: string;
  site_owner: boolean;
  verified: boolean;
  site_role: SiteRole;
}

export interface SessionInfo {
  person?: Person;
  invitations: { invitation: string; room: string }[];
}

export interface RoomFields {
  title: string;
  description: string;
  starts_at: string;
  ends_at: string | null;
  collaboration: boolean;
  lobby_code: boolean;
  speakers: Speaker[];
  host_absent: { then: "site" | "nothing" | "lock" | "end"; minutes?: number };
  results: boolean;
  closing_words: string;
  closing_link: string;
}

export interface InvitationFields {
  email: string;
  first_name: string;
  last_name: string;
  type: Grant;
  expires_at?: string;
  devices?: number;
  language?: string;
  zone?: string;
  send_email?: boolean;
}

/** A row of the type-ahead: somebody with an account, or who was invited. */
export interface KnownPerson {
  id?: string;
  email: string;
  first_name: string;
  last_name: string;
  /** The living invitation to the room asked about. */
  invitation?: { id: string; type: Grant; state: InvitationState; inside: boolean };
}

/** How a list is read and its people invited. */
export interface ListTerms {
  /** Of rows that name none. */
  type?: Grant;
  dry_run?: boolean;
  send_email?: boolean;
  expires_at?: string;
  /** 0: any number. */
  devices?: number;
}

/** What came of a row of a list, or in a dry run would. */
export interface ListRow {
  line: number;
  ok?: boolean;
  error?: { code: string; detail: string; fields?: Record<string, string> };
  email: string;
  first_name: string;
  last_name: string;
  type: string;
  language?: string;
  zone?: string;
  id?: string;
  url?: string;
  expires_at?: string;
  existing?: boolean;
  was?: Grant;
  sent?: boolean;
  domain?: Invitation["domain"];
  /** As with an invitation; of domains above on the list too. */
  warnings?: string[];
}

/** The dark modules of a QR code as an SVG path, a unit each. */
export interface QrPath {
  size: number;
  path: string;
}

export interface List<Item> {
  items: Item[];
  next?: string;
}

export type InvitationState =
  | "issued" | "queued" | "sent" | "bounced" | "failed" | "opened" | "confirmed" | "waiting" | "inside" | "left" | "removed" | "banned" | "expired" | "revoked";

export interface Mail {
  about: "invitation" | "moved" | "cancelled";
  state: "queued" | "sent" | "bounced" | "failed";
  at: string;
  detail?: string;
}

export interface Invitation {
  id: string;
  participant: string;
  email: string;
  /** Of the address, where it is not plain ASCII; `unicode` not where it mixes alphabets. */
  domain?: { ascii: string; unicode?: string };
  first_name: string;
  last_name: string;
  type: Grant;
  state: InvitationState;
  /** Since when, as far as it is known. */
  state_at?: string;
  /** Revoked; stays until they leave. */
  finishing?: boolean;
  /** Came by a guest link. */
  guest?: boolean;
  expires_at: string;
  devices: number;
  devices_used: number;
  locked?: boolean;
  created_at: string;
  url?: string;
  qr?: QrPath;
  existing?: boolean;
  /** Whether a mail went out, where one was asked for. */
  sent?: boolean;
  mail?: Mail;
  /** What is odd about the domain: `mixed_script`, `looks_like:<other domain>`; for who has just invited. */
  warnings?: string[];
}

export interface InvitationQuery {
  q?: string;
  state?: string;
  type?: string;
  sort?: string;
  after?: string;
  ids?: string;
}

export interface InvitationPage extends List<Invitation> {
  total: number;
  before: number;
  counts: Record<string, number>;
}

export type InvitationChange = { type?: Role; first_name?: string; last_name?: string; expires_at?: string; devices?: number };

/** What becomes of the sessions of somebody whose invitation is revoked. */
export type Sessions = "end" | "finish";

/** What became of one of many. */
export interface Result {
  id: string;
  ok: boolean;
  error?: { code: string; detail: string };
}

export interface Request {
  invitation: Invitation;
  asked_at: string;
  why: string;
  message?: string;
}

const query = (values: Record<string, string | undefined>) => {
  const pairs = Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
};

const invitationAt = (room: string, id: string) => `${at(room)}/invitations/${encodeURIComponent(id)}`;

export const desk = {
  session: () => call<SessionInfo>("GET", "/session"),
  signIn: (email: string, password: string) => call<{ person: Person }>("POST", "/session", { email, password }),
  signInByLink: (link: string) => call<{ person: Person }>("POST", "/session", { link }),
  signInByCode: (email: string, code: string) => call<{ person: Person }>("POST", "/session", { email, code }),
  signOut: () => call<void>("DELETE", "/session"),
  setUp: (fields: { secret: string; email: string; first_name: string; last_name: string; password: string }) =>
    call<{ person: Person }>("POST", "/setup", fields),
  features: () => call<{ mail: boolean; invitation_mail?: boolean; version: string }>("GET", "/features"),

  rooms: (q: string, show: "upcoming" | "open" | "past" | "all", after?: string) =>
    call<List<RoomRecord>>("GET", `/rooms${query({ q, show, after })}`),
  room: (room: string) => call<RoomRecord>("GET", at(room)),
  createRoom: (fields: RoomFields) => call<RoomRecord>("POST", "/rooms", { ...fields, ends_at: fields.ends_at ?? undefined }),
  changeRoom: (room: string, change: Partial<RoomFields> & { version?: number; state?: "open" | "closed"; reason?: string }) =>
    call<RoomRecord>("PATCH", at(room), change),
  duplicateRoom: (room: string, copy: { title: string; starts_at: string; managers: boolean }) => call<RoomRecord>("POST", `${at(room)}/duplicate`, copy),
  deleteRoom: (room: string, reason: string) => call<void>("DELETE", at(room), reason ? { reason } : undefined),

  setManager: (room: string, person: string, right: Right) =>
    proven(() => call<void>("PUT", `${at(room)}/managers/${encodeURIComponent(person)}`, { right })),
  removeManager: (room: string, person: string) =>
    proven(() => call<void>("DELETE", `${at(room)}/managers/${encodeURIComponent(person)}`)),

  invitations: (room: string, asked: InvitationQuery) => call<InvitationPage>("GET", `${at(room)}/invitations${query({ ...asked })}`),
  invite: (room: string, fields: InvitationFields) => call<Invitation>("POST", `${at(room)}/invitations?qr=true`, fields),
  inviteList: (room: string, list: Blob | string, { dry_run, send_email, devices, ...terms }: ListTerms) =>
    call<{ items: ListRow[] }>("POST", `${at(room)}/invitations/batch${query({ ...terms, devices: devices?.toString(), dry_run: dry_run ? "true" : undefined, send_email: send_email ? "true" : undefined })}`, new Blob([list], { type: "text/csv" })),
  people: (prefix: string, room: string) => call<KnownPerson[]>("GET", `/people${query({ prefix, room })}`),
  changeInvitation: (room: string, id: string, change: InvitationChange) =>
    call<Invitation>("PATCH", invitationAt(room, id), change),
  revoke: (room: string, id: string, sessions: Sessions) => call<void>("DELETE", invitationAt(room, id), { sessions }),
  restore: (room: string, id: string) => call<Invitation>("POST", `${invitationAt(room, id)}/restore`, {}),
  revokeMany: (room: string, ids: string[], sessions: Sessions) => call<List<Result>>("POST", `${at(room)}/invitations/revoke`, { ids, sessions }),
  sendMany: (room: string, ids: string[]) => call<List<Result>>("POST", `${at(room)}/invitations/email`, { ids }),
  newLink: (room: string, id: string) =>
    call<{ id: string; url: string; qr?: QrPath; expires_at: string }>("POST", `${invitationAt(room, id)}/link?qr=true`, {}),
  sendAgain: (room: string, id: string) => call<Invitation>("POST", `${invitationAt(room, id)}/email`, {}),
  requests: (room: string) => call<{ items: Request[]; total: number }>("GET", `${at(room)}/requests`),
  dismiss: (room: string, id: string) => call<void>("DELETE", `${at(room)}/requests/${encodeURIComponent(id)}`),
  resetDevice: (room: string, id: string) => call<Invitation>("POST", `${invitationAt(room, id)}/device-reset`, {}),
};
