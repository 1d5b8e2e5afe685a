// For those who run polls: drafts, the controls of what runs, answers to open questions.

import "../second.ts";
import { useSignal } from "@preact/signals";
import { t } from "../../i18n/index.ts";
import { close, launch, remove, share, whole } from "../../live/pollacts.ts";
import { isRunning } from "../../live/polls.ts";
import type { Interaction, Results } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { Confirm } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { lazy } from "../lazy.tsx";
import { MenuButton } from "../menu.tsx";
import { may } from "../../state.ts";
import type { PollAnswersProps } from "./pollanswers.tsx";
import type { PollEditorProps } from "./polleditor.tsx";

const Editor = lazy<PollEditorProps>(async () => (await import("./polleditor.tsx")).PollEditor);
const Answers = lazy<PollAnswersProps>(async () => (await import("./pollanswers.tsx")).PollAnswers);

export interface PollDeskProps {
  session: RoomSession;
  drafts: readonly Interaction[];
}

export function PollDesk({ session, drafts }: PollDeskProps) {
  const editing = useSignal<{ item?: Interaction } | undefined>(undefined);
  const launches = may(session.state.value, "interaction.launch");
  const edit = async (item: Interaction) => {
    editing.value = { item: await whole(session, item).catch(() => item) };
  };
  return (
    <section class="pad stack-s" aria-label={t("polls.desk")}>
      <p><button type="button" class="btn btn-block" onClick={() => {
        editing.value = {};
      }}><Icon name="plus" />{t("polls.new")}</button></p>
      {drafts.length > 0 && <h3 class="group-title"><span>{t("polls.drafts")}</span><span class="num">{drafts.length}</span></h3>}
      <ul class="given">
        {drafts.map((item) => (
          <li key={item.id}>
            <span><b>{item.question}</b><br /><span class="small soft">{t(`polls.kind.${item.kind}`)}{item.anonymous && ` · ${t("polls.is.anonymous")}`}</span></span>
            <span class="line">
              {launches && <button type="button" class="btn btn-main btn-small" onClick={() => void launch(session, item.id)}>{t("polls.launch")}<span class="sr">: {item.question}</span></button>}
              <MenuButton class="btn btn-icon btn-small btn-quiet" label={t("polls.draft.more", { question: item.question })} groups={() => [{ items: [
                { label: t("polls.edit"), icon: "more", run: () => void edit(item) },
                { label: t("polls.remove"), icon: "x", run: () => void remove(session, item.id) },
              ] }]} />
            </span>
          </li>
        ))}
      </ul>
      {editing.value && <Editor session={session} item={editing.value.item} launches={launches} close={() => {
        editing.value = undefined;
      }} />}
    </section>
  );
}

export interface PollControlsProps {
  session: RoomSession;
  item: Interaction;
}

const sharing: readonly Results[] = ["live", "closed", "hidden"];

export function PollControls({ session, item }: PollControlsProps) {
  const asking = useSignal(false);
  const reading = useSignal(false);
  const running = isRunning(item);
  return (
    <div class="stack-s">
      <p class="line">
        {running && <button type="button" class="btn btn-small" disabled={item.state === "closing"} onClick={() => void close(session, item.id)}>{t("polls.close")}<span class="sr">: {item.question}</span></button>}
        {item.kind === "open" && <button type="button" class="btn btn-small" aria-expanded={reading.value} onClick={() => {
          reading.value = !reading.value;
        }}>{t("polls.read")}</button>}
        {!running && <button type="button" class="btn btn-small btn-quiet" onClick={() => {
          asking.value = true;
        }}>{t("polls.remove")}<span class="sr">: {item.question}</span></button>}
      </p>
      {item.kind !== "open" && (
        <label class="line small">
          <span>{t("polls.share")}</span>
          <select class="input" value={item.results} onChange={(event) => void share(session, item.id, event.currentTarget.value as Results)}>
            {sharing.map((results) => <option key={results} value={results}>{t(`polls.share.${results}`)}</option>)}
          </select>
        </label>
      )}
      {reading.value && <Answers session={session} item={item} />}
      {asking.value && (
        <Confirm title={t("polls.remove.title")} text={t("polls.remove.text", { question: item.question })} action={t("polls.remove")} busy={false} close={() => {
          asking.value = false;
        }} run={() => {
          asking.value = false;
          void remove(session, item.id);
        }} />
      )}
    </div>
  );
}
