// What the browser keeps for us: the invitation of a room and unsent text for this tab, preferences for all tabs.
// Storage may be forbidden; then we live without it.

type Preference = "theme" | "language" | "speech" | "letters";

function read(storage: () => Storage, name: string): string | undefined {
  try {
    return storage().getItem(`greenroom.${name}`) ?? undefined;
  } catch {
    return undefined;
  }
}

function write(storage: () => Storage, name: string, value: string): void {
  try {
    if (value) storage().setItem(`greenroom.${name}`, value);
    else storage().removeItem(`greenroom.${name}`);
  } catch {
    // private windows may forbid it
  }
}

const tab = () => sessionStorage;
const device = () => localStorage;

export const invitationOf = (room: string) => read(tab, `invitation.${room}`);
export const keepInvitation = (room: string, id: string) => write(tab, `invitation.${room}`, id);

export const draftOf = (room: string, channel: string) => read(tab, `draft.${channel}.${room}`) ?? "";
export const keepDraft = (room: string, channel: string, text: string) => write(tab, `draft.${channel}.${room}`, text);

/** Messages on their way: outbox.ts. */
export const unsentOf = (room: string) => read(tab, `unsent.${room}`);
export const keepUnsent = (room: string, text: string) => write(tab, `unsent.${room}`, text);

/** The place of the last message that was looked at; 0: not known. */
export const seenOf = (room: string, channel: string) => Number(read(tab, `seen.${channel}.${room}`) ?? 0);
export const keepSeen = (room: string, channel: string, place: number) => write(tab, `seen.${channel}.${room}`, String(place));

export const preference = (name: Preference) => read(device, name);
export const prefer = (name: Preference, value: string) => write(device, name, value);
