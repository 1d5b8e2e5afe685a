// The HTTP side: typed calls, problem+json as errors.

import { Clock } from "./clock.ts";
import type { Grant, Phase, Right, Role, Room, Speaker } from "./protocol.ts";

export interface Person {
  id: string;
  email: string;
  first_name: string;
  last_name: string;
  site_owner: boolean;
}

export interface SessionInfo {
  person?: Person;
  invitations: { invitation: string; room: string }[];
}

export interface Manager {
  person: string;
  email: string;
  first_name: string;
  last_name: string;
  right: Right;
}

/** A room as HTTP gives it: times are RFC 3339; counts and right for managers only. */
export interface RoomRecord {
  id: string;
  title: string;
  description: string;
  starts_at: string;
  ends_at?: string;
  state: Room["state"];
  opened_at?: string;
  closed_at?: string;
  reason?: string;
  speakers: Speaker[];
  right?: Right;
  invited?: number;
  inside?: number;
  waiting?: number;
  url: string;
  managers?: Manager[];
}

export interface RoomFields {
  title: string;
  description: string;
  starts_at: string;
  ends_at: string | null;
  speakers: Speaker[];
}

export type InvitationState = "issued" | "opened" | "confirmed" | "claimed" | "expired" | "revoked";

export interface Invitation {
  id: string;
  participant: string;
  email: string;
  first_name: string;
  last_name: string;
  type: Grant;
  state: InvitationState;
  expires_at: string;
  devices: number;
  devices_used: number;
  locked?: boolean;
  created_at: string;
  url?: string;
  existing?: boolean;
}

export interface InvitationFields {
  email: string;
  first_name: string;
  last_name: string;
  type: Grant;
  expires_at?: string;
  send_email?: boolean;
}

export interface Opened {
  invitation: string;
  room: Omit<Room, "starts_at" | "ends_at" | "opened_at" | "closed_at"> & Pick<RoomRecord, "starts_at" | "ends_at" | "opened_at" | "closed_at">;
  first_name: string;
  phase: Phase;
  confirmed: boolean;
}

export interface List<Item> {
  items: Item[];
  next?: string;
}

/** A refused call. `network` when nobody answered; `fields` says which value does not fit. */
export class Problem extends Error {
  constructor(
    readonly code: string,
    readonly status = 0,
    readonly detail = "",
    readonly fields: Record<string, string> = {},
    readonly extra: Record<string, unknown> = {},
  ) {
    super(detail || code);
  }
}

/** The server's clock as the Date header tells it, to the second: enough for lists and forms. */
export const serverClock = new Clock(() => performance.now());

export function serverNow(): number {
  return serverClock.now() ?? Date.now();
}

async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await request(method, path, body);
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (date) serverClock.set(date);
  if (!response.ok) throw await problemOf(response);
  return response.status === 204 ? (undefined as T) : response.json();
}

async function request(method: string, path: string, body?: unknown): Promise<Response> {
  const init: RequestInit = { method, credentials: "same-origin", cache: "no-store" };
  if (body !== undefined) {
    init.headers = { "Content-Type": "application/json" };
    init.body = JSON.stringify(body);
  }
  try {
    return await fetch(`/api/v1${path}`, init);
  } catch {
    throw new Problem("network");
  }
}

async function problemOf(response: Response): Promise<Problem> {
  const said = await response.json().catch(() => ({}));
  const { code = response.status >= 500 ? "unavailable" : "bad_request", detail = "", fields = {}, ...extra } = said;
  return new Problem(code, response.status, detail, fieldsOf(fields), extra);
}

/** `fields` may be an object or a list of `{field,message}`. */
function fieldsOf(fields: unknown): Record<string, string> {
  if (!Array.isArray(fields)) return (fields ?? {}) as Record<string, string>;
  return Object.fromEntries(fields.map((f) => [f.field ?? f.name ?? String(f), f.message ?? f.detail ?? ""]));
}

const query = (values: Record<string, string | undefined>) => {
  const pairs = Object.entries(values).filter((pair): pair is [string, string] => Boolean(pair[1]));
  return pairs.length ? `?${new URLSearchParams(pairs)}` : "";
};

const at = (room: string) => `/rooms/${encodeURIComponent(room)}`;
const invitationAt = (room: string, id: string) => `${at(room)}/invitations/${encodeURIComponent(id)}`;

export const api = {
  session: () => call<SessionInfo>("GET", "/session"),
  signIn: (email: string, password: string) => call<{ person: Person }>("POST", "/session", { email, password }),
  signInByLink: (link: string) => call<{ person: Person }>("POST", "/session", { link }),
  signOut: () => call<void>("DELETE", "/session"),
  renew: () => call<void>("POST", "/session/renew", {}),
  setUp: (fields: { secret: string; email: string; first_name: string; last_name: string; password: string }) =>
    call<{ person: Person }>("POST", "/setup", fields),
  features: () => call<{ mail: boolean; version: string }>("GET", "/features"),

  rooms: (q: string, show: "upcoming" | "past" | "all", after?: string) =>
    call<List<RoomRecord>>("GET", `/rooms${query({ q, show, after })}`),
  room: (room: string) => call<RoomRecord>("GET", at(room)),
  createRoom: (fields: RoomFields) => call<RoomRecord>("POST", "/rooms", { ...fields, ends_at: fields.ends_at ?? undefined }),
  changeRoom: (room: string, change: Partial<RoomFields> & { state?: "open" | "closed"; reason?: string }) =>
    call<RoomRecord>("PATCH", at(room), change),
  deleteRoom: (room: string, reason: string) => call<void>("DELETE", at(room), reason ? { reason } : undefined),
  calendar: (room: string) => `/api/v1${at(room)}/calendar`,

  setManager: (room: string, person: string, right: Right) =>
    call<void>("PUT", `${at(room)}/managers/${encodeURIComponent(person)}`, { right }),
  removeManager: (room: string, person: string) =>
    call<void>("DELETE", `${at(room)}/managers/${encodeURIComponent(person)}`),

  open: (invitation: string, secret: string) => call<Opened>("POST", "/invitations/open", { invitation, secret }),
  invitations: (room: string, q: string, state: string, after?: string) =>
    call<List<Invitation>>("GET", `${at(room)}/invitations${query({ q, state, after })}`),
  invite: (room: string, fields: InvitationFields) => call<Invitation>("POST", `${at(room)}/invitations`, fields),
  changeInvitation: (room: string, id: string, change: { type: Role }) =>
    call<Invitation>("PATCH", invitationAt(room, id), change),
  revoke: (room: string, id: string) => call<void>("DELETE", invitationAt(room, id)),
  newLink: (room: string, id: string) =>
    call<{ id: string; url: string; expires_at: string }>("POST", `${invitationAt(room, id)}/link`, {}),
  resetDevice: (room: string, id: string) => call<Invitation>("POST", `${invitationAt(room, id)}/device-reset`, {}),
};

/** The room of an opened invitation in the socket's terms, to show before the socket answers. */
export function roomOf(opened: Opened["room"]): Room {
  const ms = (time?: string) => (time ? Date.parse(time) : undefined);
  return {
    ...opened,
    starts_at: Date.parse(opened.starts_at),
    ends_at: ms(opened.ends_at),
    opened_at: ms(opened.opened_at),
    closed_at: ms(opened.closed_at),
  };
}
