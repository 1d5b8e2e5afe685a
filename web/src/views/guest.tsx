// Coming by a guest link: the session's page, and who one is. Looking ties nothing; the seat is taken by sending the form.

import "./first.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import { call, Problem, roomOf } from "../api.ts";
import type { Opened } from "../api.ts";
import { t } from "../i18n/index.ts";
import type { Key } from "../i18n/index.ts";
import type { Room } from "../protocol.ts";
import { explain } from "../session.ts";
import { About } from "./about.tsx";
import { Connecting } from "./connecting.tsx";
import { Refusal } from "./later.ts";
import { enter, factsOf } from "./open.tsx";
import { Brand, Field, FieldError, focusFirstInvalid, Skip, useFocusOnMount } from "./parts.tsx";
import { Poster, PosterWhen } from "./stage.tsx";

export interface GuestProps {
  link: string;
  secret: string;
  onOpened: (room: Room) => void;
}

interface Told {
  room: Opened["room"];
  joined: boolean;
  invitation?: string;
}

export function Guest({ link, secret, onOpened }: GuestProps) {
  const [told, setTold] = useState<Told>();
  const [problem, setProblem] = useState<Problem>();
  const look = () => {
    setProblem(undefined);
    if (!secret) return setProblem(new Problem("not_found"));
    call<Told>("POST", "/guest-links/open", { link, secret }).then((now) => {
      if (now.joined && now.invitation) enter({ room: now.room, invitation: now.invitation }, onOpened);
      else setTold(now);
    }, setProblem);
  };
  useEffect(look, []);
  if (problem) return <Refusal facts={factsOf(guestProblem(problem))} again={look} />;
  if (!told) return <Connecting text={t("open.opening")} />;
  const join = async (fields: Fields) => {
    enter(await call<Opened>("POST", "/guest-links/join", { link, secret, ...fields }), onOpened);
  };
  return <GuestPage room={roomOf(told.room)} join={join} fail={setProblem} />;
}

/** A guest has no invitation that could be withdrawn: their link is off. */
function guestProblem(problem: Problem): Problem {
  const { code, status, detail, fields, extra } = problem;
  return code === "invitation_revoked" ? new Problem("guest_link_off", status, detail, fields, extra) : problem;
}

interface PageProps {
  room: Room;
  join: (fields: Fields) => Promise<void>;
  fail: (problem: Problem) => void;
}

function GuestPage({ room, join, fail }: PageProps) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  useEffect(() => {
    document.title = t("guest.page", { title: room.title });
  }, []);
  return (
    <>
      <Skip to="main">{t("skip.main")}</Skip>
      <header class="bar"><Brand /></header>
      <main class="room" id="main" tabIndex={-1}>
        <section class="stage" aria-label={t("stage.session")}>
          <Poster opening={room.state === "open" ? "open" : "shut"}>
            <div class="stack">
              <PosterWhen room={room} />
              <h1 id="title" tabIndex={-1} ref={heading}>{room.title}</h1>
            </div>
          </Poster>
        </section>
        <section class="panel" aria-label={t("guest.panel")}>
          <section class="card"><NameForm join={join} fail={fail} /></section>
        </section>
        <About room={room} />
      </main>
    </>
  );
}

type Fields = Record<(typeof names)[number], string>;

const names = ["first_name", "last_name", "email"] as const;

const asks = {
  first_name: { label: "guest.first", empty: "guest.first.empty", autocomplete: "given-name", most: 80 },
  last_name: { label: "guest.last", empty: "guest.last.empty", autocomplete: "family-name", most: 80 },
  email: { label: "guest.email", empty: "email.empty", autocomplete: "email", most: 254 },
} as const satisfies Record<(typeof names)[number], { label: Key; empty: Key; autocomplete: string; most: number }>;

/** What ends the visit: a page of its own. Everything else is told in the form. */
const final = ["invitation_revoked", "invitation_expired", "invitation_used", "over", "room_deleted", "not_found", "domain_blocked", "banned"];

function NameForm({ join, fail }: Omit<PageProps, "room">) {
  const form = useRef<HTMLFormElement>(null);
  const [wrong, setWrong] = useState<Partial<Fields>>({});
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState(false);
  const show = (errors: Partial<Fields>) => {
    setWrong(errors);
    focusFirstInvalid(form.current);
    return Object.keys(errors).length > 0;
  };
  const submit = async (event: SubmitEvent) => {
    event.preventDefault();
    if (busy || !form.current) return;
    setFailed("");
    const data = new FormData(form.current);
    const fields = Object.fromEntries(names.map((name) => [name, String(data.get(name) ?? "").trim()])) as Fields;
    if (show(check(fields))) return;
    setBusy(true);
    await join(fields).catch((error: unknown) => {
      const problem = error instanceof Problem ? error : new Problem("internal");
      if (final.includes(problem.code)) return fail(guestProblem(problem));
      const refused = names.filter((name) => name in problem.fields);
      if (refused.length === 0) return setFailed(explain(problem.code));
      show(Object.fromEntries(refused.map((name) => [name, name === "email" ? t("email.malformed") : t("guest.name.wrong")])));
    });
    setBusy(false);
  };
  return (
    <form class="stack" ref={form} onSubmit={submit} noValidate>
      <div class="stack-s">
        <h2 class="card-title">{t("guest.title")}</h2>
        <p class="soft">{t("guest.text")}</p>
      </div>
      <div role="alert">{failed && <FieldError id="guest-failed">{failed}</FieldError>}</div>
      {names.map((name) => (
        <Field key={name} id={`guest-${name}`} label={t(asks[name].label)} hint={name === "email" ? t("guest.email.hint") : undefined} error={wrong[name]}>
          {(described) => {
            const given = { class: "input", name, autocomplete: asks[name].autocomplete, spellcheck: false, maxLength: asks[name].most, ...described };
            return name === "email" ? <input type="email" inputMode="email" {...given} /> : <input type="text" {...given} />;
          }}
        </Field>
      ))}
      <button type="submit" class="btn btn-main btn-large btn-block" aria-busy={busy}>{t("guest.action")}</button>
      <p class="small soft">{t("guest.marked")}</p>
    </form>
  );
}

function check(fields: Fields): Partial<Fields> {
  const wrong: Partial<Fields> = {};
  for (const name of names) if (!fields[name]) wrong[name] = t(asks[name].empty);
  if (fields.email && !/^[^\s@]+@[^\s@]+$/.test(fields.email)) wrong.email = t("email.malformed");
  return wrong;
}
