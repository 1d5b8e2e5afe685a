// Dates, times and lists in the visitor's language and zone, by Intl alone.

import type { Unit } from "../clock.ts";
import { locale, plural, t } from "./index.ts";

const format = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale.value, options);

export const time = (at: number) => format({ hour: "numeric", minute: "2-digit" }).format(at);
export const weekday = (at: number) => format({ weekday: "short" }).format(at);
export const dayOfMonth = (at: number) => format({ day: "numeric" }).format(at);
export const longDay = (at: number) => format({ weekday: "long", day: "numeric", month: "long" }).format(at);
export const dayAndTime = (at: number) =>
  format({ day: "numeric", month: "long", hour: "numeric", minute: "2-digit" }).format(at);
export const shortDayAndTime = (at: number) =>
  format({ day: "numeric", month: "short", hour: "numeric", minute: "2-digit" }).format(at);

/** With the name of the clock in force: "2:30 CEST". */
export const zoneTime = (at: number) => format({ hour: "numeric", minute: "2-digit", timeZoneName: "short" }).format(at);

/** The same day in the visitor's zone. */
export function sameDay(a: number, b: number): boolean {
  const day = format({ dateStyle: "short" });
  return day.format(a) === day.format(b);
}

/** "16:04" on the same day, "25 November, 16:04" on another. */
export function when(at: number, now: number): string {
  return sameDay(at, now) ? time(at) : dayAndTime(at);
}

export function timeSpan(from: number, to?: number): string {
  if (!to) return time(from);
  return sameDay(from, to) ? t("time.span", { from: time(from), to: time(to) }) : t("time.span", { from: time(from), to: dayAndTime(to) });
}

/** "Lisbon", "Buenos Aires", "UTC". */
export function zoneCity(): string {
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone ?? "UTC";
  return zone.split("/").at(-1)?.replaceAll("_", " ") ?? zone;
}

/** One unit of a countdown as number and word: "12" and "min", "3" and "days". */
export function unitParts({ value, unit }: Unit): { number: string; word: string } {
  return { number: number(value), word: plural(`unit.${unit}`, value) };
}

export function unit(part: Unit): string {
  const { number, word } = unitParts(part);
  return `${number} ${word}`;
}

/** "14:32" left of a lock. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.ceil(ms / 1000));
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

export const list = (names: string[]) => new Intl.ListFormat(locale.value, { type: "conjunction" }).format(names);
export const number = (count: number) => new Intl.NumberFormat(locale.value).format(count);

/** Somebody's words, before words of ours: with a full stop, if they have no ending. */
export const sentence = (text: string) => (/[.!?…]$/.test(text) ? text : `${text}.`);
