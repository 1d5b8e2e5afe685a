// Short messages over the content: at most two, the newest on top, each said once to a screen reader.

import { signal } from "@preact/signals";
import { say, sayNow } from "./announce.ts";
import { sentence, when } from "./i18n/format.ts";
import { t } from "./i18n/index.ts";
import type { News } from "./news.ts";
import type { Message } from "./protocol.ts";

export type NoticeIcon = "eye" | "mic" | "shield" | "key" | "clock" | "check" | "alert" | "device";

export interface NoticeAction {
  label: string;
  run(): void;
}

export interface Notice {
  id: number;
  kind: "good" | "info" | "warn" | "bad";
  icon: NoticeIcon;
  title: string;
  text?: string;
  actions?: NoticeAction[];
  /** How many seconds it stays; without, it stays until closed. */
  stays?: number;
  /** Takes the place of an older one about the same, and goes with it. */
  about?: string;
}

const MOST = 2;
let nextId = 1;

export const notices = signal<Notice[]>([]);

export function notify(notice: Omit<Notice, "id">): void {
  const others = notices.value.filter(({ about }) => !about || about !== notice.about);
  notices.value = [{ ...notice, id: nextId++ }, ...others].slice(0, MOST);
}

export function dismiss(id: number): void {
  notices.value = notices.value.filter((notice) => notice.id !== id);
}

/** A short confirmation or failure of something the person did. */
export function report(title: string, kind: Notice["kind"] = "good", actions?: NoticeAction[], about?: string): void {
  notify({ kind, icon: kind === "bad" ? "alert" : "check", title, stays: actions ? 10 : 8, actions, about });
  if (kind === "bad") sayNow(title);
  else say(title);
}

/** Words for what happens inside: the live part brings them, which is fetched while one waits. */
export const inside: { tell?: typeof tell; hear?: (post: Message, staff: boolean, me?: string) => void; back?: (missed?: number) => void } = {};

/** Turns news about the room into words. Messages are spoken elsewhere, see speech.ts. */
export function tell(news: News, openBackchannel: () => void): void {
  switch (news.type) {
    case "moved": {
      const title = t("moved.title", { time: when(news.to, news.from) });
      const was = t("moved.text", { time: when(news.from, news.to) });
      const text = news.reason ? `${sentence(news.reason)} ${was}` : was;
      notify({ kind: "warn", icon: "clock", title, text, stays: 20 });
      return say(`${title}. ${text}`);
    }
    case "opened":
      return news.confirmed ? undefined : sayNow(t("say.opened.lobby"));
    case "entered":
      return sayNow(t("say.opened.in"));
    case "closed":
      notices.value = []; // what they offered is over, too
      return sayNow(`${t("over.closed.title")}. ${news.reason ?? ""}`);
    case "deleted":
      return sayNow(`${t("refusal.room_deleted.title")}. ${news.reason ?? ""}`);
    default:
      inside.tell?.(news, openBackchannel);
  }
}
