// Who is asked onto the stage and has not answered yet, for those who moderate; any of them takes it back.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { number } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import { withdrawOffer } from "../../live/stageacts.ts";
import type { Offered } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { may } from "../../state.ts";
import { Avatar } from "../parts.tsx";
import { useSuccessor } from "../successor.ts";
import { Cue } from "./cue.tsx";

const none: readonly Offered[] = [];

export function OfferList({ session }: { session: RoomSession }) {
  const offers = useComputed(() => heldBy(session).watch?.offers ?? none).value;
  const withdraws = useComputed(() => may(session.state.value, "role.set:speaker")).value;
  if (offers.length === 0) return null;
  return (
    <section aria-label={t("offers.title")}>
      <h2 class="group-title"><span>{t("offers.title")}</span><span class="num">{number(offers.length)}</span></h2>
      <ul>{offers.map((offer) => <Row key={offer.participant} session={session} offer={offer} withdraws={withdraws} />)}</ul>
    </section>
  );
}

function Row({ session, offer, withdraws }: { session: RoomSession; offer: Offered; withdraws: boolean }) {
  const row = useSuccessor<HTMLLIElement>(offer.participant);
  const seconds = offer.for_s ?? 0;
  return (
    <li class="row row-deeds" ref={row}>
      <Avatar name={offer.name} seed={offer.participant} />
      <div class="row-main">
        <span class="line clip"><b class="clip" dir="auto">{offer.name}</b><Cue session={session} who={offer} /></span>
        <span class="small soft">{[offer.by.name && t("offers.by", { name: offer.by.name }), seconds > 0 && (seconds < 60 ? plural("offers.seconds", seconds) : plural("offers.minutes", Math.round(seconds / 60)))].filter(Boolean).join(" · ")}</span>
      </div>
      {withdraws && <div class="row-end"><button type="button" class="btn btn-quiet btn-small" onClick={() => void withdrawOffer(session, offer.participant)}>{t("offers.withdraw")}<span class="sr">: {offer.name}</span></button></div>}
    </li>
  );
}
