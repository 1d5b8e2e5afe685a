// What the session is about and who speaks: beside the waiting room.

import { t } from "../i18n/index.ts";
import type { Room } from "../protocol.ts";
import { Avatar } from "./parts.tsx";

export function About({ room }: { room: Room }) {
  const speakers = room.speakers ?? [];
  if (!room.description && speakers.length === 0) return null;
  return (
    <section class="about stack" aria-label={t("about.title")}>
      {room.description && (
        <div class="prose stack-s">
          <h2 class="card-title">{t("about.title")}</h2>
          <p class="text">{room.description}</p>
        </div>
      )}
      {speakers.length > 0 && (
        <div class="stack-s">
          <h2 class="card-title">{t("about.speakers")}</h2>
          <ul class="fields-2">
            {speakers.map((speaker) => (
              <li class="who" key={speaker.name}>
                <Avatar name={speaker.name} seed={speaker.name} />
                <span><b>{speaker.name}</b>{speaker.bio && <span class="small soft">{speaker.bio}</span>}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
    </section>
  );
}
