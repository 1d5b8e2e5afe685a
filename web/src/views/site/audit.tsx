// The audit log: who did what, the newest first; found, taken along, and checked.

import "../desk/base.ts";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { dayAndTime, list } from "../../i18n/format.ts";
import { Failed, failureOf } from "../desk/forms.tsx";
import { Field } from "../parts.tsx";
import { Bones, Empty } from "../shapes.tsx";
import type { AuditPage, Entry, Wanted } from "./auditcalls.ts";
import { audit, exportAt } from "./auditcalls.ts";
import { acts, sentenceOf } from "./audittexts.ts";

const TYPING = 250;

export function Audit() {
  const [wanted, setWanted] = useState<Wanted>({ q: "", act: "", from: "", to: "" });
  const { page, failed, more } = useAudit(wanted);
  return (
    <>
      <p class="prose soft">{t("audit.text")}</p>
      <Filters wanted={wanted} want={(change) => setWanted((old) => ({ ...old, ...change }))} />
      <section class="card stack" aria-labelledby="acts">
        <h2 class="card-title" id="acts">{t("audit.title")}</h2>
        <Failed text={failed} />
        {!page && !failed && <Bones label={t("connecting")} />}
        {page?.items.length === 0 && <Empty icon="search" title={t("audit.none")} />}
        {page && page.items.length > 0 && <ul>{page.items.map((entry) => <ActRow key={`${entry.room}.${entry.number}`} entry={entry} names={page.names} />)}</ul>}
        {page?.next && <p><button type="button" class="btn" onClick={more}>{t("audit.more")}</button></p>}
        <p><a class="btn" href={exportAt(wanted, "csv")} download>{t("audit.csv")}</a> <a class="btn" href={exportAt(wanted, "ndjson")} download>{t("audit.ndjson")}</a></p>
      </section>
      {page && <Check rooms={[...new Set(["site", ...page.items.map((entry) => entry.room)])]} />}
    </>
  );
}

/** The pages so far. An answer to an earlier question is dropped. */
function useAudit(wanted: Wanted) {
  const [page, setPage] = useState<AuditPage>();
  const [failed, setFailed] = useState("");
  const load = async (old?: AuditPage, current = () => true) => {
    try {
      const fresh = await audit.list(wanted, old?.next);
      if (!current()) return;
      setPage(old ? { ...fresh, items: [...old.items, ...fresh.items], names: { ...old.names, ...fresh.names } } : fresh);
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

function Filters({ wanted, want }: { wanted: Wanted; want: (change: Partial<Wanted>) => void }) {
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
              {Object.keys(acts).map((act) => <option key={act} value={act}>{sentenceOf(act)}</option>)}
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

function ActRow({ entry, names }: { entry: Entry; names: Record<string, string> }) {
  const who = entry.who ? names[entry.who] || entry.who : t("audit.nobody");
  const targets = entry.targets.map((id) => names[id] || id);
  return (
    <li class="row row-wide">
      <div class="row-main">
        <b>{who}: {sentenceOf(entry.act)}{targets.length > 0 && ` (${list(targets)})`}</b>
        <span class="small soft">{dayAndTime(Date.parse(entry.at))} · {entry.room === "site" ? t("audit.site") : t("audit.room", { room: entry.room })}</span>
        {entry.changes.map(({ field, before, after }) => <span key={field} class="small soft">{before || after ? `${field}: ${before || "–"} → ${after || "–"}` : field}</span>)}
      </div>
    </li>
  );
}

/** Has the server look at the chains of the site and of the rooms in the list. */
function Check({ rooms }: { rooms: string[] }) {
  const [told, setTold] = useState<string[]>([]);
  const [busy, setBusy] = useState(false);
  const check = async () => {
    setBusy(true);
    setTold([]);
    try {
      for (const room of rooms) {
        const chain = await audit.chain(room);
        const where = room === "site" ? t("audit.site") : t("audit.room", { room });
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
      <p class="prose soft">{t("audit.chain.text")}</p>
      <p><button type="button" class="btn" aria-busy={busy} disabled={busy} onClick={() => void check()}>{t("audit.check")}</button></p>
      <div role="status">{told.map((line) => <p key={line}>{line}</p>)}</div>
    </section>
  );
}
