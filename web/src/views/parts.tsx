// The small parts that every screen is made of.

import type { ComponentChildren, Ref } from "preact";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../i18n/index.ts";
import { brand } from "../brand.ts";
import { go } from "../route.ts";
import { Icon, Mark } from "./icons.tsx";

/** A link inside the app: no reload, but a real address for new tabs. */
export function Link({ to, children, ...rest }: { to: string; children: ComponentChildren; class?: string; "aria-current"?: "page" }) {
  const follow = (event: MouseEvent) => {
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.button !== 0) return;
    event.preventDefault();
    go(to);
  };
  return <a href={to} onClick={follow} {...rest}>{children}</a>;
}

export function Skip({ to, children }: { to: string; children: ComponentChildren }) {
  const jump = (event: MouseEvent) => {
    event.preventDefault();
    document.getElementById(to)?.focus();
  };
  return <a class="skip" href={`#${to}`} onClick={jump}>{children}</a>;
}

export function Brand({ wideOnly = false }: { wideOnly?: boolean }) {
  return (
    <a class={`brand${wideOnly ? " wide-only" : ""}`} href="/">
      {brand.value.logo ? <img src={brand.value.logo} alt="" /> : <Mark />}
      <span>{brand.value.name}</span>
    </a>
  );
}

interface FieldProps {
  id: string;
  label: string;
  hint?: string;
  error?: ComponentChildren;
  children: (described: { id: string; "aria-invalid"?: "true"; "aria-describedby"?: string }) => ComponentChildren;
}

/** Label, hint, error, input, in this order; the input is told which of them describe it. */
export function Field({ id, label, hint, error, children }: FieldProps) {
  const described = [error && `${id}-error`, hint && `${id}-hint`].filter(Boolean).join(" ");
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {hint && <p class="hint" id={`${id}-hint`}>{hint}</p>}
      {error && <FieldError id={`${id}-error`}>{error}</FieldError>}
      {children({ id, "aria-invalid": error ? "true" : undefined, "aria-describedby": described || undefined })}
    </div>
  );
}

export function FieldError({ id, children }: { id: string; children: ComponentChildren }) {
  return (
    <p class="error" id={id}>
      <Icon name="alert" />
      <span><span class="sr">{t("error.prefix")} </span>{children}</span>
    </p>
  );
}

/** Moves focus to a heading when a page or a dialog appears. */
export function useFocusOnMount<Element extends HTMLElement>(): Ref<Element> {
  const ref = useRef<Element>(null);
  useEffect(() => ref.current?.focus({ preventScroll: true }), []);
  return ref;
}

/** Focus for the first field that does not fit. Call it after the errors are drawn. */
export function focusFirstInvalid(form: HTMLElement | null): void {
  requestAnimationFrame(() => form?.querySelector<HTMLElement>("[aria-invalid]")?.focus());
}

const initialsOf = (name: string) => {
  const words = name.split(/\s+/).filter(Boolean);
  const picked = words.length > 1 ? [words[0], words.at(-1)] : words;
  return picked.map((word) => [...(word ?? "")][0] ?? "").join("").toUpperCase();
};

function tintOf(seed: string): number {
  let hash = 0;
  for (const char of seed) hash = (hash * 31 + (char.codePointAt(0) ?? 0)) >>> 0;
  return (hash % 5) + 1;
}

export function Avatar({ name, seed }: { name: string; seed: string }) {
  return <span class="avatar" data-tint={tintOf(seed)} aria-hidden="true">{initialsOf(name)}</span>;
}

export function Status({ state, children, live = false }: { state: string; children: ComponentChildren; live?: boolean }) {
  return <span class={live ? "status live" : "status"} data-state={state}>{children}</span>;
}
