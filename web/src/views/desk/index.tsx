// The managers' part: which page, and whether somebody is signed in.

import "./base.ts";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import type { Route } from "../../route.ts";
import { go } from "../../route.ts";
import { Connecting } from "../connecting.tsx";
import { Refusal } from "../later.ts";
import { page } from "../lazy.tsx";
import { serverNow } from "../../api.ts";
import { learnPerson, person } from "./frame.tsx";
import { Home } from "./home.tsx";
import { Manage } from "./manage.tsx";
import { Rooms } from "./rooms.tsx";
import { SetUp } from "./setup.tsx";
import { SignIn } from "./signin.tsx";

const Site = page<{ tab: string }>("site", async () => (await import("../site/index.tsx")).Site);
const Account = page<object>(["account", "data"], async () => (await import("./account.tsx")).Account);

const NewRoom = page<object>("desk", async () => (await import("./roomform.tsx")).NewRoom);
const EditRoom = page<{ id: string }>("desk", async () => (await import("./roomform.tsx")).EditRoom);

/** What was done in a room: an address of the room's page, as its form is. */
const RoomAudit = page<{ id: string }>("audit", async () => (await import("./roomaudit.tsx")).RoomAudit);

/** What was in a room, likewise. */
const RoomReport = page<{ id: string }>("report", async () => (await import("./roomreport.tsx")).RoomReport);

export function Desk({ route }: { route: Route }) {
  const [failed, setFailed] = useState(false);
  const [attempt, setAttempt] = useState(0);
  const who = person.value;
  useEffect(() => {
    if (who === undefined) learnPerson().then(() => setFailed(false), () => setFailed(true));
  }, [attempt]);
  const open = route.page === "signin" || route.page === "setup" || route.page === "lost";
  const guest = who === null && !open && route.page !== "home";
  const settled = who && route.page === "home";
  useEffect(() => {
    if (guest) go(`/signin?next=${encodeURIComponent(location.pathname + location.search + location.hash)}`, "replace");
    if (settled) go("/rooms", "replace");
  }, [guest, settled]);
  if (failed && !open) return <Refusal facts={{ code: "network", now: serverNow() }} again={() => setAttempt(attempt + 1)} />;
  if (!open && (who === undefined || guest || settled)) return <Connecting text={t("connecting")} />;
  return <Page route={route} />;
}

function Page({ route }: { route: Route }) {
  switch (route.page) {
    case "signin":
      return <SignIn key={`${route.secret} ${route.provider}`} secret={route.secret} next={route.next} provider={route.provider} />;
    case "account":
      return <Account />;
    case "setup":
      return <SetUp secret={route.secret} />;
    case "rooms":
      return <Rooms />;
    case "new":
      return <NewRoom />;
    case "manage":
      if (new URLSearchParams(location.search).has("report")) return <RoomReport key={route.room} id={route.room} />;
      if (new URLSearchParams(location.search).has("audit")) return <RoomAudit key={route.room} id={route.room} />;
      return route.edit ? <EditRoom key={route.room} id={route.room} /> : <Manage key={route.room} id={route.room} />;
    case "site":
      return <Site tab={route.tab} />;
    default:
      return <Home lost={route.page === "lost"} />;
  }
}
