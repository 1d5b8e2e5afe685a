// One's own hand, and reactions, in the dock.

import "../second.ts";
import "../../live/questionwords.ts";
import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { heldBy } from "../../live/features.ts";
import { isHeld } from "../../live/life.ts";
import { turnHand } from "../../live/acts.ts";
import { react } from "../../live/questionacts.ts";
import type { RoomSession } from "../../session.ts";
import { may } from "../../state.ts";
import type { DockProps } from "../dock.tsx";
import { Icon } from "../icons.tsx";

export function HandAndReactions({ session }: DockProps) {
  const raises = useComputed(() => may(session.state.value, "hand.raise") && (session.state.value.you?.role === "viewer" || heldBy(session).hand > 0)).value;
  const reacts = useComputed(() => may(session.state.value, "reaction.send")).value;
  return (
    <>
      {raises && <HandButton session={session} />}
      {reacts && <Reactions session={session} />}
    </>
  );
}

function HandButton({ session }: { session: RoomSession }) {
  const up = useComputed(() => heldBy(session).hand > 0).value;
  const held = useComputed(() => !up && isHeld(session, heldBy(session))).value;
  const shut = useComputed(() => heldBy(session).order.settings.hands === "invite" && session.state.value.you?.role === "viewer").value;
  if (shut && !up) return <span class="line small soft"><Icon name="hand" />{t("hand.invited")}</span>;
  return (
    <button type="button" class="btn" aria-disabled={held || undefined} aria-pressed={up} onClick={() => held || turnHand(session)}>
      <Icon name="hand" />{t(up ? "hand.up" : "hand.raise")}
    </button>
  );
}

const kinds = [["👏", "react.clap"], ["❤️", "react.love"], ["😄", "react.laugh"], ["😮", "react.surprised"], ["👍", "react.thumb"]] as const;
const STAYS = 3_000;

/** The sums of the last seconds stand at the buttons for a moment: nothing flies, nothing is spoken. */
function Reactions({ session }: { session: RoomSession }) {
  const held = useComputed(() => isHeld(session, heldBy(session))).value;
  const last = useComputed(() => heldBy(session).reactions).value;
  const [shown, setShown] = useState<Record<string, number>>({});
  useEffect(() => {
    setShown(last.counts);
    const timer = setTimeout(() => setShown({}), STAYS);
    return () => clearTimeout(timer);
  }, [last]);
  return (
    <div class="reactions" role="group" aria-label={t("react.label")}>
      {kinds.map(([emoji, key]) => (
        <button key={emoji} type="button" aria-disabled={held || undefined} aria-label={t(key)} onClick={() => held || react(session, emoji)}>
          <span aria-hidden="true">{emoji}</span>
          {shown[emoji] && <span class="reaction-sum num" aria-hidden="true">{shown[emoji] > 99 ? "99+" : shown[emoji]}</span>}
        </button>
      ))}
    </div>
  );
}
