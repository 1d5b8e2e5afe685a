// The parts of the app that are not needed for the first page.

import type { ComponentType } from "preact";
import type { Part } from "../i18n/index.ts";
import { usePart } from "../i18n/index.ts";
import type { Route } from "../route.ts";
import type { DockProps } from "./dock.tsx";
import type { GuestProps } from "./guest.tsx";
import type { LobbyHelpProps } from "./help.tsx";
import { lazy } from "./lazy.tsx";
import type { OverProps } from "./over.tsx";
import type { RefusalProps } from "./refusal.tsx";
import type { LiveProps } from "./room.tsx";

const ends = () => import("./ends.ts");

export const Refusal = lazy<RefusalProps>(async () => (await ends()).Refusal);
export const Over = lazy<OverProps>(async () => (await ends()).Over);

/** A part with texts of its own. */
export const part = <Props extends object>(texts: Part, load: () => Promise<ComponentType<Props>>, meanwhile?: ComponentType) =>
  lazy<Props>(async () => (await Promise.all([load(), usePart(texts)]))[0], meanwhile);

const Nothing = () => null;

export const Live = part<LiveProps>("live", async () => (await import("./live.tsx")).Live);
export const LobbyHelp = part<LobbyHelpProps>("help", async () => (await import("./help.tsx")).LobbyHelp, Nothing);
export const ManagerDock = part<DockProps>("live", async () => (await import("./managerdock.tsx")).ManagerDock, Nothing);
export const Guest = part<GuestProps>("guest", async () => (await import("./guest.tsx")).Guest);
export const Desk = part<{ route: Route }>("desk", async () => (await import("./desk/index.tsx")).Desk);
