package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"strconv"
	"sync/atomic"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
)

// guest is one simulated person: an invitation, a device, a connection.
type guest struct {
	// Set once, before joining.
	show  *show
	n     int
	email string
	link  string
	early bool
	looks bool // one of those who watch the stage and the clock for all the others

	room        *client.Room // set by join
	participant room.ParticipantID

	received atomic.Int64 // messages of the load test
	openedAt atomic.Int64 // when the door's opening came, by now()
	lobbyAt  atomic.Int64 // when the address was asked at the door
	roleAt   atomic.Int64 // when the owner asked for the present change; 0: none under way
	inside   atomic.Bool
	broken   atomic.Bool // the connection was lost once
	anew     atomic.Bool // and what was missed came as a snapshot
	speaker  atomic.Bool
	changed  atomic.Bool // was no viewer all the time
	scales   atomic.Pointer[scales]
}

// now is the one clock of all latencies: nanoseconds since the program began.
func now() int64 { return int64(time.Since(programBegan)) }

var programBegan = time.Now()

// join opens the link and joins, as a page does that was clicked.
func (g *guest) join(ctx context.Context) error {
	began := now()
	c, err := client.Open(ctx, g.link, g.show.options(g.n)...)
	if err != nil {
		return fmt.Errorf("open: %w", err)
	}
	r, err := c.Join(ctx, "", client.WithHandler(g.event), client.WithScales(g.weigh))
	if err != nil {
		return fmt.Errorf("join: %w", err)
	}
	g.show.m.note(measureJoin, time.Duration(now()-began))
	g.room, g.participant = r, r.You().Participant
	return nil
}

// confirm says the address before the start.
func (g *guest) confirm(ctx context.Context) error {
	began := now()
	if _, err := g.room.LobbyCheck(ctx, g.email); err != nil {
		return err
	}
	g.show.m.note(measureConfirm, time.Duration(now()-began))
	return nil
}

// event runs on the connection's reader for whatever comes: it must be quick.
func (g *guest) event(r *client.Room, ev client.Event) {
	switch ev.Name {
	case "chat.posted":
		g.message(ev.Data)
	case "stage.changed":
		g.stage(ev.Data)
	case "me.role":
		g.role(r)
	case "room.opened":
		g.opened(r)
	case "phase.changed":
		g.phase(r)
	case client.Fresh:
		g.fresh(r)
	case "room.scheduled":
		if at := g.show.movedAt.Load(); at != 0 {
			g.show.m.note(measureSchedule, time.Duration(now()-at))
		}
	case client.Back:
		g.back()
	case client.Lost:
		if g.show.crashedAt.Load() != 0 {
			return
		}
		g.broken.Store(true)
		g.show.m.lost.Add(1)
	}
}

// back is the return after a server was killed.
func (g *guest) back() {
	if at := g.show.crashedAt.Load(); at != 0 {
		g.show.m.note(measureBack, time.Duration(now()-at))
		g.show.back.Add(1)
	}
}

// fresh is everything told by a snapshot: at joining, and after a loss when
// the missed events could not follow singly. Then nobody can say which
// messages would still have come.
func (g *guest) fresh(r *client.Room) {
	g.phase(r)
	if g.show.crashedAt.Load() != 0 {
		g.show.backAnew.Add(1)
	}
	if !g.broken.Load() {
		return
	}
	g.anew.Store(true)
	if g.speaker.Load() != (r.You().Role == room.Speaker.Shown()) {
		g.role(r)
	}
}

func (g *guest) opened(*client.Room) {
	at := now()
	if !g.openedAt.CompareAndSwap(0, at) {
		return
	}
	if planned := g.show.opensAt.Load(); planned != 0 {
		g.show.m.note(measureSkew, time.Duration(at-planned))
	}
}

// phase follows the person through the door.
func (g *guest) phase(r *client.Room) {
	switch r.Phase() {
	case room.PhaseLobby:
		if g.lobbyAt.CompareAndSwap(0, now()) {
			g.show.lobby <- g // holds everybody, so it does not block
		}
	case room.PhaseLive:
		if !g.inside.CompareAndSwap(false, true) {
			return
		}
		if at := g.lobbyAt.Load(); at != 0 {
			g.show.m.note(measureLobby, time.Duration(now()-at))
		} else if at := g.openedAt.Load(); at != 0 {
			g.show.m.note(measureOpening, time.Duration(now()-at))
		}
		g.show.entered(g)
	}
}

// knock says the address at the door.
func (g *guest) knock(ctx context.Context) error {
	g.lobbyAt.Store(now())
	_, err := g.room.LobbyCheck(ctx, g.email)
	return err
}

// stage notes when somebody else's change has reached a bystander.
func (g *guest) stage(data json.RawMessage) {
	if !g.looks {
		return
	}
	var change struct {
		Participant room.ParticipantID `json:"participant"`
		Role        string             `json:"role"`
	}
	if json.Unmarshal(data, &change) != nil || change.Participant == g.participant {
		return
	}
	if due, ok := g.show.changes.Load(roleChange(change)); ok {
		g.show.m.note(measureBystander, time.Duration(now()-due.(int64)))
	}
}

// roleChange is what was asked of the server, and when: show.changes.
type roleChange struct {
	Participant room.ParticipantID `json:"participant"`
	Role        string             `json:"role"`
}

// place is the server on which the person is, of several.
func (g *guest) place() int { return g.show.place(g.n) }

// role notes that a change has arrived.
func (g *guest) role(r *client.Room) {
	g.changed.Store(true)
	if at := g.roleAt.Swap(0); at != 0 {
		g.show.m.note(measurePromotion, time.Duration(now()-at))
		if g.place() != 0 {
			g.show.noteAcross(measurePromotedAcross, measurePromotedStore, at)
		}
	}
	g.speaker.Store(r.You().Role == room.Speaker.Shown())
}

// Messages carry the moment at which they were due, and from which of several
// servers, so that every receiver can tell how long they took:
// `lt <nanoseconds> <server> …`.
const (
	mark    = "lt "
	minText = len(mark) + 24
)

var textMark = []byte(`"text":"` + mark)

func text(due int64, from, length int) string {
	t := append([]byte(mark), strconv.FormatInt(due, 10)...)
	t = strconv.AppendInt(append(t, ' '), int64(from), 10)
	t = append(t, ' ')
	for i := 0; len(t) < length; i++ {
		t = append(t, "the quick brown fox jumps over the lazy dog "[i%44])
	}
	return string(bytes.TrimRight(t, " "))
}

// dueOf reads it from a message's data without decoding all of it.
func dueOf(data json.RawMessage) (due int64, from int, ok bool) {
	_, rest, ok := bytes.Cut(data, textMark)
	moment, rest, spaced := bytes.Cut(rest, []byte{' '})
	place, _, ended := bytes.Cut(rest, []byte{' '})
	if !ok || !spaced || !ended || len(moment) > 19 {
		return 0, 0, false
	}
	due, err := strconv.ParseInt(string(moment), 10, 64)
	if err != nil {
		return 0, 0, false
	}
	from, err = strconv.Atoi(string(place))
	return due, from, err == nil
}

// message counts; those who look also say how long it took. Where thousands
// are sent every message, noting it for each would be most of the work.
func (g *guest) message(data json.RawMessage) {
	g.received.Add(1)
	if !g.looks {
		return
	}
	due, from, ok := dueOf(data)
	if !ok {
		return
	}
	g.show.m.note(measureMessage, time.Duration(now()-due))
	if from != g.place() {
		g.show.noteAcross(measureAcross, measureAcrossStore, due)
	}
}

// post writes a message that was due at a moment, whenever its turn came.
func (g *guest) post(ctx context.Context, due int64) {
	if _, err := g.room.Post(ctx, text(due, g.place(), g.show.c.TextBytes)); err != nil {
		g.show.m.failUnless(ctx, "post", err)
		return
	}
	g.show.m.messages.Add(1)
	g.show.m.note(measurePost, time.Duration(now()-due))
}
