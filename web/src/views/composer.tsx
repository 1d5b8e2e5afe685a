// Where one writes. It is never mounted anew while the room is live: role changes, breaks and drains pass it by.

import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { seconds } from "../browser.ts";
import { t } from "../i18n/index.ts";
import { draftOf, keepDraft } from "../kept.ts";
import { heldBy } from "../live/features.ts";
import { isHeld } from "../live/life.ts";
import type { Asked, Chosen } from "../live/mentions.ts";
import { askedAt, chosenOf, mentionsIn } from "../live/mentions.ts";
import { outranks } from "../news.ts";
import type { Channel } from "../outbox.ts";
import type { Who } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import type { Post } from "../state.ts";
import { Icon } from "./icons.tsx";
import { part } from "./lazy.tsx";
import { isAway } from "./linkstate.tsx";
import type { MentionsProps } from "./live/mentions.tsx";
import { Quote } from "./message.tsx";

const Mentions = part<MentionsProps>("mentions", async () => (await import("./live/mentions.tsx")).Mentions);

interface Props {
  session: RoomSession;
  channel: Channel;
  reply?: Post;
  endReply: () => void;
}

export function Composer({ session, channel, reply, endReply }: Props) {
  const field = useRef<HTMLTextAreaElement>(null);
  const [size, setSize] = useState(0);
  const chosen = useRef<Chosen[]>([]);
  const [asked, setAsked] = useState<Asked>();
  const [active, setActive] = useState<string>();
  const keys = useRef<(event: KeyboardEvent) => boolean>(undefined);
  const limit = useComputed(() => session.state.value.limits.chat_text).value;
  const away = useComputed(() => isAway(session)).value;
  const staff = channel === "backchannel";
  const shut = useShut(session, staff);
  const id = `${channel}-text`;
  useEffect(() => {
    if (field.current) field.current.value = draftOf(session.room, channel);
    chosen.current = chosenOf(draftOf(session.room, `${channel}.people`));
  }, []);
  useEffect(() => {
    if (reply) field.current?.focus();
  }, [reply]);
  const changed = () => {
    const text = field.current?.value ?? "";
    keepDraft(session.room, channel, text);
    setSize([...text].length);
    look();
  };
  const look = () => {
    const box = field.current;
    setAsked(box && box.selectionStart === box.selectionEnd ? askedAt(box.value, box.selectionStart) : undefined);
  };
  const choose = ({ participant, name }: Who) => {
    const box = field.current;
    if (!box || !asked) return;
    box.setRangeText(`@${name} `, asked.from, box.selectionStart, "end");
    chosen.current = [...chosen.current, { participant, name }];
    keepDraft(session.room, `${channel}.people`, JSON.stringify(chosen.current));
    box.focus();
    changed();
    setAsked(undefined);
    keys.current = undefined; // the list still stands until it is drawn anew: an Enter now is meant to send
  };
  const send = () => {
    const text = field.current?.value.trim().normalize() ?? "";
    if (shut || !field.current || !text || [...text].length > limit) return field.current?.focus();
    void session.post(channel, text, reply?.id, chosen.current.length > 0 ? mentionsIn(text, chosen.current) : undefined);
    field.current.value = "";
    chosen.current = [];
    keepDraft(session.room, `${channel}.people`, "");
    changed();
    endReply();
    field.current.focus();
  };
  const onKey = (event: KeyboardEvent) => {
    if (!event.isComposing && keys.current?.(event)) {
      event.preventDefault();
      return event.stopPropagation();
    }
    if (event.key === "Escape" && reply) {
      event.stopPropagation();
      return endReply();
    }
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  const note = shut ?? noteOf(size, limit, away);
  return (
    <form
      class="composer"
      onSubmit={(event) => {
        event.preventDefault();
        send();
      }}
    >
      {reply && (
        <div class="composer-note">
          <Quote post={reply} />
          <button type="button" class="btn btn-quiet btn-icon btn-small" aria-label={t("chat.reply.end")} onClick={endReply}><Icon name="x" /></button>
        </div>
      )}
      {note && <p class="composer-note" id={`${id}-note`}>{note}</p>}
      {asked && <Mentions session={session} channel={channel} query={asked.query} id={`${id}-people`} keys={keys} onActive={setActive} choose={choose} close={() => setAsked(undefined)} />}
      <label class="sr" for={id}>{t(`${channel}.write`)}</label>
      <textarea
        ref={field}
        class="input"
        id={id}
        rows={1}
        placeholder={t(`${channel}.write`)}
        aria-describedby={note ? `${id}-note` : undefined}
        aria-invalid={size > limit || undefined}
        aria-autocomplete="list"
        aria-controls={active && `${id}-people`}
        aria-activedescendant={active}
        onInput={changed}
        onClick={look}
        onBlur={() => setAsked(undefined)}
        onKeyDown={onKey}
      />
      {staff ? (
        <button type="submit" class="btn btn-staff"><Icon name="curtain" />{t("backchannel.send")}</button>
      ) : (
        <button type="submit" class="btn btn-main" aria-label={t("chat.send")} aria-disabled={shut ? "true" : undefined}><Icon name="send" /></button>
      )}
    </form>
  );
}

/** Why nothing can be written into the chat now. What is typed stays. */
function useShut(session: RoomSession, staff: boolean): string | undefined {
  return useComputed(() => {
    const { you, chat } = session.state.value;
    const { settings } = heldBy(session).order;
    if (staff || !you) return undefined;
    if (session.lens.value) return t("chat.preview");
    if (you.muted) return t("chat.muted");
    if (isHeld(session, heldBy(session))) return t("chat.paused");
    if (!settings.chat && !you.rights.includes("room.settings")) return t("chat.shut");
    if (settings.chat_for !== you.role && outranks(settings.chat_for, you.role)) return t("chat.shut.viewers");
    if (you.role !== "viewer" || settings.slow_mode_s === 0) return undefined;
    seconds.value;
    const last = chat.items.findLast(({ participant }) => participant === you.participant)?.at;
    const left = last === undefined ? 0 : Math.ceil((last + settings.slow_mode_s * 1_000 - (session.clock.now() ?? 0)) / 1_000);
    return left > 0 ? t("chat.slow", { seconds: left }) : undefined;
  }).value;
}

function noteOf(size: number, limit: number, away: boolean): string | undefined {
  if (size > limit) return t("chat.toolong", { over: size - limit });
  if (size > limit * 0.9) return t("chat.left", { left: limit - size });
  return away ? t("chat.away") : undefined;
}
