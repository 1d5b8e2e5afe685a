// The window that asks once more who one is: password, or a code by mail. Fetched when the server wants to know.

import "./base.ts";
import { render } from "preact";
import { useRef, useState } from "preact/hooks";
import { call } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import { Dialog } from "../dialog.tsx";
import { Field } from "../parts.tsx";
import { Failed, failureOf, textOf, useSubmit } from "./forms.tsx";
import { person } from "./frame.tsx";
import type { Way } from "./proven.ts";

/** Resolves when it is shown (true), or when the window is closed without. */
export function askForProof(ways: Way[]): Promise<boolean> {
  const host = document.body.appendChild(document.createElement("div"));
  return new Promise((resolve) => {
    const close = (shown: boolean) => {
      render(null, host);
      host.remove();
      resolve(shown);
    };
    render(<Proof ways={ways} close={close} />, host);
  });
}

interface Props {
  ways: Way[];
  close: (shown: boolean) => void;
}

function Proof({ ways, close }: Props) {
  const [code, setCode] = useState(ways[0] === "code");
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data): Record<string, string> => {
      if (code) return textOf(data, "code") ? {} : { code: t("proof.code.empty") };
      return data.get("current") ? {} : { current: t("proof.password.empty") };
    },
    send: async (data) => {
      await call<void>("POST", "/account/proof", code ? { code: textOf(data, "code") } : { current: String(data.get("current")) });
      close(true);
    },
    fields: ["current", "code"],
  });
  if (ways.length === 0) return <Nothing close={() => close(false)} />;
  return (
    <Dialog
      title={t("proof.title")}
      close={() => close(false)}
      foot={
        <>
          <button type="button" class="btn" onClick={() => close(false)}>{t("dialog.cancel")}</button>
          <button type="submit" form="proof" class="btn btn-main" aria-busy={busy}>{t("proof.action")}</button>
        </>
      }
    >
      <form ref={form} id="proof" class="dialog-body stack" onSubmit={submit} noValidate>
        <p>{t("proof.text")}</p>
        <Failed text={failed} />
        {code ? <Code error={errors.code} asked={ways[0] === "code"} /> : (
          <Field id="proof-password" label={t("proof.password")} error={errors.current}>
            {(described) => <input class="input" type="password" name="current" autocomplete="current-password" {...described} />}
          </Field>
        )}
        {ways.length > 1 && <p><button type="button" class="btn btn-quiet" onClick={() => setCode(!code)}>{t(code ? "proof.by.password" : "proof.by.code")}</button></p>}
        <input type="text" name="username" autocomplete="username" value={person.value?.email} readOnly hidden />
      </form>
    </Dialog>
  );
}

/** A mail is sent when it is asked for: not by opening a window. */
function Code({ error, asked }: { error?: string; asked: boolean }) {
  const field = useRef<HTMLInputElement>(null);
  const [said, setSaid] = useState("");
  const [failed, setFailed] = useState("");
  const send = () => call<void>("POST", "/account/code", {}).then(() => {
    setFailed("");
    setSaid(t("proof.code.sent", { email: person.value?.email ?? "" }));
    field.current?.focus();
  }, (problem) => setFailed(failureOf(problem)));
  return (
    <>
      {asked && <p class="small soft">{t("proof.code.only")}</p>}
      <p><button type="button" class="btn" onClick={() => void send()}>{t(said ? "proof.code.again" : "proof.code.send")}</button></p>
      <Failed text={failed} />
      <p role="status" class="small soft">{said}</p>
      <Field id="proof-code" label={t("proof.code")} error={error}>
        {(described) => <input ref={field} class="input num" name="code" autocomplete="one-time-code" inputMode="numeric" maxLength={12} {...described} />}
      </Field>
    </>
  );
}

/** No password and no mail: signing in is the only proof there is. */
function Nothing({ close }: { close: () => void }) {
  return (
    <Dialog title={t("proof.title")} close={close} foot={<button type="button" class="btn" onClick={close}>{t("dialog.cancel")}</button>}>
      <div class="dialog-body stack">
        <p>{t("proof.none")}</p>
        <p><a href={`/signin?next=${encodeURIComponent(location.pathname + location.search)}`}>{t("proof.signin")}</a></p>
      </div>
    </Dialog>
  );
}
