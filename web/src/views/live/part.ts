// A part of what staff set up in the room, with its texts.

import type { ComponentType } from "preact";
import { usePart } from "../../i18n/index.ts";
import { lazy } from "../lazy.tsx";

const Nothing = () => null;

/** As `lazy`, with the texts of order.json. */
export const part = <Props extends object>(load: () => Promise<ComponentType<Props>>) =>
  lazy<Props>(async () => (await Promise.all([load(), usePart("order")]))[0], Nothing);
