// The site's people: accounts, site roles, who is shut out; and their groups.

import "../desk/base.ts";
import { useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import type { SiteRole } from "../desk/calls.ts";
import { Failed, isAddress, textOf, useSubmit } from "../desk/forms.tsx";
import { fullName, person as me, siteRole } from "../desk/frame.tsx";
import { usePages } from "../desk/paging.ts";
import { Icon } from "../icons.tsx";
import { Field } from "../parts.tsx";
import { Bones, Empty } from "../shapes.tsx";
import { Groups } from "./groups.tsx";
import type { SignInLink, SitePerson } from "./peoplecalls.ts";
import { people } from "./peoplecalls.ts";
import { PersonData } from "./persondata.tsx";
import { LinkShown } from "./personact.tsx";
import { PersonRow } from "./personrow.tsx";

const siteRoles: readonly SiteRole[] = ["owner", "admin", "member"];

export function People() {
  const { found, next, failed, search, find, more, changed, put } = usePeople();
  const [erasures, setErasures] = useState(0);
  const erased = () => {
    setErasures((count) => count + 1);
    changed();
    document.getElementById("people")?.focus();
  };
  return (
    <>
      <p class="prose soft">{t("folk.text")}</p>
      <AddPerson added={changed} />
      <section class="card stack" aria-labelledby="people">
        <h2 class="card-title" id="people" tabIndex={-1}>{t("folk.title")}</h2>
        <div class="search">
          <Icon name="search" />
          <label class="sr" for="people-q">{t("folk.search")}</label>
          <input class="input" id="people-q" type="search" autocomplete="off" placeholder={t("folk.search")} value={search} onInput={(event) => find(event.currentTarget.value)} />
        </div>
        <Failed text={failed} />
        {!found && !failed && <Bones label={t("connecting")} />}
        {found?.length === 0 && <Empty icon="people" title={t("folk.none")} />}
        {found && found.length > 0 && <ul>{found.map((who) => <PersonRow key={who.id} who={who} changed={put} erased={erased} />)}</ul>}
        {next && <p><button type="button" class="btn" onClick={more}>{t("folk.more")}</button></p>}
      </section>
      <Groups />
      <PersonData round={erasures} erased={() => setErasures((count) => count + 1)} />
    </>
  );
}

function usePeople() {
  const [search, find] = useState("");
  const { items: found, setItems, again: changed, ...rest } = usePages<SitePerson>((after) => people.list(search.trim(), after), search);
  const put = (fresh: SitePerson) => setItems((old) => old?.map((who) => (who.id === fresh.id ? fresh : who)));
  return { found, put, search, find, changed, ...rest };
}

function AddPerson({ added }: { added: () => void }) {
  const [shown, setShown] = useState<{ name: string; link: SignInLink }>();
  const { form, busy, errors, failed, submit } = useSubmit({
    check,
    send: async (data) => {
      const made = await people.add({
        email: textOf(data, "email"), first_name: textOf(data, "first_name"), last_name: textOf(data, "last_name"),
        site_role: textOf(data, "site_role") as SiteRole, verified: data.has("verified"),
      });
      form.current?.reset();
      added();
      setShown({ name: fullName(made), link: await people.link(made.id) });
    },
    explain: (error) => (error instanceof Problem && error.code === "conflict" ? t("folk.taken") : undefined),
    fields: ["email", "first_name", "last_name"],
  });
  const mine = siteRole(me.value);
  return (
    <form ref={form} class="card stack" onSubmit={submit} noValidate aria-labelledby="add-person">
      <h2 class="card-title" id="add-person">{t("folk.add")}</h2>
      <Failed text={failed} />
      <div class="fields-2">
        <Field id="person-first" label={t("field.first")} error={errors.first_name}>
          {(described) => <input class="input" name="first_name" autocomplete="off" maxLength={80} {...described} />}
        </Field>
        <Field id="person-last" label={t("field.last")} error={errors.last_name}>
          {(described) => <input class="input" name="last_name" autocomplete="off" maxLength={80} {...described} />}
        </Field>
        <Field id="person-email" label={t("folk.email")} error={errors.email}>
          {(described) => <input class="input" type="email" name="email" autocomplete="off" spellcheck={false} maxLength={254} {...described} />}
        </Field>
        <Field id="person-role" label={t("folk.role")}>
          {(described) => <select class="input" name="site_role" {...described}>{siteRoles.filter((role) => role !== "owner" || mine === "owner").toReversed().map((role) => <option key={role} value={role}>{t(`folk.role.${role}`)}</option>)}</select>}
        </Field>
      </div>
      <label class="check"><input type="checkbox" name="verified" /><span>{t("folk.verified.set")}</span></label>
      <p><button type="submit" class="btn btn-main" aria-busy={busy}>{t("folk.add.action")}</button></p>
      {shown && <LinkShown name={shown.name} link={shown.link} close={() => setShown(undefined)} />}
    </form>
  );
}

function check(data: FormData): Record<string, string> {
  const wrong: Record<string, string> = {};
  if (!textOf(data, "first_name")) wrong.first_name = t("field.first.empty");
  if (!textOf(data, "last_name")) wrong.last_name = t("field.last.empty");
  if (!isAddress(textOf(data, "email"))) wrong.email = t("email.malformed");
  return wrong;
}
