// Whether there is mail.

import { useEffect, useState } from "preact/hooks";
import { desk } from "./calls.ts";

/** Whether the site sends invitations by mail. */
export function useMail(): boolean {
  const [mail, setMail] = useState(false);
  useEffect(() => {
    desk.features().then((features) => setMail(features.invitation_mail ?? features.mail), () => undefined); // unknown is as good as no
  }, []);
  return mail;
}
