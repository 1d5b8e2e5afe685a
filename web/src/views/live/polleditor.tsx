// Writing a poll. Only what its kind needs is asked for.

import "../second.ts";
import { useId, useRef, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { launch, write } from "../../live/pollacts.ts";
import type { Interaction, InteractionForm, Kind, Results } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { Dialog } from "../dialog.tsx";
import { Field, focusFirstInvalid } from "../parts.tsx";

const QUESTION = 300;
const OPTIONS = { least: 2, most: 12, size: 100 };
const kinds: readonly Kind[] = ["choice", "multi", "rating", "wordcloud", "open", "quiz", "crowd"];
const shared: readonly Results[] = ["live", "closed", "hidden"];
const timers: readonly number[] = [0, 30, 60, 120, 300, 600];

export interface PollEditorProps {
  session: RoomSession;
  item?: Interaction;
  launches: boolean;
  close: () => void;
}

const fresh: InteractionForm = { kind: "choice", question: "", results: "closed" };

export function PollEditor({ session, item, launches, close }: PollEditorProps) {
  const form = useRef<HTMLFormElement>(null);
  const id = useId();
  const [draft, setDraft] = useState<InteractionForm>(item ?? fresh);
  const [lines, setLines] = useState((item?.options ?? []).join("\n"));
  const [wrong, setWrong] = useState<{ question?: string; options?: string }>({});
  const [busy, setBusy] = useState(false);
  const set = (change: Partial<InteractionForm>) => setDraft((old) => ({ ...old, ...change }));
  const options = optionsIn(lines);
  const lists = draft.kind === "choice" || draft.kind === "multi" || draft.kind === "quiz";
  const save = async (then: "keep" | "launch") => {
    const found = faults(draft, lists ? options : undefined);
    setWrong(found);
    if (found.question || found.options) return void requestAnimationFrame(() => focusFirstInvalid(form.current));
    setBusy(true);
    const written = await write(session, formOf(draft, options, lists), item?.id);
    const done = written && (then === "keep" || (await launch(session, written)));
    setBusy(false);
    if (done || written) close();
  };
  return (
    <Dialog
      title={t(item ? "polls.edit.title" : "polls.new.title")}
      close={close}
      foot={
        <>
          <button type="button" class="btn" aria-busy={busy} disabled={busy} onClick={() => void save("keep")}>{t("polls.save")}</button>
          {launches && <button type="button" class="btn btn-main" aria-busy={busy} disabled={busy} onClick={() => void save("launch")}>{t("polls.launch.now")}</button>}
        </>
      }
    >
      <form ref={form} class="dialog-body stack" onSubmit={(event) => {
        event.preventDefault();
        void save("keep");
      }}>
        <Field id={`${id}-question`} label={t("polls.question")} error={wrong.question}>
          {(props) => <textarea class="input" rows={2} maxLength={QUESTION} value={draft.question} onInput={(event) => set({ question: event.currentTarget.value })} {...props} />}
        </Field>
        <Field id={`${id}-kind`} label={t("polls.kind")}>
          {(props) => (
            <select class="input" value={draft.kind} onChange={(event) => set({ kind: event.currentTarget.value as Kind })} {...props}>
              {kinds.map((kind) => <option key={kind} value={kind}>{t(`polls.kind.${kind}`)}</option>)}
            </select>
          )}
        </Field>
        {lists && (
          <Field id={`${id}-options`} label={t("polls.options")} hint={t("polls.options.hint", OPTIONS)} error={wrong.options}>
            {(props) => <textarea class="input" rows={4} value={lines} onInput={(event) => setLines(event.currentTarget.value)} {...props} />}
          </Field>
        )}
        <Details id={id} draft={draft} options={options} set={set} />
        {draft.kind !== "quiz" && draft.kind !== "wordcloud" && (
          <label class="check">
            <input type="checkbox" checked={draft.anonymous ?? false} onChange={(event) => set({ anonymous: event.currentTarget.checked })} />
            <span>{t("polls.anonymous.label")}<br /><span class="hint">{t("polls.anonymous.hint")}</span></span>
          </label>
        )}
        {draft.kind === "wordcloud" && <p class="hint">{t("polls.words.hint")}</p>}
        <div class="fields-2">
          {draft.kind !== "open" && (
            <Field id={`${id}-results`} label={t("polls.share")}>
              {(props) => <Select value={draft.results} set={(results) => set({ results: results as Results })} all={shared.map((results) => [results, t(`polls.share.${results}`)])} {...props} />}
            </Field>
          )}
          <Field id={`${id}-timer`} label={t("polls.timer")}>
            {(props) => <Select value={draft.seconds ?? 0} set={(seconds) => set({ seconds: Number(seconds) })} all={timers.map((seconds) => [seconds, timerName(seconds)])} {...props} />}
          </Field>
        </div>
      </form>
    </Dialog>
  );
}

interface DetailsProps {
  id: string;
  draft: InteractionForm;
  options: string[];
  set: (change: Partial<InteractionForm>) => void;
}

/** What one kind has and others do not. */
function Details({ id, draft, options, set }: DetailsProps) {
  switch (draft.kind) {
    case "multi":
      return <Numbers id={`${id}-most`} label={t("polls.most.label")} value={draft.most ?? options.length} from={1} to={Math.max(2, options.length)} set={(most) => set({ most })} />;
    case "wordcloud":
      return <Numbers id={`${id}-most`} label={t("polls.words.label")} value={draft.most ?? 3} from={1} to={5} set={(most) => set({ most })} />;
    case "rating":
      return <Numbers id={`${id}-scale`} label={t("polls.scale.label")} value={draft.scale ?? 5} from={2} to={10} set={(scale) => set({ scale })} />;
    case "quiz":
      return (
        <div class="fields-2">
          <Field id={`${id}-correct`} label={t("polls.correct.label")}>
            {(props) => <Select value={draft.correct ?? 0} set={(correct) => set({ correct: Number(correct) })} all={options.map((option, i) => [i, option])} {...props} />}
          </Field>
          <Numbers id={`${id}-points`} label={t("polls.points")} value={draft.points ?? 1} from={1} to={10} set={(points) => set({ points })} />
        </div>
      );
    default:
      return null;
  }
}

interface NumbersProps {
  id: string;
  label: string;
  value: number;
  from: number;
  to: number;
  set: (value: number) => void;
}

function Numbers({ id, label, value, from, to, set }: NumbersProps) {
  const all = Array.from({ length: to - from + 1 }, (_, i): [number, string] => [from + i, String(from + i)]);
  return <Field id={id} label={label}>{(props) => <Select value={Math.min(Math.max(value, from), to)} set={(chosen) => set(Number(chosen))} all={all} {...props} />}</Field>;
}

interface SelectProps {
  id: string;
  value: string | number;
  all: [string | number, string][];
  set: (value: string) => void;
}

function Select({ value, all, set, ...rest }: SelectProps) {
  return (
    <select class="input" value={value} onChange={(event) => set(event.currentTarget.value)} {...rest}>
      {all.map(([key, text]) => <option key={key} value={key}>{text}</option>)}
    </select>
  );
}

function timerName(seconds: number): string {
  if (seconds === 0) return t("polls.timer.none");
  return seconds < 60 ? t("polls.timer.seconds", { count: seconds }) : t("polls.timer.minutes", { count: seconds / 60 });
}

const optionsIn = (lines: string) => lines.split("\n").map((line) => line.trim()).filter(Boolean);

function faults({ question }: InteractionForm, options?: string[]): { question?: string; options?: string } {
  const { least, most, size } = OPTIONS;
  const fits = !options || (options.length >= least && options.length <= most && new Set(options).size === options.length && options.every((option) => [...option].length <= size));
  return { question: question.trim() ? undefined : t("polls.question.missing"), options: fits ? undefined : t("polls.options.wrong", OPTIONS) };
}

/** The form with what its kind has, and nothing of another that was chosen before. */
function formOf(draft: InteractionForm, options: string[], lists: boolean): InteractionForm {
  const { kind, question, results, seconds } = draft;
  const limited = kind === "multi" || kind === "wordcloud";
  return {
    kind,
    question,
    results,
    seconds: seconds || undefined,
    options: lists ? options : undefined,
    most: limited ? Math.min(draft.most ?? (kind === "multi" ? options.length : 3), kind === "multi" ? options.length : 5) : undefined,
    scale: kind === "rating" ? draft.scale ?? 5 : undefined,
    anonymous: (kind !== "quiz" && draft.anonymous) || undefined,
    correct: kind === "quiz" ? draft.correct ?? 0 : undefined,
    points: kind === "quiz" ? draft.points ?? 1 : undefined,
  };
}
