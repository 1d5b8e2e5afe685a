// Whom one may mean, while one types after an "@". The keys stay the field's: it asks here first.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { useEffect, useState } from "preact/hooks";
import { say } from "../../announce.ts";
import { plural, t } from "../../i18n/index.ts";
import { candidates } from "../../live/candidates.ts";
import { cuesIn } from "../../live/identity.ts";
import { people } from "../../live/peopleacts.ts";
import type { Channel } from "../../outbox.ts";
import type { Who } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { may } from "../../state.ts";
import { Avatar } from "../parts.tsx";
import { Marks } from "../roles.tsx";

const TYPING = 250;

export interface MentionsProps {
  session: RoomSession;
  channel: Channel;
  query: string;
  id: string;
  /** Set while there is somebody to choose: whether the key was taken. */
  keys: { current?: (event: KeyboardEvent) => boolean };
  /** Which option is the one, for the field. */
  onActive: (id: string | undefined) => void;
  choose: (who: Who) => void;
  close: () => void;
}

export function Mentions({ session, channel, query, id, keys, onActive, choose, close }: MentionsProps) {
  const found = useFound(session, channel, query);
  const me = useComputed(() => session.state.value.you?.participant).value;
  const known = useComputed(() => {
    const { stage, chat } = session.state.value;
    return channel === "chat" ? [...chat.items, ...stage] : stage;
  }).value;
  const options = candidates([...known, ...found], query, me);
  const [at, setAt] = useState(0);
  const active = Math.min(at, options.length - 1);
  const optionId = (i: number) => `${id}-${i}`;
  keys.current = (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    const one = options[active];
    if (!one) return false;
    if (step) setAt((active + step + options.length) % options.length);
    else if (event.key === "Escape") close();
    else if ((event.key === "Enter" || event.key === "Tab") && !event.shiftKey) choose(one);
    else return false;
    return true;
  };
  useEffect(() => {
    setAt(0);
  }, [query]);
  useEffect(() => {
    onActive(options.length > 0 ? optionId(active) : undefined);
  }, [active, options.length]);
  useEffect(() => {
    if (options.length > 0) say(plural("mention.found", options.length));
  }, [options.length]);
  useEffect(() => () => {
    keys.current = undefined;
    onActive(undefined);
  }, []);
  if (options.length === 0) return null;
  const cues = cuesIn(session);
  return (
    <div class="mentions" id={id} role="listbox" aria-label={t("mention.label")}>
      {options.map((who, i) => (
        <div
          key={who.participant}
          id={optionId(i)}
          class="mention-option"
          role="option"
          aria-selected={i === active}
          tabIndex={-1}
          onPointerDown={(event) => {
            event.preventDefault(); // the field keeps the focus
            choose(who);
          }}
        >
          <Avatar name={who.name} seed={who.participant} />
          <span class="clip" dir="auto">{who.name}</span>
          {cues.number(who) && <span class="soft num">({cues.number(who)})</span>}
          <Marks {...who} />
        </div>
      ))}
    </div>
  );
}

/** Staff may also mean people who have not written yet: the server knows them. */
function useFound(session: RoomSession, channel: Channel, query: string): Who[] {
  const [found, setFound] = useState<Who[]>([]);
  useEffect(() => {
    if (channel !== "chat" || query.trim().length < 2 || !may(session.state.peek(), "people.page")) return;
    const later = setTimeout(() => people(session, query.trim()).then(({ items }) => setFound(items), () => undefined), TYPING);
    return () => clearTimeout(later);
  }, [query]);
  return found;
}
