// The audit log of one room, for its owners and co-owners.

import "./base.ts";
import { useEffect, useState } from "preact/hooks";
import type { Problem, RoomRecord } from "../../api.ts";
import { serverNow } from "../../api.ts";
import { t } from "../../i18n/index.ts";
import { Connecting } from "../connecting.tsx";
import { Refusal } from "../later.ts";
import { Link } from "../parts.tsx";
import { AuditLog } from "./auditlog.tsx";
import { roomActs } from "./audittexts.ts";
import { desk } from "./calls.ts";
import { Frame } from "./frame.tsx";

export function RoomAudit({ id }: { id: string }) {
  const [room, setRoom] = useState<RoomRecord>();
  const [problem, setProblem] = useState<Problem>();
  const load = () => desk.room(id).then((fresh) => {
    setRoom(fresh);
    setProblem(undefined);
  }, setProblem);
  useEffect(() => void load(), []);
  if (problem) return <Refusal facts={{ code: problem.code, now: serverNow() }} again={() => void load()} />;
  if (!room) return <Connecting text={t("connecting")} />;
  if (!room.right) return <Refusal facts={{ code: "not_found", now: serverNow() }} again={() => void load()} />;
  return (
    <Frame title={t("audit.of", { title: room.title })}>
      <div class="page-head">
        <div class="stack-s">
          <p class="small"><Link to={`/rooms/${room.id}`}>{room.title}</Link></p>
          <h1 tabIndex={-1}>{t("audit.page")}</h1>
        </div>
      </div>
      <AuditLog source={`/rooms/${encodeURIComponent(room.id)}/audit`} acts={roomActs} text={t("audit.room.text")} room={room.id} />
    </Frame>
  );
}
