// One's own account: address, where one is signed in, password.

import "./base.ts";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { when } from "../../i18n/format.ts";
import { call, serverNow } from "../../api.ts";
import { report } from "../../notices.ts";
import { Field, Status } from "../parts.tsx";
import { Bones } from "../shapes.tsx";
import { ApiKeys } from "./apikeys.tsx";
import { OwnData } from "./owndata.tsx";
import type { Person } from "./calls.ts";
import { desk } from "./calls.ts";
import { Failed, failureOf, textOf, useSubmit } from "./forms.tsx";
import { Frame, fullName, person } from "./frame.tsx";

const PASSWORD_MIN = 10;

interface Own extends Person {
  /** There is one. */
  password: boolean;
}

interface OwnSession {
  id: string;
  signed_in_at: string;
  seen_at: string;
  browser?: string;
  current: boolean;
}

export function Account() {
  const [own, setOwn] = useState<Own>();
  const [failed, setFailed] = useState("");
  const [round, setRound] = useState(0);
  useEffect(() => {
    call<Own>("GET", "/account").then(setOwn, (error) => setFailed(failureOf(error)));
  }, [round]);
  return (
    <Frame title={t("account.title")} at="account" narrow>
      <div class="page-head"><h1 tabIndex={-1}>{t("account.title")}</h1></div>
      <Failed text={failed} />
      {own ? (
        <>
          <section class="card stack" aria-labelledby="own-name">
            <h2 class="card-title" id="own-name">{fullName(own)}</h2>
            <p class="line">
              <span class="sr">{t("account.address")}: </span><span>{own.email}</span>
              <Status state={own.verified ? "inside" : "waiting"}>{t(own.verified ? "account.verified" : "account.unverified")}</Status>
            </p>
            {!own.verified && <p class="small soft">{t("account.unverified.text")}</p>}
          </section>
          <Name own={own} done={setOwn} />
          <Sessions key={round} />
          <Password own={own} done={() => setRound(round + 1)} />
          <ApiKeys />
          <OwnData email={own.email} />
        </>
      ) : !failed && <Bones label={t("connecting")} />}
    </Frame>
  );
}

function Name({ own, done }: { own: Own; done: (fresh: Own) => void }) {
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data) => ({
      ...(textOf(data, "first_name") ? {} : { first_name: t("field.first.empty") }),
      ...(textOf(data, "last_name") ? {} : { last_name: t("field.last.empty") }),
    }),
    send: async (data) => {
      const fresh = await call<Own>("PATCH", "/account", { first_name: textOf(data, "first_name"), last_name: textOf(data, "last_name") });
      person.value = fresh;
      done(fresh);
      report(t("account.name.done"), "good");
    },
    fields: ["first_name", "last_name"],
  });
  return (
    <form ref={form} class="card stack" onSubmit={submit} noValidate aria-labelledby="name-title">
      <div class="stack-s"><h2 class="card-title" id="name-title">{t("account.name")}</h2><p class="small soft">{t("account.name.text")}</p></div>
      <Failed text={failed} />
      <div class="fields-2">
        <Field id="own-first" label={t("field.first")} error={errors.first_name}>
          {(described) => <input class="input" name="first_name" autocomplete="given-name" maxLength={80} defaultValue={own.first_name} {...described} />}
        </Field>
        <Field id="own-last" label={t("field.last")} error={errors.last_name}>
          {(described) => <input class="input" name="last_name" autocomplete="family-name" maxLength={80} defaultValue={own.last_name} {...described} />}
        </Field>
      </div>
      <p><button type="submit" class="btn" aria-busy={busy}>{t("account.name.save")}</button></p>
    </form>
  );
}

function Sessions() {
  const [all, setAll] = useState<OwnSession[]>();
  const [failed, setFailed] = useState("");
  const load = () => call<{ items: OwnSession[] }>("GET", "/account/sessions").then(({ items }) => setAll(items), (error) => setFailed(failureOf(error)));
  useEffect(() => {
    void load();
  }, []);
  const end = async (path: string, said: string) => {
    try {
      await call<void>("DELETE", `/account/sessions${path}`);
      report(said, "good");
    } catch (error) {
      report(failureOf(error), "bad");
    }
    await load();
    document.getElementById("sessions")?.focus();
  };
  return (
    <section class="card stack" aria-labelledby="sessions">
      <div class="stack-s"><h2 class="card-title" id="sessions" tabIndex={-1}>{t("sessions.title")}</h2><p class="small soft">{t("sessions.text")}</p></div>
      <Failed text={failed} />
      <ul class="stack">{all?.map((one) => <Row key={one.id} one={one} end={() => void end(`/${encodeURIComponent(one.id)}`, t("sessions.ended"))} />)}</ul>
      {(all?.length ?? 0) > 1 && <p><button type="button" class="btn" onClick={() => void end("", t("sessions.ended.all"))}>{t("sessions.others")}</button></p>}
    </section>
  );
}

function Row({ one, end }: { one: OwnSession; end: () => void }) {
  const name = one.browser || t("sessions.browser");
  const at = (time: string) => when(Date.parse(time), serverNow());
  return (
    <li class="between">
      <span>
        <b>{name}</b>{one.current && <> · {t("sessions.current")}</>}<br />
        <span class="small soft">{t("sessions.signed", { time: at(one.signed_in_at) })} · {t("sessions.seen", { time: at(one.seen_at) })}</span>
      </span>
      {!one.current && <button type="button" class="btn btn-small" aria-label={t("sessions.end.label", { name })} onClick={end}>{t("sessions.end")}</button>}
    </li>
  );
}

function Password({ own, done }: { own: Own; done: () => void }) {
  const [mail, setMail] = useState(false);
  const [code, setCode] = useState(false);
  useEffect(() => {
    desk.features().then((features) => setMail(features.mail), () => undefined); // unknown is as good as no
  }, []);
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data) => {
      const wrong: Record<string, string> = {};
      if (own.password && !code && !data.get("current")) wrong.current = t("password.current.empty");
      if (code && !textOf(data, "code")) wrong.code = t("password.code.wrong");
      if ([...String(data.get("password"))].length < PASSWORD_MIN) wrong.password = t("password.short", { least: PASSWORD_MIN });
      return wrong;
    },
    send: async (data) => {
      const proof = code ? { code: textOf(data, "code") } : { current: String(data.get("current") ?? "") };
      await call<void>("POST", "/account/password", { password: String(data.get("password")), ...proof });
      report(t("password.done"), "good");
      form.current?.reset();
      setCode(false);
      done();
    },
    fields: ["current", "code", "password"],
  });
  const send = () => call<void>("POST", "/account/code", {}).then(() => {
    setCode(true);
    report(t("password.code.sent", { email: own.email }), "good");
  }, (error) => report(failureOf(error), "bad"));
  return (
    <form ref={form} class="card stack" onSubmit={submit} noValidate aria-labelledby="password-title">
      <h2 class="card-title" id="password-title">{t(own.password ? "password.title" : "password.first")}</h2>
      <Failed text={failed} />
      <input type="text" name="username" autocomplete="username" value={own.email} readOnly hidden />
      {code ? (
        <Field id="password-code" label={t("password.code")} error={errors.code}>
          {(described) => <input class="input num" name="code" autocomplete="one-time-code" inputMode="numeric" maxLength={12} {...described} />}
        </Field>
      ) : own.password && (
        <Field id="password-current" label={t("password.current")} error={errors.current}>
          {(described) => <input class="input" type="password" name="current" autocomplete="current-password" {...described} />}
        </Field>
      )}
      <Field id="password-new" label={t("password.new")} hint={t("password.hint", { least: PASSWORD_MIN })} error={errors.password}>
        {(described) => <input class="input" type="password" name="password" autocomplete="new-password" {...described} />}
      </Field>
      <div class="line">
        <button type="submit" class="btn btn-main" aria-busy={busy}>{t(own.password ? "password.change" : "password.first")}</button>
        {mail && !code && <button type="button" class="btn btn-quiet" onClick={() => void send()}>{t("password.code.send")}</button>}
      </div>
    </form>
  );
}
