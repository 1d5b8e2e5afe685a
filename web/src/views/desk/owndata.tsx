// What is kept of oneself: to take along, or to have erased.

import "./base.ts";
import { useState } from "preact/hooks";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { Dialog } from "../dialog.tsx";
import { EraseDialog } from "./erase.tsx";
import { failureOf } from "./forms.tsx";
import { takeAlong } from "./persondata.ts";

export function OwnData({ email }: { email: string }) {
  const [busy, setBusy] = useState(false);
  const [act, setAct] = useState<"erase" | "gone">();
  const take = async () => {
    if (busy) return;
    setBusy(true);
    await takeAlong().then(() => report(t("data.taken"), "good"), (error) => report(failureOf(error), "bad"));
    setBusy(false);
  };
  return (
    <section class="card stack" aria-labelledby="own-data">
      <div class="stack-s"><h2 class="card-title" id="own-data">{t("data.own")}</h2><p class="small soft">{t("data.own.text")}</p></div>
      <div class="line">
        <button type="button" class="btn" aria-busy={busy} onClick={() => void take()}>{t("data.take")}</button>
        <button type="button" class="btn btn-danger" onClick={() => setAct("erase")}>{t("data.erase.own")}</button>
      </div>
      {act === "erase" && <EraseDialog email={email} close={() => setAct(undefined)} done={() => setAct("gone")} />}
      {act === "gone" && <Gone />}
    </section>
  );
}

/** The account is gone; only a fresh start leads on. */
function Gone() {
  const leave = () => location.replace("/");
  return (
    <Dialog title={t("erase.done.title")} close={leave} foot={<button type="button" class="btn btn-main" onClick={leave}>{t("erase.done.leave")}</button>}>
      <div class="dialog-body stack"><p>{t("erase.done.own")}</p></div>
    </Dialog>
  );
}
