// Making and changing a room: a plain form, times in the visitor's zone.

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
import { Failed, instantOf, localValue, Summary, textOf, useSubmit } from "./forms.tsx";
import { Frame } from "./frame.tsx";
import { desk } from "./calls.ts";
import { badSpeaker, isNameless, most } from "./limits.ts";

const HOUR = 3_600_000;
const LONGEST = 31 * 24 * HOUR;
const ids = { title: "title", description: "description", starts_at: "starts", ends_at: "ends", speakers: "speakers" };

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
  const [problem, setProblem] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
  useEffect(() => {
    setProblem(undefined);
    desk.room(id).then(setRoom, setProblem);
  }, [attempt]);
  if (problem) return <Refusal facts={{ code: problem.code, now: serverNow() }} again={() => setAttempt(attempt + 1)} />;
  if (!room) return <Connecting text={t("connecting")} />;
  const save = async (fields: RoomFields) => {
    await desk.changeRoom(id, changed(room, fields));
    go(`/rooms/${id}`, "replace");
    report(t("form.saved"));
  };
  return <RoomForm title={t("form.edit")} action={t("form.save")} back={`/rooms/${id}`} room={room} save={save} />;
}

/** Only what is different: an open room refuses a start, even the same one. */
function changed(room: RoomRecord, fields: RoomFields): Partial<RoomFields> {
  const change: Partial<RoomFields> = { ...fields };
  if (Date.parse(room.starts_at) === Date.parse(fields.starts_at)) delete change.starts_at;
  const end = (time?: string | null) => (time ? Date.parse(time) : undefined);
  if (end(room.ends_at) === end(fields.ends_at)) delete change.ends_at;
  return change;
}

interface Props {
  title: string;
  action: string;
  back: string;
  room?: RoomRecord;
  save: (fields: RoomFields) => Promise<void>;
}

function RoomForm({ title, action, back, room, save }: Props) {
  const [speakers, setSpeakers] = useState<Speaker[]>(room?.speakers?.length ? room.speakers : [{ name: "" }]);
  const started = room !== undefined && room.state !== "scheduled";
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data) => check(data, speakers),
    send: (data) => save(fieldsOf(data, speakers, room)),
    explain: (error) => (error instanceof Problem && error.code === "conflict" ? t("form.conflict") : undefined),
    fields: Object.keys(ids),
  });
  const starts = room ? Date.parse(room.starts_at) : Math.ceil((serverNow() + HOUR) / HOUR) * HOUR;
  const ends = room ? room.ends_at && Date.parse(room.ends_at) : starts + HOUR;
  return (
    <Frame title={title} narrow>
      <div class="stack-s"><p class="small"><Link to={back}>{t(room ? "form.back.room" : "nav.rooms")}</Link></p><h1 class="refusal-title" tabIndex={-1}>{title}</h1></div>
      <form ref={form} class="card stack" onSubmit={submit} noValidate>
        <Failed text={failed} />
        <Summary errors={errors} ids={ids} />
        <Field id={ids.title} label={t("form.title")} error={errors.title}>
          {(described) => <input class="input" name="title" maxLength={most.title} autocomplete="off" defaultValue={room?.title} {...described} />}
        </Field>
        <Field id={ids.description} label={t("form.description")} hint={t("form.description.hint")} error={errors.description}>
          {(described) => <textarea class="input" name="description" rows={4} maxLength={most.description} defaultValue={room?.description} {...described} />}
        </Field>
        <div class="fields-2">
          <Field id={ids.starts_at} label={t("form.starts")} hint={started ? t("form.starts.fixed") : t("form.zone", { city: zoneCity() })} error={errors.starts_at}>
            {(described) => <input class="input" type="datetime-local" name="starts_at" defaultValue={localValue(starts)} readOnly={started} {...described} />}
          </Field>
          <Field id={ids.ends_at} label={t("form.ends")} hint={t("form.ends.hint")} error={errors.ends_at}>
            {(described) => <input class="input" type="datetime-local" name="ends_at" defaultValue={ends ? localValue(ends) : ""} {...described} />}
          </Field>
        </div>
        <Speakers speakers={speakers} change={setSpeakers} errors={errors} />
        <p class="line form-end"><Link class="btn" to={back}>{t("dialog.cancel")}</Link><button type="submit" class="btn btn-main" aria-busy={busy}>{action}</button></p>
      </form>
    </Frame>
  );
}

function check(data: FormData, speakers: Speaker[]): Errors {
  const wrong: Errors = {};
  const starts = instantOf(textOf(data, "starts_at"));
  const ends = instantOf(textOf(data, "ends_at"));
  if (!textOf(data, "title")) wrong.title = t("form.title.empty");
  if (Number.isNaN(starts)) wrong.starts_at = t("form.starts.empty");
  if (ends <= starts) wrong.ends_at = t("form.ends.early");
  if (ends > starts + LONGEST) wrong.ends_at = t("form.ends.late");
  if (speakers.some(isNameless)) wrong.speakers = t("form.speakers.nameless");
  else if (badSpeaker(speakers) >= 0) wrong.speakers = t("form.speakers.long");
  return wrong;
}

/** Inputs know minutes only: a time that nobody changed stays as exact as it was. */
function fieldsOf(data: FormData, speakers: Speaker[], room?: RoomRecord): RoomFields {
  const exact = (local: string, was?: string) => (was && localValue(Date.parse(was)) === local ? was : new Date(instantOf(local)).toISOString());
  const ends = textOf(data, "ends_at");
  return {
    title: textOf(data, "title"),
    description: textOf(data, "description"),
    starts_at: exact(textOf(data, "starts_at"), room?.starts_at),
    ends_at: ends ? exact(ends, room?.ends_at) : null,
    speakers: speakers.map(({ name, bio }) => ({ name: name.trim(), bio: bio?.trim() || undefined })).filter(({ name }) => name),
  };
}

interface SpeakersProps {
  speakers: Speaker[];
  change: (speakers: Speaker[]) => void;
  errors: Errors;
}

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
          <button type="button" class="btn btn-quiet btn-icon" aria-label={t("form.speaker.remove", { number: i + 1 })} onClick={() => change(speakers.filter((_, at) => at !== i))}><Icon name="x" /></button>
        </div>
      ))}
      <p><button type="button" class="btn btn-small" onClick={() => change([...speakers, { name: "" }])}><Icon name="plus" />{t("form.speaker.add")}</button></p>
    </fieldset>
  );
}
