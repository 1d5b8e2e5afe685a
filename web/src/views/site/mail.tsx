// The site's mails: whether there is a mail server, what invitations by mail are like, a template for each language.

import "../desk/base.ts";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { locale, t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { Failed, failureOf, textOf, useSubmit } from "../desk/forms.tsx";
import { Icon } from "../icons.tsx";
import { Field, Status } from "../parts.tsx";
import { Bones } from "../shapes.tsx";
import { Editor } from "./editor.tsx";
import type { Letter, Listed, SiteMail } from "./mailcalls.ts";
import { mails } from "./mailcalls.ts";

export function Mail() {
  const [mail, set] = useState<SiteMail>();
  const [failed, setFailed] = useState("");
  const load = () => mails.site().then(set, (error) => setFailed(failureOf(error)));
  useEffect(() => void load(), []);
  if (!mail) return failed ? <Failed text={failed} /> : <Bones label={t("connecting")} />;
  return (
    <>
      <SetUp mail={mail} />
      <Settings key={mail.version} mail={mail} set={set} />
      <Templates mail={mail} changed={load} />
    </>
  );
}

function SetUp({ mail }: { mail: SiteMail }) {
  return (
    <section class="card stack-s" aria-labelledby="mail-set-up">
      <h2 class="card-title" id="mail-set-up">{t("mails.setup")}</h2>
      <p><Status state={mail.ready ? "inside" : "expired"}>{t(mail.ready ? "mails.ready" : "mails.off")}</Status></p>
      {mail.sender && <p class="text">{t("mails.sender", { sender: mail.sender })}</p>}
      <p class="soft">{t(mail.ready ? "mails.ready.text" : "mails.off.text")}</p>
    </section>
  );
}

/** The name of a language in the visitor's own. */
export const languageName = (tag: string) => new Intl.DisplayNames(locale.value, { type: "language" }).of(tag) ?? tag;

function Settings({ mail, set }: { mail: SiteMail; set: (mail: SiteMail) => void }) {
  const written = [...new Set(mail.kinds.flatMap((one) => one.templates.map(({ language }) => language)))];
  const { form, busy, errors, failed, submit } = useSubmit({
    check: () => ({}),
    send: async (data) => {
      try {
        set(await mails.change(mail.version, { invitations: data.has("invitations"), language: textOf(data, "language"), zone: textOf(data, "zone"), reply_to_inviter: data.has("reply") }));
        report(t("mails.saved"));
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "conflict") throw error;
        set(await mails.site());
        report(t("mails.conflict"), "bad");
      }
    },
    explain: () => undefined,
    fields: ["zone"],
  });
  return (
    <form ref={form} class="card stack" onSubmit={submit} noValidate aria-labelledby="mail-settings">
      <h2 class="card-title" id="mail-settings">{t("mails.settings")}</h2>
      <Failed text={failed} />
      <label class="check"><input type="checkbox" name="invitations" defaultChecked={mail.invitations} /><span>{t("mails.invitations")}<br /><span class="hint">{t("mails.invitations.hint")}</span></span></label>
      <label class="check"><input type="checkbox" name="reply" defaultChecked={mail.reply_to_inviter} /><span>{t("mails.reply")}<br /><span class="hint">{t("mails.reply.hint")}</span></span></label>
      <div class="fields-2">
        <Field id="mail-language" label={t("mails.language")} hint={t("mails.language.hint")}>
          {(described) => (
            <select class="input" name="language" {...described}>
              <option value="">{t("mails.language.none")}</option>
              {written.map((language) => <option key={language} value={language} selected={language === mail.language}>{languageName(language)}</option>)}
              {mail.language && !written.includes(mail.language) && <option value={mail.language} selected>{languageName(mail.language)}</option>}
            </select>
          )}
        </Field>
        <Field id="mail-zone" label={t("mails.zone")} hint={t("mails.zone.hint")} error={errors.zone && t("mails.zone.wrong")}>
          {(described) => <input class="input" name="zone" list="zones" autocomplete="off" spellcheck={false} maxLength={64} placeholder="UTC" defaultValue={mail.zone} {...described} />}
        </Field>
        <datalist id="zones">{Intl.supportedValuesOf("timeZone").map((zone) => <option key={zone} value={zone} />)}</datalist>
      </div>
      <p><button type="submit" class="btn btn-main" aria-busy={busy}>{t("mails.save")}</button></p>
    </form>
  );
}

/** Languages that many people write; any other can be made by HTTP. */
const common = "ar bg ca cs da el es et eu fa fi fr ga gl he hi hr hu id is it ja ko lt lv mt nb nl pl pt pt-BR ro ru sk sl sq sr sv th tr uk vi zh-Hans zh-Hant".split(" ");

function Templates({ mail, changed }: { mail: SiteMail; changed: () => void }) {
  const [kind, setKind] = useState<Letter["kind"]>("invitation");
  const [open, setOpen] = useState<{ language: string; fresh: boolean }>();
  const letter = mail.kinds.find((one) => one.kind === kind);
  if (!letter) return null;
  const close = () => {
    setOpen(undefined);
    document.getElementById("templates")?.focus();
  };
  return (
    <>
      <section class="card stack" aria-labelledby="templates">
        <h2 class="card-title" id="templates" tabIndex={-1}>{t("mails.templates")}</h2>
        <p class="soft">{t("mails.templates.text")}</p>
        <Field id="letter" label={t("mails.kind")} hint={t(`mails.kind.${kind}.hint`)}>
          {(described) => (
            <select class="input" value={kind} disabled={open !== undefined} onChange={(event) => setKind(event.currentTarget.value as Letter["kind"])} {...described}>
              {mail.kinds.map((one) => <option key={one.kind} value={one.kind}>{t(`mails.kind.${one.kind}`)}</option>)}
            </select>
          )}
        </Field>
        <ul>{letter.templates.map((one) => <Row key={one.language} one={one} open={open?.language === one.language} edit={() => setOpen({ language: one.language, fresh: false })} />)}</ul>
        <Add taken={letter.templates} add={(language) => setOpen({ language, fresh: true })} />
      </section>
      {open && <Editor key={open.language} {...open} mail={mail} letter={letter} changed={changed} close={close} />}
    </>
  );
}

function Row({ one, open, edit }: { one: Listed; open: boolean; edit: () => void }) {
  const name = languageName(one.language);
  return (
    <li class="row row-wide">
      <div class="row-main"><b class="clip">{name}</b><Status state={one.own ? "inside" : "issued"}>{t(one.own ? "mails.own" : "mails.built_in")}</Status></div>
      <div class="row-end"><button type="button" class="btn btn-small" aria-pressed={open} aria-label={t("mails.edit.of", { language: name })} onClick={edit}><Icon name="mail" />{t("mails.edit")}</button></div>
    </li>
  );
}

function Add({ taken, add }: { taken: Listed[]; add: (language: string) => void }) {
  const left = common.filter((tag) => !taken.some(({ language }) => language === tag)).map((tag) => [tag, languageName(tag)] as const);
  left.sort(([, a], [, b]) => a.localeCompare(b, locale.value));
  const submit = (event: SubmitEvent) => {
    event.preventDefault();
    add(textOf(new FormData(event.currentTarget as HTMLFormElement), "add"));
  };
  return (
    <form class="add-manager" onSubmit={submit}>
      <Field id="add-language" label={t("mails.add")}>
        {(described) => <select class="input" name="add" {...described}>{left.map(([tag, name]) => <option key={tag} value={tag}>{name}</option>)}</select>}
      </Field>
      <button type="submit" class="btn">{t("mails.add.action")}</button>
    </form>
  );
}
