// Who of the site's people may do something: everybody from a role upwards, or the people and groups that are named.

import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import type { Key } from "../../i18n/index.ts";
import { t } from "../../i18n/index.ts";
import { failureOf, textOf } from "../desk/forms.tsx";
import { fullName } from "../desk/frame.tsx";
import { Icon } from "../icons.tsx";
import { Field } from "../parts.tsx";
import type { Circle, SiteRole } from "./calls.ts";
import type { Group, SitePerson } from "./peoplecalls.ts";
import { people } from "./peoplecalls.ts";

const TYPING = 250;
const SHOWN = 8;

const circles = [["member", "circle.member"], ["admin", "circle.admin"], ["", "circle.named"]] as const satisfies readonly (readonly [SiteRole | "", Key])[];

/** Which accounts may do something. Who is named stays so when the role changes. */
export function WhoMay({ id, label, circle, error }: { id: string; label: string; circle: Circle; error?: string }) {
  const [role, setRole] = useState<Circle["role"]>(circle.role === "owner" ? "admin" : circle.role);
  const [named, setNamed] = useState({ people: circle.people, groups: circle.groups });
  return (
    <>
      <Field id={id} label={label} error={error}>
        {(described) => (
          <select class="input" name={id} onChange={(event) => setRole(event.currentTarget.value as Circle["role"])} {...described}>
            {circles.map(([value, words]) => <option key={value} value={value} selected={value === role}>{t(words)}</option>)}
          </select>
        )}
      </Field>
      {named.people.map((one) => <input key={one} type="hidden" name={`${id}-people`} value={one} />)}
      {named.groups.map((one) => <input key={one} type="hidden" name={`${id}-groups`} value={one} />)}
      {role === "" && <Named id={id} label={label} named={named} set={setNamed} />}
    </>
  );
}

/** What the form says about a circle. */
export const circleOf = (data: FormData, name: string): Circle => ({
  role: textOf(data, name) as Circle["role"],
  people: data.getAll(`${name}-people`).map(String),
  groups: data.getAll(`${name}-groups`).map(String),
});

type Names = Omit<Circle, "role">;

function Named({ id, label, named, set }: { id: string; label: string; named: Names; set: (named: Names) => void }) {
  const field = useRef<HTMLDivElement>(null);
  const [text, find] = useState("");
  const { names, groups, found, failed, learn } = useNames(named.people, text.trim());
  const settle = (fresh: Names) => {
    set(fresh);
    find("");
    field.current?.querySelector("input")?.focus();
  };
  const chosen = [
    ...named.groups.map((one) => ({ id: one, name: groups && (groups.find((group) => group.id === one)?.name ?? t("circle.group.unknown")), drop: () => settle({ ...named, groups: named.groups.filter((other) => other !== one) }) })),
    ...named.people.map((one) => ({ id: one, name: names[one], drop: () => settle({ ...named, people: named.people.filter((other) => other !== one) }) })),
  ];
  const offered = [
    ...(groups ?? []).filter((group) => !named.groups.includes(group.id) && group.name.toLowerCase().includes(text.trim().toLowerCase()))
      .map((group) => ({ id: group.id, name: group.name, note: t("circle.group"), add: () => settle({ ...named, groups: [...named.groups, group.id] }) })),
    ...found.filter((who) => !named.people.includes(who.id))
      .map((who) => ({ id: who.id, name: fullName(who), note: who.email, add: () => { learn(who); settle({ ...named, people: [...named.people, who.id] }); } })),
  ].slice(0, SHOWN);
  return (
    <div ref={field} class="stack-s" role="group" aria-label={t("circle.chosen", { what: label })}>
      {chosen.length === 0 && <p class="soft">{t("circle.nobody")}</p>}
      <ul class="line">
        {chosen.map(({ id: key, name = "…", drop }) => (
          <li key={key}><button type="button" class="btn btn-small" aria-label={t("circle.remove", { name })} onClick={drop}>{name}<Icon name="x" /></button></li>
        ))}
      </ul>
      <Field id={`${id}-find`} label={t("circle.find")} error={failed}>
        {(described) => (
          <input class="input" type="search" autocomplete="off" maxLength={254} value={text} onInput={(event) => find(event.currentTarget.value)} onKeyDown={(event) => { if (event.key === "Enter") event.preventDefault(); }} {...described} />
        )}
      </Field>
      {text.trim() && (
        <ul class="stack-s" aria-label={t("circle.found")}>
          {offered.map(({ id: key, name, note, add }) => (
            <li key={key}><button type="button" class="btn btn-small" aria-label={t("circle.add", { name, note })} onClick={add}>{name} <span class="small soft">{note}</span></button></li>
          ))}
        </ul>
      )}
      <p role="status" class="hint">{text.trim() && offered.length === 0 ? t("circle.none") : ""}</p>
    </div>
  );
}

/** The names of who is chosen, and who is found by what was typed. */
function useNames(chosen: string[], text: string) {
  const [names, setNames] = useState<Record<string, string>>({});
  const [groups, setGroups] = useState<Group[]>();
  const [found, setFound] = useState<SitePerson[]>([]);
  const [failed, setFailed] = useState("");
  const fail = (error: unknown) => setFailed(failureOf(error));
  const name = (id: string, words: string) => setNames((old) => ({ ...old, [id]: words }));
  useEffect(() => {
    people.groups().then((list) => setGroups(list.items), fail);
    for (const id of chosen) {
      people.one(id).then((who) => name(id, fullName(who)), (error) => {
        name(id, t("circle.unknown"));
        if (!(error instanceof Problem) || error.code !== "not_found") fail(error);
      });
    }
  }, []);
  useEffect(() => {
    setFound([]);
    if (!text) return;
    let current = true;
    const timer = setTimeout(() => people.list(text).then((page) => current && setFound(page.items), fail), TYPING);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [text]);
  return { names, groups, found, failed, learn: (who: SitePerson) => name(who.id, fullName(who)) };
}
