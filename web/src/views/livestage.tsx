// The stage of the live room: what staff show there, or calmly nothing, and who stands there.

import { useComputed } from "@preact/signals";
import { brand } from "../brand.ts";
import { plural, t } from "../i18n/index.ts";
import { heldBy } from "../live/features.ts";
import type { Member, Role, Room } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { Icon } from "./icons.tsx";
import { isAway, LinkState } from "./linkstate.tsx";
import { Avatar } from "./parts.tsx";
import { lazy, part } from "./lazy.tsx";
import { roleIcon, roleWord } from "./roles.tsx";
import { BigClock, Door, Poster, useTimeLeft } from "./stage.tsx";

const PauseScene = part<{ session: RoomSession }>("order", async () => (await import("./live/pausescene.tsx")).PauseScene);

const StageFrame = lazy<{ url: string }>(async () => (await import("./live/stageframe.tsx")).StageFrame);

const MOST_TILES = 8;
const order: Role[] = ["speaker", "moderator", "manager", "viewer"];

/** Speakers first, then those who run the room; names in order. */
export function inOrder(stage: readonly Member[]): Member[] {
  return [...stage].sort((a, b) => order.indexOf(a.role) - order.indexOf(b.role) || a.name.localeCompare(b.name));
}

export function LiveStage({ session, room }: { session: RoomSession; room: Room }) {
  const stage = useComputed(() => session.state.value.stage).value;
  const here = useComputed(() => session.state.value.here).value;
  const me = useComputed(() => session.state.value.you?.participant).value;
  const away = useComputed(() => isAway(session)).value;
  const source = useSource(session);
  const paused = useComputed(() => heldBy(session).life.paused !== undefined).value;
  const members = inOrder(stage);
  const rest = members.length - MOST_TILES;
  return (
    <section class="stage" aria-label={t("stage.label")} data-zone="stage" tabIndex={-1}>
      <div class={away ? "show calm away" : "show calm"}>
        {paused ? <PauseScene session={session} /> : source ? <StageFrame key={source} url={source} /> : (
          <div class="calm-scene">
            <Door opening="open" />
            <div class="stack-s">
              <h2 class="poster-title">{t("stage.empty")}</h2>
              <p class="soft calm-text">{t("stage.empty.text")}</p>
            </div>
          </div>
        )}
        {members.length > 0 && (
          <ul class="tiles" aria-label={t("stage.people")}>
            {members.slice(0, MOST_TILES).map((member) => (
              <Tile key={member.participant} member={member} away={member.participant !== me && here.length > 0 && !here.includes(member.participant)} me={member.participant === me} />
            ))}
            {rest > 0 && <li class="tile tile-rest"><span>{plural("stage.more", rest)}</span></li>}
          </ul>
        )}
      </div>
      <p class="sr">{room.title}</p>
      <LinkState session={session} />
    </section>
  );
}

/** The address on the stage, as long as the site allows its origin: it may have changed its mind. */
function useSource(session: RoomSession): string | undefined {
  return useComputed(() => {
    const url = heldBy(session).order.source;
    return url !== undefined && brand.value.stage_origins?.includes(new URL(url).origin) ? url : undefined;
  }).value;
}

/** Staff are inside, and the doors are not open yet. */
export function EarlyStage({ session, room }: { session: RoomSession; room: Room }) {
  const { opening, passed } = useTimeLeft(session);
  return (
    <section class="stage" aria-label={t("stage.label")} data-zone="stage" tabIndex={-1}>
      <Poster opening={opening.value}>
        <div class="stack-s">
          <h2 class="poster-title">{t(passed.value === "last" ? "early.going" : "early.title")}</h2>
          <p class="soft calm-text">{t("early.text")}</p>
        </div>
        <div class="stack-s"><BigClock session={session} passed={passed.value} /></div>
      </Poster>
      <p class="sr">{room.title}</p>
      <LinkState session={session} />
    </section>
  );
}

function Tile({ member, away, me }: { member: Member; away: boolean; me: boolean }) {
  return (
    <li class="tile" data-away={away || undefined}>
      <Avatar name={member.name} seed={member.participant} />
      <span class="tile-name">
        <Icon name={roleIcon(member.role)} />
        <span class="clip" dir="auto">{me ? t("person.you", { name: member.name }) : member.name}</span>
        <span class="sr">, {roleWord(member.role, member.right)}{away && `, ${t("person.away")}`}</span>
      </span>
    </li>
  );
}
