// What every part of the managers' pages holds anyway: as first.ts, so that the bundler makes one file of it.

import "../second.ts";
import "./calls.ts";
import "./forms.tsx";
import "./frame.tsx";
import "./paging.ts";
