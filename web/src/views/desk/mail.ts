// Whether there is mail, and how people are written to.

import { useEffect, useState } from "preact/hooks";
import { language } from "../../i18n/index.ts";
import { desk } from "./calls.ts";

/** Whether the site sends invitations by mail. */
export function useMail(): boolean {
  const [mail, setMail] = useState(false);
  useEffect(() => {
    desk.features().then((features) => setMail(features.invitation_mail ?? features.mail), () => undefined); // unknown is as good as no
  }, []);
  return mail;
}

/** Whether codes can be mailed: also where invitations are not. */
export function useCodes(): boolean {
  const [codes, setCodes] = useState(false);
  useEffect(() => {
    desk.features().then((features) => setCodes(features.mail), () => undefined);
  }, []);
  return codes;
}

/** New people are written to in the language, and told times in the zone, of who invites them. */
export const asInviter = () => ({ language: language.value, zone: new Intl.DateTimeFormat().resolvedOptions().timeZone || undefined });
