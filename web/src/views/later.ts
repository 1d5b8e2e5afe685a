// The parts of the app that are not needed for the first page.

import type { Route } from "../route.ts";
import type { DockProps } from "./dock.tsx";
import type { GuestProps } from "./guest.tsx";
import type { LobbyHelpProps } from "./help.tsx";
import { Frame, lazy, page, part } from "./lazy.tsx";
import type { OverProps } from "./over.tsx";
import type { RefusalProps } from "./refusal.tsx";
import type { LiveProps } from "./room.tsx";
import type { StoppedProps } from "./stopped.tsx";

const ends = () => import("./ends.ts");

export const Refusal = lazy<RefusalProps>(async () => (await ends()).Refusal, Frame);
export const Stopped = lazy<StoppedProps>(async () => (await ends()).Stopped, Frame);
export const Over = lazy<OverProps>(async () => (await ends()).Over, Frame);

export const Live = page<LiveProps>("live", async () => (await import("./live.tsx")).Live);
export const LobbyHelp = part<LobbyHelpProps>("help", async () => (await import("./help.tsx")).LobbyHelp);
export const ManagerDock = part<DockProps>("live", async () => (await import("./managerdock.tsx")).ManagerDock);
export const Guest = page<GuestProps>("guest", async () => (await import("./guest.tsx")).Guest);
export const Desk = page<{ route: Route }>("desk", async () => (await import("./desk/index.tsx")).Desk);
