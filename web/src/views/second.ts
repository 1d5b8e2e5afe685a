// What people inside and managers share beyond the first page: as first.ts, so that the bundler makes one file of it.

import "./first.ts";
import "../live/acts.ts";
import "../live/features.ts";
import "../live/hand.ts";
import "../live/tallies.ts";
import "./letters.ts";
import "./livestage.tsx";
import "./menu.tsx";
import "./moreicons.tsx";
import "./pane.ts";
import "./roles.tsx";
import "./shapes.tsx";
