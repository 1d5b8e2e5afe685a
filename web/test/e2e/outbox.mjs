// The page of mails that a trial has not sent.

/** What `find` finds in the newest mail to an address that has it, and has not been found before. */
async function newest(house, email, find, before = new Set()) {
  for (;;) {
    const list = await (await fetch(house.server.lines.mail)).text();
    const numbers = [...list.matchAll(/<tr>.*?<\/tr>/gs)].filter(([row]) => row.includes(email)).map(([row]) => /\/mail\/(\d+)/.exec(row)?.[1]);
    for (const number of numbers) {
      const mail = await (await fetch(`${house.server.lines.mail}/${number}`)).text();
      const found = find.exec(mail)?.[1];
      if (before.has(found)) break;
      if (found) return found;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

const given = new Set();

/** The code of the newest mail to an address; not one that was given out already, while the next mail is on its way. */
export async function codeFor(house, email) {
  const code = await newest(house, email, /<dt>Code<\/dt><dd>.*?(\d{6})/, given);
  given.add(code);
  return code;
}

/** Where the newest mail to a manager about somebody who asks leads. */
export const requestsFor = (house, email) => newest(house, email, /(\/rooms\/[\w-]+#requests)/);
