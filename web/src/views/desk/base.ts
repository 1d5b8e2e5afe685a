// What every part of the managers' pages holds anyway: as first.ts, so that the bundler makes one file of it.

import "../first.ts";
import "../dialog.tsx";
import "../menu.tsx";
import "./calls.ts";
import "./forms.tsx";
import "./frame.tsx";
