// Every way to be turned away: what happened, what it means, what to do. One page, one table.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import type { Holds, Opened } from "../api.ts";
import { api } from "../api.ts";
import { dayAndTime, sentence, time, when } from "../i18n/format.ts";
import type { Key } from "../i18n/index.ts";
import { t } from "../i18n/index.ts";
import type { Room } from "../protocol.ts";
import type { IconName } from "./icons.tsx";
import { Icon } from "./icons.tsx";
import type { HelpProps } from "./help.tsx";
import { part } from "./lazy.tsx";
import { Remains, ReportLink } from "./over.tsx";
import { Brand, Link, Skip, useFocusOnMount } from "./parts.tsx";

const icons = {
  not_found: "search",
  not_authenticated: "lock",
  invitation_expired: "clock",
  invitation_revoked: "lock",
  guest_link_off: "lock",
  invitation_used: "device",
  other_device: "device",
  displaced: "device",
  connection_limit: "device",
  lobby_locked: "lock",
  not_open_yet: "clock",
  over: "check",
  room_deleted: "calendar",
  removed: "leave",
  denied: "leave",
  banned: "lock",
  collaboration_off: "lock",
  domain_blocked: "mail",
  version: "clock",
  network: "offline",
  left: "leave",
  slow_down: "clock",
  problem: "alert",
} satisfies Record<string, IconName>;

export type RefusalCode = keyof typeof icons;

export interface RefusalFacts {
  code: string;
  reason?: string;
  /** Server times in milliseconds. */
  since?: number;
  ended?: number;
  until?: number;
  /** The room, also where nothing else is known of it. */
  id?: string;
  room?: Pick<Room, "id" | "title" | "starts_at" | "organiser">;
  now: number;
  /** All that the server said beside the code. */
  extra?: object & { since_at?: unknown; domain?: unknown };
  /** To holders of a right link: what they can do, and when they asked for a way in. */
  can?: readonly string[];
  asked?: number;
}

type Action = "move" | "link" | "again" | "reload" | "signin" | "rooms" | "ask" | "there";

/** What one can do about it, in the order of the page. The first button is the main one. */
const steps: Record<RefusalCode, Action[]> = {
  not_found: ["ask", "signin"],
  not_authenticated: ["ask", "signin"],
  invitation_expired: ["ask", "signin"],
  invitation_revoked: ["ask"],
  guest_link_off: ["ask"],
  invitation_used: ["there", "ask"],
  other_device: ["there", "move", "ask", "again"],
  displaced: ["again", "ask"],
  connection_limit: ["again"],
  lobby_locked: ["again", "ask"],
  not_open_yet: ["again"],
  over: ["again"],
  room_deleted: ["rooms"],
  removed: ["link", "ask"],
  denied: ["link", "ask"],
  banned: ["ask"],
  collaboration_off: ["ask"],
  domain_blocked: ["ask"],
  version: ["reload"],
  network: ["again"],
  left: ["again"],
  slow_down: ["again"],
  problem: ["again"],
};

function known(code: string): RefusalCode {
  return code in icons ? (code as RefusalCode) : "problem";
}

/** The second sentence, with the facts that the server told. */
function text(code: RefusalCode, facts: RefusalFacts): string {
  const at = (ms: number) => when(ms, facts.now);
  const reason = facts.reason && sentence(facts.reason);
  const { since_at, domain } = facts.extra ?? {};
  const since = facts.since ?? (since_at as number | undefined);
  switch (code) {
    case "other_device":
      return join(t("refusal.other_device.text"), since && t("refusal.other_device.since", { time: at(since) }));
    case "invitation_expired":
      return facts.until ? t("refusal.invitation_expired.until", { time: dayAndTime(facts.until) }) : t("refusal.invitation_expired.text");
    case "invitation_revoked":
      return join(reason, t("refusal.invitation_revoked.text"));
    case "over":
      return join(reason, facts.ended && t("refusal.over.ended", { time: at(facts.ended) }), t("refusal.over.text"));
    case "domain_blocked":
      return domain ? t("refusal.domain_blocked.named", { domain: String(domain) }) : t("refusal.domain_blocked.text");
    case "room_deleted":
      return reason || t("refusal.room_deleted.text");
    default:
      return join(reason, t(`refusal.${code}.text`));
  }
}

const join = (...sentences: (string | number | undefined)[]) => sentences.filter(Boolean).join(" ");

export interface RefusalProps {
  facts: RefusalFacts;
  /** Tries again; with `takeover` the seat moves here, for somebody signed in with the invited address. */
  again: (takeover?: boolean) => void;
  /** The invitation that this person holds, as far as the page knows. */
  holds?: Holds;
  moved?: (opened: Opened) => void;
}

/** What a holder of a right link can do here: a part of its own. */
const Help = part<HelpProps>("help", async () => (await import("./help.tsx")).Help);

export function Refusal(props: RefusalProps) {
  const { again, holds } = props;
  const [more, learn] = useState<Partial<RefusalFacts>>({});
  const facts = { ...props.facts, ...more };
  const code = known(facts.code);
  const heading = useFocusOnMount<HTMLHeadingElement>();
  return (
    <>
      <Skip to="main">{t("skip.main")}</Skip>
      <header class="bar">
        <Brand />
        {facts.room?.organiser && <div class="bar-end"><span class="line small soft">{t("invited.by", { name: facts.room.organiser })}</span></div>}
      </header>
      <main class="page narrow" id="main" tabIndex={-1}>
        <div class="stack">
          <span class="seal"><Icon name={icons[code]} /></span>
          <div class="stack-s">
            <h1 class="refusal-title" tabIndex={-1} ref={heading}>{t(`refusal.${code}.title`)}</h1>
            <p class="lead soft">{text(code, facts)}</p>
          </div>
        </div>
        <section class="stack-s" aria-labelledby="what">
          <h2 class="card-title" id="what">{t("refusal.what")}</h2>
          <ol class="steps">
            {steps[code].map((action, i) => {
              if (action === "ask" && holds) return <Help key={action} {...props} holds={holds} facts={facts} gone={gone.has(code)} learn={learn} otherwise={t("do.ask.text")} />;
              return <Step key={action} action={action} code={code} main={i === 0} again={again} room={facts.room} />;
            })}
          </ol>
        </section>
        {code === "over" && facts.id && <ReportLink room={facts.id} />}
        {code === "over" && facts.id && <Remains room={facts.id} />}
        <p class="small soft">
          {facts.room && <>{t("refusal.session")} <b>{facts.room.title}</b>, {dayAndTime(facts.room.starts_at)}. </>}
          {t("refusal.reference")} <span class="num">{facts.code}, {time(facts.now)}</span>
        </p>
      </main>
    </>
  );
}

/** Those who had an invitation and lost it ask the organisers, not for a link. */
const gone = new Set<RefusalCode>(["invitation_revoked", "banned", "removed", "denied", "domain_blocked", "lobby_locked"]);

interface StepProps {
  action: Action;
  code: RefusalCode;
  main: boolean;
  again: (takeover?: boolean) => void;
  room?: RefusalFacts["room"];
}

function Step({ action, code, main, again, room }: StepProps) {
  const style = main ? "btn btn-main" : "btn";
  switch (action) {
    case "move":
      return <Move again={again} />;
    case "link":
      return <Advice title={t("do.link")} text={t("do.link.text")} />;
    case "again":
      return <Advice title={againTitle(code)} text={againText(code)}><button type="button" class={style} onClick={() => again(code === "displaced")}>{againTitle(code)}</button></Advice>;
    case "reload":
      return <Advice title={t("do.reload")} text={t("do.reload.text")}><button type="button" class={style} onClick={() => location.reload()}>{t("do.reload")}</button></Advice>;
    case "signin":
      return <Advice title={t("do.signin")} text={t("do.signin.text")}><Link class="btn" to={`/signin${room ? `?next=/r/${room.id}` : ""}`}>{t("signin.link")}</Link></Advice>;
    case "rooms":
      return <Advice title={t("do.rooms")} text={t("do.rooms.text")}><a class={style} href="/">{t("do.rooms.action")}</a></Advice>;
    case "there":
      return <Advice title={t("do.there")} text={t("do.there.text")} />;
    case "ask":
      return <Advice title={t("do.ask")} text={t(code === "other_device" || code === "invitation_used" ? "do.ask.device" : "do.ask.text")} />;
  }
}

/** Only somebody signed in with a verified address can move the seat; the server knows whether it is the invited one. */
function Move({ again }: Pick<StepProps, "again">) {
  const [able, setAble] = useState(false);
  useEffect(() => {
    api.me().then(({ person }) => setAble(person?.verified === true), () => undefined);
  }, []);
  if (!able) return null;
  return <Advice title={t("do.move")} text={t("do.move.text")}><button type="button" class="btn btn-main" onClick={() => again(true)}>{t("do.move")}</button></Advice>;
}

const againKeys: Partial<Record<RefusalCode, [Key, Key]>> = {
  displaced: ["do.back", "do.back.text"],
  other_device: ["do.again", "do.again.device"],
  over: ["do.check", "do.check.text"],
  left: ["do.return", "do.return.text"],
};

const againTitle = (code: RefusalCode) => t(againKeys[code]?.[0] ?? "do.again");
const againText = (code: RefusalCode) => t(againKeys[code]?.[1] ?? "do.again.text");

function Advice({ title, text, children }: { title: string; text: string; children?: ComponentChildren }) {
  return (
    <li>
      <h3>{title}</h3>
      <p class="soft">{text}</p>
      {children && <p>{children}</p>}
    </li>
  );
}
