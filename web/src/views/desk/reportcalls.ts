// The calls about what was in a room.

import type { RoomRecord } from "../../api.ts";
import { at, call, download } from "../../api.ts";
import { save } from "./save.ts";

/** What happened over time, in equal steps. Of people: the most at once within each. */
export interface Curve {
  from?: string;
  step_ms: number;
  inside: number[];
  waiting: number[];
  messages: number[];
  questions: number[];
  answers: number[];
  hands: number[];
  reactions: number[];
}

export interface Asked {
  id: string;
  kind: string;
  question: string;
  anonymous: boolean;
  state: string;
  people: number;
  choices: { text: string; n: number; correct?: boolean }[];
}

export interface Report {
  room: Pick<RoomRecord, "id" | "title" | "state" | "starts_at" | "ends_at">;
  made_at: string;
  /** It goes on, or has not begun. */
  so_far: boolean;
  session: number;
  sessions: { number: number; opened_at?: string; closed_at?: string; reason?: string }[];
  forgotten_at?: string;
  people: { invited: number; came: number; managers: number; peak: number; peak_at?: string; inside_ms: number; waited_ms: number; device_moves: number };
  totals: Record<"messages" | "deleted" | "backchannel" | "questions" | "questions_answered" | "questions_dismissed" | "votes" | "hands" | "answers" | "reactions", number>;
  curve: Curve;
  interactions: Asked[];
}

export type Place = "waiting" | "early" | "inside";

export interface Span {
  place: Place;
  role: "viewer" | "speaker" | "moderator" | "manager";
  since: string;
  /** Missing: goes on. */
  until?: string;
}

export interface Attendee {
  participant: string;
  first_name: string;
  last_name: string;
  email: string;
  type: Span["role"];
  guest?: boolean;
  erased?: boolean;
  sent_at?: string;
  opened_at?: string;
  joined_at?: string;
  left_at?: string;
  here?: boolean;
  waited_ms: number;
  early_ms: number;
  inside_ms: number;
  joins: number;
  device_moves: number;
  messages: number;
  questions: number;
  votes: number;
  answers: number;
  hands: number;
  spans: Span[];
}

export interface AttendancePage {
  items: Attendee[];
  next?: string;
  total: number;
  came: number;
  never: number;
  from?: string;
  until?: string;
  made_at: string;
}

export const orders = ["name", "-inside", "joined", "-waited", "-activity"] as const;
export const files = ["attendance", "chat", "backchannel", "questions", "interactions", "answers"] as const;

export interface Wanted {
  session: number;
  q: string;
  came: "" | "yes" | "no";
  sort: (typeof orders)[number];
}

export const reports = {
  summary: (room: string, session: number) => call<Report>("GET", `${at(room)}/report?session=${session}`),
  attendance: (room: string, { session, q, came, sort }: Wanted, after = "") =>
    call<AttendancePage>("GET", `${at(room)}/report/attendance?${new URLSearchParams({ session: String(session), q: q.trim(), came, sort, after })}`),
  /** Fetches a file and saves it. */
  take: async (room: string, what: (typeof files)[number], format: "csv" | "json", session: number) => {
    save(await download(`${at(room)}/exports`, { what, format, session }), `${what}-${room}.${format}`);
  },
};
