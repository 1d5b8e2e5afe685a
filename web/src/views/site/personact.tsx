// Windows about one account: its name, and a sign-in link that is shown once.

import { useState } from "preact/hooks";
import { dayAndTime } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { Confirm, Dialog } from "../dialog.tsx";
import { fullName } from "../desk/frame.tsx";
import { Field } from "../parts.tsx";
import type { SignInLink, SitePerson } from "./peoplecalls.ts";

interface EditProps {
  who: SitePerson;
  close: () => void;
  save: (names: { first_name: string; last_name: string }) => void;
}

export function EditName({ who, close, save }: EditProps) {
  const [first, setFirst] = useState(who.first_name);
  const [last, setLast] = useState(who.last_name);
  const [error, setError] = useState("");
  const run = () => {
    if (!first.trim() || !last.trim()) return setError(t(first.trim() ? "field.last.empty" : "field.first.empty"));
    save({ first_name: first.trim(), last_name: last.trim() });
  };
  return (
    <Confirm title={t("folk.edit.title", { name: fullName(who) })} text={who.email} action={t("folk.edit.save")} busy={false} danger={false} error={error} close={close} run={run}>
      <Field id="edit-first" label={t("field.first")}>
        {(described) => <input class="input" maxLength={80} autocomplete="off" value={first} onInput={(event) => setFirst(event.currentTarget.value)} {...described} />}
      </Field>
      <Field id="edit-last" label={t("field.last")}>
        {(described) => <input class="input" maxLength={80} autocomplete="off" value={last} onInput={(event) => setLast(event.currentTarget.value)} {...described} />}
      </Field>
    </Confirm>
  );
}

interface LinkProps {
  name: string;
  link: SignInLink;
  close: () => void;
}

export function LinkShown({ name, link, close }: LinkProps) {
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(link.link);
    setCopied(true);
  };
  return (
    <Dialog
      title={t("folk.link.title", { name })}
      close={close}
      foot={
        <>
          <button type="button" class="btn" onClick={close}>{t("folk.close")}</button>
          <button type="button" class="btn btn-main" onClick={() => void copy()}>{t(copied ? "folk.link.copied" : "folk.link.copy")}</button>
        </>
      }
    >
      <div class="dialog-body stack">
        <p>{t("folk.link.text", { time: dayAndTime(Date.parse(link.expires_at)) })}</p>
        <input class="input" readOnly aria-label={t("folk.link")} value={link.link} onFocus={(event) => event.currentTarget.select()} />
      </div>
    </Dialog>
  );
}
