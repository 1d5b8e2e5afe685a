// Signing in without a password: by a code in a mail, or at another site. What this site has, it says itself.

import "./base.ts";
import { useEffect, useState } from "preact/hooks";
import type { Key } from "../../i18n/index.ts";
import { t } from "../../i18n/index.ts";
import { call, Problem } from "../../api.ts";
import { go, ownPath } from "../../route.ts";
import { report } from "../../notices.ts";
import { Field, useFocusOnMount } from "../parts.tsx";
import type { Person } from "./calls.ts";
import { desk } from "./calls.ts";
import { Failed, failureOf, isAddress, textOf, useSubmit } from "./forms.tsx";
import { person } from "./frame.tsx";

export interface OtherWaysProps {
  next: string;
  /** What the other site's callback said. */
  said?: string;
  /** Whether the code's way was chosen. */
  byCode: boolean;
  choose: (byCode: boolean) => void;
}

const why: Record<string, Key> = {
  expired: "provider.expired",
  refused: "provider.refused",
  unverified: "provider.unverified",
  unknown: "provider.unknown",
  away: "provider.away",
};

export function OtherWays({ next, said, byCode, choose }: OtherWaysProps) {
  const [has, setHas] = useState<{ mail: boolean; provider?: string }>();
  const [failed, setFailed] = useState("");
  useEffect(() => {
    desk.features().then(setHas, () => undefined); // unknown is as good as none
  }, []);
  const name = has?.provider ?? "";
  const told = said && why[said] ? t(why[said] as Key, { name }) : "";
  if (byCode) return <ByCode next={next} other={() => choose(false)} />;
  if (!has?.mail && !name) return null;
  const leave = async () => {
    try {
      location.assign((await call<{ url: string }>("POST", "/session/provider", { next })).url);
    } catch (error) {
      setFailed(error instanceof Problem && error.code === "unavailable" ? t("provider.away", { name }) : failureOf(error));
    }
  };
  return (
    <section class="card stack" aria-labelledby="other-ways">
      <h2 class="card-title" id="other-ways">{t("other.or")}</h2>
      <Failed text={failed || told} />
      {name && <button type="button" class="btn btn-block" onClick={() => void leave()}>{t("other.provider", { name })}</button>}
      {has?.mail && <button type="button" class="btn btn-block" onClick={() => choose(true)}>{t("other.code")}</button>}
    </section>
  );
}

/** Back from the other site: the last step happens here, where the browser's own session is known. */
export function FinishProvider() {
  useEffect(() => {
    call<{ person: Person; next: string }>("POST", "/session/provider/finish", {}).then((done) => {
      person.value = done.person;
      go(ownPath(done.next || null), "replace");
    }, () => go("/signin?provider=expired", "replace"));
  }, []);
  return <p class="card" role="status">{t("provider.busy")}</p>;
}

function ByCode({ next, other }: { next: string; other: () => void }) {
  const [email, setEmail] = useState("");
  const [sent, setSent] = useState(false);
  return sent
    ? <EnterCode email={email} next={next} back={() => setSent(false)} />
    : <AskCode email={email} done={(address) => {
      setEmail(address);
      setSent(true);
    }} other={other} />;
}

const ask = (email: string) => call<void>("POST", "/session/code", { email });

function AskCode({ email, done, other }: { email: string; done: (email: string) => void; other: () => void }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data): Record<string, string> => (isAddress(textOf(data, "email")) ? {} : { email: t("email.malformed") }),
    send: async (data) => {
      await ask(textOf(data, "email"));
      done(textOf(data, "email"));
    },
    fields: ["email"],
  });
  return (
    <form ref={form} class="card stack" onSubmit={submit} noValidate>
      <div class="stack-s"><h1 class="form-title" tabIndex={-1} ref={heading}>{t("bycode.title")}</h1><p class="soft">{t("bycode.text")}</p></div>
      <Failed text={failed} />
      <Field id="email" label={t("email.label")} error={errors.email}>
        {(described) => <input class="input" type="email" name="email" autocomplete="username" inputMode="email" spellcheck={false} defaultValue={email} {...described} />}
      </Field>
      <button type="submit" class="btn btn-main btn-large btn-block" aria-busy={busy}>{t("bycode.send")}</button>
      <p><button type="button" class="btn btn-quiet" onClick={other}>{t("other.password")}</button></p>
    </form>
  );
}

function EnterCode({ email, next, back }: { email: string; next: string; back: () => void }) {
  const heading = useFocusOnMount<HTMLHeadingElement>();
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data): Record<string, string> => (textOf(data, "code").replace(/\D/g, "").length === 6 ? {} : { code: t("bycode.code.empty") }),
    send: async (data) => {
      person.value = (await desk.signInByCode(email, textOf(data, "code"))).person;
      go(next, "replace");
    },
    explain: (error) => (error instanceof Problem && error.code === "not_authenticated" ? t("bycode.wrong") : undefined),
    fields: ["code"],
  });
  const again = () => ask(email).then(() => report(t("bycode.again.done"), "good"), (error) => report(failureOf(error), "bad"));
  return (
    <form ref={form} class="card stack" onSubmit={submit} noValidate>
      <div class="stack-s"><h1 class="form-title" tabIndex={-1} ref={heading}>{t("bycode.sent")}</h1><p class="soft">{t("bycode.sent.text", { email })}</p></div>
      <Failed text={failed} />
      <Field id="code" label={t("bycode.code")} error={errors.code}>
        {(described) => <input class="input num" name="code" autocomplete="one-time-code" inputMode="numeric" maxLength={12} {...described} />}
      </Field>
      <button type="submit" class="btn btn-main btn-large btn-block" aria-busy={busy}>{t("bycode.action")}</button>
      <p class="line">
        <button type="button" class="btn btn-quiet" onClick={() => void again()}>{t("bycode.again")}</button>
        <button type="button" class="btn btn-quiet" onClick={back}>{t("bycode.other")}</button>
      </p>
    </form>
  );
}
