// One server and one browser for a file of tests, and a fresh cast of people for each test.

import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import { keepPictures, launch, Person } from "./people.mjs";
import { Server } from "./server.mjs";
import { t } from "./texts.mjs";

const LONGEST = 90_000;
const TRIES = Number(process.env.E2E_TRIES ?? 2);
let serial = 0;

export class House {
  people = [];
  #ownerState;

  constructor(server, browser) {
    this.server = server;
    this.browser = browser;
  }

  async person(options) {
    const person = await Person.come(this.browser, options);
    this.people.push(person);
    return person;
  }

  /** Somebody with an account and a right over the room, signed in by a one-time link. */
  async manager(room, right = "owner", options = {}) {
    const fields = { email: `daniel.${++serial}@example.org`, first_name: "Daniel", last_name: "Okafor" };
    const account = await this.server.call("POST", "/people", fields);
    await this.server.call("PUT", `/rooms/${room.id}/managers/${account.id}`, { right });
    const person = await this.person(options);
    const { link } = account;
    await person.page.goto(link.startsWith("http") ? link : `${this.server.url}/signin#${link}`);
    await person.page.getByRole("button", { name: t("signin.bylink.action") }).click();
    await person.page.getByRole("heading", { name: t("rooms.title"), level: 1 }).waitFor();
    person.account = account;
    return person;
  }

  /** The owner of the site: signed in by the link that the trial printed, later by the cookies from then. */
  async siteOwner(options = {}) {
    const person = await this.person({ ...options, storageState: this.#ownerState });
    await person.page.goto(this.#ownerState ? this.at("/rooms") : this.server.lines.owner);
    if (!this.#ownerState) await person.page.getByRole("button", { name: t("signin.bylink.action") }).click();
    await person.page.getByRole("heading", { name: t("rooms.title"), level: 1 }).waitFor();
    this.#ownerState = await person.context.storageState();
    return person;
  }

  /** The address of a page. */
  at(path) {
    return `${this.server.url}${path}`;
  }

  async empty() {
    const noise = this.people.flatMap((person) => person.noise);
    await Promise.all(this.people.map((person) => person.leave(this.server)));
    this.people = [];
    return noise;
  }
}

/**
 * Opens the house for a file of tests. Returns how to write one: `scene(name, async (house) => …)`. A scene fails if
 * it takes too long, and if any of its pages had something to complain about; with `todo` it may fail.
 */
export function openHouse(options) {
  const house = new House();
  before(async () => {
    [house.server, house.browser] = await Promise.all([new Server(options).start(), launch()]);
  }, { timeout: 120_000 });
  after(async () => {
    await house.browser?.close();
    await house.server?.stop();
    assert.deepEqual(house.server?.leaks(), [], "these secrets stand in the server's log");
    assert.doesNotMatch(house.server?.log ?? "", /^panic|DATA RACE|level=ERROR/m);
  });
  return (name, act, { timeout = LONGEST, todo } = {}) => test(name, { timeout: TRIES * timeout + 10_000, todo }, () => play(house, name, act, timeout));
}

/** A browser, a server and a busy machine: what fails once is played once more, with fresh people, and is told. */
async function play(house, name, act, timeout) {
  for (let left = TRIES - 1; ; left--) {
    try {
      await playOnce(house, name, act, timeout);
      return;
    } catch (error) {
      if (left === 0) throw error;
      console.log(`AGAIN: ${name}\n${error.stack}`);
    }
  }
}

async function playOnce(house, name, act, timeout) {
  let late;
  const limit = new Promise((_, reject) => {
    late = setTimeout(() => reject(new Error(`not done after ${timeout} ms`)), timeout);
  });
  try {
    await Promise.race([act(house), limit]);
  } catch (error) {
    await keepPictures(house.people, name);
    const noise = await house.empty();
    if (noise.length) error.message += `\nThe pages said:\n${noise.join("\n")}`;
    throw error;
  } finally {
    clearTimeout(late);
  }
  const noise = await house.empty();
  assert.ok(noise.length === 0, `The pages said:\n${noise.join("\n")}`);
}
