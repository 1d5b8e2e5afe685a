// Two who edit one room: the second one sees what the first has changed, and keeps what is typed.

import type { RoomRecord } from "../../api.ts";
import { Problem } from "../../api.ts";
import { dayAndTime } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { Icon } from "../icons.tsx";
import { desk } from "./calls.ts";

const names = ["title", "description", "starts_at", "ends_at", "collaboration", "lobby_code", "speakers", "host_absent", "results"] as const;

type Name = (typeof names)[number];

/** What others have made of the room since the form was opened. */
export interface Theirs {
  by: string;
  fields: Name[];
  room: RoomRecord;
}

/** Only the refusal of an old version says whose change came first. */
export const isOvertaken = (error: unknown): error is Problem => error instanceof Problem && error.code === "conflict" && error.extra.by !== undefined;

/** Reads the room as it is now. */
export async function lookAgain(id: string, error: Problem, before?: Theirs): Promise<Theirs> {
  const fields = names.filter((name) => error.fields[name] !== undefined || before?.fields.includes(name));
  return { by: String(error.extra.by), fields, room: await desk.room(id) };
}

export function Overtaken({ theirs }: { theirs: Theirs }) {
  return (
    <div class="notice" data-kind="warn" role="alert">
      <Icon name="alert" />
      <div class="stack-s">
        <p><b>{t("form.theirs", { name: theirs.by })}</b></p>
        <ul>{theirs.fields.map((name) => <li key={name}>{t(`form.theirs.${name}`)}: {valueNow(theirs.room, name)}</li>)}</ul>
        <p>{t("form.theirs.text")}</p>
      </div>
      <span />
    </div>
  );
}

function valueNow(room: RoomRecord, name: Name): string {
  switch (name) {
    case "starts_at":
      return dayAndTime(Date.parse(room.starts_at));
    case "ends_at":
      return room.ends_at ? dayAndTime(Date.parse(room.ends_at)) : t("form.theirs.nothing");
    case "collaboration":
      return t(room.collaboration ? "form.theirs.on" : "form.theirs.off");
    case "lobby_code":
      return t(room.lobby_code ? "form.theirs.on" : "form.theirs.off");
    case "results":
      return t(room.results ? "form.theirs.on" : "form.theirs.off");
    case "host_absent":
      return t(`form.absent.${room.host_absent?.then ?? "site"}`);
    case "speakers":
      return room.speakers.map((speaker) => speaker.name).join(", ") || t("form.theirs.nothing");
    default:
      return room[name] || t("form.theirs.nothing");
  }
}
