// Guest links of a room: up to three, each for everybody who has it.

import "./base.ts";
import { useEffect, useState } from "preact/hooks";
import { at, call } from "../../api.ts";
import { dayAndTime } from "../../i18n/format.ts";
import type { Key } from "../../i18n/index.ts";
import { plural, t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { Confirm, Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { MenuButton } from "../menu.tsx";
import { Field, Status } from "../parts.tsx";
import { Empty } from "../shapes.tsx";
import type { List } from "./calls.ts";
import { Failed, failureOf, instantOf, Summary, textOf, useSubmit } from "./forms.tsx";
import { CopyLink } from "./linkdialog.tsx";

const LABEL = 60;
const GUESTS = 100_000;
const ids = { label: "guest-label", most: "guest-most", expires_at: "guest-expires" };

interface GuestLink {
  id: string;
  label: string;
  state: "on" | "off" | "expired" | "used_up";
  /** None: any number. */
  most?: number;
  joined: number;
  expires_at?: string;
  url?: string;
  ended?: number;
}

const linksAt = (room: string) => `${at(room)}/guest-links`;
const linkAt = (room: string, id: string) => `${linksAt(room)}/${encodeURIComponent(id)}`;

interface Props {
  room: { id: string; title: string };
  close: () => void;
}

type Ending = { link: GuestLink; remove: boolean };

export function GuestLinks({ room, close }: Props) {
  const [links, setLinks] = useState<GuestLink[]>();
  const [most, setMost] = useState(3);
  const [failed, setFailed] = useState("");
  const [ending, setEnding] = useState<Ending>();
  const load = () => call<List<GuestLink> & { most: number }>("GET", linksAt(room.id)).then((now) => {
    setMost(now.most);
    setLinks((old) => now.items.map((link) => ({ ...link, url: old?.find(({ id }) => id === link.id)?.url })));
  }, (error) => setFailed(failureOf(error)));
  useEffect(() => void load(), []);
  const put = (link: GuestLink) => setLinks((old = []) => (old.some(({ id }) => id === link.id) ? old.map((one) => (one.id === link.id ? { url: one.url, ...link } : one)) : [...old, link]));
  const change = (link: GuestLink, path: string, method: string, body: object) =>
    call<GuestLink>(method, linkAt(room.id, link.id) + path, body).then((fresh) => {
      setFailed("");
      put(fresh);
    }, (error) => setFailed(failureOf(error)));
  if (ending) {
    const done = (gone: boolean, fresh?: GuestLink) => {
      setEnding(undefined);
      if (gone) setLinks((old) => old?.filter(({ id }) => id !== ending.link.id));
      if (fresh) put({ ...fresh, url: undefined });
    };
    return <EndDialog room={room.id} {...ending} done={done} />;
  }
  return (
    <Dialog title={t("guests.title")} subtitle={room.title} close={close} foot={<button type="button" class="btn btn-main" onClick={close}>{t("dialog.done")}</button>}>
      <div class="dialog-body stack">
        <p class="soft">{t("guests.text")}</p>
        <Failed text={failed} />
        {links?.length === 0 && <Empty icon="link" title={t("guests.none")} />}
        <ul class="stack">
          {links?.map((link) => (
            <LinkItem
              key={link.id}
              link={link}
              on={() => void change(link, "", "PATCH", { on: true })}
              renew={() => void change(link, "/link", "POST", {})}
              end={(remove) => setEnding({ link, remove })}
            />
          ))}
        </ul>
        {links && links.length < most && <NewLink room={room.id} made={put} />}
        {links && links.length >= most && <p class="small soft">{plural("guests.full", most)}</p>}
      </div>
    </Dialog>
  );
}

interface ItemProps {
  link: GuestLink;
  on: () => void;
  renew: () => void;
  end: (remove: boolean) => void;
}

const shapes: Record<GuestLink["state"], string> = { on: "live", off: "over", expired: "expired", used_up: "left" };
const words: Record<GuestLink["state"], Key> = { on: "guests.on", off: "guests.off", expired: "guests.expired", used_up: "guests.used_up" };

function LinkItem({ link, on, renew, end }: ItemProps) {
  return (
    <li class="stack-s" aria-label={link.label}>
      <div class="row-main">
        <span class="line"><b class="clip">{link.label}</b><Status state={shapes[link.state]}>{t(words[link.state])}</Status></span>
        <span class="small soft">{countOf(link)}{link.expires_at && ` · ${t("guests.until", { time: dayAndTime(Date.parse(link.expires_at)) })}`}</span>
      </div>
      {link.url && <CopyLink id={`link-${link.id}`} label={t("guests.link")} url={link.url} />}
      <p class="line">
        {link.state === "off" ? <button type="button" class="btn btn-small" onClick={on}>{t("guests.switch.on")}</button>
          : <button type="button" class="btn btn-small" onClick={() => end(false)}>{t("guests.switch.off")}</button>}
        <MenuButton
          label={t("people.actions", { name: link.label })}
          groups={() => [{ items: [
            { label: t("guests.renew"), icon: "link", run: renew },
            { label: t("guests.remove"), icon: "x", danger: true, run: () => end(true) },
          ] }]}
        />
      </p>
    </li>
  );
}

function countOf({ joined, most }: GuestLink): string {
  return most ? t("guests.of", { joined, most }) : plural("guests.joined", joined);
}

/** Switching off, or removing: and those who came by it? */
function EndDialog({ room, link, remove, done }: Ending & { room: string; done: (gone: boolean, fresh?: GuestLink) => void }) {
  const [sessions, setSessions] = useState<"keep" | "end">("keep");
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string>();
  const run = async () => {
    setBusy(true);
    try {
      const fresh = remove ? await call<undefined>("DELETE", linkAt(room, link.id), { sessions })
        : await call<GuestLink>("PATCH", linkAt(room, link.id), { on: false, sessions });
      report(t(remove ? "guests.removed" : "guests.switched.off", { label: link.label }));
      done(remove, fresh);
    } catch (e) {
      setError(failureOf(e));
    }
    setBusy(false);
  };
  return (
    <Confirm
      title={t(remove ? "guests.remove.title" : "guests.switch.off.title", { label: link.label })}
      text={t(remove ? "guests.remove.text" : "guests.switch.off.text")}
      action={t(remove ? "guests.remove" : "guests.switch.off")}
      danger={remove || sessions === "end"}
      busy={busy}
      error={error}
      close={() => done(false)}
      run={run}
    >
      {link.joined > 0 && (
        <fieldset class="stack-s">
          <legend class="legend">{t("guests.inside")}</legend>
          {(["keep", "end"] as const).map((choice) => (
            <label class="check" key={choice}>
              <input type="radio" name="sessions" checked={sessions === choice} onChange={() => setSessions(choice)} />
              <span>{t(`guests.inside.${choice}`)}</span>
            </label>
          ))}
        </fieldset>
      )}
    </Confirm>
  );
}

function NewLink({ room, made }: { room: string; made: (link: GuestLink) => void }) {
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data) => {
      const wrong: Record<string, string> = {};
      if (!textOf(data, "label")) wrong.label = t("guests.label.empty");
      const guests = textOf(data, "most");
      if (guests && !(Number.isInteger(Number(guests)) && Number(guests) >= 1 && Number(guests) <= GUESTS)) wrong.most = t("guests.most.wrong");
      const expires = textOf(data, "expires_at");
      if (expires && !(instantOf(expires) > Date.now())) wrong.expires_at = t("invite.expires.past");
      return wrong;
    },
    send: async (data) => {
      const expires = textOf(data, "expires_at");
      made(await call<GuestLink>("POST", linksAt(room), {
        label: textOf(data, "label"),
        most: Number(textOf(data, "most")) || undefined,
        expires_at: expires ? new Date(instantOf(expires)).toISOString() : undefined,
      }));
      form.current?.reset();
    },
    fields: Object.keys(ids),
  });
  return (
    <form class="stack card pad" ref={form} onSubmit={submit} noValidate aria-labelledby="guests-new">
      <h3 class="card-title" id="guests-new">{t("guests.new")}</h3>
      <Failed text={failed} />
      <Summary errors={errors} ids={ids} />
      <Field id={ids.label} label={t("guests.label")} hint={t("guests.label.hint")} error={errors.label}>
        {(described) => <input class="input" name="label" autocomplete="off" maxLength={LABEL} {...described} />}
      </Field>
      <div class="fields-2">
        <Field id={ids.most} label={t("guests.most")} hint={t("guests.most.hint")} error={errors.most}>
          {(described) => <input class="input" name="most" inputMode="numeric" autocomplete="off" maxLength={6} {...described} />}
        </Field>
        <Field id={ids.expires_at} label={t("guests.expires")} hint={t("guests.expires.hint")} error={errors.expires_at}>
          {(described) => <input class="input" type="datetime-local" name="expires_at" {...described} />}
        </Field>
      </div>
      <p><button type="submit" class="btn" aria-busy={busy}><Icon name="plus" />{t("guests.make")}</button></p>
    </form>
  );
}
