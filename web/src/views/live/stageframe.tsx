// A page of another site on the stage, within one of ours that may frame it: it runs its own scripts, and reaches
// nothing of ours.

import "../second.ts";
import { useEffect, useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";

const TRIES = 8;

/** Another instance may not have heard of a new origin yet and refuse the page: it is asked again, more and more slowly. */
export function StageFrame({ url }: { url: string }) {
  const [tries, setTries] = useState(0);
  const [refused, setRefused] = useState(false);
  useEffect(() => {
    if (!refused) return;
    const timer = setTimeout(() => {
      setRefused(false);
      setTries(tries + 1);
    }, 500 * 1.6 ** tries);
    return () => clearTimeout(timer);
  }, [refused]);
  const loaded = (frame: HTMLIFrameElement) => setRefused(tries < TRIES && !frame.contentDocument?.querySelector("iframe"));
  return (
    <iframe class="stage-frame" key={tries} src={`/stage/frame?url=${encodeURIComponent(url)}`} title={t("stage.frame")} onLoad={(event) => loaded(event.currentTarget)} sandbox="allow-scripts allow-same-origin allow-forms allow-popups allow-presentation" allow="autoplay; encrypted-media; fullscreen; picture-in-picture" referrerpolicy="no-referrer" />
  );
}
