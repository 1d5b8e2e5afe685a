// Rules about mail domains: whose addresses are welcome.

import "../desk/base.ts";
import { useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { plural, t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { Confirm } from "../dialog.tsx";
import { Failed, failureOf, textOf, useSubmit } from "../desk/forms.tsx";
import { usePages } from "../desk/paging.ts";
import { Icon } from "../icons.tsx";
import { Field, Status } from "../parts.tsx";
import { Bones, Empty } from "../shapes.tsx";
import type { DomainRule } from "./calls.ts";
import { calls } from "./calls.ts";

type Rule = DomainRule["rule"];

export function Domains() {
  const { rules, total, next, failed, search, find, more, changed } = useRules();
  return (
    <>
      <p class="prose soft">{t("domains.text")}</p>
      <AddRule added={changed} />
      <section class="card stack" aria-labelledby="rules">
        <h2 class="card-title" id="rules" tabIndex={-1}>{plural("domains.rules", total)}</h2>
        {(total > 0 || search) && (
          <div class="search">
            <Icon name="search" />
            <label class="sr" for="domains-q">{t("domains.search")}</label>
            <input class="input" id="domains-q" type="search" autocomplete="off" placeholder={t("domains.search")} value={search} onInput={(event) => find(event.currentTarget.value)} />
          </div>
        )}
        <Failed text={failed} />
        {!rules && !failed && <Bones label={t("connecting")} />}
        {rules?.length === 0 && <Empty icon="mail" title={t(search ? "domains.nothing" : "domains.none")} />}
        {rules && rules.length > 0 && <ul>{rules.map((rule) => <RuleRow key={rule.id} rule={rule} changed={changed} />)}</ul>}
        {next && <p><button type="button" class="btn" onClick={more}>{t("domains.more")}</button></p>}
      </section>
    </>
  );
}

function useRules() {
  const [search, find] = useState("");
  const { items: rules, again: changed, ...rest } = usePages<DomainRule>((after) => calls.domains(search.trim(), after), search);
  return { rules, search, find, changed, ...rest };
}

/** A rule as people say it. */
function nameOf(rule: DomainRule): string {
  if (rule.id === "*") return t("domains.everybody");
  const shown = rule.shown === rule.domain ? rule.domain : t("domains.both", { shown: rule.shown, domain: rule.domain });
  return rule.exact ? t("domains.exact.of", { domain: shown }) : shown;
}

interface Wish {
  id: string;
  rule: Rule;
}

function AddRule({ added }: { added: () => void }) {
  const [suffix, setSuffix] = useState<Wish>();
  const put = async ({ id, rule }: Wish, force: boolean) => {
    const made = await calls.setDomain(id, rule, force);
    report(t(made.rule === "block" ? "domains.blocked" : "domains.allowed", { domain: nameOf(made) }));
    added();
  };
  const { form, busy, errors, failed, submit } = useSubmit({
    check: (data): Record<string, string> => (textOf(data, "reach") === "every" || textOf(data, "domain") ? {} : { domain: t("domains.empty") }),
    send: async (data) => {
      const wish = wishOf(data);
      try {
        await put(wish, false);
        form.current?.reset();
      } catch (error) {
        if (!(error instanceof Problem) || error.fields.domain === undefined) throw error;
        if (error.fields.domain !== "is a public suffix") throw new Problem("invalid", 422, "", { domain: error.fields.domain });
        setSuffix(wish);
      }
    },
    fields: ["domain"],
  });
  const force = (wish: Wish) => {
    setSuffix(undefined);
    put(wish, true).then(() => form.current?.reset(), (error) => report(failureOf(error), "bad"));
  };
  return (
    <form ref={form} class="card stack" onSubmit={submit} noValidate aria-labelledby="add-rule">
      <h2 class="card-title" id="add-rule">{t("domains.add")}</h2>
      <Failed text={failed} />
      <div class="fields-2">
        <Field id="rule" label={t("domains.rule")}>
          {(described) => <select class="input" name="rule" {...described}><option value="block">{t("domains.block")}</option><option value="allow">{t("domains.allow")}</option></select>}
        </Field>
        <Field id="domain" label={t("domains.domain")} error={errors.domain}>
          {(described) => <input class="input" name="domain" autocomplete="off" spellcheck={false} inputMode="url" maxLength={253} placeholder="example.org" {...described} />}
        </Field>
        <Field id="reach" label={t("domains.reach")}>
          {(described) => <select class="input" name="reach" {...described}>{(["below", "exact", "every"] as const).map((reach) => <option key={reach} value={reach}>{t(`domains.reach.${reach}`)}</option>)}</select>}
        </Field>
      </div>
      <p><button type="submit" class="btn btn-main" aria-busy={busy}>{t("domains.add.action")}</button></p>
      {suffix && (
        <Confirm title={t("domains.suffix.title", { domain: suffix.id })} text={t("domains.suffix.text")} action={t("domains.suffix.action")} busy={false} close={() => setSuffix(undefined)} run={() => force(suffix)} />
      )}
    </form>
  );
}

function wishOf(data: FormData): Wish {
  const domain = textOf(data, "domain").replace(/^.*@/, "");
  const reach = textOf(data, "reach");
  return { id: reach === "every" ? "*" : reach === "exact" ? `=${domain}` : domain, rule: textOf(data, "rule") as Rule };
}

function RuleRow({ rule, changed }: { rule: DomainRule; changed: () => void }) {
  const name = nameOf(rule);
  const remove = () => calls.removeDomain(rule.id).then(() => {
    report(t("domains.removed", { domain: name }), "good", [{ label: t("undo"), run: () => void calls.setDomain(rule.id, rule.rule, true).then(changed) }]);
    document.getElementById("rules")?.focus();
    changed();
  }, (error) => report(failureOf(error), "bad"));
  return (
    <li class="row row-wide">
      <div class="row-main"><b class="clip">{name}</b><Status state={rule.rule === "block" ? "revoked" : "inside"}>{t(`domains.is.${rule.rule}`)}</Status></div>
      <div class="row-end"><button type="button" class="btn btn-small" aria-label={t("domains.remove.of", { domain: name })} onClick={() => void remove()}>{t("domains.remove")}</button></div>
    </li>
  );
}
