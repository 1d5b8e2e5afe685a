// People's data: of an address that has no account, and which erasures there are.

import "../desk/base.ts";
import { useEffect, useState } from "preact/hooks";
import { dayAndTime } from "../../i18n/format.ts";
import { t } from "../../i18n/index.ts";
import { report } from "../../notices.ts";
import { EraseDialog } from "../desk/erase.tsx";
import { Failed, failureOf, isAddress } from "../desk/forms.tsx";
import type { Erasure } from "../desk/persondata.ts";
import { erasures, takeAlong } from "../desk/persondata.ts";
import { Field, Status } from "../parts.tsx";
import { Bones } from "../shapes.tsx";

/** `round` grows with every erasure that was asked for elsewhere on the page. */
export function PersonData({ round, erased }: { round: number; erased: () => void }) {
  const [email, setEmail] = useState("");
  const [wrong, setWrong] = useState("");
  const [erasing, setErasing] = useState(false);
  const [busy, setBusy] = useState(false);
  const named = () => {
    const good = isAddress(email.trim());
    setWrong(good ? "" : t("email.malformed"));
    if (!good) document.getElementById("data-email")?.focus();
    return good;
  };
  const take = async () => {
    if (busy || !named()) return;
    setBusy(true);
    await takeAlong({ email: email.trim() }).then(() => report(t("data.taken"), "good"), (error) => report(failureOf(error), "bad"));
    setBusy(false);
  };
  return (
    <>
      <form class="card stack" aria-labelledby="data" onSubmit={(event) => event.preventDefault()} noValidate>
        <div class="stack-s"><h2 class="card-title" id="data">{t("data.site")}</h2><p class="small soft">{t("data.site.text")}</p></div>
        <Field id="data-email" label={t("data.email")} error={wrong}>
          {(described) => <input class="input" type="email" autocomplete="off" spellcheck={false} maxLength={254} value={email} onInput={(event) => setEmail(event.currentTarget.value)} {...described} />}
        </Field>
        <div class="line">
          <button type="button" class="btn" aria-busy={busy} onClick={() => void take()}>{t("data.take")}</button>
          <button type="button" class="btn btn-danger" onClick={() => named() && setErasing(true)}>{t("data.erase")}</button>
        </div>
        {erasing && (
          <EraseDialog
            email={email.trim()} who={{ email: email.trim() }} close={() => setErasing(false)}
            done={() => {
              setErasing(false);
              setEmail("");
              report(t("erase.done"), "good");
              erased();
            }}
          />
        )}
      </form>
      <Erasures key={round} />
    </>
  );
}

function Erasures() {
  const [all, setAll] = useState<Erasure[]>();
  const [failed, setFailed] = useState("");
  useEffect(() => {
    erasures().then(setAll, (error) => setFailed(failureOf(error)));
  }, []);
  return (
    <section class="card stack" aria-labelledby="erasures">
      <div class="stack-s"><h2 class="card-title" id="erasures">{t("erasures.title")}</h2><p class="small soft">{t("erasures.text")}</p></div>
      <Failed text={failed} />
      {!all && !failed && <Bones label={t("connecting")} />}
      {all?.length === 0 && <p class="soft">{t("erasures.none")}</p>}
      {all && all.length > 0 && <ul>{all.map((one) => <ErasureRow key={one.id} one={one} />)}</ul>}
    </section>
  );
}

function ErasureRow({ one }: { one: Erasure }) {
  const at = (time: string) => dayAndTime(Date.parse(time));
  return (
    <li class="row row-wide">
      <div class="row-main">
        <span class="clip">{one.person ? t("erasures.account", { id: one.person }) : t("erasures.address")}</span>
        <span class="small soft">{t(one.person === one.by ? "erasures.asked.own" : "erasures.asked", { time: at(one.asked_at) })}</span>
        <Status state={one.done_at ? "inside" : "waiting"}>{one.done_at ? t("erasures.done", { time: at(one.done_at) }) : t("erasures.running")}</Status>
      </div>
    </li>
  );
}
