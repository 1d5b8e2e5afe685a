// A conversation: chat or backchannel. Holds still while somebody reads further up; new messages gather below.

import { useComputed } from "@preact/signals";
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import { visible } from "../browser.ts";
import { plural, t } from "../i18n/index.ts";
import { keepSeen, seenOf } from "../kept.ts";
import { heldBy } from "../live/features.ts";
import { older } from "../live/history.ts";
import { firstBehind, lastPlace, unreadOf } from "../live/unread.ts";
import { report } from "../notices.ts";
import type { Channel } from "../outbox.ts";
import { unseen } from "../outbox.ts";
import type { RoomSession } from "../session.ts";
import type { Post, Thread } from "../state.ts";
import { Composer } from "./composer.tsx";
import { Icon } from "./icons.tsx";
import { part } from "./lazy.tsx";
import { DraftRow, PostRow } from "./message.tsx";
import type { PaneProps } from "./pane.ts";
import { paneOf } from "./pane.ts";
import { Bones, Empty } from "./shapes.tsx";

const Pinned = part<{ session: RoomSession }>("order", async () => (await import("./live/pinned.tsx")).Pinned);

function PinnedBar({ session }: { session: RoomSession }) {
  return useComputed(() => heldBy(session).order.pin !== undefined).value ? <Pinned session={session} /> : null;
}

const MOUNTED = 200;
const PAGES = 20; // of history, in search of what somebody replied to
const BOTTOM = 48;
const none: Thread = { items: [], more: false };

interface Props extends PaneProps {
  channel: Channel;
}

export function ThreadPane({ channel, ...place }: Props) {
  const { session, shown } = place;
  const [reply, setReply] = useState<Post>();
  const staff = channel === "backchannel";
  const early = useComputed(() => session.state.value.phase === "backstage").value;
  const pane = paneOf(place, channel);
  return (
    <div {...pane} class={staff ? `${pane.class} backstage` : pane.class}>
      {staff && (
        <div class="pane-head">
          <h2 id="backchannel-title"><Icon name="curtain" />{t("backchannel.title")}</h2>
          <span class="hint">{t("backchannel.hint")}</span>
        </div>
      )}
      {!staff && <PinnedBar session={session} />}
      <Log session={session} channel={channel} shown={shown} reply={setReply} />
      {early && !staff ? <p class="hint early-chat">{t("early.chat")}</p>
        : <Composer session={session} channel={channel} reply={reply} endReply={() => setReply(undefined)} />}
    </div>
  );
}

function Log({ session, channel, shown, reply }: Props & { reply: (post: Post) => void }) {
  const thread = useComputed(() => session.state.value[channel] ?? none).value;
  const liked = useComputed(() => heldBy(session).likes).value;
  const me = useComputed(() => session.state.value.you).value;
  const drafts = unseen(session.drafts.value, channel, thread.items);
  const log = useRef<HTMLDivElement>(null);
  const [atBottom, setAtBottom] = useState(true);
  const [end, setEnd] = useState<string>(); // the last mounted message, while somebody reads old ones
  const items = mounted(thread.items, end);
  const { unread, cut } = useUnread(session, channel, thread.items, shown && atBottom && !end, me?.participant);
  const { keep, letGo } = useStill(log, atBottom && !end);
  const earlier = useOlder(session, channel, thread, items, setEnd);
  const newest = () => {
    letGo();
    setEnd(undefined);
    setAtBottom(true);
    requestAnimationFrame(() => log.current?.scrollTo({ top: 0 }));
  };
  const jump = useJump(session, channel, log, (id) => {
    letGo();
    setAtBottom(false);
    setEnd(id);
  });
  const onScroll = () => {
    const bottom = (log.current?.scrollTop ?? 0) > -BOTTOM;
    setAtBottom(bottom);
    if (!bottom && !end) setEnd(thread.items.at(-1)?.id); // hold still: what comes now gathers behind the button
    if (bottom && end) setEnd(nextEnd(thread.items, end));
    keep();
  };
  const empty = items.length === 0 && drafts.length === 0;
  return (
    <div class="log-wrap">
      <div ref={log} class="log scroll" role="log" aria-live="off" aria-label={t(`tab.${channel}`)} tabIndex={0} onScroll={onScroll}>
        {empty ? (
          <Empty icon={channel === "chat" ? "chat" : "curtain"} title={t(`${channel}.empty`)}><p>{t(`${channel}.empty.text`)}</p></Empty>
        ) : (
          <ol>
            {earlier.possible && (
              <li class="older">
                {earlier.busy ? <Bones label={t("chat.loading")} /> : <button type="button" class="btn btn-small" onClick={earlier.load}>{t("chat.older")}</button>}
              </li>
            )}
            {items.flatMap((post) => [
              ...(post.id === cut ? [<li key="cut" class="cut"><span>{t("chat.new")}</span></li>] : []),
              <PostRow
                key={post.id}
                session={session}
                post={post}
                staff={channel === "backchannel"}
                mine={post.participant === me?.participant}
                me={me?.participant}
                jump={jump}
                liked={liked.includes(post.id)}
                quoted={post.reply_to ? thread.items.find((other) => other.id === post.reply_to) : undefined}
                rights={me?.rights ?? nothing}
                reply={reply}
              />,
            ])}
            {drafts.map((draft) => <DraftRow key={draft.key} session={session} draft={draft} name={me?.name ?? ""} seed={me?.participant ?? ""} />)}
          </ol>
        )}
      </div>
      {(!atBottom || end) && (
        <button type="button" class="btn btn-small to-newest" onClick={newest}>
          <Icon name="down" />{unread > 0 ? plural("chat.unread", unread) : t("chat.newest")}
        </button>
      )}
    </div>
  );
}

const nothing: string[] = [];

/** At most 200 rows stand in the page: the newest, or those up to `end`. */
function mounted(items: readonly Post[], end?: string): readonly Post[] {
  const last = end ? items.findIndex((post) => post.id === end) + 1 : items.length;
  return items.slice(Math.max(0, last - MOUNTED), last || items.length);
}

function nextEnd(items: readonly Post[], end: string): string | undefined {
  const at = items.findIndex((post) => post.id === end) + MOUNTED / 2;
  return at < items.length - 1 ? items[at]?.id : undefined;
}

/** Earlier messages: first those that we hold, then a page of the server's. */
function useOlder(session: RoomSession, channel: Channel, thread: Thread, items: readonly Post[], setEnd: (id?: string) => void) {
  const [busy, setBusy] = useState(false);
  const first = thread.items.indexOf(items[0] as Post);
  const showBefore = (all: readonly Post[], at: number) => {
    if (at + MOUNTED / 2 < all.length - 1) setEnd(all[at + MOUNTED / 2]?.id);
  };
  const load = async () => {
    if (first > 0) return showBefore(thread.items, first);
    setBusy(true);
    await older(session, channel).catch(() => undefined); // the button stays: a break says so elsewhere
    setBusy(false);
    const all = session.state.peek()[channel]?.items ?? [];
    if (all.length > MOUNTED) showBefore(all, all.indexOf(items[0] as Post));
  };
  return { busy, load, possible: first > 0 || thread.more };
}

/** Counts what came while nobody looked, and where that began: the line stays until somebody looks away again. */
function useUnread(session: RoomSession, channel: Channel, items: readonly Post[], looking: boolean, me?: string) {
  const last = lastPlace(items);
  const seen = useRef(seenOf(session.room, channel) || last);
  const [cut, setCut] = useState(seen.current < last ? seen.current : undefined);
  const attentive = looking && visible.value;
  const { count, mentions } = attentive ? { count: 0, mentions: 0 } : unreadOf(items, seen.current, me);
  useEffect(() => {
    setCut((place) => (attentive ? (place === last ? undefined : place) : seen.current));
  }, [attentive]);
  useEffect(() => {
    session.unreadIn[channel].value = count;
    session.mentionsIn[channel].value = mentions;
    if (!attentive || last <= seen.current) return;
    seen.current = last;
    keepSeen(session.room, channel, last);
  });
  useEffect(() => () => { // who leaves the staff has nothing unread there
    session.unreadIn[channel].value = session.mentionsIn[channel].value = 0;
  }, []);
  return { unread: count, cut: firstBehind(items, cut) };
}

/** Leads to a message, also to one that is not here yet. */
function useJump(session: RoomSession, channel: Channel, log: { current: HTMLDivElement | null }, show: (end?: string) => void) {
  return async (id: string) => {
    const thread = () => session.state.peek()[channel] ?? none;
    const at = () => thread().items.findIndex((post) => post.id === id);
    for (let page = 0; at() < 0 && thread().more && page < PAGES; page++) await older(session, channel).catch(() => undefined);
    if (at() < 0) return report(t("chat.quote.gone"), "bad");
    show(thread().items[Math.min(at() + MOUNTED / 2, thread().items.length - 1)]?.id);
    requestAnimationFrame(() => {
      const row = log.current?.querySelector<HTMLElement>(`#${channel}-${id}`);
      if (!row) return;
      row.scrollIntoView({ block: "center" });
      row.tabIndex = -1; // only until it is left: a click on a message is no wish to go there
      row.addEventListener("blur", () => row.removeAttribute("tabindex"), { once: true });
      row.focus({ preventScroll: true });
    });
  };
}

/** Keeps the first visible row where it is while rows come and go around it. */
function useStill(log: { current: HTMLDivElement | null }, following: boolean) {
  const anchor = useRef<{ row: Element; top: number } | undefined>(undefined);
  const letGo = () => {
    anchor.current = undefined;
  };
  const keep = () => {
    const box = log.current;
    if (!box || following) return letGo();
    const edge = box.getBoundingClientRect().top;
    const row = [...box.querySelectorAll(".msg")].find((element) => element.getBoundingClientRect().bottom > edge);
    anchor.current = row && { row, top: row.getBoundingClientRect().top };
  };
  useLayoutEffect(() => {
    const box = log.current;
    const kept = anchor.current;
    if (box && kept?.row.isConnected) box.scrollTop += kept.row.getBoundingClientRect().top - kept.top;
    keep();
  });
  return { keep, letGo };
}
