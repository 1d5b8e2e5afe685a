// The ways a visit ends: refused, stopped, or over.

import "./first.ts";
import "./moreicons.tsx";
export { Over } from "./over.tsx";
export { Refusal } from "./refusal.tsx";
export { Stopped } from "./stopped.tsx";
