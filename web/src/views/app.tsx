// Which page to show.

import { useState } from "preact/hooks";
import type { Room } from "../protocol.ts";
import { route } from "../route.ts";
import { Desk, Guest } from "./later.ts";
import { OpenLink } from "./open.tsx";
import { RoomPage } from "./room.tsx";

export function App() {
  const [preview, setPreview] = useState<Room>();
  const now = route.value;
  if (now.page === "open") return <OpenLink key={`${now.invitation} ${now.secret}`} invitation={now.invitation} secret={now.secret} onOpened={setPreview} />;
  if (now.page === "guest") return <Guest key={`${now.link} ${now.secret}`} link={now.link} secret={now.secret} onOpened={setPreview} />;
  if (now.page === "room") return <RoomPage key={now.room} id={now.room} preview={preview?.id === now.room ? preview : undefined} />;
  return <Desk route={now} />;
}
