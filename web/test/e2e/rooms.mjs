// Rooms and invitations by the HTTP API, as a manager's own program would make them.

let serial = 0;

/** A room whose doors open in so many seconds; with `open` they stand open at once. */
export async function makeRoom(server, { in: seconds = 3_600, open = false, ...fields } = {}) {
  const starts = Date.now() + seconds * 1_000;
  const room = await server.call("POST", "/rooms", {
    title: `Room ${++serial}`,
    starts_at: new Date(starts).toISOString(),
    ...fields,
  });
  if (open) await changeRoom(server, room, { state: "open" });
  return room;
}

export const changeRoom = (server, room, change) => server.call("PATCH", `/rooms/${room.id}`, change);

/** An invitation with its link: `{id, participant, email, first_name, url, …}`. */
export async function invite(server, room, first_name, type = "viewer", fields = {}) {
  const email = `${first_name.toLowerCase().replace(/[^a-z]/g, "") || "guest"}.${++serial}@example.org`;
  return server.call("POST", `/rooms/${room.id}/invitations`, { email, first_name, last_name: "Example", type, ...fields });
}

export const fullName = ({ first_name, last_name }) => `${first_name} ${last_name}`.trim();

export const setType = (server, room, invitation, type) =>
  server.call("PATCH", `/rooms/${room.id}/invitations/${invitation.id}`, { type });

export const revoke = (server, room, invitation) => server.call("DELETE", `/rooms/${room.id}/invitations/${invitation.id}`);

/** How the server sees one invitation now. */
export async function standing(server, room, invitation) {
  const { items } = await server.call("GET", `/rooms/${room.id}/invitations?q=${encodeURIComponent(invitation.email)}`);
  return items.find((item) => item.id === invitation.id);
}
