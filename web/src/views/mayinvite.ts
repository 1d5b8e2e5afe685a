// Whether this manager may invite anybody now: the site's switch is told at once, the rest is asked of the server.

import { useEffect, useState } from "preact/hooks";
import type { RoomRecord } from "../api.ts";
import { call } from "../api.ts";
import { brand } from "../brand.ts";

/** Until the answer comes, as if one may: the window itself says why not, and the server judges. */
export function useMayInvite(room: string, manages: boolean): boolean {
  const site = brand.value; // another one with each change of the site
  const [allowed, setAllowed] = useState(true);
  useEffect(() => {
    let over = false;
    if (manages) call<RoomRecord>("GET", `/rooms/${encodeURIComponent(room)}`).then(({ inviting }) => over || setAllowed(inviting?.allowed !== false), () => undefined);
    return () => {
      over = true;
    };
  }, [room, manages, site]);
  return manages && allowed && site.invitations !== false;
}
