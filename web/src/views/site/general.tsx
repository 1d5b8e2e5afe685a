// General settings: how rooms look, who may do what, how long things last.

import "../desk/base.ts";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { Problem } from "../../api.ts";
import { report } from "../../notices.ts";
import { failureOf, textOf } from "../desk/forms.tsx";
import { Field } from "../parts.tsx";
import type { Proof, Site } from "./calls.ts";
import { calls } from "./calls.ts";
import { circleOf, WhoMay } from "./circle.tsx";
import { contrastToWhite, isColour } from "./colour.ts";
import type { Settings } from "./settings.tsx";
import { Card, checkNumbers, numberOf, seedOf, WithSite } from "./settings.tsx";

const DAY = 1_440;
const HOUR = 60;
const DEFAULT_ACCENT = "#0a673f";
const READABLE = 4.5;

export function General() {
  return (
    <WithSite>
      {(settings) => (
        <>
          <Logo {...settings} />
          <Look key={seedOf("look", settings.site.name, settings.site.accent)} {...settings} />
          <Invitations key={seedOf("invitations", links(settings.site), settings.site.inviters, settings.site.invitations)} {...settings} />
          <Rooms key={seedOf("rooms", settings.site.creators, settings.site.early_minutes, settings.site.host_absent, settings.site.lobby)} {...settings} />
          <Words key={seedOf("words", settings.site.words, settings.site.refuse_words)} {...settings} />
          <Stage key={seedOf("stage", settings.site.stage_origins)} {...settings} />
          <Keeping key={seedOf("keeping", kept(settings.site))} {...settings} />
        </>
      )}
    </WithSite>
  );
}

const links = (site: Site) => [site.link_minutes, site.link_fixed, site.devices];
const kept = (site: Site) => [site.content_days, site.ip_days, site.audit_days];

function Look({ site, set }: Settings) {
  const [own, setOwn] = useState(site.accent !== "");
  const [accent, setAccent] = useState(site.accent || DEFAULT_ACCENT);
  return (
    <Card
      id="look"
      title={t("look.title")}
      fields={["name", "accent"]}
      check={(data): Record<string, string> => (data.has("own") ? checkAccent(textOf(data, "accent")) : {})}
      read={(data) => ({ name: textOf(data, "name"), accent: data.has("own") ? textOf(data, "accent").toLowerCase() : "" })}
      site={site}
      set={set}
    >
      {(errors) => (
        <>
          <Field id="site-name" label={t("look.name")} hint={t("look.name.hint")} error={errors.name}>
            {(described) => <input class="input" name="name" autocomplete="off" maxLength={80} defaultValue={site.name} {...described} />}
          </Field>
          <label class="check"><input type="checkbox" name="own" checked={own} onChange={(event) => setOwn(event.currentTarget.checked)} /><span>{t("look.own")}</span></label>
          {own && (
            <Field id="accent" label={t("look.accent")} hint={t("look.accent.hint")} error={errors.accent}>
              {(described) => (
                <span class="line accent-row">
                  <input type="color" aria-label={t("look.accent.pick")} value={isColour(accent) ? accent : DEFAULT_ACCENT} onInput={(event) => setAccent(event.currentTarget.value)} />
                  <input class="input" name="accent" autocomplete="off" spellcheck={false} maxLength={7} value={accent} onInput={(event) => setAccent(event.currentTarget.value)} {...described} />
                </span>
              )}
            </Field>
          )}
        </>
      )}
    </Card>
  );
}

const MOST_LOGO = 65_536;

/** The picture is kept as it is chosen: there is nothing else to say about it. */
function Logo({ site, set }: Settings) {
  const [error, setError] = useState("");
  const attempt = (work: Promise<Site>) => work.then((changed) => {
    set(changed);
    setError("");
    report(t("settings.saved"));
  }, (failed) => setError(failed instanceof Problem && failed.code === "invalid" ? t("logo.wrong") : failureOf(failed)));
  const choose = (file?: File) => {
    if (!file) return;
    if (file.size > MOST_LOGO || !/^image\/(png|jpeg|webp)$/.test(file.type)) return setError(t("logo.wrong"));
    void attempt(calls.setLogo(file));
  };
  return (
    <section class="card stack" aria-labelledby="logo-title">
      <h2 class="card-title" id="logo-title">{t("logo.title")}</h2>
      {site.logo && <p><img class="logo" src={site.logo} alt={t("logo.now")} /></p>}
      <Field id="logo" label={t("logo.choose")} hint={t("logo.hint")} error={error}>
        {(described) => <input class="input" type="file" accept="image/png,image/jpeg,image/webp" onChange={(event) => choose(event.currentTarget.files?.[0])} {...described} />}
      </Field>
      {site.logo && <p><button type="button" class="btn" onClick={() => void attempt(calls.removeLogo())}>{t("logo.remove")}</button></p>}
    </section>
  );
}

function checkAccent(accent: string): Record<string, string> {
  if (!isColour(accent)) return { accent: t("look.accent.malformed") };
  const contrast = contrastToWhite(accent);
  return contrast < READABLE ? { accent: t("look.accent.pale", { contrast: Math.floor(contrast * 10) / 10 }) } : {};
}

const units = [["days", DAY], ["hours", HOUR], ["minutes", 1]] as const;

function Invitations({ site, set }: Settings) {
  const unit = units.find(([, size]) => site.link_minutes % size === 0) ?? units[2];
  const [any, setAny] = useState(site.devices === 0);
  return (
    <Card
      id="invitations"
      title={t("general.invitations")}
      fields={["link_minutes", "devices", "inviters"]}
      check={(data) => checkNumbers(data, { link_minutes: [1, Math.floor((366 * DAY) / sizeOf(data))], ...(any ? {} : { devices: [1, 100] as const }) })}
      read={(data) => ({
        invitations: data.has("invitations"),
        link_minutes: numberOf(data, "link_minutes") * sizeOf(data),
        link_fixed: textOf(data, "until") === "fixed",
        devices: any ? 0 : numberOf(data, "devices"),
        inviters: circleOf(data, "inviters"),
      })}
      site={site}
      set={set}
    >
      {(errors) => (
        <>
          <label class="check"><input type="checkbox" name="invitations" defaultChecked={site.invitations} /><span>{t("invitations.on")}<br /><span class="hint">{t("invitations.on.hint")}</span></span></label>
          <WhoMay id="inviters" label={t("invitations.who")} circle={site.inviters} error={errors.inviters} />
          <div class="fields-2">
            <Field id="link_minutes" label={t("invitations.lasts")} error={errors.link_minutes}>
              {(described) => <input class="input num" name="link_minutes" inputMode="numeric" autocomplete="off" maxLength={6} defaultValue={String(site.link_minutes / unit[1])} {...described} />}
            </Field>
            <Field id="unit" label={t("invitations.unit")}>
              {(described) => <select class="input" name="unit" {...described}>{units.map(([name, size]) => <option key={name} value={size} selected={name === unit[0]}>{t(`unit.${name}`)}</option>)}</select>}
            </Field>
          </div>
          <fieldset class="stack-s">
            <legend class="legend">{t("invitations.until")}</legend>
            <div class="choices">
              {(["end", "fixed"] as const).map((until) => (
                <label class="choice" key={until}>
                  <input type="radio" name="until" value={until} defaultChecked={site.link_fixed === (until === "fixed")} />
                  <b>{t(`invitations.until.${until}`)}</b>
                  <span class="small soft">{t(`invitations.until.${until}.hint`)}</span>
                </label>
              ))}
            </div>
          </fieldset>
          <label class="check"><input type="checkbox" checked={any} onChange={(event) => setAny(event.currentTarget.checked)} /><span>{t("invitations.any")}</span></label>
          {!any && (
            <Field id="devices" label={t("invitations.devices")} hint={t("invitations.devices.hint")} error={errors.devices}>
              {(described) => <input class="input num" name="devices" inputMode="numeric" autocomplete="off" maxLength={3} defaultValue={String(site.devices || 1)} {...described} />}
            </Field>
          )}
        </>
      )}
    </Card>
  );
}

const sizeOf = (data: FormData) => numberOf(data, "unit");

const types = ["viewer", "speaker", "moderator"] as const;

function absenceOf(data: FormData): Site["host_absent"] {
  const then = String(data.get("absent_then")) as Site["host_absent"]["then"];
  return { then, minutes: numberOf(data, "host_absent") };
}

function Rooms({ site, set }: Settings) {
  return (
    <Card
      id="rooms"
      title={t("general.rooms")}
      fields={["creators", "early_minutes", "host_absent"]}
      check={(data) => checkNumbers(data, { early_minutes: [0, DAY], host_absent: [1, 240] })}
      read={(data) => ({
        creators: circleOf(data, "creators"),
        early_minutes: numberOf(data, "early_minutes"),
        host_absent: absenceOf(data),
        lobby: Object.fromEntries(types.map((type) => [type, (data.has(`lobby-${type}`) ? "code" : "none") satisfies Proof])) as Site["lobby"],
      })}
      site={site}
      set={set}
    >
      {(errors) => (
        <>
          <WhoMay id="creators" label={t("rooms.who")} circle={site.creators} error={errors.creators} />
          <Field id="early_minutes" label={t("rooms.early")} hint={t("rooms.early.hint")} error={errors.early_minutes}>
            {(described) => <input class="input num" name="early_minutes" inputMode="numeric" autocomplete="off" maxLength={4} defaultValue={String(site.early_minutes)} {...described} />}
          </Field>
          <div class="field">
            <label for="absent-then">{t("rooms.absent.then")}</label>
            <select class="input" id="absent-then" name="absent_then">
              {(["nothing", "lock", "end"] as const).map((fate) => <option key={fate} value={fate} selected={fate === site.host_absent.then}>{t(`rooms.absent.${fate}`)}</option>)}
            </select>
          </div>
          <Field id="host_absent" label={t("rooms.absent.minutes")} hint={t("rooms.absent.hint")} error={errors.host_absent}>
            {(described) => <input class="input num" name="host_absent" inputMode="numeric" autocomplete="off" maxLength={3} defaultValue={String(site.host_absent.minutes)} {...described} />}
          </Field>
          <fieldset class="stack-s">
            <legend class="legend">{t("rooms.lobby")}</legend>
            <p class="hint">{t("rooms.lobby.hint")}</p>
            {types.map((type) => (
              <label class="check" key={type}><input type="checkbox" name={`lobby-${type}`} defaultChecked={site.lobby[type] === "code"} /><span>{t(`rooms.lobby.${type}`)}</span></label>
            ))}
          </fieldset>
        </>
      )}
    </Card>
  );
}

function Words({ site, set }: Settings) {
  return (
    <Card
      id="filter"
      title={t("sitewords.title")}
      fields={["words"]}
      read={(data) => ({ words: String(data.get("words") ?? "").split(/[\s,;]+/).filter(Boolean), refuse_words: data.has("refuse_words") })}
      site={site}
      set={set}
    >
      {(errors) => (
        <>
          <Field id="words" label={t("sitewords.label")} hint={t("sitewords.hint")} error={errors.words}>
            {(described) => <textarea class="input" name="words" rows={3} spellcheck={false} defaultValue={site.words.join(" ")} {...described} />}
          </Field>
          <label class="check"><input type="checkbox" name="refuse_words" defaultChecked={site.refuse_words} /><span>{t("sitewords.refuse")}</span></label>
        </>
      )}
    </Card>
  );
}

function Stage({ site, set }: Settings) {
  return (
    <Card
      id="stage"
      title={t("stageorigins.title")}
      fields={["stage_origins"]}
      read={(data) => ({ stage_origins: String(data.get("stage_origins") ?? "").split(/\s+/).filter(Boolean) })}
      site={site}
      set={set}
    >
      {(errors) => (
        <Field id="stage_origins" label={t("stageorigins.label")} hint={t("stageorigins.hint")} error={errors.stage_origins}>
          {(described) => <textarea class="input" name="stage_origins" rows={3} spellcheck={false} defaultValue={site.stage_origins.join("\n")} {...described} />}
        </Field>
      )}
    </Card>
  );
}

const spans = ["content_days", "ip_days", "audit_days"] as const;

function Keeping({ site, set }: Settings) {
  return (
    <Card
      id="keeping"
      title={t("keeping.title")}
      fields={spans}
      check={(data) => checkNumbers(data, { content_days: [1, 3_660], ip_days: [1, 3_660], audit_days: [1, 3_660] })}
      read={(data) => Object.fromEntries(spans.map((span) => [span, numberOf(data, span)]))}
      site={site}
      set={set}
    >
      {(errors) => spans.map((span) => (
        <Field key={span} id={span} label={t(`keeping.${span}`)} hint={t(`keeping.${span}.hint`)} error={errors[span]}>
          {(described) => <input class="input num" name={span} inputMode="numeric" autocomplete="off" maxLength={4} defaultValue={String(site[span])} {...described} />}
        </Field>
      ))}
    </Card>
  );
}
