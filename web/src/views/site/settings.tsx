// What the cards of the general settings share: the settings as they are now, and a form that changes some of them.

import type { ComponentChildren } from "preact";
import { useEffect, useState } from "preact/hooks";
import { Problem } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { Bones } from "../shapes.tsx";
import type { Errors } from "../desk/forms.tsx";
import { Failed, failureOf, useSubmit } from "../desk/forms.tsx";
import type { Site, SiteChange } from "./calls.ts";
import { calls } from "./calls.ts";

export interface Settings {
  site: Site;
  set: (site: Site) => void;
}

/** Shows the settings when they are there. */
export function WithSite({ children }: { children: (settings: Settings) => ComponentChildren }) {
  const [site, set] = useState<Site>();
  const [failed, setFailed] = useState("");
  useEffect(() => {
    calls.site().then(set, (error) => setFailed(failureOf(error)));
  }, []);
  if (site) return <>{children({ site, set })}</>;
  return failed ? <Failed text={failed} /> : <Bones label={t("connecting")} />;
}

interface CardProps extends Settings {
  id: string;
  title: string;
  /** The fields that have a place here for what is wrong with them. */
  fields: readonly (keyof SiteChange)[];
  check?: (data: FormData) => Errors;
  read: (data: FormData) => SiteChange;
  children: (errors: Errors) => ComponentChildren;
}

/** One card, saved by itself. Of two people who change the same settings at once the second is told. */
export function Card({ id, title, fields, check, read, children, site, set }: CardProps) {
  const { form, busy, errors, failed, submit } = useSubmit({
    check: check ?? (() => ({})),
    send: async (data) => {
      try {
        set(await calls.change(site.version, read(data)));
        report(t("settings.saved"));
      } catch (error) {
        if (!(error instanceof Problem) || error.code !== "conflict") throw error;
        set(await calls.site()); // the inputs may begin anew by it, so it is told beside the card
        report(t("settings.conflict"), "bad");
      }
    },
    fields,
  });
  return (
    <form ref={form} class="card stack" onSubmit={submit} noValidate aria-labelledby={id}>
      <h2 class="card-title" id={id}>{title}</h2>
      <Failed text={failed} />
      {children(errors)}
      <p><button type="submit" class="btn btn-main" aria-busy={busy}>{t("settings.save")}</button></p>
    </form>
  );
}

/** Inputs begin anew when what they show was changed, here or by somebody else. */
export const seedOf = (...values: unknown[]) => JSON.stringify(values);

export const numberOf = (data: FormData, name: string) => Number(String(data.get(name) ?? "").trim() || Number.NaN);

/** Whole numbers between two bounds. */
export function checkNumbers(data: FormData, bounds: Record<string, readonly [number, number]>): Errors {
  const wrong: Errors = {};
  for (const [name, [least, most]] of Object.entries(bounds)) {
    const value = numberOf(data, name);
    if (!Number.isInteger(value) || value < least || value > most) wrong[name] = t("settings.between", { least, most });
  }
  return wrong;
}
