// Texts by key. A catalogue is plain JSON, so that translators need no code; a part of it is loaded when its
// views are. The English texts of the first pages come together with the page.

import { computed, signal } from "@preact/signals";
import type accountTexts from "./en/account.json";
import type auditTexts from "./en/audit.json";
import type dataTexts from "./en/data.json";
import type deskTexts from "./en/desk.json";
import type guestTexts from "./en/guest.json";
import type guestlinksTexts from "./en/guestlinks.json";
import type helpTexts from "./en/help.json";
import type invitationsTexts from "./en/invitations.json";
import type liveTexts from "./en/live.json";
import type mailTexts from "./en/mail.json";
import type mentionsTexts from "./en/mentions.json";
import type orderTexts from "./en/order.json";
import type peopleTexts from "./en/people.json";
import type pollsTexts from "./en/polls.json";
import type questionsTexts from "./en/questions.json";
import type reportTexts from "./en/report.json";
import type requestsTexts from "./en/requests.json";
import type proofTexts from "./en/proof.json";
import type roomTexts from "./en/room.json";
import type sheetTexts from "./en/sheet.json";
import type signinTexts from "./en/signin.json";
import type siteTexts from "./en/site.json";

interface Catalogues {
  room: typeof roomTexts;
  live: typeof liveTexts;
  data: typeof dataTexts;
  desk: typeof deskTexts;
  account: typeof accountTexts;
  signin: typeof signinTexts;
  site: typeof siteTexts;
  audit: typeof auditTexts;
  guest: typeof guestTexts;
  guestlinks: typeof guestlinksTexts;
  invitations: typeof invitationsTexts;
  help: typeof helpTexts;
  questions: typeof questionsTexts;
  report: typeof reportTexts;
  requests: typeof requestsTexts;
  mail: typeof mailTexts;
  mentions: typeof mentionsTexts;
  order: typeof orderTexts;
  people: typeof peopleTexts;
  polls: typeof pollsTexts;
  proof: typeof proofTexts;
  sheet: typeof sheetTexts;
}

export type Part = keyof Catalogues;
export type Language = "en" | "de";
export type Key = { [Name in Part]: keyof Catalogues[Name] }[Part];
export type PluralKey = Key extends infer K ? (K extends `${infer Stem}_other` ? Stem : never) : never;
export type Values = Record<string, string | number>;

type Texts = Partial<Record<string, string>>;

/** The hash in the name of every catalogue; the generator fills it in. */
declare const TEXTS: string;

async function fetchTexts(language: Language, part: Part): Promise<Texts> {
  const response = await fetch(`/assets/${language}-${part}-${TEXTS}.json`, { credentials: "same-origin" });
  if (!response.ok) throw new Error(`no texts: ${language}/${part}`);
  return response.json();
}

export const languages: Record<Language, string> = { en: "English", de: "Deutsch" };

export const language = signal<Language>("en");
const texts = signal<Texts>({});
const used = new Set<Part>(["room"]);

/** The visitor's own variant of the language (en-GB, de-AT), for dates and numbers. */
export const locale = computed(() => variantOf(language.value, globalThis.navigator?.languages ?? []));

export function variantOf(language: Language, wanted: readonly string[]): string {
  return wanted.find((tag) => tag.toLowerCase().startsWith(language)) ?? language;
}

/** The first language that the visitor wants and we have. */
export function chooseLanguage(wanted: readonly string[]): Language {
  const found = wanted.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in languages);
  return (found as Language | undefined) ?? "en";
}

/** Loads a part of the catalogue in the language in use. */
export async function usePart(part: Part): Promise<void> {
  used.add(part);
  await useLanguage(language.value);
}

let asked = 0;
let answered = 0;

/** What was asked for later knows more parts, and the language wanted last: an earlier answer never takes its place. */
export async function useLanguage(wanted: Language): Promise<void> {
  const turn = ++asked;
  const parts = await Promise.all([...used].map((part) => fetchTexts(wanted, part)));
  if (turn < answered) return;
  answered = turn;
  setTexts(wanted, Object.assign({}, ...parts));
}

export function setTexts(wanted: Language, all: Texts): void {
  texts.value = all;
  language.value = wanted;
}

export function t(key: Key, values?: Values): string {
  return fill(texts.value[key] ?? key, values);
}

/** A text that depends on a number: `key_one`, `key_other`, and what else the language has. */
export function plural(key: PluralKey, count: number, values?: Values): string {
  const form = new Intl.PluralRules(locale.value).select(count);
  const text = texts.value[`${key}_${form}`] ?? texts.value[`${key}_other`] ?? key;
  return fill(text, { ...values, count: new Intl.NumberFormat(locale.value).format(count) });
}

export function fill(text: string, values: Values = {}): string {
  return text.replace(/\{(\w+)\}/g, (all, name) => String(values[name] ?? all));
}
