// What staff alone hold. It is fetched with the first role above viewer.

import "../views/second.ts";
import { join } from "./features.ts";
import { hands } from "./hands.ts";
import { tellWatch, watch } from "./watch.ts";

join("staff", { hands, watch }, tellWatch);
