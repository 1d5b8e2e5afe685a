// Room controls: what is on and off, what is on the stage, what was reported, and what was done to whom.

import "../second.ts";
import { useComputed } from "@preact/signals";
import { useEffect, useRef, useState } from "preact/hooks";
import { brand } from "../../brand.ts";
import { time } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import { erase } from "../../live/acts.ts";
import { mute } from "../../live/peopleacts.ts";
import { heldBy } from "../../live/features.ts";
import type { Measure, Moderation, Reported } from "../../live/moderate.ts";
import { change, clear, moderation, settle, source, unban } from "../../live/moderate.ts";
import type { Grant, Settings } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { may } from "../../state.ts";
import { Confirm, Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { Field } from "../parts.tsx";

interface Props {
  session: RoomSession;
  close: () => void;
}

export function Controls({ session, close }: Props) {
  const [clearing, setClearing] = useState(false);
  const live = useComputed(() => session.state.value.phase === "live").value;
  if (clearing) return <Clear session={session} close={() => setClearing(false)} />;
  return (
    <Dialog title={t("controls.title")} close={close} foot={<button type="button" class="btn btn-main" onClick={close}>{t("controls.done")}</button>}>
      <div class="dialog-body stack">
        <Switches session={session} />
        <Words session={session} />
        <Stage session={session} />
        <Lists session={session} />
        {live && <section class="stack-s"><h3>{t("clear.title")}</h3><p class="small soft">{t("clear.text")}</p><p><button type="button" class="btn btn-danger" onClick={() => setClearing(true)}>{t("clear.action")}</button></p></section>}
      </div>
    </Dialog>
  );
}

function Clear({ session, close }: Props) {
  const [busy, setBusy] = useState(false);
  const run = async () => {
    setBusy(true);
    await clear(session);
    close();
  };
  return <Confirm title={t("clear.sure")} text={t("clear.text")} action={t("clear.action")} busy={busy} close={close} run={() => void run()} />;
}

const writers: Grant[] = ["viewer", "speaker", "moderator"];
const pauses = [0, 5, 10, 30, 60, 300];

function Switches({ session }: { session: RoomSession }) {
  const now = useComputed(() => heldBy(session).order.settings).value;
  const set = (settings: Partial<Settings>) => void change(session, settings);
  const known = pauses.includes(now.slow_mode_s) ? pauses : [...pauses, now.slow_mode_s].sort((a, b) => a - b);
  return (
    <fieldset class="stack-s">
      <legend class="legend">{t("controls.room")}</legend>
      <label class="check"><input type="checkbox" checked={now.locked} onChange={(event) => set({ locked: event.currentTarget.checked })} /><span>{t("controls.locked")}<br /><span class="small soft">{t("controls.locked.hint")}</span></span></label>
      <label class="check"><input type="checkbox" checked={now.questions} onChange={(event) => set({ questions: event.currentTarget.checked })} /><span>{t("controls.questions")}</span></label>
      <label class="check"><input type="checkbox" checked={now.chat} onChange={(event) => set({ chat: event.currentTarget.checked })} /><span>{t("controls.chat")}</span></label>
      <div class="field">
        <label for="chat-for">{t("controls.chat.for")}</label>
        <select class="input" id="chat-for" value={now.chat_for} onChange={(event) => set({ chat_for: event.currentTarget.value as Grant })}>
          {writers.map((role) => <option key={role} value={role}>{t(`controls.chat.for.${role}`)}</option>)}
        </select>
      </div>
      <div class="field">
        <label for="hands">{t("controls.hands")}</label>
        <select class="input" id="hands" value={now.hands ?? "request"} onChange={(event) => set({ hands: event.currentTarget.value as Settings["hands"] })}>
          {(["open", "request", "invite"] as const).map((mode) => <option key={mode} value={mode}>{t(`controls.hands.${mode}`)}</option>)}
        </select>
      </div>
      <div class="field">
        <label for="slow">{t("controls.slow")}</label>
        <select class="input" id="slow" value={String(now.slow_mode_s)} onChange={(event) => set({ slow_mode_s: Number(event.currentTarget.value) })}>
          {known.map((pause) => <option key={pause} value={String(pause)}>{pause === 0 ? t("controls.slow.off") : plural("controls.slow.seconds", pause)}</option>)}
        </select>
      </div>
    </fieldset>
  );
}

function Words({ session }: { session: RoomSession }) {
  const filter = useComputed(() => heldBy(session).order.settings.filter).value;
  const form = useRef<HTMLFormElement>(null);
  const [busy, setBusy] = useState(false);
  const words = filter?.words ?? [];
  const save = async (event: SubmitEvent) => {
    event.preventDefault();
    const data = new FormData(form.current ?? undefined);
    setBusy(true);
    await change(session, { filter: { words: String(data.get("words") ?? "").split(/[\s,;]+/).filter(Boolean), refuse: data.get("refuse") === "on" } });
    setBusy(false);
  };
  return (
    <form ref={form} key={words.join()} class="stack-s" onSubmit={save}>
      <Field id="words" label={t("controls.words")} hint={t("controls.words.hint")}>
        {(described) => <textarea class="input" name="words" rows={2} defaultValue={words.join(" ")} {...described} />}
      </Field>
      <label class="check"><input type="checkbox" name="refuse" defaultChecked={filter?.refuse} /><span>{t("controls.refuse")}</span></label>
      <p><button type="submit" class="btn" aria-busy={busy}>{t("controls.words.save")}</button></p>
    </form>
  );
}

function Stage({ session }: { session: RoomSession }) {
  const now = useComputed(() => heldBy(session).order.source).value;
  const origins = brand.value.stage_origins ?? [];
  const field = useRef<HTMLInputElement>(null);
  const [error, setError] = useState("");
  if (!useComputed(() => may(session.state.value, "stage.source")).value) return null;
  const show = async (event: SubmitEvent) => {
    event.preventDefault();
    const url = field.current?.value.trim() ?? "";
    const fits = origins.some((origin) => url === origin || url.startsWith(`${origin}/`) || url.startsWith(`${origin}?`));
    setError(fits ? "" : t("controls.stage.wrong"));
    if (fits) await source(session, url);
    else field.current?.focus();
  };
  return (
    <section class="stack-s">
      <h3>{t("controls.stage")}</h3>
      {origins.length === 0 ? <p class="small soft">{t("controls.stage.none")}</p> : (
        <form class="stack-s" key={now} onSubmit={show} noValidate>
          <Field id="source" label={t("controls.stage.url")} hint={t("controls.stage.hint", { origins: origins.join(", ") })} error={error}>
            {(described) => <input ref={field} class="input" type="url" autocomplete="off" maxLength={1000} defaultValue={now} {...described} />}
          </Field>
          <p class="line">
            <button type="submit" class="btn">{t("controls.stage.show")}</button>
            {now && <button type="button" class="btn" onClick={() => void source(session, "")}>{t("controls.stage.clear")}</button>}
          </p>
        </form>
      )}
    </section>
  );
}

/** Fetched when the window opens and after each change; the log tells of reports as they come. */
function Lists({ session }: { session: RoomSession }) {
  const [lists, setLists] = useState<Moderation>();
  const open = useComputed(() => heldBy(session).watch?.reports.map(({ id }) => id).join()).value;
  const [round, setRound] = useState(0);
  useEffect(() => {
    moderation(session).then(setLists, () => undefined); // the window stays useful without
  }, [open, round]);
  const after = async (act: Promise<unknown>) => {
    await act;
    setRound(round + 1);
  };
  if (!lists) return null;
  return (
    <>
      <section class="stack-s">
        <h3>{t("reports.title")}</h3>
        {lists.reports.length === 0 ? <p class="small soft">{t("reports.none")}</p>
          : <ul class="plain stack-s">{lists.reports.map((one) => <ReportRow key={one.id} session={session} one={one} after={after} />)}</ul>}
      </section>
      <section class="stack-s">
        <h3>{t("measures.title")}</h3>
        {lists.measures.length === 0 ? <p class="small soft">{t("measures.none")}</p>
          : <ul class="plain stack-s">{lists.measures.map((one) => <MeasureRow key={one.participant + one.kind} session={session} one={one} after={after} />)}</ul>}
      </section>
    </>
  );
}

type After = (act: Promise<unknown>) => Promise<void>;

function ReportRow({ session, one, after }: { session: RoomSession; one: Reported; after: After }) {
  return (
    <li class="card stack-s">
      <p class="quote"><span><b>{one.name}</b> {one.text}</span></p>
      <p class="small soft">{plural("reports.times", one.times)}</p>
      {one.reasons?.filter(({ reason }) => reason).map(({ participant, name, reason }) => <p key={participant} class="small">{t("reports.reason", { name, reason: reason ?? "" })}</p>)}
      <p class="line">
        <button type="button" class="btn btn-small" onClick={() => void after(erase(session, one.id))}><Icon name="x" />{t("reports.delete")}</button>
        <button type="button" class="btn btn-quiet btn-small" onClick={() => void after(settle(session, one.id))}>{t("reports.leave")}</button>
      </p>
    </li>
  );
}

function MeasureRow({ session, one, after }: { session: RoomSession; one: Measure; after: After }) {
  const undo = () => void after(one.kind === "muted" ? mute(session, one, false) : unban(session, one.participant));
  return (
    <li class="card stack-s">
      <p><b>{one.name || t("measures.erased")}</b> · {t(`measures.${one.kind}`)}{one.scope && one.scope !== "invitation" && ` (${one.domain ?? t(`measures.scope.${one.scope}`)})`}</p>
      <p class="small soft">{t("measures.by", { name: one.by.name, time: time(one.at) })}{one.reason && ` · ${one.reason}`}</p>
      <p><button type="button" class="btn btn-small" onClick={undo}>{t(one.kind === "muted" ? "measures.unmute" : "measures.undo")}</button></p>
    </li>
  );
}
