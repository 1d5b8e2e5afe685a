// The front door: what this is, for those who came without a link. Signed-in people go on to their rooms.

import { t } from "../../i18n/index.ts";
import { Link } from "../parts.tsx";
import { Door } from "../stage.tsx";
import { Frame } from "./frame.tsx";

export function Home({ lost = false }: { lost?: boolean }) {
  return (
    <Frame title={t(lost ? "lost.title" : "home.title")}>
      <section class="stage">
        <div class="poster">
          <Door opening="half" />
          <h1 tabIndex={-1}>{t(lost ? "lost.title" : "home.title")}</h1>
          <div class="stack home-text">
            <p class="lead">{t(lost ? "lost.text" : "home.text")}</p>
            <p><Link class="btn btn-main" to={lost ? "/" : "/signin"}>{t(lost ? "lost.action" : "home.action")}</Link></p>
          </div>
        </div>
      </section>
    </Frame>
  );
}
