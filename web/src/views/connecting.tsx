// The moment before we know anything: the frame of the page, and words after a while.

import { Brand } from "./parts.tsx";

export function Connecting({ text }: { text: string }) {
  return (
    <>
      <header class="bar"><Brand /></header>
      <main class="room" id="main" tabIndex={-1} aria-busy="true">
        <section class="stage"><div class="poster"><p class="soft late">{text}</p></div></section>
      </main>
    </>
  );
}
