// One's own way onto the stage and off it: the hosts ask, one accepts or declines; who is there may step down.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { sayNow } from "../../announce.ts";
import { plural, t } from "../../i18n/index.ts";
import { answerOffer, leaveStage } from "../../live/stageacts.ts";
import { may } from "../../state.ts";
import { Confirm } from "../dialog.tsx";
import type { DockProps } from "../dock.tsx";
import { Icon } from "../icons.tsx";
import { OwnTime } from "./stagetime.tsx";

export function StageDock({ session }: DockProps) {
  const offer = useComputed(() => session.state.value.you?.offer).value;
  const leaves = useComputed(() => may(session.state.value, "stage.leave")).value;
  const [leaving, setLeaving] = useState(false);
  const leave = () => {
    setLeaving(false);
    void leaveStage(session);
  };
  return (
    <>
      <OwnTime session={session} />
      {offer && <OfferSheet key={offer.at} session={session} name={offer.by.name} seconds={offer.for_s ?? 0} />}
      {leaves && <button type="button" class="btn" onClick={() => setLeaving(true)}><Icon name="down" />{t("stage.leave")}</button>}
      {leaving && <Confirm title={t("stage.leave.sure")} text={t("stage.leave.text")} action={t("stage.leave")} busy={false} close={() => setLeaving(false)} run={leave} />}
    </>
  );
}

/** In place and calm: nothing happens before one answers. */
function OfferSheet({ session, name, seconds }: { session: DockProps["session"]; name: string; seconds: number }) {
  const yes = useRef<HTMLButtonElement>(null);
  useEffect(() => sayNow(t("stage.offer.say", { name })), []);
  return (
    <div class="card stack-s" role="group" aria-label={t("stage.offer.title", { name })}>
      <p><b>{t("stage.offer.title", { name })}</b> {seconds > 0 && (seconds < 60 ? plural("stage.offer.seconds", seconds) : plural("stage.offer.minutes", Math.round(seconds / 60)))}</p>
      <p class="small soft">{t("stage.offer.text")}</p>
      <p class="line">
        <button ref={yes} type="button" class="btn btn-main" onClick={() => void answerOffer(session, true)}><Icon name="mic" />{t("stage.offer.accept")}</button>
        <button type="button" class="btn" onClick={() => void answerOffer(session, false)}>{t("stage.offer.decline")}</button>
      </p>
    </div>
  );
}
