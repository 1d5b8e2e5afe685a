// To a room's report, for those who manage the room and come back when it is over: the session tells them nothing any
// more, so the page asks once.

import "../second.ts";
import { useEffect, useState } from "preact/hooks";
import type { RoomRecord } from "../../api.ts";
import { at, call } from "../../api.ts";
import { t } from "../../i18n/index.ts";

export function ReportLink({ room }: { room: string }) {
  const [manages, setManages] = useState(false);
  useEffect(() => {
    call<RoomRecord>("GET", at(room)).then(({ right }) => setManages(right !== undefined), () => undefined);
  }, [room]);
  return manages ? <p><a class="btn btn-main" href={`/rooms/${encodeURIComponent(room)}?report`}>{t("over.report")}</a></p> : null;
}
