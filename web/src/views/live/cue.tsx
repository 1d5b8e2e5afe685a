// Beside a name that others could take for another's.

import "../second.ts";
import { t } from "../../i18n/index.ts";
import { cuesIn } from "../../live/identity.ts";
import type { Who } from "../../protocol.ts";
import type { RoomSession } from "../../session.ts";
import { Icon } from "../icons.tsx";

export function Cue({ session, who }: { session: RoomSession; who: Who }) {
  const cues = cuesIn(session);
  const number = cues.number(who);
  return (
    <>
      {number && <span class="soft num" title={t("cue.number")}>({number})</span>}
      {cues.posing(who) && <span class="badge" data-role="guest"><Icon name="alert" />{t("cue.posing")}</span>}
    </>
  );
}
