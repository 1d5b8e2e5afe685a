// What one's role allows; how the page looks and speaks; the way out.

import "../second.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import type { Key, Language } from "../../i18n/index.ts";
import { language, languages, t, useLanguage } from "../../i18n/index.ts";
import { prefer, preference } from "../../kept.ts";
import { asViewer } from "../../live/asviewer.ts";
import { Icon } from "../icons.tsx";
import { placeBeside } from "../openmenu.tsx";
import { Badge } from "../roles.tsx";
import { ThemeChoice } from "../theme.tsx";
import type { SheetProps } from "../you.tsx";

/** Rights as people say them; several names of the protocol share a sentence. */
const sentences: [string, Key][] = [
  ["chat.post", "right.may.chat"],
  ["question.ask", "right.may.ask"],
  ["hand.raise", "right.may.hand"],
  ["question.answer", "right.may.answer"],
  ["question.publish", "right.may.publish"],
  ["backchannel.post", "right.may.backchannel"],
  ["people.page", "right.may.people"],
  ["role.set:speaker", "right.may.role"],
  ["role.set:moderator", "right.may.moderator"],
  ["chat.delete.any", "right.may.delete"],
  ["invitation.manage", "right.may.invite"],
  ["room.close", "right.may.room"],
];

export function YouSheet({ session, anchor, close, help, leave }: SheetProps) {
  const sheet = useRef<HTMLDivElement>(null);
  const you = session.state.value.you;
  useEffect(() => {
    const element = sheet.current;
    if (!element || !anchor) return;
    element.showPopover();
    placeBeside(element, anchor);
    element.querySelector<HTMLElement>("h2")?.focus();
    const outside = (event: PointerEvent) => {
      if (!element.contains(event.target as Node) && !anchor.contains(event.target as Node)) close();
    };
    document.addEventListener("pointerdown", outside);
    return () => document.removeEventListener("pointerdown", outside);
  }, []);
  if (!you) return null;
  return (
    <div
      ref={sheet}
      class="menu sheet stack"
      role="dialog"
      aria-labelledby="you-title"
      popover="manual"
      onKeyDown={(event) => {
        if (event.key === "Escape") close();
      }}
    >
      <div class="stack-s">
        <h2 id="you-title" class="line" tabIndex={-1}>{you.name} <Badge role={you.role} right={you.right} /></h2>
        <p class="small soft">{t("you.may")}</p>
        <ul class="small ticks">
          {sentences.filter(([right]) => you.rights.includes(right)).map(([right, key]) => <li key={right}><Icon name="check" />{t(key)}</li>)}
        </ul>
      </div>
      <Speech />
      <ThemeChoice />
      <LanguageChoice />
      <div class="line">
        <button type="button" class="btn" onClick={() => { close(); help(); }}>{t("you.keys")}</button>
        {you.role !== "viewer" && session.state.value.phase === "live" && <button type="button" class="btn" onClick={() => { close(); session.lens.value = asViewer; }}><Icon name="eye" />{t("you.preview")}</button>}
        <button type="button" class="btn" onClick={leave}><Icon name="leave" />{t("leave")}</button>
      </div>
    </div>
  );
}

function Speech() {
  const [mode, setMode] = useState(preference("speech") ?? "all");
  const choose = (event: Event) => {
    const value = (event.currentTarget as HTMLSelectElement).value;
    prefer("speech", value);
    setMode(value);
  };
  return (
    <div class="field">
      <label for="speech">{t("you.speech")}</label>
      <select class="input" id="speech" value={mode} onChange={choose}>
        <option value="all">{t("you.speech.all")}</option>
        <option value="summaries">{t("you.speech.summaries")}</option>
        <option value="off">{t("you.speech.off")}</option>
      </select>
    </div>
  );
}

function LanguageChoice() {
  const choose = (event: Event) => {
    const value = (event.currentTarget as HTMLSelectElement).value as Language;
    prefer("language", value);
    void useLanguage(value);
  };
  return (
    <div class="field">
      <label for="language">{t("you.language")}</label>
      <select class="input" id="language" value={language.value} onChange={choose}>
        {Object.entries(languages).map(([code, name]) => <option key={code} value={code} lang={code}>{name}</option>)}
      </select>
    </div>
  );
}
