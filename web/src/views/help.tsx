// What somebody who is kept out can do here: ask the organisers, prove the mailbox by a code. A part of its own,
// because few ever see it.

import "./first.ts";
import "./moreicons.tsx";
import { useEffect, useRef, useState } from "preact/hooks";
import { say } from "../announce.ts";
import type { Holds, Opened } from "../api.ts";
import { api, call, Problem } from "../api.ts";
import { onWake, seconds, world } from "../browser.ts";
import { stopwatch, time } from "../i18n/format.ts";
import { plural, t } from "../i18n/index.ts";
import type { Entry, RoomSession } from "../session.ts";
import { CommandError } from "../wire.ts";
import { Icon } from "./icons.tsx";
import { Field } from "./parts.tsx";
import type { RefusalFacts, RefusalProps } from "./refusal.tsx";

const LONGEST = 300; // of a message, in code points
const PAUSE = 60_000;

const LOOK_AGAIN = 10_000;

const calls = {
  ask: (holds: Holds, message: string) => call<{ asked_at: string }>("POST", "/invitations/request-link", { ...holds, message }),
  code: (holds: Holds) => call<{ again_ms: number }>("POST", "/invitations/code", holds),
  move: (holds: Holds, code: string) => call<Opened>("POST", "/invitations/move", { ...holds, code }),
};

export interface HelpProps extends RefusalProps {
  holds: Holds;
  /** The person had an invitation and lost it: there is no link to be sent again. */
  gone: boolean;
  learn: (more: Partial<RefusalFacts>) => void;
  /** What to do where the server offers nothing. */
  otherwise: string;
}

/** What the server tells the holder of a right link beside a refusal: the session, and what can be done. */
function standingOf(said: object = {}): Partial<RefusalFacts> | undefined {
  const extra = said as Record<string, unknown>;
  const room = extra.room as { id: string; title: string; starts_at: string; organiser?: string } | undefined;
  if (!room) return undefined;
  return { can: (extra.can as string[] | undefined) ?? [], asked: Date.parse(String(extra.asked_at)) || undefined, room: { ...room, starts_at: Date.parse(room.starts_at) } };
}

/** The steps of a refusal for whoever holds a right link. Looks again while an answer of the organisers is awaited. */
export function Help({ facts, holds, gone, learn, again, moved, otherwise }: HelpProps) {
  const { can, asked } = facts;
  const look = () => api.open(holds).then(() => asked && again(), (problem) => {
    const standing = problem instanceof Problem && standingOf(problem.extra);
    if (standing) learn(standing);
  });
  useEffect(() => {
    const told = standingOf(facts.extra);
    if (told) learn(told);
    else void look();
  }, []);
  useEffect(() => {
    if (!asked) return;
    const timer = setInterval(look, LOOK_AGAIN);
    const stop = onWake(() => void look());
    return () => {
      clearInterval(timer);
      stop();
    };
  }, [asked]);
  return (
    <>
      {moved && can?.includes("code") && <li><Move holds={holds} moved={moved} /></li>}
      {asked || can?.includes("ask")
        ? <li><Ask holds={holds} asked={asked} gone={gone} done={(at) => learn({ can, room: facts.room, asked: at })} /></li>
        : <li><h3>{t("do.ask")}</h3><p class="soft">{otherwise}</p></li>}
    </>
  );
}

interface AskProps {
  holds: Holds;
  /** When it was asked, by the server's clock. */
  asked?: number;
  gone: boolean;
  heading?: "h2" | "h3";
  done: (asked: number) => void;
}

/** Asking takes two steps, so that nothing that presses buttons by itself asks by accident. */
function Ask({ holds, asked, gone, done, heading: Heading = "h3" }: AskProps) {
  const [open, setOpen] = useState(false);
  if (asked) return <Asked at={asked} heading={Heading} />;
  return (
    <>
      <Heading>{t(gone ? "ask.organisers" : "ask.title")}</Heading>
      <p class="soft">{t("ask.text")}</p>
      {open
        ? <AskForm holds={holds} done={done} />
        : <p><button type="button" class="btn" onClick={() => setOpen(true)}>{t(gone ? "ask.organisers" : "ask.open")}</button></p>}
    </>
  );
}

function Asked({ at, heading: Heading }: { at: number; heading: "h2" | "h3" }) {
  return (
    <>
      <Heading class="line"><Icon name="check" />{t("asked.title", { time: time(at) })}</Heading>
      <p class="soft">{t("asked.text")}</p>
    </>
  );
}

function AskForm({ holds, done }: { holds: Holds; done: (asked: number) => void }) {
  const text = useRef<HTMLTextAreaElement>(null);
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const focus = (element: HTMLTextAreaElement | null) => {
    if (element && !text.current) element.focus();
    text.current = element;
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy) return;
    setBusy(true);
    try {
      const { asked_at } = await calls.ask(holds, text.current?.value.trim() ?? "");
      const at = Date.parse(asked_at);
      say(`${t("asked.title", { time: time(at) })}. ${t("asked.text")}`);
      return done(at);
    } catch (problem) {
      setError(failure(problem));
      text.current?.focus();
    }
    setBusy(false);
  };
  return (
    <form class="stack-s" onSubmit={submit} noValidate>
      <Field id="ask-message" label={t("ask.message")} hint={t("ask.hint")} error={error}>
        {(described) => <textarea class="input" rows={3} maxLength={LONGEST} ref={focus} {...described} />}
      </Field>
      <p><button type="submit" class="btn btn-main" aria-busy={busy}>{t("ask.send")}</button></p>
    </form>
  );
}

/** For the lobby, where there is no list of steps. */
function AskCard({ holds }: { holds: Holds }) {
  const [asked, setAsked] = useState<number>();
  return <section class="stack-s" aria-label={t("ask.organisers")}><Ask holds={holds} gone asked={asked} done={setAsked} heading="h2" /></section>;
}

interface MoveProps {
  holds: Holds;
  moved: (opened: Opened) => void;
}

/** Moving here by a code that comes to the invited mailbox. */
function Move({ holds, moved }: MoveProps) {
  const [again, setAgain] = useState<number>();
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const send = async () => {
    if (busy) return;
    setBusy(true);
    setError(undefined);
    try {
      setAgain(world.now() + (await calls.code(holds)).again_ms);
      say(t("code.sent"));
    } catch (problem) {
      if (problem instanceof Problem && problem.code === "slow_down") setAgain(again ?? world.now() + wait(problem));
      setError(failure(problem));
    }
    setBusy(false);
  };
  const check = async (code: string) => moved(await calls.move(holds, code));
  return (
    <>
      <h3>{t("move.title")}</h3>
      <p class="soft">{t(again ? "code.sent" : "move.text")}</p>
      {again === undefined
        ? <p><button type="button" class="btn btn-main" aria-busy={busy} onClick={send}><Icon name="mail" />{t("code.send")}</button></p>
        : <CodeForm action={t("move.action")} check={check} again={again} resend={send} busy={busy} />}
      {error && <p class="error" role="alert"><Icon name="alert" />{error}</p>}
    </>
  );
}

const wait = ({ extra }: Problem) => Number(extra.retry_ms) || PAUSE;

export interface LobbyHelpProps extends Partial<LobbyCodeProps> {
  session: RoomSession;
}

/** The lobby's second step; without a code, asking the organisers. */
export function LobbyHelp(props: LobbyHelpProps) {
  return props.entry ? <LobbyCode {...(props as LobbyCodeProps)} /> : <AskCard holds={props.session.holds} />;
}

interface LobbyCodeProps {
  session: RoomSession;
  email: string;
  entry: Entry;
  lobby: boolean;
  /** Another address. */
  back: () => void;
}

/** The second step of the lobby, where the site wants to see that the mailbox is theirs. */
function LobbyCode({ session, email, entry, lobby, back }: LobbyCodeProps) {
  const [again, setAgain] = useState(world.now() + (entry.again_ms ?? 0));
  const [error, setError] = useState<string>();
  const [busy, setBusy] = useState(false);
  const resend = async () => {
    setBusy(true);
    setError(undefined);
    try {
      setAgain(world.now() + ((await session.lobby("check", { email })).again_ms ?? PAUSE));
      say(t("code.sent"));
    } catch (problem) {
      setError(failure(problem));
    }
    setBusy(false);
  };
  return (
    <div class="stack">
      <div class="stack-s">
        {lobby ? <h1 class="form-title" tabIndex={-1}>{t("code.title")}</h1> : <h2 class="card-title">{t("code.title")}</h2>}
        <p class="soft">{t("code.lobby", { email })}</p>
      </div>
      <CodeForm action={t(lobby ? "lobby.action" : "confirm.action")} check={async (code) => void (await session.lobby("code", { code }))} again={again} resend={resend} busy={busy} wide />
      {error && <p class="error" role="alert"><Icon name="alert" />{error}</p>}
      <p><button type="button" class="btn btn-quiet" onClick={back}>{t("code.other")}</button></p>
    </div>
  );
}

interface CodeFormProps {
  action: string;
  check: (code: string) => Promise<void>;
  /** When the next code may be sent, by the local monotonic clock. */
  again: number;
  resend: () => void;
  busy: boolean;
  wide?: boolean;
}

function CodeForm({ action, check, again, resend, busy, wide }: CodeFormProps) {
  const input = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string>();
  const [checking, setChecking] = useState(false);
  const focus = (element: HTMLInputElement | null) => {
    if (element && !input.current) element.focus();
    input.current = element;
  };
  const fail = (text: string) => {
    setError(text);
    requestAnimationFrame(() => input.current?.focus());
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    const code = (input.current?.value ?? "").replace(/[\s-]/g, "");
    if (!/^\d{6}$/.test(code)) return fail(t("code.malformed"));
    if (checking) return;
    setChecking(true);
    await check(code).then(() => setError(undefined), (problem) => fail(failure(problem)));
    setChecking(false);
  };
  seconds.value;
  const left = again - world.now();
  const another = () => {
    if (left <= 0 && !busy) resend();
  };
  return (
    <form class="stack-s" onSubmit={submit} noValidate>
      <Field id="code" label={t("code.label")} hint={t("code.hint")} error={error}>
        {(described) => <input class="input" ref={focus} type="text" name="code" inputMode="numeric" autocomplete="one-time-code" maxLength={12} spellcheck={false} {...described} />}
      </Field>
      <p><button type="submit" class={wide ? "btn btn-main btn-large btn-block" : "btn btn-main"} aria-busy={checking}>{action}</button></p>
      <p class="line small">
        <button type="button" class="btn btn-small" aria-disabled={left > 0} aria-busy={busy} onClick={another}>{t("code.again")}</button>
        {left > 0 && <span class="soft">{t("code.again.in", { time: stopwatch(left) })}</span>}
      </p>
    </form>
  );
}

/** Why it did not work, by the codes of both transports. */
function failure(problem: unknown): string {
  const { code, left, retry } = said(problem);
  switch (code) {
    case "lobby_no_match":
      return left > 0 ? `${t("code.wrong")} ${plural("lobby.left", left)}` : t("code.dead");
    case "slow_down":
      return retry > 10 * PAUSE ? t("code.later") : t("refusal.slow_down.text");
    case "network":
    case "connection":
      return t("refusal.network.text");
    default:
      return t("failed.other");
  }
}

function said(problem: unknown): { code: string; left: number; retry: number } {
  if (problem instanceof CommandError) {
    const { code, tries_left = 0, retry_ms = 0 } = problem.refusal;
    return { code, left: tries_left, retry: retry_ms };
  }
  if (!(problem instanceof Problem)) return { code: "", left: 0, retry: 0 };
  return { code: problem.code, left: Number(problem.extra.tries_left) || 0, retry: Number(problem.extra.retry_ms) || 0 };
}
