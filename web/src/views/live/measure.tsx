// Sending somebody out, or keeping them from writing: with a reason that they are told.

import "../second.ts";
import { useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { mute } from "../../live/peopleacts.ts";
import type { Scope } from "../../live/moderate.ts";
import { ban, remove, unban } from "../../live/moderate.ts";
import { report } from "../../notices.ts";
import type { Who } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../parts.tsx";

export type Deed = "mute" | "remove" | "ban";

export interface MeasureProps {
  session: RoomSession;
  who: Pick<Who, "participant" | "name" | "guest">;
  deed: Deed;
  close: () => void;
}

export function Measure({ session, who, deed, close }: MeasureProps) {
  const reason = useRef<HTMLInputElement>(null);
  const [scope, setScope] = useState<Scope>("invitation");
  const [busy, setBusy] = useState(false);
  const run = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    await act(session, who, deed, scope, reason.current?.value.trim() ?? "");
    close();
  };
  const scopes: Scope[] = who.guest ? ["invitation", "domain"] : ["invitation", "address", "domain"];
  return (
    <Dialog
      title={t(`measure.${deed}.title`, { name: who.name })}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" form="measure" class="btn btn-danger" aria-busy={busy}>{t(`measure.${deed}.action`)}</button>
        </>
      }
    >
      <form id="measure" class="dialog-body stack" onSubmit={run}>
        <p>{t(`measure.${deed}.text`)}</p>
        {deed === "ban" && (
          <fieldset class="choices">
            <legend class="legend">{t("measure.scope")}</legend>
            {scopes.map((one) => (
              <label class="choice" key={one}>
                <input type="radio" name="scope" checked={scope === one} onChange={() => setScope(one)} />
                <b>{t(who.guest && one === "invitation" ? "measure.scope.guest" : `measure.scope.${one}`)}</b>
                <span class="small soft">{t(`measure.scope.${one}.hint`)}</span>
              </label>
            ))}
          </fieldset>
        )}
        <Field id="reason" label={t("measure.reason")} hint={t("measure.reason.hint")}>
          {(described) => <input ref={reason} class="input" maxLength={500} autocomplete="off" {...described} />}
        </Field>
      </form>
    </Dialog>
  );
}

async function act(session: RoomSession, who: MeasureProps["who"], deed: Deed, scope: Scope, reason: string): Promise<void> {
  if (deed === "mute") return mute(session, who, true, reason);
  const done = deed === "remove" ? await remove(session, who.participant, reason) : await ban(session, who.participant, scope, reason);
  if (!done) return;
  const undo = { label: t("undo"), run: () => void unban(session, who.participant) };
  report(t(`${deed}.done`, { name: who.name }), "good", [undo]);
}
