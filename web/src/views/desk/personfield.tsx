// Whom to invite: an address, and below it the people whom we know by what was typed so far. An ARIA combobox with
// manual selection: what was typed stays valid as it is.

import { useEffect, useId, useRef, useState } from "preact/hooks";
import { say } from "../../announce.ts";
import { plural, t } from "../../i18n/index.ts";
import { Icon } from "../icons.tsx";
import { Avatar, Field } from "../parts.tsx";
import type { KnownPerson } from "./calls.ts";
import { desk } from "./calls.ts";
import { fullName } from "./frame.tsx";
import { most } from "./limits.ts";

const TYPING = 150;

interface Props {
  id: string;
  room: string;
  error?: string;
  /** Somebody was chosen from the list. */
  pick: (person: KnownPerson) => void;
  /** Who has exactly the address that stands in the field, as far as we know. */
  known: (person?: KnownPerson) => void;
}

export function PersonField({ id, room, error, pick, known }: Props) {
  const [text, setText] = useState("");
  const [open, setOpen] = useState(false);
  const [at, setAt] = useState(-1);
  const { state, people } = usePeople(room, text.trim());
  const exact = people.find((person) => sameAddress(person.email, text));
  const list = useId();
  const shown = open && people.length > 0;
  useEffect(() => known(exact), [exact]);
  useEffect(() => setAt(-1), [people]);
  useEffect(() => {
    if (shown) say(plural("people.found", people.length));
  }, [people, shown]);
  const take = (person: KnownPerson) => {
    setText(person.email);
    setOpen(false);
    pick(person);
  };
  const move = (to: number) => {
    setOpen(true);
    if (people.length > 0) setAt((to + people.length) % people.length);
  };
  const steer = (event: KeyboardEvent) => {
    const current = shown ? people[at] : undefined;
    const acts: Record<string, (() => void) | undefined> = {
      ArrowDown: () => move(shown ? at + 1 : 0),
      ArrowUp: () => move(shown && at >= 0 ? at - 1 : -1),
      Enter: current && (() => take(current)),
      Escape: shown ? () => setOpen(false) : text ? () => setText("") : undefined,
    };
    const act = event.altKey || event.isComposing ? undefined : acts[event.key];
    if (!act) return;
    event.preventDefault();
    event.stopPropagation();
    act();
  };
  return (
    <Field id={id} label={t("email.label")} hint={t("invite.email.hint")} error={error}>
      {(described) => (
        <>
          <div class="combo">
            <input
              class="input"
              type="email"
              name="email"
              role="combobox"
              list={undefined}
              aria-autocomplete="list"
              aria-expanded={shown}
              aria-controls={list}
              aria-activedescendant={shown && at >= 0 ? `${list}-${at}` : undefined}
              aria-required="true"
              autocomplete="off"
              inputMode="email"
              spellcheck={false}
              maxLength={most.address}
              value={text}
              onInput={(event) => {
                setText(event.currentTarget.value);
                setOpen(true);
              }}
              onKeyDown={steer}
              onBlur={() => setOpen(false)}
              {...described}
              aria-describedby={[described["aria-describedby"], `${id}-note`].filter(Boolean).join(" ")}
            />
            <div class="listbox" id={list} role="listbox" tabIndex={-1} aria-label={t("people.known")} aria-busy={state === "looking"} hidden={!shown}>
              {people.map((person, i) => <Option key={person.email} id={`${list}-${i}`} person={person} prefix={text.trim()} active={i === at} take={() => take(person)} />)}
            </div>
          </div>
          <Note id={`${id}-note`} state={shown ? "found" : state} text={text.trim()} exact={exact} />
        </>
      )}
    </Field>
  );
}

const sameAddress = (one: string, other: string) => one.toLowerCase() === other.trim().toLowerCase();

type Look = "idle" | "looking" | "found" | "none" | "failed";

/** Whom we know by a prefix. The last question counts. */
function usePeople(room: string, prefix: string) {
  const [answer, setAnswer] = useState<{ state: Look; people: KnownPerson[] }>({ state: "idle", people: [] });
  useEffect(() => {
    if (prefix === "") return setAnswer({ state: "idle", people: [] });
    let current = true;
    const ask = async () => {
      setAnswer((old) => ({ ...old, state: "looking" }));
      const people = await desk.people(prefix, room).catch(() => undefined);
      if (current) setAnswer({ state: !people ? "failed" : people.length > 0 ? "found" : "none", people: people ?? [] });
    };
    const timer = setTimeout(ask, TYPING);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [room, prefix]);
  return answer;
}

interface OptionProps {
  id: string;
  person: KnownPerson;
  prefix: string;
  active: boolean;
  take: () => void;
}

function Option({ id, person, prefix, active, take }: OptionProps) {
  const row = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (active) row.current?.scrollIntoView({ block: "nearest" });
  }, [active]);
  const name = fullName(person);
  const last = begins(name, prefix) ? "" : person.last_name;
  return (
    <div ref={row} class="option" role="option" tabIndex={-1} id={id} aria-selected={active} onPointerDown={(event) => event.preventDefault()} onClick={take}>
      <Avatar name={name} seed={person.email} />
      <span>
        <b class="clip">{last ? <>{person.first_name} <Marked text={last} prefix={prefix} /></> : <Marked text={name} prefix={prefix} />}</b>
        <span class="small soft clip">
          <Marked text={person.email} prefix={prefix} />
          {person.invitation && <> · {t(person.invitation.inside ? "people.inside.as" : "people.invited.as", { type: t(`role.${person.invitation.type}`) })}</>}
        </span>
      </span>
    </div>
  );
}

const begins = (text: string, prefix: string) => text.toLowerCase().startsWith(prefix.toLowerCase());

/** The part that was typed is underlined. */
function Marked({ text, prefix }: { text: string; prefix: string }) {
  if (!begins(text, prefix)) return <>{text}</>;
  return <><mark>{text.slice(0, prefix.length)}</mark>{text.slice(prefix.length)}</>;
}

/** What to know about the address: new, invited already, or that we cannot look. */
function Note({ id, state, text, exact }: { id: string; state: Look; text: string; exact?: KnownPerson }) {
  return (
    <div id={id} role="status">
      {exact?.invitation
        ? <p class="note"><Icon name="people" /><span>{t(exact.invitation.inside ? "invite.inside" : "invite.invited", { name: exact.first_name, type: t(`role.${exact.invitation.type}`) })}</span></p>
        : <LookNote state={state} text={text} />}
    </div>
  );
}

const ENOUGH = 3;

function LookNote({ state, text }: { state: Look; text: string }) {
  if (state === "looking") return <p class="hint">{t("people.looking")}</p>;
  if (state === "none" && text.length >= ENOUGH) return <p class="hint">{t("people.new")}</p>;
  if (state === "failed") return <p class="hint">{t("people.failed")}</p>;
  return null;
}
