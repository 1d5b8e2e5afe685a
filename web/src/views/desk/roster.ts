// A page of the list of invitations that keeps itself up to date, and holds still while somebody points at it.

import { useEffect, useRef, useState } from "preact/hooks";
import { world } from "../../browser.ts";
import { lookAt } from "../../look.ts";
import type { InvitationPage, InvitationQuery } from "./calls.ts";
import { desk } from "./calls.ts";
import { failureOf } from "./forms.tsx";
import { freshIn, held, sameOrder } from "./holding.ts";
import { useEvery } from "./live.ts";

const TYPING = 250;
const SELDOM = 30_000; // beside what is pushed
const OFTEN = 5_000; // where nothing is

export interface Roster {
  page?: InvitationPage;
  /** Rows that wait behind a button, because the list holds still; -1: only their order is another. */
  fresh: number;
  failed: string;
  live: boolean;
  hold(on: boolean): void;
  /** Shows what waits. */
  settle(): void;
  refresh(): void;
  next?: () => void;
  previous?: () => void;
}

export function useRoster(room: string, query: InvitationQuery): Roster {
  const [page, setPage] = useState<InvitationPage>();
  const [pending, setPending] = useState<InvitationPage>();
  const [failed, setFailed] = useState("");
  const [live, setLive] = useState(false);
  const [cursors, setCursors] = useState<string[]>([]); // of the pages before and at this one
  const now = useRef({ page, query, cursors, holding: false, loading: false, again: false, serial: 0 });
  Object.assign(now.current, { page, query, cursors });

  const show = (fresh: InvitationPage) => {
    setPage(fresh);
    setPending(undefined);
  };
  const load = async (turning = false) => {
    const state = now.current;
    if (state.loading && !turning) {
      state.again = true;
      return;
    }
    state.loading = true;
    const serial = ++state.serial;
    try {
      const fresh = await desk.invitations(room, { ...state.query, after: state.cursors.at(-1) });
      const shown = state.page?.items ?? [];
      const stays = state.holding && !turning && shown.length > 0 && !sameOrder(shown, fresh.items);
      const gone = stays ? shown.filter((one) => !fresh.items.some((other) => other.id === one.id)).map((one) => one.id) : [];
      const others = gone.length > 0 ? (await desk.invitations(room, { ids: gone.join(",") })).items : [];
      if (serial !== state.serial) return; // something else is wanted by now
      if (stays) {
        setPage({ ...fresh, items: held(shown, [...fresh.items, ...others]) });
        setPending(fresh);
      } else show(fresh);
      setFailed("");
    } catch (error) {
      if (serial === state.serial) setFailed(failureOf(error));
    } finally {
      if (serial === state.serial) {
        state.loading = false;
        if (state.again) {
          state.again = false;
          void load();
        }
      }
    }
  };
  const turn = (pages: string[]) => {
    now.current.cursors = pages;
    setCursors(pages);
    void load(true);
  };
  useEffect(() => {
    const timer = setTimeout(() => turn([]), query.q ? TYPING : 0);
    return () => clearTimeout(timer);
  }, [query.q, query.state, query.type, query.sort]);
  useEffect(() => lookAt(world, room, { changed: () => void load(), live: setLive }), [room]);
  useEvery(live ? SELDOM : OFTEN, () => void load());
  const settle = () => {
    if (pending) show(pending);
  };
  return {
    page,
    fresh: page && pending ? freshIn(page.items, pending.items) || -1 : 0,
    failed,
    live,
    hold: (on) => {
      now.current.holding = on;
      if (!on) settle();
    },
    settle,
    refresh: () => void load(),
    next: page?.next ? () => turn([...cursors, page.next ?? ""]) : undefined,
    previous: cursors.length > 0 ? () => turn(cursors.slice(0, -1)) : undefined,
  };
}
