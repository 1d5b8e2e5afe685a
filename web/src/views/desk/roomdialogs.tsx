// Opening, moving, closing and deleting a room: each asks once, because people in the room feel it at once.

import { useState } from "preact/hooks";
import type { RoomRecord } from "../../api.ts";
import { Problem, serverNow } from "../../api.ts";
import { zoneCity } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { go } from "../../route.ts";
import { Confirm } from "../dialog.tsx";
import { Field } from "../parts.tsx";
import { failureOf, fieldErrors, instantOf, instantsOf, localValue } from "./forms.tsx";
import { desk } from "./calls.ts";
import { most } from "./limits.ts";

export type RoomAct = "open" | "move" | "close" | "reopen" | "duplicate" | "delete";

interface Props {
  act: RoomAct;
  room: RoomRecord;
  close: () => void;
  changed: (room: RoomRecord) => void;
}

export function RoomDialog({ act, room, close, changed }: Props) {
  const [reason, setReason] = useState("");
  const [starts, setStarts] = useState(localValue(act === "duplicate" ? nextWeek(room) : Date.parse(room.starts_at)));
  const [copy, setCopy] = useState({ title: room.title, managers: true });
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const timed = act === "move" || act === "duplicate";
  const run = async () => {
    if (timed && instantsOf(starts).length === 0) return setError(t(starts ? "form.time.skipped" : "form.starts.empty"));
    setBusy(true);
    try {
      const fresh = await perform(act, room, reason.trim(), starts, copy);
      close();
      if (fresh) changed(fresh);
      report(t(`act.${act}.done`));
    } catch (e) {
      const [wrong] = Object.values(fieldErrors(e));
      setError(e instanceof Problem && e.code === "conflict" ? t("form.conflict") : (wrong ?? failureOf(e)));
    }
    setBusy(false);
  };
  const danger = act === "close" || act === "delete";
  return (
    <Confirm title={t(`act.${act}.title`)} text={t(`act.${act}.text`)} action={t(`act.${act}.action`)} busy={busy} danger={danger} error={error} close={close} run={run}>
      {act === "duplicate" && (
        <Field id="new-title" label={t("form.title")}>
          {(described) => <input class="input" maxLength={most.title} autocomplete="off" value={copy.title} onInput={(event) => setCopy({ ...copy, title: event.currentTarget.value })} {...described} />}
        </Field>
      )}
      {timed && (
        <Field id="new-start" label={t("form.starts")} hint={t("form.zone", { city: zoneCity() })}>
          {(described) => <input class="input" type="datetime-local" value={starts} onInput={(event) => setStarts(event.currentTarget.value)} {...described} />}
        </Field>
      )}
      {act === "duplicate" && <label class="check"><input type="checkbox" checked={copy.managers} onChange={(event) => setCopy({ ...copy, managers: event.currentTarget.checked })} /><span>{t("act.duplicate.managers")}</span></label>}
      {(act === "move" || danger) && (
        <Field id="reason" label={t("act.reason")} hint={t("act.reason.hint")}>
          {(described) => <input class="input" maxLength={most.reason} autocomplete="off" value={reason} onInput={(event) => setReason(event.currentTarget.value)} {...described} />}
        </Field>
      )}
    </Confirm>
  );
}

async function perform(act: RoomAct, room: RoomRecord, reason: string, starts: string, copy: { title: string; managers: boolean }): Promise<RoomRecord | undefined> {
  const why = reason || undefined;
  switch (act) {
    case "open":
    case "reopen":
      return desk.changeRoom(room.id, { state: "open" });
    case "close":
      return desk.changeRoom(room.id, { state: "closed", reason: why });
    case "move":
      return desk.changeRoom(room.id, { ...movedTo(room, instantOf(starts)), reason: why });
    case "duplicate": {
      const made = await desk.duplicateRoom(room.id, { ...copy, starts_at: new Date(instantOf(starts)).toISOString() });
      go(`/rooms/${made.id}`);
      return undefined;
    }
    case "delete":
      await desk.deleteRoom(room.id, reason);
      go("/rooms", "replace");
      return undefined;
  }
}

const WEEK = 7 * 24 * 3_600_000;

/** The same time of day in a week to come. */
function nextWeek(room: RoomRecord): number {
  const start = Date.parse(room.starts_at);
  const date = new Date(start);
  date.setDate(date.getDate() + 7 * Math.max(1, Math.ceil((serverNow() - start) / WEEK)));
  return date.getTime();
}

/** The end moves along, so that the session keeps its length. */
function movedTo(room: RoomRecord, starts: number): { starts_at: string; ends_at?: string } {
  const starts_at = new Date(starts).toISOString();
  if (!room.ends_at) return { starts_at };
  const length = Date.parse(room.ends_at) - Date.parse(room.starts_at);
  return { starts_at, ends_at: new Date(starts + length).toISOString() };
}
