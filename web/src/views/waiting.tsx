// Before the room: countdown and lobby in one view, because the early-confirm form *becomes* the lobby form.

import { useRef, useState } from "preact/hooks";
import { api } from "../api.ts";
import { seconds, world } from "../browser.ts";
import { list, stopwatch, time } from "../i18n/format.ts";
import { plural, t } from "../i18n/index.ts";
import type { Refusal, Room } from "../protocol.ts";
import type { Entry, RoomSession } from "../session.ts";
import { explain } from "../session.ts";
import type { State } from "../state.ts";
import { CommandError } from "../wire.ts";
import { About } from "./about.tsx";
import { Icon } from "./icons.tsx";
import { LobbyHelp, ManagerDock } from "./later.ts";
import { part } from "./lazy.tsx";
import { LinkState } from "./linkstate.tsx";
import { NoticeList } from "./noticelist.tsx";
import { Field, Link, Status } from "./parts.tsx";
import { BigClock, Poster, PosterWhen, useTimeLeft } from "./stage.tsx";

const ROUNDED = 100;

const Announcements = part<{ session: RoomSession }>("order", async () => (await import("./live/announcements.tsx")).Announcements);

export function Waiting({ session, room }: { session: RoomSession; room: Room }) {
  const state = session.state.value;
  const lobby = state.phase === "lobby";
  const { opening, passed } = useTimeLeft(session);
  return (
    <main class="room" id="main" tabIndex={-1}>
      <section class="stage" aria-label={t("stage.session")}>
        <Poster opening={lobby ? "open" : opening.value}>
          <div class="stack">
            {lobby ? <p><Status state="live" live>{t("status.live")}</Status></p> : <PosterWhen room={room} />}
            {lobby ? <p class="poster-title">{room.title}</p> : <h1 id="title" tabIndex={-1}>{room.title}</h1>}
          </div>
          <div class="stack-s">
            {lobby ? <Started room={room} /> : <BigClock session={session} passed={passed.value} />}
          </div>
        </Poster>
        <LinkState session={session} />
      </section>
      {state.you?.role === "manager" && <div class="dock"><ManagerDock session={session} room={room} /></div>}
      <section class="panel" aria-label={t(lobby ? "lobby.panel" : "waiting.panel")}>
        <NoticeList />
        {state.announcements.length > 0 && <Announcements session={session} />}
        <Door session={session} state={state} lobby={lobby} />
        {lobby ? <SignInHint room={room} /> : <KeepOpen session={session} room={room} />}
      </section>
      <About room={room} />
    </main>
  );
}

function Started({ room }: { room: Room }) {
  const names = (room.speakers ?? []).map((speaker) => speaker.name);
  return (
    <>
      <p class="lead">{t("lobby.started", { time: time(room.opened_at ?? room.starts_at) })}</p>
      {names.length > 0 && <p class="soft">{t("lobby.with", { names: list(names) })}</p>}
    </>
  );
}

function Door({ session, state, lobby }: { session: RoomSession; state: State; lobby: boolean }) {
  const ready = state.you !== undefined;
  if (!ready) return <section class="card" aria-busy="true"><p class="soft">{t("connecting")}</p></section>;
  if (state.you?.confirmed) return <Confirmed state={state} lobby={lobby} />;
  return <section class="card"><AddressForm session={session} lobby={lobby} name={state.you?.first_name} /></section>;
}

function Confirmed({ state, lobby }: { state: State; lobby: boolean }) {
  const byLink = Boolean(state.you?.invitation);
  return (
    <section class="card stack-s">
      <h2 class="card-title line"><Icon name="check" />{t("confirmed.title")}</h2>
      <p class="soft">
        {lobby ? t("confirmed.now") : t("confirmed.text", { time: time(state.room?.starts_at ?? 0) })}
        {byLink && ` ${t("confirmed.bound")}`}
      </p>
    </section>
  );
}

/** One form for both phases: its nodes and what was typed survive the opening. */
function AddressForm({ session, lobby, name }: { session: RoomSession; lobby: boolean; name?: string }) {
  const form = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<Trouble>();
  const [busy, setBusy] = useState(false);
  const [code, setCode] = useState<{ email: string; entry: Entry }>();
  const fail = (trouble: Trouble) => {
    setError(trouble);
    requestAnimationFrame(() => form.current?.focus());
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const email = form.current?.value.trim() ?? "";
    const wrong = addressTrouble(email);
    if (wrong) return fail({ text: wrong });
    if (busy) return;
    setBusy(true);
    await session.lobby("check", { email }).then((entry) => {
      setError(undefined);
      if (entry.verify) setCode({ email, entry });
    }, (e) => fail(troubleOf(e)));
    setBusy(false);
  };
  if (code) return <LobbyHelp session={session} {...code} lobby={lobby} back={() => setCode(undefined)} />;
  const Heading = lobby ? "h1" : "h2";
  return (
    <div class="stack">
      <form class="stack" onSubmit={submit} noValidate>
        <div class="stack-s">
          <Heading class={lobby ? "form-title" : "card-title"} id="lobby-title" tabIndex={-1}>
            {lobby ? (name ? t("lobby.title", { name }) : t("lobby.title.nameless")) : t("confirm.title")}
          </Heading>
          <p class="soft">{t(lobby ? "lobby.text" : "confirm.text")}</p>
        </div>
        <Field id="email" label={t("email.label")} hint={t("email.hint")} error={error && <TroubleText trouble={error} />}>
          {(described) => (
            <input ref={form} class="input" type="email" name="email" autocomplete="email" inputMode="email" spellcheck={false} maxLength={254} {...described} />
          )}
        </Field>
        <button type="submit" class="btn btn-main btn-large btn-block" aria-busy={busy}>{t(lobby ? "lobby.action" : "confirm.action")}</button>
        <p class="small soft">{t("lobby.binds")}</p>
      </form>
      {(error?.until || error?.spent) && <LobbyHelp session={session} />}
    </div>
  );
}

interface Trouble {
  text: string;
  /** Locked until then, by the local monotonic clock. */
  until?: number;
  /** No code can be sent today. */
  spent?: boolean;
}

function TroubleText({ trouble }: { trouble: Trouble }) {
  if (!trouble.until) return <>{trouble.text}</>;
  seconds.value;
  const left = trouble.until - world.now();
  return <>{left > 0 ? t("lobby.locked", { time: stopwatch(left) }) : t("lobby.unlocked")}</>;
}

function addressTrouble(email: string): string | undefined {
  if (!email) return t("email.empty");
  return /^[^\s@]+@[^\s@]+$/.test(email) ? undefined : t("email.malformed");
}

function troubleOf(error: unknown): Trouble {
  const refusal: Refusal = error instanceof CommandError ? error.refusal : { code: "internal" };
  switch (refusal.code) {
    case "lobby_no_match":
      return { text: noMatch(refusal.tries_left) };
    case "lobby_locked":
      return { text: "", until: world.now() + (refusal.retry_ms ?? 60_000) };
    case "slow_down":
      return (refusal.retry_ms ?? 0) > 60_000 ? { text: t("lobby.spent"), spent: true } : { text: explain(refusal.code) };
    case "invalid":
      return { text: t("email.malformed") };
    default:
      return { text: explain(refusal.code) };
  }
}

function noMatch(left: number | undefined): string {
  if (left === undefined) return t("lobby.mismatch");
  return `${t("lobby.mismatch")} ${left === 1 ? t("lobby.last") : plural("lobby.left", left)}`;
}

function SignInHint({ room }: { room: Room }) {
  return (
    <section class="card small">
      <p>{t("lobby.account")} <Link to={`/signin?next=/r/${room.id}`}>{t("signin.link")}</Link></p>
    </section>
  );
}

function KeepOpen({ session, room }: { session: RoomSession; room: Room }) {
  const { waiting = 0 } = session.state.value.count;
  const others = waiting > ROUNDED ? waiting : waiting - 1; // large counts are rounded, small ones hold ourselves
  return (
    <section class="card stack-s">
      {others > 0 && (
        <p class="line-start"><Icon name="people" /><span>{plural("waiting.people", others)}</span></p>
      )}
      <p class="soft small">{t("waiting.keep")}</p>
      <p><a class="btn" href={api.calendar(room.id)} download><Icon name="calendar" />{t("waiting.calendar")}</a></p>
    </section>
  );
}
