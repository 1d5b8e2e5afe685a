// Asking somebody onto the stage: for how long, from the moment when they accept.

import "../second.ts";
import { useState } from "preact/hooks";
import { plural, t } from "../../i18n/index.ts";
import { offer } from "../../live/stageacts.ts";
import type { Who } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { Dialog } from "../dialog.tsx";

const minutes = [0, 5, 10, 30, 60];

export interface OfferProps {
  session: RoomSession;
  who: Pick<Who, "participant" | "name">;
  close: () => void;
}

export function OfferDialog({ session, who, close }: OfferProps) {
  const [lasts, setLasts] = useState(0);
  const ask = (event: SubmitEvent) => {
    event.preventDefault();
    void offer(session, who, lasts ? lasts * 60 : undefined);
    close();
  };
  return (
    <Dialog
      title={t("offer.title", { name: who.name })}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" form="offer" class="btn btn-main">{t("offer.action")}</button>
        </>
      }
    >
      <form id="offer" class="dialog-body stack" onSubmit={ask}>
        <p>{t("offer.text")}</p>
        <div class="field">
          <label for="offer-lasts">{t("offer.lasts")}</label>
          <select class="input" id="offer-lasts" value={lasts} onChange={(event) => setLasts(Number(event.currentTarget.value))}>
            {minutes.map((n) => <option key={n} value={n}>{n === 0 ? t("offer.lasts.open") : plural("offer.lasts.minutes", n)}</option>)}
          </select>
        </div>
      </form>
    </Dialog>
  );
}
