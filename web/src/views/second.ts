// What people inside and managers share beyond the first page: as first.ts, so that the bundler makes one file of it.

import "./first.ts";
import "./dialog.tsx";
import "./menu.tsx";
import "./moreicons.tsx";
import "./roles.tsx";
import "./shapes.tsx";
