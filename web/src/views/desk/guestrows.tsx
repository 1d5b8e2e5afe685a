// What would come of each row of a list: those with errors first and to be mended, then the first of the others.

import { number } from "../../i18n/format.ts";
import type { Key } from "../../i18n/index.ts";
import { t } from "../../i18n/index.ts";
import { Icon } from "../icons.tsx";
import type { Guest } from "./guestlist.ts";
import { cells, isOdd } from "./guestlist.ts";
import { domainBeside, domainOf } from "./invitationwords.ts";
import { most, wordsFor } from "./limits.ts";

const SHOWN = 50; // of each kind: a list may be long

interface Props {
  rows: Guest[];
  change: (rows: Guest[]) => void;
}

export function GuestRows({ rows, change }: Props) {
  const wrong = rows.filter((row) => !row.ok);
  const sound = rows.filter((row) => row.ok);
  const good = [...sound.filter(isOdd), ...sound.filter((row) => !isOdd(row))]; // what is odd is in sight
  const replace = (row: Guest, by?: Guest) => change(rows.flatMap((one) => (one !== row ? [one] : by ? [by] : [])));
  return (
    <>
      {wrong.length > 0 && <h3 class="group-title" id="sheet-wrong">{t("sheet.wrong")}</h3>}
      {wrong.slice(0, SHOWN).map((row, i) => <Mend key={`${row.line}`} row={row} number={i} replace={(by) => replace(row, by)} />)}
      <More shown={SHOWN} total={wrong.length} />
      {good.length > 0 && (
        <table class="guest-rows">
          <caption class="group-title">{t("sheet.good")}</caption>
          <thead><tr><th scope="col">{t("email.label")}</th><th scope="col">{t("sheet.name")}</th><th scope="col">{t("invite.done.type")}</th></tr></thead>
          <tbody>{good.slice(0, SHOWN).map((row) => <Good key={row.line} row={row} />)}</tbody>
        </table>
      )}
      <More shown={SHOWN} total={good.length} />
    </>
  );
}

function More({ shown, total }: { shown: number; total: number }) {
  return total > shown ? <p class="soft small">{t("sheet.more", { more: number(total - shown) })}</p> : null;
}

function Good({ row }: { row: Guest }) {
  return (
    <tr>
      <td>
        {row.email} <span class="small soft">{domainBeside(row)}</span>
        {row.warnings?.map((one) => <div key={one} class="odd"><Icon name="alert" />{oddWords(one, domainOf(row))}</div>)}
      </td>
      <td>{row.first_name} {row.last_name}</td>
      <td>{typeWords(row)}</td>
    </tr>
  );
}

function oddWords(warning: string, domain: string): string {
  const [kind, other = ""] = warning.split(":");
  return kind === "looks_like" ? t("sheet.domain.alike", { domain, other }) : t("invite.domain.mixed", { domain });
}

/** The type, and what it was if that changes. */
function typeWords({ type, existing, was }: Guest): string {
  const name = t(`role.${type}` as Key);
  if (!existing) return name;
  return was && was !== type ? t("sheet.was", { was: t(`role.${was}`), type: name }) : t("sheet.same", { type: name });
}

const labels: Record<(typeof cells)[number], Key> = { email: "email.label", first_name: "field.first", last_name: "field.last", type: "invite.done.type" };

interface MendProps {
  row: Guest;
  number: number;
  replace: (by?: Guest) => void;
}

function Mend({ row, number: place, replace }: MendProps) {
  const errors = Object.entries(row.error?.fields ?? {});
  const id = `mend-${place}`;
  return (
    <fieldset class="mend" aria-describedby={`${id}-error`}>
      <legend class="small soft">{t("sheet.line", { line: number(row.line) })}</legend>
      <ul class="error" id={`${id}-error`}>
        {errors.map(([field, said]) => <li key={field}>{rowWords(field, said)}</li>)}
        {errors.length === 0 && row.error && <li>{row.error.detail}</li>}
      </ul>
      <div class="mend-cells">
        {cells.map((name) => (
          <input
            key={name}
            class="input"
            aria-label={t(labels[name])}
            aria-invalid={row.error?.fields?.[name] ? "true" : undefined}
            maxLength={name === "email" ? most.address : most.name}
            value={row[name]}
            onInput={(event) => replace({ ...row, [name]: event.currentTarget.value, mended: true })}
          />
        ))}
        <button type="button" class="btn btn-small" onClick={() => replace()}><Icon name="x" />{t("sheet.leave")}</button>
      </div>
    </fieldset>
  );
}

/** What the server says of a cell, in the visitor's words. */
function rowWords(field: string, said: string): string {
  const line = said.match(/^is on line (\d+) already$/)?.[1];
  if (line) return t("sheet.again.line", { line });
  if (said === "begins like a formula") return t("sheet.formula");
  if (field === "row") return t("sheet.cells");
  if (field === "type") return t("sheet.types");
  if (said === "is required") return t(({ email: "email.empty", first_name: "field.first.empty", last_name: "field.last.empty" } as const)[field] ?? "field.required");
  return t(wordsFor(field, said));
}
