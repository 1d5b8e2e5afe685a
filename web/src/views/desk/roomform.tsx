// Making and changing a room: a plain form, times in the visitor's zone.

import "./base.ts";
import { useEffect, useMemo, useState } from "preact/hooks";
import type { RoomRecord } from "../../api.ts";
import type { RoomFields } from "./calls.ts";
import { Problem, serverNow } from "../../api.ts";
import { zoneCity } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import type { Speaker } from "../../protocol.ts";
import { go } from "../../route.ts";
import { Connecting } from "../connecting.tsx";
import { Icon } from "../icons.tsx";
import { Field, FieldError, Link } from "../parts.tsx";
import { Refusal } from "../later.ts";
import type { Errors } from "./forms.tsx";
import { Failed, localValue, Summary, textOf, useSubmit } from "./forms.tsx";
import { Frame } from "./frame.tsx";
import { desk } from "./calls.ts";
import { badSpeaker, isNameless, most } from "./limits.ts";
import { useCodes } from "./mail.ts";
import type { Theirs } from "./overtaken.tsx";
import { isOvertaken, lookAgain, Overtaken } from "./overtaken.tsx";
import { changedLife, checkLife, lifeOf, RoomLife } from "./roomlife.tsx";
import { momentOf, noMoment, TimeField } from "./timefield.tsx";

const SPEAKERS = 50;
const HOUR = 3_600_000;
const LONGEST = 31 * 24 * HOUR;
const ids = { title: "title", description: "description", starts_at: "starts", ends_at: "ends", speakers: "speakers", host_absent: "absent-minutes", closing_words: "closing-words", closing_link: "closing-link" };

export function NewRoom() {
  const save = async (fields: RoomFields) => {
    const room = await desk.createRoom(fields);
    go(`/rooms/${room.id}`, "replace");
    report(t("form.made"));
  };
  return <RoomForm title={t("form.new")} action={t("form.create")} back="/rooms" save={save} />;
}

export function EditRoom({ id }: { id: string }) {
  const [room, setRoom] = useState<RoomRecord>();
  const [theirs, setTheirs] = useState<Theirs>();
  const [problem, setProblem] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setProblem(undefined);
    desk.room(id).then(setRoom, setProblem);
  }, [attempt]);
  if (problem) return <Refusal facts={{ code: problem.code, now: serverNow() }} again={() => setAttempt(attempt + 1)} />;
  if (!room) return <Connecting text={t("connecting")} />;
  const save = async (fields: RoomFields) => {
    const version = (theirs?.room ?? room).version;
    try {
      await desk.changeRoom(id, { version, ...changed(room, fields) });
    } catch (error) {
      if (!isOvertaken(error)) throw error;
      setTheirs(await lookAgain(id, error, theirs));
      throw new Problem("overtaken");
    }
    go(`/rooms/${id}`, "replace");
    report(t("form.saved"));
  };
  return <RoomForm title={t("form.edit")} action={t("form.save")} back={`/rooms/${id}`} room={room} theirs={theirs} save={save} />;
}

/** Only what I changed: the rest stays as others may have left it meanwhile, and an open room refuses a start, even the same one. */
function changed(room: RoomRecord, fields: RoomFields): Partial<RoomFields> {
  const change: Partial<RoomFields> = {};
  const time = (at?: string | null) => (at ? Date.parse(at) : undefined);
  if (fields.title !== room.title) change.title = fields.title;
  if (fields.description !== room.description) change.description = fields.description;
  if (fields.collaboration !== room.collaboration) change.collaboration = fields.collaboration;
  if (fields.lobby_code !== Boolean(room.lobby_code)) change.lobby_code = fields.lobby_code;
  if (!sameSpeakers(fields.speakers, room.speakers)) change.speakers = fields.speakers;
  if (time(room.starts_at) !== time(fields.starts_at)) change.starts_at = fields.starts_at;
  if (time(room.ends_at) !== time(fields.ends_at)) change.ends_at = fields.ends_at;
  return { ...change, ...changedLife(room, fields) };
}

const sameSpeakers = (mine: Speaker[], theirs: Speaker[]) =>
  mine.length === theirs.length && mine.every(({ name, bio }, i) => name === theirs[i]?.name && (bio ?? "") === (theirs[i]?.bio ?? ""));

interface Props {
  title: string;
  action: string;
  back: string;
  room?: RoomRecord;
  theirs?: Theirs;
  save: (fields: RoomFields) => Promise<void>;
}

function RoomForm({ title, action, back, room, theirs, save }: Props) {
  const [speakers, setSpeakers] = useState<Speaker[]>(room?.speakers?.length ? room.speakers : [{ name: "" }]);
  const codes = useCodes();
  const started = room !== undefined && room.state !== "scheduled";
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data) => check(data, speakers),
    send: (data) => save(fieldsOf(data, speakers, room)),
    explain: (error) => (error instanceof Problem ? explain(error) : undefined),
    fields: Object.keys(ids),
  });
  const starts = room ? Date.parse(room.starts_at) : Math.ceil((serverNow() + HOUR) / HOUR) * HOUR;
  const ends = room ? room.ends_at && Date.parse(room.ends_at) : starts + HOUR;
  return (
    <Frame title={title} narrow>
      <div class="stack-s"><p class="small"><Link to={back}>{t(room ? "form.back.room" : "nav.rooms")}</Link></p><h1 class="refusal-title" tabIndex={-1}>{title}</h1></div>
      <form ref={form} class="card stack" onSubmit={submit} noValidate>
        <Failed text={failed} />
        {theirs && <Overtaken theirs={theirs} />}
        <Summary errors={errors} ids={ids} />
        <Field id={ids.title} label={t("form.title")} error={errors.title}>
          {(described) => <input class="input" name="title" maxLength={most.title} autocomplete="off" defaultValue={room?.title} {...described} />}
        </Field>
        <Field id={ids.description} label={t("form.description")} hint={t("form.description.hint")} error={errors.description}>
          {(described) => <textarea class="input" name="description" rows={4} maxLength={most.description} defaultValue={room?.description} {...described} />}
        </Field>
        <div class="fields-2">
          <TimeField id={ids.starts_at} name="starts_at" label={t("form.starts")} hint={started ? t("form.starts.fixed") : t("form.zone", { city: zoneCity() })} error={errors.starts_at} at={starts} fixed={started} />
          <TimeField id={ids.ends_at} name="ends_at" label={t("form.ends")} hint={t("form.ends.hint")} error={errors.ends_at} at={ends || undefined} />
        </div>
        <label class="check"><input type="checkbox" name="collaboration" defaultChecked={room?.collaboration ?? true} /><span>{t("form.collaboration")}<br /><small class="soft">{t("form.collaboration.hint")}</small></span></label>
        {(codes || room?.lobby_code) && <label class="check"><input type="checkbox" name="lobby_code" defaultChecked={room?.lobby_code} /><span>{t("form.lobby_code")}<br /><small class="soft">{t("form.lobby_code.hint")}</small></span></label>}
        <RoomLife room={room} errors={errors} />
        <Speakers speakers={speakers} change={setSpeakers} errors={errors} />
        <p class="line form-end"><Link class="btn" to={back}>{t("dialog.cancel")}</Link><button type="submit" class="btn btn-main" aria-busy={busy}>{action}</button></p>
      </form>
    </Frame>
  );
}

function explain(problem: Problem): string | undefined {
  if (problem.code === "overtaken") return t("form.overtaken");
  return problem.code === "conflict" ? t("form.conflict") : undefined;
}

function check(data: FormData, speakers: Speaker[]): Errors {
  const wrong: Errors = checkLife(data);
  const starts = momentOf(data, "starts_at");
  const ends = momentOf(data, "ends_at");
  if (!textOf(data, "title")) wrong.title = t("form.title.empty");
  if (Number.isNaN(starts)) wrong.starts_at = noMoment(data, "starts_at");
  if (textOf(data, "ends_at") && Number.isNaN(ends)) wrong.ends_at = noMoment(data, "ends_at");
  if (ends <= starts) wrong.ends_at = t("form.ends.early");
  if (ends > starts + LONGEST) wrong.ends_at = t("form.ends.late");
  if (speakers.some(isNameless)) wrong.speakers = t("form.speakers.nameless");
  else if (badSpeaker(speakers) >= 0) wrong.speakers = t("form.speakers.long");
  return wrong;
}

/** Inputs know minutes only: a time that nobody changed stays as exact as it was. */
function fieldsOf(data: FormData, speakers: Speaker[], room?: RoomRecord): RoomFields {
  const exact = (name: string, was?: string) => {
    const at = momentOf(data, name);
    return was && Math.abs(Date.parse(was) - at) < 60_000 && localValue(Date.parse(was)) === localValue(at) ? was : new Date(at).toISOString();
  };
  return {
    title: textOf(data, "title"),
    description: textOf(data, "description"),
    starts_at: exact("starts_at", room?.starts_at),
    ends_at: textOf(data, "ends_at") ? exact("ends_at", room?.ends_at) : null,
    collaboration: data.has("collaboration"),
    lobby_code: data.has("lobby_code"),
    ...lifeOf(data),
    speakers: speakers.map(({ name, bio }) => ({ name: name.trim(), bio: bio?.trim() || undefined })).filter(({ name }) => name),
  };
}

interface SpeakersProps {
  speakers: Speaker[];
  change: (speakers: Speaker[]) => void;
  errors: Errors;
}

/** One place further to the front. */
const raised = (speakers: Speaker[], at: number): Speaker[] => {
  const others = speakers.filter((_, i) => i !== at);
  return [...others.slice(0, at - 1), speakers[at] as Speaker, ...others.slice(at - 1)];
};

function Speakers({ speakers, change, errors }: SpeakersProps) {
  const set = (at: number, part: Partial<Speaker>) => change(speakers.map((speaker, i) => (i === at ? { ...speaker, ...part } : speaker)));
  const error = errors.speakers;
  const bad = useMemo(() => (error ? Math.max(0, badSpeaker(speakers)) : -1), [errors]); // it stays marked while it is put right
  const described = (i: number) => (i === bad ? { id: ids.speakers, "aria-invalid": "true" as const, "aria-describedby": "speakers-error" } : {});
  return (
    <fieldset class="field stack-s">
      <legend class="legend">{t("form.speakers")}</legend>
      <p class="hint">{t("form.speakers.hint")}</p>
      {error && <FieldError id="speakers-error">{error}</FieldError>}
      {speakers.map((speaker, i) => (
        <div class="speaker-row" key={i}>
          <input class="input" aria-label={t("form.speaker.name", { number: i + 1 })} placeholder={t("form.speaker.name.hint")} maxLength={most.name} autocomplete="off" value={speaker.name} onInput={(event) => set(i, { name: event.currentTarget.value })} {...described(i)} />
          <input class="input" aria-label={t("form.speaker.bio", { number: i + 1 })} placeholder={t("form.speaker.bio.hint")} maxLength={most.bio} autocomplete="off" value={speaker.bio ?? ""} onInput={(event) => set(i, { bio: event.currentTarget.value })} />
          <button type="button" class="btn btn-quiet btn-icon" aria-label={t("form.speaker.up", { number: i + 1 })} disabled={i === 0} onClick={() => change(raised(speakers, i))}><Icon name="up" /></button>
          <button type="button" class="btn btn-quiet btn-icon" aria-label={t("form.speaker.remove", { number: i + 1 })} onClick={() => change(speakers.filter((_, at) => at !== i))}><Icon name="x" /></button>
        </div>
      ))}
      {speakers.length < SPEAKERS && <p><button type="button" class="btn btn-small" onClick={() => change([...speakers, { name: "" }])}><Icon name="plus" />{t("form.speaker.add")}</button></p>}
    </fieldset>
  );
}
