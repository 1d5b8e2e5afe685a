// What stands beside a name that others could take for another's: a part of its own.

import type { Who } from "../protocol.ts";
import type { RoomSession } from "../session.ts";
import { part } from "./lazy.tsx";

export const Cue = part<{ session: RoomSession; who: Who }>("order", async () => (await import("./live/cue.tsx")).Cue);
