// Package hub runs rooms on one instance: it judges commands at the head of
// the log, keeps a replica of each live room, and shows what happened to the
// people who may see it. server lets people in; hub/room is the rules;
// hub/store remembers; hub/broker tells the other instances.
//
// # The one path
//
//	command → Session.Do → queue → feed: Commit{fold newer, Decide, append}
//	        → fold → tail → publish → fan-out → Conn.Send
//
// There is no second path to a screen, not even for the sender.
//
// # Promises
//
//   - Every accepted command was judged by the state exactly at its place in
//     the log. A refusal was judged at a head confirmed after it came.
//   - An ok is sent only after a durable commit.
//   - A session is shown each event at most once and in the order of the log.
//     A change of somebody's rights may overtake other people's traffic, never
//     an earlier event of the same connection (liveRoom.rush).
//   - A session that joins gets the state at N and then N+1: it registers on
//     the feed, behind the state that it is shown.
//   - A connection that cannot keep up loses its connection, not events: it is
//     closed with 4001 and resumes.
//   - Every command is judged by the site's settings (room.SiteID, a log like
//     the others and always live) as this hub knows them then. No room opens
//     before they are known.
//
// # Goroutines
//
//	goroutine           started by      owns                          ends
//	Hub.sweep           New             what needs the store          Hub.Close
//	Hub.pulse           New             what needs no store           Hub.Close
//	Hub.watchHeads      New             the checks of heads           Hub.Close
//	liveRoom.feed       liveRoom.open   writing state, tail           liveRoom.close
//	liveRoom.runFanout  liveRoom.open   fan.shown, fan.entering       liveRoom.close
//	archive's           feed            one PutSnapshot               after it, at most 30 s
//	giveAway's          feed            the drain of one room         after it, at most 5 s
//
// Session.Do runs on the caller's goroutine, one command after another.
//
// # Who is here
//
// Presence is counted on each instance and told to the others in beats
// (presence.go). Who is where, by name, is told only while somebody looks at
// the list of invitations (here.go, look.go). Who has been inside is rows,
// which the sweep writes (attendance.go).
//
// # When something is away
//
// A message between instances that was lost is found by the next one, by the
// check of all heads each second, and at once where the broker knows of a gap.
// While the broker is away heads are checked every 250 ms and people are told
// (watch.go). So they are while a store that answers takes nothing (saving.go).
// An instance that has not confirmed a room against the store for
// 3 s shows its staff nothing more until it has (withhold.go). One that meets
// a fact of a newer release stops deciding for that room and sends its people
// to other instances (surrender.go).
//
// # Locks
//
// Hub.mu before liveRoom.mu; presence.counting before fanout.telling, and before
// presence.mu before looks.mu; Session.mu is last, together with members.mu,
// tail.mu, visits.mu, Look.mu and views.mu, which never take another. None is
// held during I/O: Conn.Send and Conn.Close do not block.
//
// # Pace
//
// Hellos of a crowd wait a moment for each other and are judged by one reading of
// the log (arrive.go); one that comes alone does not wait.
//
// A small room, and a large one after a silence, is shown each event at once.
// In a busy large one the fan-out walks over its people at a steady pace, with
// all that has come since (pace.go), and signals to everybody go with it
// (aside.go).
//
// Start reading at hub.go, then feed.go and fanout.go.
package hub
