// One's own API keys: made, shown once, ended.

import { useEffect, useState } from "preact/hooks";
import { call, serverNow } from "../../api.ts";
import { when } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { Confirm, Dialog } from "../dialog.tsx";
import { Field, Status } from "../parts.tsx";
import { Failed, failureOf, textOf, useSubmit } from "./forms.tsx";
import { proven } from "./proven.ts";

const DAY = 24 * 3_600_000;
const scopes = ["read", "rooms", "all"] as const;
const lives = ["30", "90", "365", "never"] as const;

interface ApiKey {
  id: string;
  label: string;
  scope: (typeof scopes)[number];
  expires_at?: string;
  used_at?: string;
  expired: boolean;
}

export function ApiKeys() {
  const [all, setAll] = useState<ApiKey[]>();
  const [failed, setFailed] = useState("");
  const [ending, setEnding] = useState<ApiKey>();
  const load = () => call<{ items: ApiKey[] }>("GET", "/account/keys").then(({ items }) => setAll(items), (error) => setFailed(failureOf(error)));
  useEffect(() => void load(), []);
  const end = async (key: ApiKey) => {
    setEnding(undefined);
    await call<void>("DELETE", `/account/keys/${encodeURIComponent(key.id)}`).then(() => report(t("apikeys.ended", { label: key.label })), (error) => report(failureOf(error), "bad"));
    await load();
    document.getElementById("apikeys")?.focus();
  };
  return (
    <section class="card stack" aria-labelledby="apikeys">
      <div class="stack-s"><h2 class="card-title" id="apikeys" tabIndex={-1}>{t("apikeys.title")}</h2><p class="small soft">{t("apikeys.text")}</p></div>
      <Failed text={failed} />
      {all && all.length > 0 && <ul class="stack">{all.map((key) => <KeyRow key={key.id} one={key} end={() => setEnding(key)} />)}</ul>}
      <NewKey made={() => void load()} />
      {ending && <Confirm title={t("apikeys.end.title", { label: ending.label })} text={t("apikeys.end.text")} action={t("apikeys.end")} busy={false} close={() => setEnding(undefined)} run={() => void end(ending)} />}
    </section>
  );
}

function KeyRow({ one, end }: { one: ApiKey; end: () => void }) {
  const at = (time: string) => when(Date.parse(time), serverNow());
  const until = one.expires_at ? t("apikeys.until", { time: at(one.expires_at) }) : t("apikeys.forever");
  return (
    <li class="between">
      <span>
        <b>{one.label}</b>{one.expired && <> <Status state="expired">{t("apikeys.expired")}</Status></>}<br />
        <span class="small soft">{[t(`apikeys.scope.${one.scope}`), until, one.used_at ? t("apikeys.used", { time: at(one.used_at) }) : t("apikeys.unused")].join(" · ")}</span>
      </span>
      <button type="button" class="btn btn-small" aria-label={t("apikeys.end.of", { label: one.label })} onClick={end}>{t("apikeys.end")}</button>
    </li>
  );
}

function NewKey({ made }: { made: () => void }) {
  const [secret, setSecret] = useState("");
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data): Record<string, string> => (textOf(data, "label") ? {} : { label: t("apikeys.label.empty") }),
    send: async (data) => {
      const life = textOf(data, "life");
      const expires_at = life === "never" ? null : new Date(serverNow() + Number(life) * DAY).toISOString();
      const { key } = await proven(() => call<{ key: string }>("POST", "/account/keys", { label: textOf(data, "label"), scope: textOf(data, "scope"), expires_at }));
      form.current?.reset();
      setSecret(key);
      made();
    },
    fields: ["label"],
  });
  return (
    <form ref={form} class="stack-s" onSubmit={submit} noValidate>
      <Failed text={failed} />
      <Field id="key-label" label={t("apikeys.label")} error={errors.label}>
        {(described) => <input class="input" name="label" autocomplete="off" maxLength={80} {...described} />}
      </Field>
      <div class="fields-2">
        <Field id="key-scope" label={t("apikeys.scope")}>
          {(described) => <select class="input" name="scope" {...described}>{scopes.map((scope) => <option key={scope} value={scope}>{t(`apikeys.scope.${scope}`)}</option>)}</select>}
        </Field>
        <Field id="key-life" label={t("apikeys.life")}>
          {(described) => <select class="input" name="life" {...described}>{lives.map((life) => <option key={life} value={life} selected={life === "90"}>{life === "never" ? t("apikeys.forever") : t("apikeys.days", { count: life })}</option>)}</select>}
        </Field>
      </div>
      <p><button type="submit" class="btn" aria-busy={busy}>{t("apikeys.make")}</button></p>
      {secret && <KeyShown secret={secret} close={() => setSecret("")} />}
    </form>
  );
}

function KeyShown({ secret, close }: { secret: string; close: () => void }) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(secret);
    setCopied(true);
  };
  return (
    <Dialog
      title={t("apikeys.shown")}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("apikeys.close")}</button>
          <button type="button" class="btn btn-main" onClick={() => void copy()}>{t(copied ? "apikeys.copied" : "apikeys.copy")}</button>
        </>
      }
    >
      <div class="dialog-body stack">
        <p>{t("apikeys.shown.text")}</p>
        <input class="input" readOnly aria-label={t("apikeys.key")} value={secret} onFocus={(event) => event.currentTarget.select()} />
      </div>
    </Dialog>
  );
}
