// What the site looks like: told by the socket, painted by views/paint.ts.

import { signal } from "@preact/signals";
import type { Signals } from "./protocol.ts";

export const brand = signal<Signals["site"]>({ name: "greenroom" });
