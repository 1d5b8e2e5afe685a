// The two ways a visit ends: refused, or over.

import "./first.ts";
import "./moreicons.tsx";
export { Over } from "./over.tsx";
export { Refusal } from "./refusal.tsx";
