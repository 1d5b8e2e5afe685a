// The parts of the app that are not needed for the first page.

import { usePart } from "../i18n/index.ts";
import type { Route } from "../route.ts";
import type { GuestProps } from "./guest.tsx";
import { lazy } from "./lazy.tsx";
import type { OverProps } from "./over.tsx";
import type { RefusalProps } from "./refusal.tsx";
import type { LiveProps } from "./room.tsx";

const ends = () => import("./ends.ts");

export const Refusal = lazy<RefusalProps>(async () => (await ends()).Refusal);
export const Over = lazy<OverProps>(async () => (await ends()).Over);

export const Live = lazy<LiveProps>(async () => {
  const [view] = await Promise.all([import("./live.tsx"), usePart("live")]);
  return view.Live;
});

export const Guest = lazy<GuestProps>(async () => {
  const [view] = await Promise.all([import("./guest.tsx"), usePart("guest")]);
  return view.Guest;
});

export const Desk = lazy<{ route: Route }>(async () => {
  const [view] = await Promise.all([import("./desk/index.tsx"), usePart("desk")]);
  return view.Desk;
});
