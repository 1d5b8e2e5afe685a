// Following an invitation link. Opening tells the server that the link was followed and binds nothing:
// scanners do it, too. The claim is made in the lobby, by a person.

import { useEffect, useState } from "preact/hooks";
import type { Opened } from "../api.ts";
import { api, Problem, roomOf, serverNow } from "../api.ts";
import { t } from "../i18n/index.ts";
import { keepInvitation } from "../kept.ts";
import type { Room } from "../protocol.ts";
import { go } from "../route.ts";
import { Connecting } from "./connecting.tsx";
import { Refusal } from "./later.ts";

interface Props {
  invitation: string;
  secret: string;
  onOpened: (room: Room) => void;
}

export function OpenLink({ invitation, secret, onOpened }: Props) {
  const [problem, setProblem] = useState<Problem>();
  const [attempt, setAttempt] = useState(0);
  const holds = { invitation, secret };
  useEffect(() => {
    if (!secret) return setProblem(new Problem("not_found"));
    api.open(holds).then((opened) => enter(opened, onOpened), setProblem);
  }, [attempt]);
  const again = () => {
    setProblem(undefined);
    setAttempt(attempt + 1);
  };
  if (!problem) return <Connecting text={t("open.opening")} />;
  return <Refusal facts={factsOf(problem)} again={again} holds={secret ? holds : undefined} moved={(opened) => enter(opened, onOpened)} />;
}

export function enter(opened: Pick<Opened, "room" | "invitation">, onOpened: (room: Room) => void): void {
  keepInvitation(opened.room.id, opened.invitation);
  onOpened(roomOf(opened.room));
  go(`/r/${encodeURIComponent(opened.room.id)}`, "replace");
}

export function factsOf({ code, extra }: Problem) {
  const ms = (value: unknown) => (typeof value === "number" ? value : Date.parse(String(value)) || undefined);
  return {
    code,
    reason: typeof extra.reason === "string" ? extra.reason : undefined,
    since: ms(extra.since_at),
    until: ms(extra.expires_at),
    ended: ms(extra.closed_at),
    now: serverNow(),
    extra,
  };
}
