// Groups of the site's people.

import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { plural, t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { Failed, failureOf, isAddress, textOf, useSubmit } from "../desk/forms.tsx";
import { fullName } from "../desk/frame.tsx";
import { Confirm, Dialog } from "../dialog.tsx";
import { Icon } from "../icons.tsx";
import { MenuButton } from "../menu.tsx";
import { Field } from "../parts.tsx";
import { Empty } from "../shapes.tsx";
import type { Group, SitePerson } from "./peoplecalls.ts";
import { people } from "./peoplecalls.ts";

const taken = (error: unknown) => (error instanceof Problem && error.code === "conflict" ? t("groups.taken") : failureOf(error));

export function Groups() {
  const [groups, setGroups] = useState<Group[]>();
  const [failed, setFailed] = useState("");
  const load = () => void people.groups().then((list) => setGroups(list.items), (error) => setFailed(failureOf(error)));
  useEffect(load, []);
  return (
    <section class="card stack" aria-labelledby="groups">
      <h2 class="card-title" id="groups" tabIndex={-1}>{t("groups.title")}</h2>
      <p class="soft">{t("groups.text")}</p>
      <Failed text={failed} />
      {groups?.length === 0 && <Empty icon="people" title={t("groups.none")} />}
      {groups && groups.length > 0 && <ul>{groups.map((group) => <GroupRow key={group.id} group={group} changed={load} />)}</ul>}
      <AddGroup added={load} />
    </section>
  );
}

function AddGroup({ added }: { added: () => void }) {
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data): Record<string, string> => (textOf(data, "name") ? {} : { name: t("groups.empty") }),
    send: async (data) => {
      await people.addGroup(textOf(data, "name"));
      form.current?.reset();
      added();
    },
    fields: ["name"],
    explain: taken,
  });
  return (
    <form ref={form} class="stack-s" onSubmit={submit} noValidate>
      <Failed text={failed} />
      <Field id="group-name" label={t("groups.new")} error={errors.name}>
        {(described) => <input class="input" name="name" autocomplete="off" maxLength={80} {...described} />}
      </Field>
      <p><button type="submit" class="btn" aria-busy={busy}>{t("groups.add")}</button></p>
    </form>
  );
}

type Act = "members" | "rename" | "delete";

function GroupRow({ group, changed }: { group: Group; changed: () => void }) {
  const [act, setAct] = useState<Act>();
  const close = () => setAct(undefined);
  const remove = () => {
    close();
    people.deleteGroup(group.id).then(changed, (error) => report(failureOf(error), "bad"));
  };
  return (
    <li class="row row-wide">
      <div class="row-main"><b class="clip">{group.name}</b><span class="small soft">{plural("groups.members", group.members)}</span></div>
      <div class="row-end">
        <button type="button" class="btn btn-small" onClick={() => setAct("members")}>{t("groups.open", { name: group.name })}</button>
        <MenuButton
          label={t("groups.actions", { name: group.name })}
          groups={() => [{ items: [
            { label: t("groups.rename"), icon: "reply", run: () => setAct("rename") },
            { label: t("groups.delete"), icon: "x", danger: true, run: () => setAct("delete") },
          ] }]}
        />
      </div>
      {act === "members" && <Members group={group} close={() => { close(); changed(); }} />}
      {act === "rename" && <Rename group={group} close={close} changed={changed} />}
      {act === "delete" && <Confirm title={t("groups.delete.title", { name: group.name })} text={t("groups.delete.text")} action={t("groups.delete")} busy={false} close={close} run={remove} />}
    </li>
  );
}

function Rename({ group, close, changed }: { group: Group; close: () => void; changed: () => void }) {
  const [name, setName] = useState(group.name);
  const [error, setError] = useState("");
  const run = () => {
    if (!name.trim()) return setError(t("groups.empty"));
    people.renameGroup(group.id, name.trim()).then(() => {
      close();
      changed();
    }, (refused) => setError(taken(refused)));
  };
  return (
    <Confirm title={t("groups.rename")} text={group.name} action={t("folk.edit.save")} busy={false} danger={false} error={error} close={close} run={run}>
      <Field id="new-group-name" label={t("groups.new")}>
        {(described) => <input class="input" maxLength={80} autocomplete="off" value={name} onInput={(event) => setName(event.currentTarget.value)} {...described} />}
      </Field>
    </Confirm>
  );
}

function Members({ group, close }: { group: Group; close: () => void }) {
  const [inside, setInside] = useState<SitePerson[]>([]);
  const [next, setNext] = useState<string>();
  const [address, setAddress] = useState("");
  const [error, setError] = useState("");
  const load = (after = "") =>
    people.members(group.id, after).then((page) => {
      setInside((old) => (after ? [...old, ...page.items] : page.items));
      setNext(page.next);
    }, (refused) => setError(failureOf(refused)));
  useEffect(() => void load(), []);
  const settle = (work: Promise<unknown>) => work.then(() => {
    setError("");
    void load();
  }, (refused) => setError(refused instanceof Problem && refused.code === "not_found" ? t("groups.member.unknown") : failureOf(refused)));
  const add = (event: SubmitEvent) => {
    event.preventDefault();
    if (!isAddress(address.trim())) return setError(t("email.malformed"));
    void settle(people.addMember(group.id, address.trim()).then(() => setAddress("")));
  };
  return (
    <Dialog title={t("groups.open", { name: group.name })} close={close} foot={<button type="button" class="btn" onClick={close}>{t("folk.close")}</button>}>
      <div class="dialog-body stack">
        <form class="stack-s" onSubmit={add} noValidate>
          <Field id="member" label={t("groups.member")} error={error}>
            {(described) => <input class="input" type="email" autocomplete="off" spellcheck={false} value={address} onInput={(event) => setAddress(event.currentTarget.value)} {...described} />}
          </Field>
          <p><button type="submit" class="btn">{t("groups.member.add")}</button></p>
        </form>
        {inside.length === 0 && <p class="soft">{t("groups.nobody")}</p>}
        <ul>
          {inside.map((who) => (
            <li class="row row-wide" key={who.id}>
              <div class="row-main"><b class="clip">{fullName(who)}</b><span class="small soft clip">{who.email}</span></div>
              <div class="row-end"><button type="button" class="btn btn-quiet btn-icon" aria-label={t("groups.remove", { name: fullName(who) })} onClick={() => void settle(people.removeMember(group.id, who.id))}><Icon name="x" /></button></div>
            </li>
          ))}
        </ul>
        {next && <p><button type="button" class="btn" onClick={() => void load(next)}>{t("folk.more")}</button></p>}
      </div>
    </Dialog>
  );
}
