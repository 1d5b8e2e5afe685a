// Another name for somebody of lower rank: everybody inside sees it, the person is told who gave it and why.

import "../second.ts";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { rename } from "../../live/stageacts.ts";
import type { Who } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../parts.tsx";

export interface RenameProps {
  session: RoomSession;
  who: Pick<Who, "participant" | "name">;
  close: () => void;
}

const NAME = 80;

export function RenameDialog({ session, who, close }: RenameProps) {
  const [first = "", ...rest] = who.name.split(" ");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const run = async (event: SubmitEvent & { currentTarget: HTMLFormElement }) => {
    event.preventDefault();
    const form = new FormData(event.currentTarget);
    const given = (name: string) => String(form.get(name)).trim();
    if (!given("first")) {
      setError(t("rename.empty"));
      event.currentTarget.querySelector("input")?.focus();
      return;
    }
    if (busy) return;
    setBusy(true);
    if (await rename(session, who.participant, given("first"), given("last"), given("reason"))) close();
    else setBusy(false);
  };
  return (
    <Dialog
      title={t("rename.title", { name: who.name })}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" form="rename" class="btn btn-main" aria-busy={busy}>{t("rename.action")}</button>
        </>
      }
    >
      <form id="rename" class="dialog-body stack" onSubmit={run} noValidate>
        <p>{t("rename.text")}</p>
        <Field id="rename-first" label={t("rename.first")} error={error}>
          {(described) => <input class="input" name="first" maxLength={NAME} autocomplete="off" defaultValue={first} {...described} />}
        </Field>
        <Field id="rename-last" label={t("rename.last")}>
          {(described) => <input class="input" name="last" maxLength={NAME} autocomplete="off" defaultValue={rest.join(" ")} {...described} />}
        </Field>
        <Field id="rename-reason" label={t("measure.reason")} hint={t("measure.reason.hint")}>
          {(described) => <input class="input" name="reason" maxLength={500} autocomplete="off" {...described} />}
        </Field>
      </form>
    </Dialog>
  );
}
