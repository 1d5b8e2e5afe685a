// Inviting a whole list: paste or choose it, see what would come of each row, mend or leave out, then invite.

import "./base.ts";
import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { number } from "../../i18n/format.ts";
import { plural, t } from "../../i18n/index.ts";
import type { Grant } from "../../protocol.ts";
import { Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import type { InviteRoom } from "../invitewindow.tsx";
import { Field } from "../parts.tsx";
import type { Inviting, ListTerms } from "./calls.ts";
import { desk } from "./calls.ts";
import type { Errors } from "./forms.tsx";
import { Failed, failureOf } from "./forms.tsx";
import type { Guest } from "./guestlist.ts";
import { count, csvOf, linksCsv, pieces, placed } from "./guestlist.ts";
import { GuestRows } from "./guestrows.tsx";
import { useMail } from "./mail.ts";
import { save } from "./save.ts";
import type { Own } from "./terms.tsx";
import { checkTerms, termIds, termsOf, TermsFields } from "./terms.tsx";

const PIECE = 250; // people of one call
const LARGEST = 10 << 20; // bytes, as the server's

interface Props {
  room: InviteRoom;
  /** What an invitation would be, if nothing else is said. */
  inviting?: Inviting;
  close: () => void;
}

type Stage = { at: "choose" } | { at: "check"; rows: Guest[] } | { at: "done"; rows: Guest[]; stopped: boolean };

export function GuestListDialog({ room, inviting, close }: Props) {
  const [stage, setStage] = useState<Stage>({ at: "choose" });
  const [terms, setTerms] = useState<ListTerms>({});
  switch (stage.at) {
    case "choose":
      return <Choose room={room} inviting={inviting} close={close} checked={(rows, terms) => { setTerms(terms); setStage({ at: "check", rows }); }} />;
    case "check":
      return <Check room={room} close={close} rows={stage.rows} terms={terms} back={() => setStage({ at: "choose" })} done={(rows, stopped) => setStage({ at: "done", rows, stopped })} />;
    case "done":
      return <Done room={room} close={close} rows={stage.rows} stopped={stage.stopped} again={(rows) => setStage({ at: "check", rows })} />;
  }
}

const types: Grant[] = ["viewer", "moderator", "speaker"];

interface ChooseProps extends Props {
  checked: (rows: Guest[], terms: ListTerms) => void;
}

function Choose({ room, inviting, close, checked }: ChooseProps) {
  const [text, setText] = useState("");
  const [file, setFile] = useState<File>();
  const [type, setType] = useState<Grant>("viewer");
  const [sends, setSends] = useState(true);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const [own, setOwn] = useState<Own>();
  const [wrong, setWrong] = useState<Errors>({});
  const mail = useMail();
  const check = async (event: SubmitEvent) => {
    event.preventDefault();
    const odd = checkTerms(new FormData(event.currentTarget as HTMLFormElement));
    setWrong(odd);
    const body = file ?? text;
    if (!file && text.trim() === "") return setError(t("sheet.empty"));
    if (file && file.size > LARGEST) return setError(t("sheet.large"));
    if (odd.expires_at || odd.devices) return document.getElementById(termIds[odd.expires_at ? "expires_at" : "devices"])?.focus();
    setBusy(true);
    try {
      const terms = { type, send_email: mail && sends, ...termsOf(own) };
      const { items } = await desk.inviteList(room.id, body, { ...terms, send_email: false, dry_run: true });
      checked(items, terms);
    } catch (problem) {
      setError(wordsFor(problem));
      setBusy(false);
    }
  };
  return (
    <Dialog
      title={t("sheet.title")}
      subtitle={room.title}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>
          <button type="submit" class="btn btn-main" form="sheet" aria-busy={busy}>{t("sheet.check")}</button>
        </>
      }
    >
      <form class="dialog-body stack" id="sheet" onSubmit={check} noValidate>
        <Field id="sheet-text" label={t("sheet.paste")} hint={t("sheet.paste.hint")} error={error}>
          {(described) => <textarea class="input sheet-text" rows={7} spellcheck={false} autocomplete="off" placeholder={t("sheet.example")} value={text} onInput={(event) => setText(event.currentTarget.value)} {...described} />}
        </Field>
        <Field id="sheet-file" label={t("sheet.file")} hint={t("sheet.file.hint")}>
          {(described) => <input class="input" type="file" accept=".csv,.tsv,.txt,text/csv,text/plain" onChange={(event) => setFile(event.currentTarget.files?.[0])} {...described} />}
        </Field>
        <Field id="sheet-type" label={t("sheet.type")}>
          {(described) => (
            <select class="input" value={type} onChange={(event) => setType(event.currentTarget.value as Grant)} {...described}>
              {types.map((name) => <option key={name} value={name}>{t(`role.${name}`)}</option>)}
            </select>
          )}
        </Field>
        {inviting && <TermsFields room={room} inviting={inviting} own={own} change={setOwn} errors={wrong} />}
        {mail && <label class="check"><input type="checkbox" checked={sends} onChange={(event) => setSends(event.currentTarget.checked)} /><span>{t("sheet.mail")}</span></label>}
      </form>
    </Dialog>
  );
}

/** Why a list was refused as a whole. */
function wordsFor(error: unknown): string {
  if (!(error instanceof Problem)) return failureOf(error);
  const said = error.fields.csv ?? "";
  const line = said.match(/on line (\d+)/)?.[1];
  const column = said.match(/(?:has no column|names a column twice:) (\w+)/)?.[1];
  if (error.code === "too_long") return t(error.detail.includes("people") ? "sheet.many" : "sheet.large");
  if (line) return t("sheet.quotes", { line });
  if (column) return t(said.startsWith("has") ? "sheet.column" : "sheet.twice", { column });
  if (said.includes("UTF-8")) return t("sheet.encoding");
  if (said) return t("sheet.empty");
  return failureOf(error);
}

interface CheckProps extends Props {
  rows: Guest[];
  terms: ListTerms;
  back: () => void;
  done: (rows: Guest[], stopped: boolean) => void;
}

function Check({ room, close, rows: given, terms, back, done }: CheckProps) {
  const [rows, setRows] = useState(given);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState("");
  const run = useRun(room.id, terms, done);
  const { fresh, known, left, good, odd } = count(rows);
  const mended = rows.some((row) => row.mended);
  const again = async () => {
    setBusy(true);
    try {
      const { items } = await desk.inviteList(room.id, csvOf(rows), { ...terms, send_email: false, dry_run: true });
      setRows(placed(items, rows));
      setError("");
    } catch (problem) {
      setError(wordsFor(problem));
    }
    setBusy(false);
  };
  useEffect(() => {
    if (mended) void again(); // the rest of an earlier run
  }, []);
  const start = () => (mended ? void again() : void run.start(rows.filter((row) => row.ok)));
  return (
    <Dialog
      title={t("sheet.title")}
      subtitle={room.title}
      close={run.stop ?? close}
      foot={run.stop ? <button type="button" class="btn" onClick={run.stop}>{t("sheet.stop")}</button> : (
        <>
          <button type="button" class="btn" onClick={back}>{t("sheet.back")}</button>
          <button type="button" class="btn btn-main" aria-busy={busy} aria-disabled={!mended && good === 0} onClick={start}>{mended ? t("sheet.again") : plural("sheet.invite", good)}</button>
        </>
      )}
    >
      <div class="dialog-body stack">
        <Failed text={error} />
        {run.stop ? <Progress done={run.done} total={run.total} /> : (
          <>
            <div role="status">
              <ul class="tallies">
                <li>{plural("sheet.new", fresh)}</li>
                {known > 0 && <li>{plural("sheet.known", known)}</li>}
                {odd > 0 && <li class="line"><Icon name="alert" />{plural("sheet.odd", odd)}</li>}
                {left > 0 && <li class="bad"><Icon name="alert" />{plural("sheet.left", left)}</li>}
              </ul>
            </div>
            <GuestRows rows={rows} change={setRows} />
          </>
        )}
      </div>
    </Dialog>
  );
}

/** Sends a list piece by piece. What was sent is done; a piece whose answer is lost is sent no further. */
function useRun(room: string, terms: ListTerms, done: CheckProps["done"]) {
  const [progress, setProgress] = useState<{ done: number; total: number }>();
  const wanted = useRef(true);
  useEffect(() => () => {
    wanted.current = false;
  }, []);
  const start = async (rows: Guest[]) => {
    wanted.current = true;
    const told: Guest[] = [];
    setProgress({ done: 0, total: rows.length });
    for (const piece of pieces(rows, PIECE)) {
      const answer = wanted.current ? await desk.inviteList(room, csvOf(piece), terms).catch(() => undefined) : undefined;
      if (!answer) break;
      told.push(...placed(answer.items, piece));
      setProgress({ done: told.length, total: rows.length });
    }
    done([...told, ...rows.slice(told.length).map((row) => ({ ...row, ok: false }))], told.length < rows.length);
  };
  const stop = progress && (() => {
    wanted.current = false;
  });
  return { start, stop, done: progress?.done ?? 0, total: progress?.total ?? 0 };
}

function Progress({ done, total }: { done: number; total: number }) {
  return (
    <div class="stack-s">
      <p>{t("sheet.progress", { done: number(done), total: number(total) })}</p>
      <progress class="progress" max={total} value={done} aria-label={t("sheet.title")} />
    </div>
  );
}

interface DoneProps extends Props {
  rows: Guest[];
  stopped: boolean;
  again: (rows: Guest[]) => void;
}

function Done({ room, close, rows, stopped, again }: DoneProps) {
  const links = rows.filter((row) => row.url);
  const rest = rows.filter((row) => !row.ok);
  const { known } = count(rows);
  const unsent = rows.filter((row) => row.sent === false).length;
  const keep = () => save(new Blob([linksCsv(links)], { type: "text/csv" }), "links.csv");
  return (
    <Dialog
      title={plural("sheet.done", links.length)}
      subtitle={room.title}
      close={close}
      foot={
        <>
          {rest.length > 0 && <button type="button" class="btn" onClick={() => again(rest.map((row) => ({ ...row, mended: true })))}>{plural("sheet.rest", rest.length)}</button>}
          <button type="button" class="btn btn-main" onClick={close}>{t("dialog.done")}</button>
        </>
      }
    >
      <div class="dialog-body stack">
        {stopped && <p class="error" role="alert"><Icon name="alert" />{t("sheet.stopped")}</p>}
        {known > 0 && <p>{plural("sheet.changed", known)}</p>}
        {unsent > 0 && <p>{plural("sheet.unsent", unsent)}</p>}
        {links.length > 0 && (
          <>
            <p class="soft">{t("sheet.links.hint")}</p>
            <p><button type="button" class="btn" onClick={keep}><Icon name="down" />{t("sheet.links")}</button></p>
          </>
        )}
        {rest.length > 0 && <p>{plural("sheet.left", rest.length)}</p>}
      </div>
    </Dialog>
  );
}
