// A kind of mail in one language: three texts with tokens, what becomes of them, and a test.

import { useEffect, useRef, useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { Confirm } from "../dialog.tsx";
import { Field } from "../parts.tsx";
import { Bones } from "../shapes.tsx";
import { Failed, failureOf } from "../desk/forms.tsx";
import { faultInWords, offsetOf, placeOf } from "./faults.ts";
import { Letter } from "./letter.tsx";
import { languageName } from "./mail.tsx";
import type { Kind, Letter as MailKind, SiteMail, Template, Texts } from "./mailcalls.ts";
import { mails } from "./mailcalls.ts";

const TYPING = 400;

type Name = keyof Texts;
type Faults = Partial<Record<string, string>>;

interface Props {
  language: string;
  /** There is none yet: it begins as the English one. */
  fresh: boolean;
  mail: SiteMail;
  letter: MailKind;
  changed: () => void;
  close: () => void;
}

export function Editor(props: Props) {
  const [template, set] = useState<Template>();
  const [failed, setFailed] = useState("");
  useEffect(() => {
    mails.template(props.letter.kind, props.fresh ? "en" : props.language).then(
      (read) => set(props.fresh ? { ...read, language: props.language, own: false, built_in: false, version: 0 } : read),
      (error) => setFailed(failureOf(error)),
    );
  }, []);
  return (
    <section class="card stack" aria-labelledby="editor">
      <h2 class="card-title" id="editor" tabIndex={-1}>{t("editor.title", { kind: t(`mails.kind.${props.letter.kind}`), language: languageName(props.language) })}</h2>
      {template ? <Form key={template.version} {...props} template={template} set={set} /> : failed ? <Failed text={failed} /> : <Bones label={t("connecting")} />}
    </section>
  );
}

const textsOf = ({ subject, html, text }: Texts): Texts => ({ subject, html, text });

function Form({ template, set, mail, letter, changed, close }: Props & { template: Template; set: (template: Template) => void }) {
  const { language } = template;
  const [texts, setTexts] = useState(textsOf(template));
  const [faults, setFaults] = useState<Faults>({});
  const [failed, setFailed] = useState("");
  const [busy, setBusy] = useState("");
  const [leaving, setLeaving] = useState(false);
  const [kind, setKind] = useState<Kind>("viewer");
  const form = useRef<HTMLFormElement>(null);
  const insert = useInsert(form, (name, value) => setTexts((old) => ({ ...old, [name]: value })));
  useEffect(() => document.getElementById("editor")?.focus(), []);
  const dirty = template.version === 0 && !template.built_in ? false : names.some((name) => texts[name] !== template[name]);
  const attempt = async (what: string, act: () => Promise<void>) => {
    if (busy) return;
    setBusy(what);
    setFailed("");
    setFaults({});
    try {
      await act();
    } catch (error) {
      const wrong = error instanceof Problem ? error.fields : {};
      const here = names.filter((name) => wrong[name]);
      setFaults(wrong);
      if (here[0]) point(form.current, here[0], texts, wrong[here[0]] ?? "");
      else setFailed(error instanceof Problem && error.code === "conflict" ? t("editor.conflict") : failureOf(error));
    }
    setBusy("");
  };
  const save = (event: SubmitEvent) => {
    event.preventDefault();
    void attempt("save", async () => {
      set(await mails.keep(letter.kind, language, texts, template.version));
      report(t("editor.saved"));
      changed();
    });
  };
  const test = () => attempt("test", async () => {
    const { sent, to, detail } = await mails.test(letter.kind, language, texts, kind);
    if (sent) report(t("editor.test.sent", { to }));
    else setFailed(t("editor.test.refused", { detail: detail ?? "" }));
  });
  const drop = () => attempt("drop", async () => {
    await mails.drop(letter.kind, language);
    report(t(template.built_in ? "editor.back.done" : "editor.removed"), "good", [{ label: t("undo"), run: () => void mails.keep(letter.kind, language, textsOf(template)).then(changed) }]);
    changed();
    close();
  });
  const untestable = !mail.ready ? t("editor.test.off") : mail.test_address ? "" : t("editor.test.unconfirmed");
  return (
    <>
      <form ref={form} class="editor" onSubmit={save} noValidate>
        <div class="stack">
          <Failed text={failed} />
          <Field id="subject" label={t("editor.subject")} error={faults.subject && faultInWords(faults.subject)}>
            {(described) => <input class="input" name="subject" autocomplete="off" lang={language} maxLength={300} value={texts.subject} onInput={(event) => setTexts({ ...texts, subject: event.currentTarget.value })} {...described} />}
          </Field>
          <Field id="html" label={t("editor.html")} hint={t("editor.html.hint")} error={faults.html && faultInWords(faults.html)}>
            {(described) => <textarea class="input source" name="html" rows={16} lang={language} spellcheck={false} value={texts.html} onInput={(event) => setTexts({ ...texts, html: event.currentTarget.value })} {...described} />}
          </Field>
          <Field id="text" label={t("editor.text")} hint={t("editor.text.hint")} error={faults.text && faultInWords(faults.text)}>
            {(described) => <textarea class="input source" name="text" rows={10} lang={language} spellcheck={false} value={texts.text} onInput={(event) => setTexts({ ...texts, text: event.currentTarget.value })} {...described} />}
          </Field>
          <Palette letter={letter} insert={insert} />
          <div class="line">
            <button type="submit" class="btn btn-main" aria-busy={busy === "save"}>{t("editor.save")}</button>
            <button type="button" class="btn" aria-busy={busy === "test"} aria-disabled={untestable !== ""} aria-describedby={untestable ? "untestable" : undefined} onClick={() => untestable || void test()}>{t("editor.test")}</button>
            {template.own && <button type="button" class="btn" aria-busy={busy === "drop"} onClick={() => void drop()}>{t(template.built_in ? "editor.back" : "editor.remove")}</button>}
            <button type="button" class="btn btn-quiet" onClick={() => (dirty ? setLeaving(true) : close())}>{t("editor.close")}</button>
          </div>
          {untestable && <p class="hint" id="untestable">{untestable}</p>}
        </div>
        <Preview letter={letter} language={language} texts={texts} kind={kind} setKind={setKind} />
      </form>
      {leaving && <Confirm title={t("editor.leave.title")} text={t("editor.leave.text")} action={t("editor.leave.action")} busy={false} close={() => setLeaving(false)} run={close} />}
    </>
  );
}

const names = ["subject", "html", "text"] as const satisfies readonly Name[];

/** Puts the cursor where the first fault is. */
function point(form: HTMLFormElement | null, name: Name, texts: Texts, said: string): void {
  const field = form?.elements.namedItem(name) as HTMLInputElement | HTMLTextAreaElement | null;
  const place = placeOf(said);
  requestAnimationFrame(() => {
    field?.focus();
    if (place) field?.setSelectionRange(offsetOf(texts[name], place), offsetOf(texts[name], place));
  });
}

/** Writes into the field that was used last, at its cursor. */
function useInsert(form: { current: HTMLFormElement | null }, wrote: (name: Name, value: string) => void) {
  const last = useRef<Name>("html");
  useEffect(() => {
    const remember = (event: FocusEvent) => {
      const name = names.find((one) => one === (event.target as HTMLInputElement).name);
      if (name) last.current = name;
    };
    const now = form.current;
    now?.addEventListener("focusin", remember);
    return () => now?.removeEventListener("focusin", remember);
  }, []);
  return (before: string, after = "") => {
    const field = form.current?.elements.namedItem(last.current) as HTMLInputElement | HTMLTextAreaElement | null;
    if (!field) return;
    const [from, to] = [field.selectionStart ?? field.value.length, field.selectionEnd ?? field.value.length];
    const chosen = field.value.slice(from, to);
    field.setRangeText(before + chosen + after, from, to, "end");
    field.focus();
    if (after) field.setSelectionRange(from + before.length, from + before.length + chosen.length);
    wrote(last.current, field.value);
  };
}

function Palette({ letter, insert }: { letter: MailKind; insert: (before: string, after?: string) => void }) {
  return (
    <details class="palette">
      <summary>{t("editor.tokens")}</summary>
      <div class="stack-s">
        <p class="hint">{t("editor.tokens.hint")}</p>
        <div class="line" role="group" aria-label={t("editor.tokens.values")}>
          {letter.tokens.map((token) => <button key={token} type="button" class="btn btn-small" onClick={() => insert(`{${token}}`)}><code>{`{${token}}`}</code></button>)}
        </div>
        {letter.conditions.length > 0 && (
          <>
            <p class="hint">{t("editor.conditions.hint")}</p>
            <div class="line" role="group" aria-label={t("editor.conditions")}>
              {letter.conditions.map((when) => <button key={when} type="button" class="btn btn-small" onClick={() => insert(`{if ${when}}`, "{end}")}><code>{`{if ${when}}`}</code></button>)}
            </div>
          </>
        )}
      </div>
    </details>
  );
}

const kinds: readonly Kind[] = ["viewer", "speaker", "moderator"];

/** The mail as it will be, a moment behind what is typed; the last good one while something is wrong. */
function Preview({ letter, language, texts, kind, setKind }: { letter: MailKind; language: string; texts: Texts; kind: Kind; setKind: (kind: Kind) => void }) {
  const [mail, setMail] = useState<Texts>();
  const [waits, setWaits] = useState("");
  useEffect(() => {
    let over = false;
    const timer = setTimeout(async () => {
      try {
        const filled = await mails.preview(letter.kind, language, texts, kind);
        if (!over) setMail(filled);
        if (!over) setWaits("");
      } catch (error) {
        const [name, said] = Object.entries(error instanceof Problem ? error.fields : {})[0] ?? [];
        if (!over) setWaits(name && said ? `${t(`editor.${name as Name}`)}: ${faultInWords(said)}` : failureOf(error));
      }
    }, mail ? TYPING : 0);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [texts.subject, texts.html, texts.text, kind]);
  return (
    <div class="stack-s">
      <div class="line">
        <h3 class="legend">{t("editor.preview")}</h3>
        {letter.kind === "invitation" && (
          <>
            <label class="sr" for="kind">{t("editor.kind")}</label>
            <select class="input kind" id="kind" value={kind} onChange={(event) => setKind(event.currentTarget.value as Kind)}>
              {kinds.map((one) => <option key={one} value={one}>{t(`role.${one}`)}</option>)}
            </select>
          </>
        )}
      </div>
      {waits && <p class="hint">{t("editor.preview.waits", { fault: waits })}</p>}
      {mail ? (
        <>
          <p><b lang={language}>{mail.subject}</b></p>
          <Letter html={mail.html} title={t("editor.preview.html")} />
          <details><summary>{t("editor.preview.text")}</summary><pre class="plain" lang={language} tabIndex={0}>{mail.text}</pre></details>
        </>
      ) : <Bones label={t("connecting")} />}
    </div>
  );
}
