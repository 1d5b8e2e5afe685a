// Opening, moving, closing and deleting a room: each asks once, because people in the room feel it at once.

import { useState } from "preact/hooks";
import type { RoomRecord } from "../../api.ts";
import { Problem } from "../../api.ts";
import { zoneCity } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { go } from "../../route.ts";
import { Confirm } from "../dialog.tsx";
import { Field } from "../parts.tsx";
import { failureOf, fieldErrors, instantOf, localValue } from "./forms.tsx";
import { desk } from "./calls.ts";
import { most } from "./limits.ts";

export type RoomAct = "open" | "move" | "close" | "reopen" | "delete";

interface Props {
  act: RoomAct;
  room: RoomRecord;
  close: () => void;
  changed: (room: RoomRecord) => void;
}

export function RoomDialog({ act, room, close, changed }: Props) {
  const [reason, setReason] = useState("");
  const [starts, setStarts] = useState(localValue(Date.parse(room.starts_at)));
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const run = async () => {
    if (act === "move" && Number.isNaN(instantOf(starts))) return setError(t("form.starts.empty"));
    setBusy(true);
    try {
      const fresh = await perform(act, room, reason.trim(), starts);
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
      {act === "move" && (
        <Field id="new-start" label={t("form.starts")} hint={t("form.zone", { city: zoneCity() })}>
          {(described) => <input class="input" type="datetime-local" value={starts} onInput={(event) => setStarts(event.currentTarget.value)} {...described} />}
        </Field>
      )}
      {act !== "open" && act !== "reopen" && (
        <Field id="reason" label={t("act.reason")} hint={t("act.reason.hint")}>
          {(described) => <input class="input" maxLength={most.reason} autocomplete="off" value={reason} onInput={(event) => setReason(event.currentTarget.value)} {...described} />}
        </Field>
      )}
    </Confirm>
  );
}

async function perform(act: RoomAct, room: RoomRecord, reason: string, starts: string): Promise<RoomRecord | undefined> {
  const why = reason || undefined;
  switch (act) {
    case "open":
    case "reopen":
      return desk.changeRoom(room.id, { state: "open" });
    case "close":
      return desk.changeRoom(room.id, { state: "closed", reason: why });
    case "move":
      return desk.changeRoom(room.id, { ...movedTo(room, instantOf(starts)), reason: why });
    case "delete":
      await desk.deleteRoom(room.id, reason);
      go("/rooms", "replace");
      return undefined;
  }
}

/** The end moves along, so that the session keeps its length. */
function movedTo(room: RoomRecord, starts: number): { starts_at: string; ends_at?: string } {
  const starts_at = new Date(starts).toISOString();
  if (!room.ends_at) return { starts_at };
  const length = Date.parse(room.ends_at) - Date.parse(room.starts_at);
  return { starts_at, ends_at: new Date(starts + length).toISOString() };
}
