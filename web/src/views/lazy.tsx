// Views that come as parts of their own, when they are wanted. Until then: the frame of the page.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import { t } from "../i18n/index.ts";
import { Connecting } from "./connecting.tsx";

const RETRY_MAX = 20_000;

export type Lazy<Props> = ComponentType<Props> & { preload: () => void };

const Frame = () => <Connecting text={t("connecting")} />;

/** A view that is fetched at its first use, or before by `preload`; tried again until it comes. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile: ComponentType = Frame): Lazy<Props> {
  const view = signal<{ Loaded: ComponentType<Props> } | undefined>(undefined);
  let asked = false;
  const fetch = (wait: number) => {
    load().then((Loaded) => {
      view.value = { Loaded };
    }, () => setTimeout(() => fetch(Math.min(wait * 2, RETRY_MAX)), wait));
  };
  const preload = () => {
    if (!asked) fetch(500);
    asked = true;
  };
  const Part = (props: Props) => {
    preload();
    const now = view.value;
    const Meanwhile = meanwhile;
    return now ? <now.Loaded {...props} /> : <Meanwhile />;
  };
  return Object.assign(Part, { preload });
}
