// Package client is the other end of a greenroom server: it opens an
// invitation link, joins the room and stays in it.
//
//	c, err := client.Open(ctx, "https://talks.example/i/4fK2…#s3cr3t…")
//	r, err := c.Join(ctx, "")              // the room of the link
//	entry, err := r.LobbyCheck(ctx, "ada@example.org")
//	for ev, err := range r.Events(ctx) { … }
//
// Managers come with an API key: [New] with [WithKey], and [Site] for what is
// done over HTTP (rooms, invitations).
//
// # What a Room keeps true
//
//   - A lost connection comes back by itself: back-off with full jitter,
//     250 ms … 20 s, as the close code advises (PROTOCOL.md §5). What was missed
//     follows by position, or everything is told anew ([Fresh]); never a part.
//   - A command is done at most once. It carries an idempotency key and is sent
//     again under the same key after temporary refusals and lost connections,
//     until the context ends; an answer that was given before counts as the answer.
//   - [Room.Read] shows the room as it is known now ([room.Mirror]). A frame is
//     taken in whole or not at all, so a promotion never shows half.
//   - Memory is bounded: the mirror by its own limits, an iterator's queue by
//     events and bytes. Who is too slow gets [Fresh] instead of the events in
//     between, and loses nothing that the mirror does not hold.
//
// # Who owns what
//
//	goroutine     lives                       touches
//	Room.run      from Join to Close, one     reads, folds, answers pings, comes back
//	callers       during a call               Room.mu for moments, conn.wmu while they write
//
// No timer, ticker or writer of its own: a parked connection is one goroutine
// without a buffer, so tens of thousands fit into one process (loadtest).
// Room.mu is never held during I/O; conn.wmu comes before Room.mu.
//
// The package imports hub/wire, hub/room, the standard library and
// github.com/coder/websocket, which makes the handshake (RFC 6455 §4); the frames
// behind it are read here (frames.go), without its buffers. A test holds the list.
//
// Start at client.go, then room.go, reconnect.go, commands.go.
package client
