// The audit log: who did what, the newest first; found, taken along, and checked.

import "./base.ts";
import { useEffect, useState } from "preact/hooks";
import { dayAndTime, list } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { Avatar, Field, Link } from "../parts.tsx";
import { Bones, Empty } from "../shapes.tsx";
import type { AuditPage, Entry, Source, Wanted } from "./auditcalls.ts";
import { audit, exportAt } from "./auditcalls.ts";
import { changeOf, sentenceOf } from "./audittexts.ts";
import { Failed, failureOf } from "./forms.tsx";

const TYPING = 250;

interface Props {
  source: Source;
  /** What can be asked for. */
  acts: readonly string[];
  text: string;
  /** The only room there is; else rooms are named. */
  room?: string;
}

export function AuditLog({ source, acts, text, room }: Props) {
  const [wanted, setWanted] = useState<Wanted>({ q: "", act: "", from: "", to: "" });
  const { page, failed, more } = useAudit(source, wanted);
  const found = page?.items ?? [];
  return (
    <>
      <p class="prose soft">{text}</p>
      <Filters acts={acts} wanted={wanted} want={(change) => setWanted((old) => ({ ...old, ...change }))} />
      <section class="stack" aria-labelledby="acts">
        <h2 class="card-title" id="acts">{t("audit.title")}</h2>
        <Failed text={failed} />
        {!page && !failed && <Bones label={t("connecting")} />}
        {page && found.length === 0 && <Empty icon="search" title={t("audit.none")} />}
        {page && found.length > 0 && <Acts page={page} room={room} />}
        <p class="line">
          {page?.next && <button type="button" class="btn" onClick={more}>{t("audit.more")}</button>}
          <a class="btn" href={exportAt(source, wanted, "csv")} download>{t("audit.csv")}</a>
          <a class="btn" href={exportAt(source, wanted, "ndjson")} download>{t("audit.ndjson")}</a>
        </p>
      </section>
      {page && <Check source={source} rooms={room ? [room] : [...new Set(["site", ...found.map((entry) => entry.room)])]} titles={page.rooms} />}
    </>
  );
}

/** The pages so far. An answer to an earlier question is dropped. */
function useAudit(source: Source, wanted: Wanted) {
  const [page, setPage] = useState<AuditPage>();
  const [failed, setFailed] = useState("");
  const load = async (old?: AuditPage, current = () => true) => {
    try {
      const fresh = await audit.list(source, wanted, old?.next);
      if (!current()) return;
      setPage(old ? { ...fresh, items: [...old.items, ...fresh.items], names: { ...old.names, ...fresh.names }, rooms: { ...old.rooms, ...fresh.rooms } } : fresh);
      setFailed("");
    } catch (error) {
      if (current()) setFailed(failureOf(error));
    }
  };
  useEffect(() => {
    let over = false;
    const timer = setTimeout(() => void load(undefined, () => !over), wanted.q ? TYPING : 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return { page, failed, more: () => void load(page) };
}

function Filters({ acts, wanted, want }: { acts: readonly string[]; wanted: Wanted; want: (change: Partial<Wanted>) => void }) {
  const known = acts.map((act) => ({ act, sentence: sentenceOf(act) })).sort((a, b) => a.sentence.localeCompare(b.sentence));
  return (
    <form class="card stack" aria-label={t("audit.filters")} onSubmit={(event) => event.preventDefault()}>
      <div class="fields-2">
        <Field id="audit-q" label={t("audit.search")}>
          {(described) => <input class="input" type="search" autocomplete="off" value={wanted.q} onInput={(event) => want({ q: event.currentTarget.value })} {...described} />}
        </Field>
        <Field id="audit-act" label={t("audit.act")}>
          {(described) => (
            <select class="input" value={wanted.act} onChange={(event) => want({ act: event.currentTarget.value })} {...described}>
              <option value="">{t("audit.every")}</option>
              {known.map(({ act, sentence }) => <option key={act} value={act}>{sentence}</option>)}
            </select>
          )}
        </Field>
        <Field id="audit-from" label={t("audit.from")}>
          {(described) => <input class="input" type="date" value={wanted.from} onInput={(event) => want({ from: event.currentTarget.value })} {...described} />}
        </Field>
        <Field id="audit-to" label={t("audit.to")}>
          {(described) => <input class="input" type="date" value={wanted.to} onInput={(event) => want({ to: event.currentTarget.value })} {...described} />}
        </Field>
      </div>
    </form>
  );
}

/** Explicit roles, as in the table of invitations. */
function Acts({ page, room }: { page: AuditPage; room?: string }) {
  return (
    <div class="card card-flush">
      <table class="table acts" role="table" aria-labelledby="acts">
        <thead role="rowgroup">
          <tr role="row">
            {(["who", "whom", "what", "when"] as const).map((name) => <th key={name} role="columnheader" scope="col">{t(`audit.${name}`)}</th>)}
          </tr>
        </thead>
        <tbody role="rowgroup">{page.items.map((entry) => <ActRow key={`${entry.room}.${entry.number}`} entry={entry} page={page} named={!room} />)}</tbody>
      </table>
    </div>
  );
}

function ActRow({ entry, page: { names, rooms }, named }: { entry: Entry; page: AuditPage; named: boolean }) {
  const who = entry.who ? (names[entry.who] ?? entry.who) : t("audit.nobody");
  const title = rooms[entry.room];
  const elsewhere = named && entry.room !== "site";
  return (
    <tr role="row">
      <td role="cell">
        <span class="who">
          <Avatar name={who} seed={entry.who ?? ""} />
          <span><b>{who}</b><span class="small soft">{sentenceOf(entry.act)}</span></span>
        </span>
      </td>
      <td role="cell">
        {(elsewhere || entry.targets.length > 0) && <span class="told">
          {entry.targets.length > 0 && <span>{list([...new Set(entry.targets.map((id) => names[id] ?? id))])}</span>}
          {elsewhere && (title ? <Link class="small" to={`/rooms/${entry.room}`}>{title}</Link> : <span class="small soft">{t("audit.room", { room: entry.room })}</span>)}
        </span>}
      </td>
      <td role="cell" class="small soft">{entry.changes.length > 0 && <span class="told">{entry.changes.map((change) => <span key={change.field}>{changeOf(change, names)}</span>)}</span>}</td>
      <td role="cell" class="small soft">{dayAndTime(Date.parse(entry.at))}</td>
    </tr>
  );
}

interface CheckProps {
  source: Source;
  rooms: string[];
  titles: Record<string, string>;
}

/** Has the server look at the chains: of one room, or of the site and of the rooms in the list. */
function Check({ source, rooms, titles }: CheckProps) {
  const [told, setTold] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    setTold([]);
    try {
      for (const room of rooms) {
        const chain = await audit.chain(source, room);
        const where = room === "site" ? t("audit.site") : (titles[room] ?? t("audit.room", { room }));
        const line = chain.intact ? t("audit.intact", { where, count: chain.entries }) : t("audit.broken", { where, why: chain.broken ?? "" });
        setTold((old) => [...old, line]);
      }
    } catch (error) {
      setTold((old) => [...old, failureOf(error)]);
    }
    setBusy(false);
  };
  return (
    <section class="card stack" aria-labelledby="chain">
      <h2 class="card-title" id="chain">{t("audit.chain")}</h2>
      <p class="prose soft">{t(source === "/site/audit" ? "audit.chain.text" : "audit.chain.room")}</p>
      <p><button type="button" class="btn" aria-busy={busy} disabled={busy} onClick={() => void check()}>{t("audit.check")}</button></p>
      <div role="status">{told.map((line) => <p key={line}>{line}</p>)}</div>
    </section>
  );
}
