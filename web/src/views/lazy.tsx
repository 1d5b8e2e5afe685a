// Views that come as parts of their own, when they are wanted.

import { signal } from "@preact/signals";
import type { ComponentType } from "preact";
import type { Part } from "../i18n/index.ts";
import { t, usePart } from "../i18n/index.ts";
import { insist } from "../insist.ts";
import { Connecting } from "./connecting.tsx";

export type Lazy<Props> = ComponentType<Props> & { preload: () => void };

const Nothing = () => null;

/** What stands until a page is there. */
export const Frame = () => <Connecting text={t("connecting")} />;

/** A view that is fetched at its first use, or before by `preload`; tried again until it comes. */
export function lazy<Props extends object>(load: () => Promise<ComponentType<Props>>, meanwhile: ComponentType = Nothing): Lazy<Props> {
  const view = signal<{ Loaded: ComponentType<Props> } | undefined>(undefined);
  let asked = false;
  const preload = () => {
    if (asked) return;
    asked = true;
    void insist(load).then((Loaded) => {
      view.value = { Loaded };
    });
  };
  const Part = (props: Props) => {
    preload();
    const now = view.value;
    const Meanwhile = meanwhile;
    return now ? <now.Loaded {...props} /> : <Meanwhile />;
  };
  return Object.assign(Part, { preload });
}

const withTexts = async <View,>(texts: Part | Part[], load: () => Promise<View>) => (await Promise.all([load(), ...[texts].flat().map(usePart)]))[0];

/** A part with texts of its own. */
export const part = <Props extends object>(texts: Part | Part[], load: () => Promise<ComponentType<Props>>) => lazy(() => withTexts(texts, load));

/** A whole page, with texts of its own. */
export const page = <Props extends object>(texts: Part | Part[], load: () => Promise<ComponentType<Props>>) => lazy(() => withTexts(texts, load), Frame);
