// Which page to show. The managers' part is a part of its own, loaded when it is wanted.

import type { ComponentType } from "preact";
import { useEffect, useState } from "preact/hooks";
import { t, usePart } from "../i18n/index.ts";
import type { Room } from "../protocol.ts";
import type { Route } from "../route.ts";
import { route } from "../route.ts";
import { Connecting } from "./connecting.tsx";
import { OpenLink } from "./open.tsx";
import { Refusal } from "./refusal.tsx";
import { RoomPage } from "./room.tsx";

export function App() {
  const [preview, setPreview] = useState<Room>();
  const now = route.value;
  if (now.page === "open") return <OpenLink key={now.invitation} invitation={now.invitation} secret={now.secret} onOpened={setPreview} />;
  if (now.page === "room") return <RoomPage key={now.room} id={now.room} preview={preview?.id === now.room ? preview : undefined} />;
  return <DeskPart route={now} />;
}

function DeskPart({ route }: { route: Route }) {
  const [desk, setDesk] = useState<{ view: ComponentType<{ route: Route }> }>();
  const [attempt, setAttempt] = useState(0);
  const [failed, setFailed] = useState(false);
  useEffect(() => {
    const load = Promise.all([import("./desk/index.tsx"), usePart("desk")]);
    load.then(([part]) => setDesk({ view: part.Desk }), () => setFailed(true));
  }, [attempt]);
  const again = () => {
    setFailed(false);
    setAttempt(attempt + 1);
  };
  if (failed) return <Refusal facts={{ code: "network", now: Date.now() }} again={again} />;
  return desk ? <desk.view route={route} /> : <Connecting text={t("connecting")} />;
}
