// The page of mails that a trial has not sent.

/** The code of the newest mail to an address. */
export async function codeFor(house, email) {
  for (;;) {
    const list = await (await fetch(house.server.lines.mail)).text();
    const numbers = [...list.matchAll(/<tr>.*?<\/tr>/gs)].filter(([row]) => row.includes(email)).map(([row]) => /\/mail\/(\d+)/.exec(row)?.[1]);
    for (const number of numbers) {
      const mail = await (await fetch(`${house.server.lines.mail}/${number}`)).text();
      const code = /<dt>Code<\/dt><dd>.*?(\d{6})/.exec(mail)?.[1];
      if (code) return code;
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
