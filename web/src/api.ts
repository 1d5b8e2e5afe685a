// The HTTP side: typed calls, problem+json as errors.

import { Clock } from "./clock.ts";
import type { Grant, Phase, Right, Room, Speaker } from "./protocol.ts";

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
  collaboration: boolean;
  speakers: Speaker[];
  right?: Right;
  /** What one is invited as, oneself. */
  type?: Grant;
  /** Place of the last edit, to be sent with the next one. */
  version?: number;
  /** The lobby asks everybody for a mailed code, whatever the site says. */
  lobby_code?: boolean;
  /** Without it: as the site says. */
  host_absent?: { then: "nothing" | "lock" | "end"; minutes: number };
  results?: boolean;
  closing_words?: string;
  closing_link?: string;
  invited?: number;
  inside?: number;
  waiting?: number;
  requests?: number;
  url: string;
  managers?: Manager[];
  inviting?: Inviting;
}

/** What inviting somebody would mean now. */
export interface Inviting {
  allowed: boolean;
  reason?: string;
  expires_at?: string;
  /** 0: any number, which may be chosen where `unlimited`. */
  devices: number;
  unlimited: boolean;
}

export interface Opened {
  invitation: string;
  room: Omit<Room, "starts_at" | "ends_at" | "opened_at" | "closed_at"> & Pick<RoomRecord, "starts_at" | "ends_at" | "opened_at" | "closed_at">;
  first_name: string;
  phase: Phase;
  confirmed: boolean;
}

/** An invitation, by its link, or as this browser has opened it before. */
export type Holds = { invitation: string; secret: string } | { room: string; invitation?: string };

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

export async function call<T>(method: string, path: string, body?: unknown): Promise<T> {
  const response = await request(method, path, body);
  const date = Date.parse(response.headers.get("Date") ?? "");
  if (date) serverClock.set(date);
  if (!response.ok) throw await problemOf(response);
  return response.status === 204 ? (undefined as T) : response.json();
}

/** A file that is asked for. */
export async function download(path: string, body: unknown): Promise<Blob> {
  const response = await request("POST", path, body);
  if (!response.ok) throw await problemOf(response);
  return response.blob();
}

async function request(method: string, path: string, body?: unknown): Promise<Response> {
  const init: RequestInit = { method, credentials: "same-origin", cache: "no-store" };
  if (body instanceof Blob) init.body = body; // which names its own type
  else if (body !== undefined) {
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
  return new Problem(code, response.status, detail, fields, extra);
}

export const at = (room: string) => `/rooms/${encodeURIComponent(room)}`;

/** What guests need; the managers' calls are in views/desk/calls.ts. */
export const api = {
  open: (holds: Holds) => call<Opened>("POST", "/invitations/open", holds),
  /** A new id for the web session. The old one ends when the new one is used: at once, then. */
  renew: () => call("POST", "/session/renew", {}).then(() => call("GET", "/session")),
  me: () => call<{ person?: { verified: boolean } }>("GET", "/session"),
  calendar: (room: string) => `/api/v1${at(room)}/calendar`,
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
