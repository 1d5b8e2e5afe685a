// What the first page holds anyway. The later parts import it as a whole: so the bundler puts all of it into
// one file, where it would else make one for each combination of parts that share something.

import "../theme.ts";
import "./app.tsx";
