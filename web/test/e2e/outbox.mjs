// The page of mails that a trial has not sent.

/** What `find` finds in the newest mail to an address that has it. */
async function newest(house, email, find) {
  for (;;) {
    const list = await (await fetch(house.server.lines.mail)).text();
    const numbers = [...list.matchAll(/<tr>.*?<\/tr>/gs)].filter(([row]) => row.includes(email)).map(([row]) => /\/mail\/(\d+)/.exec(row)?.[1]);
    for (const number of numbers) {
      const mail = await (await fetch(`${house.server.lines.mail}/${number}`)).text();
      const found = find.exec(mail)?.[1];
      if (found) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** The code of the newest mail to an address. */
export const codeFor = (house, email) => newest(house, email, /<dt>Code<\/dt><dd>.*?(\d{6})/);

/** Where the newest mail to a manager about somebody who asks leads. */
export const requestsFor = (house, email) => newest(house, email, /(\/rooms\/[\w-]+#requests)/);
