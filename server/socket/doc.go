// Package socket is the connection itself: it accepts a WebSocket, hands whole text messages
// to a [Handler], takes already framed bytes out, notices the silent and the slow, and costs
// next to nothing while it is idle. It knows nothing of rooms; the hub knows it only as
// something with Send and Close.
//
// It imports the standard library and github.com/coder/websocket, nothing else. The library
// parses, unmasks, limits and answers control frames (RFC 6455); everything that reaches the
// wire passes one door, our net.Conn (door.go), where frames of the library and shared,
// pre-encoded frames queue under one mutex.
//
// # Where to start
//
//	origin.go            CheckUpgrade: who may connect, before anything is upgraded
//	accept.go            Accept: the upgrade, small buffers, net/http's goroutine goes
//	conn.go              Conn: its life from Serve to Handler.Closed
//	write.go             Send without blocking, the outbox, slow consumers
//	raw_unix.go          asking the kernel without waiting; raw_other.go where that is not possible
//	door.go              the net.Conn that the library gets
//	reader_goroutine.go  how messages come in
//	sweep.go             pings, silence and the hello deadline for all connections at once
//	frame.go, beat.go    the few bytes of RFC 6455 and of PROTOCOL.md §2 that we read ourselves
//	observe.go           what is counted
//
// # Who owns what
//
//	goroutine            lives                             touches
//	reader               from Serve to the end, one        input, scanner, the library's Read
//	drain                only while bytes wait for a peer  takes from the outbox under Conn.mu
//	Sweeper.Run          one per server                    Send and Close, like everybody
//
// An idle connection is one goroutine parked on a minimal stack, with no buffer, timer or
// context of its own.
//
// # Promises
//
//   - Frames leave in the order of the Send calls; a frame is sent whole or not at all.
//   - Nothing follows a close frame (RFC 6455 §5.5.1).
//   - Send and Close never block, whatever the peer does.
//   - Handler.Message runs one at a time per connection; Handler.Closed comes once, after the
//     last Message has returned, if Serve was called.
//   - A peer that does not take its bytes costs at most Options.Outbox of shared memory and is
//     closed with 4001, at the latest after Options.Stall without progress.
package socket
