// What somebody wrote, as text. Addresses can be followed; the page that they lead to learns nothing of this one.

import type { Mention } from "../protocol.ts";
import { piecesOf } from "../words.ts";

export function Words({ text, mentions, me }: { text: string; mentions?: readonly Mention[]; me?: string }) {
  return (
    <>
      {piecesOf(text, mentions).map((piece, i) => {
        if (piece.href) return <a key={i} href={piece.href} target="_blank" rel="noopener noreferrer nofollow ugc">{piece.text}</a>;
        if (piece.participant) return <span key={i} class="mention" data-me={piece.participant === me || undefined}>{piece.text}</span>;
        return piece.text;
      })}
    </>
  );
}
