// The files of a room: each as a table for spreadsheets, or for programs.

import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { failureOf } from "./forms.tsx";
import { files, reports } from "./reportcalls.ts";

const formats = ["csv", "json"] as const;

export function Files({ room, session }: { room: string; session: number }) {
  const [busy, setBusy] = useState("");
  const take = async (what: (typeof files)[number], format: (typeof formats)[number]) => {
    if (busy) return;
    setBusy(`${what} ${format}`);
    await reports.take(room, what, format, session).then(() => report(t("report.taken"), "good"), (error) => report(failureOf(error), "bad"));
    setBusy("");
  };
  return (
    <section class="card stack" aria-labelledby="files">
      <h2 class="card-title" id="files">{t("report.files")}</h2>
      <p class="prose soft">{t("report.files.text")}</p>
      <ul class="files">
        {files.map((what) => (
          <li key={what} class="line">
            <span><b id={`file-${what}`}>{t(`report.file.${what}`)}</b><span class="small soft">{t(`report.file.${what}.text`)}</span></span>
            {formats.map((format) => (
              <button key={format} type="button" class="btn btn-s" aria-busy={busy === `${what} ${format}`} aria-describedby={`file-${what}`} onClick={() => void take(what, format)}>{format.toUpperCase()}</button>
            ))}
          </li>
        ))}
      </ul>
    </section>
  );
}
