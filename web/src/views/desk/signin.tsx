// Signing in: by password, or by a one-time link that is only used up by a click; other ways are a part of their own.

import { useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import { go } from "../../route.ts";
import { part } from "../lazy.tsx";
import { Field, useFocusOnMount } from "../parts.tsx";
import type { OtherWaysProps } from "./otherways.tsx";
import { Failed, isAddress, textOf, useSubmit } from "./forms.tsx";
import { Frame, person } from "./frame.tsx";
import { desk } from "./calls.ts";

const OtherWays = part<OtherWaysProps>("signin", async () => (await import("./otherways.tsx")).OtherWays);
const FinishProvider = part<object>("signin", async () => (await import("./otherways.tsx")).FinishProvider);

export function SignIn({ secret, next, provider }: { secret?: string; next: string; provider?: string }) {
  const [link, setLink] = useState(secret);
  const [byCode, setByCode] = useState(false);
  return (
    <Frame title={t("signin.title")} narrow>
      {link ? <ByLink link={link} next={next} other={() => setLink(undefined)} />
        : provider === "done" ? <FinishProvider />
          : <>
            {!byCode && <ByPassword next={next} />}
            <OtherWays next={next} said={provider} byCode={byCode} choose={setByCode} />
          </>}
    </Frame>
  );
}

function ByPassword({ next }: { next: string }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data) => ({
      ...(isAddress(textOf(data, "email")) ? {} : { email: t("email.malformed") }),
      ...(data.get("password") ? {} : { password: t("signin.password.empty") }),
    }),
    send: async (data) => {
      person.value = (await desk.signIn(textOf(data, "email"), String(data.get("password")))).person;
      go(next, "replace");
    },
    explain: mismatch,
    fields: ["email", "password"],
  });
  return (
    <form ref={form} class="card stack" onSubmit={submit} noValidate>
      <div class="stack-s"><h1 class="form-title" tabIndex={-1} ref={heading}>{t("signin.title")}</h1><p class="soft">{t("signin.text")}</p></div>
      <Failed text={failed} />
      <Field id="email" label={t("email.label")} error={errors.email}>
        {(described) => <input class="input" type="email" name="email" autocomplete="username" inputMode="email" spellcheck={false} {...described} />}
      </Field>
      <Field id="password" label={t("signin.password")} error={errors.password}>
        {(described) => <input class="input" type="password" name="password" autocomplete="current-password" {...described} />}
      </Field>
      <button type="submit" class="btn btn-main btn-large btn-block" aria-busy={busy}>{t("signin.action")}</button>
      <p class="small soft">{t("signin.guests")}</p>
    </form>
  );
}

function mismatch(error: unknown): string | undefined {
  return error instanceof Problem && error.code === "not_authenticated" ? t("signin.mismatch") : undefined;
}

function ByLink({ link, next, other }: { link: string; next: string; other: () => void }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const { form, busy, failed, submit } = useSubmit({
    check: () => ({}),
    send: async () => {
      person.value = (await desk.signInByLink(link)).person;
      go(next, "replace");
    },
    explain: (error) => (error instanceof Problem && error.code === "not_authenticated" ? t("signin.link.used") : undefined),
    fields: [],
  });
  return (
    <form ref={form} class="card stack" onSubmit={submit}>
      <div class="stack-s"><h1 class="form-title" tabIndex={-1} ref={heading}>{t("signin.bylink.title")}</h1><p class="soft">{t("signin.bylink.text")}</p></div>
      <Failed text={failed} />
      <button type="submit" class="btn btn-main btn-large btn-block" aria-busy={busy}>{t("signin.bylink.action")}</button>
      <p><button type="button" class="btn btn-quiet" onClick={other}>{t("signin.bylink.other")}</button></p>
    </form>
  );
}
