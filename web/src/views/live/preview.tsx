// Staff see the room as viewers do: what they see is made here, and the server knows nothing of it.

import "../second.ts";
import { useEffect, useRef } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { RoomSession } from "../../session.ts";
import { Icon } from "../icons.tsx";

export function Preview({ session }: { session: RoomSession }) {
  const back = useRef<HTMLButtonElement>(null);
  useEffect(() => back.current?.focus(), []);
  return (
    <div class="announcements">
      <div class="notice" data-kind="warn" role="group" aria-label={t("preview.title")}>
        <Icon name="eye" />
        <div>
          <p><b>{t("preview.title")}</b></p>
          <p class="small">{t("preview.text")}</p>
          <p><button ref={back} type="button" class="btn btn-small" onClick={() => {
            session.lens.value = undefined;
          }}>{t("preview.end")}</button></p>
        </div>
      </div>
    </div>
  );
}
