// A manager's page that looks at a room's invitations: told which have changed, and nobody in the room.

import { parseFrame, staysClosed } from "./protocol.ts";
import type { World } from "./wire.ts";

const BACKOFF_MIN = 250;
const BACKOFF_MAX = 20_000;
const SILENCE_MAX = 60_000; // the server asks every 25 s

const nothing = () => undefined;

export interface Looker {
  /** Something may have changed: ask again. */
  changed(): void;
  /** Whether changes are told at the moment. */
  live(on: boolean): void;
}

/** Looks until the returned function is called, however often the line breaks; not after a final no. */
export function lookAt(world: World, room: string, looker: Looker): () => void {
  let stopped = false;
  let attempt = 0;
  let cancel: () => void = nothing;
  let part: () => void = nothing;

  const connect = () => {
    const socket = world.connect();
    let silence: () => void = nothing;
    const hear = () => {
      silence();
      silence = world.after(SILENCE_MAX, () => lost(1006));
    };
    const lost = (code: number) => {
      silence();
      socket.onopen = socket.onmessage = socket.onclose = null;
      socket.close();
      looker.live(false);
      if (stopped || staysClosed(code)) return;
      cancel = world.after(world.random() * Math.min(BACKOFF_MAX, BACKOFF_MIN * 2 ** attempt++), connect);
    };
    part = () => lost(1000);
    hear();
    socket.onopen = () => socket.send(JSON.stringify({ cmd: "invitations.look", id: 1, data: { room } }));
    socket.onclose = ({ code }) => lost(code);
    socket.onmessage = ({ data }) => {
      hear();
      for (const message of parseFrame(String(data))) {
        if ("ping" in message) socket.send(JSON.stringify({ pong: message.ping }));
        else if ("signal" in message && message.signal === "invitations.changed") looker.changed();
        else if ("re" in message && message.ok) {
          attempt = 0;
          looker.live(true);
          looker.changed(); // what was missed meanwhile
        }
      }
    };
  };

  connect();
  return () => {
    stopped = true;
    cancel();
    part();
  };
}
