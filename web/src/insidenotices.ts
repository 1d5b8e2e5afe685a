// Notices of what happens to people inside, and the chat for screen readers. They come with the live part of the app.

import { effect } from "@preact/signals";
import { hush, say, sayNow } from "./announce.ts";
import { seconds, visible, world } from "./browser.ts";
import { plural, t } from "./i18n/index.ts";
import { preference } from "./kept.ts";
import type { News } from "./news.ts";
import { inside, notices, notify } from "./notices.ts";
import type { SpeechMode, Utterance } from "./speech.ts";
import { ChatSpeech } from "./speech.ts";

const roleIcons = { viewer: "eye", speaker: "mic", moderator: "shield", manager: "key" } as const;

inside.tell = (news, openBackchannel) => {
  if (news.type === "role") return tellRole(news, openBackchannel);
  if (news.type === "request") return tellRequest(news.name);
};

function tellRole(news: News & { type: "role" }, openBackchannel: () => void): void {
  if (!news.up) {
    notices.value = []; // what they told, and what was heard last, may be for staff
    hush();
  }
  const title = news.role === "viewer" ? t("role.now.viewer") : t(`role.now.${news.role}`);
  const text = news.by ? t(`role.now.${news.role}.text`, { name: news.by }) : t("role.over");
  const actions = news.up ? [{ label: t("role.backchannel"), run: openBackchannel }] : undefined;
  notify({ kind: news.up ? "good" : "info", icon: roleIcons[news.role], title, text, actions, about: "role" });
  sayNow(`${title}. ${text}`);
}

/** To managers: somebody was kept out and asks for a way in. */
function tellRequest(name: string): void {
  const title = t("request.title", { name });
  notify({ kind: "info", icon: "device", title, text: t("request.text"), stays: 20 });
  say(title);
}

/** Back after a break that the person could see. */
inside.back = (missed) => {
  if (missed === 0) return;
  const text = missed === undefined ? t("back.snapshot") : plural("back.missed", missed);
  notify({ kind: "good", icon: "check", title: t("back.title"), text, stays: 8 });
  say(`${t("back.title")}. ${text}`);
};

const speech = new ChatSpeech();

/** Somebody else's message. Nobody listens to a page that is not shown; who is mentioned hears it, however many come. */
inside.hear = (post, staff, me) => {
  if (post.mentions?.some(({ participant }) => participant === me)) return say(t(staff ? "say.mention.staff" : "say.mention", { name: post.name, text: post.text }));
  if (!visible.peek()) return;
  const text = t(staff ? "say.staff" : "say.message", { name: post.name, text: post.text });
  utter(speech.heard(text, (preference("speech") ?? "all") as SpeechMode, world.now()));
};

effect(() => {
  seconds.value;
  utter(speech.due(world.now()));
});

function utter(said: Utterance | undefined): void {
  if (said) say("message" in said ? said.message : plural("say.messages", said.count));
}
