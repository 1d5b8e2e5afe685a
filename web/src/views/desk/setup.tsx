// The first owner's account, by the link that the server printed at its first start.

import { useEffect } from "preact/hooks";
import { Problem } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import { go } from "../../route.ts";
import { Field, Link, useFocusOnMount } from "../parts.tsx";
import type { Errors } from "./forms.tsx";
import { Failed, isAddress, Summary, textOf, useSubmit } from "./forms.tsx";
import { Frame, person } from "./frame.tsx";
import { desk } from "./calls.ts";
import { most } from "./limits.ts";

const PASSWORD_MIN = 10;
const ids = { first_name: "first", last_name: "last", email: "email", password: "password" };

function check(data: FormData): Errors {
  const wrong: Errors = {};
  if (!textOf(data, "first_name")) wrong.first_name = t("field.first.empty");
  if (!textOf(data, "last_name")) wrong.last_name = t("field.last.empty");
  if (!isAddress(textOf(data, "email"))) wrong.email = t("email.malformed");
  if ([...String(data.get("password"))].length < PASSWORD_MIN) wrong.password = t("setup.password.short", { least: PASSWORD_MIN });
  return wrong;
}

export function SetUp({ secret }: { secret?: string }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const { form, busy, errors, failed, submit, forgive } = useSubmit({
    check,
    send: async (data) => {
      const { person: made } = await desk.setUp({
        secret: secret ?? "",
        email: textOf(data, "email"),
        first_name: textOf(data, "first_name"),
        last_name: textOf(data, "last_name"),
        password: String(data.get("password")),
      });
      person.value = made;
      go("/rooms", "replace");
    },
    explain: (error) => (error instanceof Problem && error.status === 404 ? t("setup.dead.text") : undefined),
    fields: Object.keys(ids),
  });
  useEffect(forgive, [secret]); // another link pasted over a dead one: what is typed stays
  if (!secret) {
    return (
      <Frame title={t("setup.title")} narrow>
        <section class="card stack">
          <h1 class="form-title" tabIndex={-1} ref={heading}>{t("setup.dead.title")}</h1>
          <p class="soft">{t("setup.dead.text")}</p>
          <p><Link class="btn" to="/signin">{t("signin.link")}</Link></p>
        </section>
      </Frame>
    );
  }
  return (
    <Frame title={t("setup.title")} narrow>
      <form ref={form} class="card stack" onSubmit={submit} noValidate>
        <div class="stack-s"><h1 class="form-title" tabIndex={-1} ref={heading}>{t("setup.title")}</h1><p class="soft">{t("setup.text")}</p></div>
        <Failed text={failed} />
        <Summary errors={errors} ids={ids} />
        <div class="fields-2">
          <Field id={ids.first_name} label={t("field.first")} error={errors.first_name}>
            {(described) => <input class="input" name="first_name" autocomplete="given-name" maxLength={most.name} {...described} />}
          </Field>
          <Field id={ids.last_name} label={t("field.last")} error={errors.last_name}>
            {(described) => <input class="input" name="last_name" autocomplete="family-name" maxLength={most.name} {...described} />}
          </Field>
        </div>
        <Field id={ids.email} label={t("email.label")} error={errors.email}>
          {(described) => <input class="input" type="email" name="email" autocomplete="username" inputMode="email" spellcheck={false} maxLength={most.address} {...described} />}
        </Field>
        <Field id={ids.password} label={t("signin.password")} hint={t("setup.password.hint", { least: PASSWORD_MIN })} error={errors.password}>
          {(described) => <input class="input" type="password" name="password" autocomplete="new-password" {...described} />}
        </Field>
        <button type="submit" class="btn btn-main btn-large btn-block" aria-busy={busy}>{t("setup.action")}</button>
      </form>
    </Frame>
  );
}
