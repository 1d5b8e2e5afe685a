// How much fits, as in hub/room/limits.go; and the server's refusals of single values, in the visitor's words.

import type { Key } from "../../i18n/index.ts";

/** Characters. */
export const most = { title: 200, description: 4_000, name: 80, bio: 300, reason: 500, address: 254, devices: 100 } as const;

/** What the server says of a value that does not fit, by field; without a field: of any. */
export const refusals: Readonly<Record<string, Readonly<Record<string, Key>>>> = {
  "": { "is too long": "field.long", "is required": "field.required" },
  ends_at: { "lies more than 31 days after the start": "form.ends.late", "lies before the start": "form.ends.early" },
  starts_at: { "lies in the past": "form.starts.past" },
  code: { "is required": "password.fresh" },
  speakers: { "is too long": "form.speakers.long", "are too long together": "form.speakers.together", "at most 50 are shown": "form.speakers.many" },
};

const others: Readonly<Record<string, Key>> = {
  email: "email.malformed",
  current: "password.current.wrong",
  code: "password.code.wrong",
  starts_at: "field.starts",
  expires_at: "invite.expires.past",
  devices: "invite.devices.wrong",
  send_email: "invite.mail.off",
  stage_origins: "stageorigins.wrong",
  words: "sitewords.wrong",
};

export const wordsFor = (field: string, said: string): Key =>
  refusals[field]?.[said] ?? others[field] ?? refusals[""]?.[said] ?? "field.invalid";

interface Named {
  name: string;
  bio?: string;
}

const length = (text = "") => [...text.trim()].length;

/** The first speaker that cannot be as it is, or -1. */
export const badSpeaker = (speakers: readonly Named[]): number =>
  speakers.findIndex(({ name, bio }) => isNameless({ name, bio }) || length(name) > most.name || length(bio) > most.bio);

/** Something is told about somebody whose name is missing. */
export const isNameless = ({ name, bio }: Named): boolean => length(name) === 0 && length(bio) > 0;
