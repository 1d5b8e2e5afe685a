package report

import (
	"context"
	"errors"
	"fmt"
	"iter"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// memory is a log with its rows.
type memory struct {
	store.Log
	events  []room.Event
	stays   []store.Stay
	reacted []store.Reactions
	state   *room.State
}

func newMemory() *memory { return &memory{state: room.New("room")} }

func (m *memory) add(at float64, facts ...room.Fact) {
	for _, f := range facts {
		e := room.Event{Seq: room.Seq(len(m.events) + 1), At: room.Millis(at * minute), Fact: f}
		m.events = append(m.events, e)
		m.state.Fold(e)
	}
}

func (m *memory) Since(_ context.Context, _ room.ID, seq room.Seq) iter.Seq2[room.Event, error] {
	return func(yield func(room.Event, error) bool) {
		for _, e := range m.events[seq:] {
			if !yield(e, nil) {
				return
			}
		}
	}
}

func (m *memory) Stays(_ context.Context, _ room.ID, each func(store.Stay)) error {
	for _, s := range m.stays {
		each(s)
	}
	return nil
}

func (m *memory) Reactions(context.Context, room.ID) ([]store.Reactions, error) {
	return m.reacted, nil
}

func (m *memory) report(t *testing.T, maker *Maker, now float64) *Report {
	t.Helper()
	r, err := maker.Make(t.Context(), m, m.state, time.UnixMilli(int64(now*minute)), 0)
	if err != nil {
		t.Fatal(err)
	}
	return r
}

func (m *memory) invite(ids ...room.ParticipantID) {
	for _, id := range ids {
		m.add(1, room.Issued{Invitation: room.InvitationID("i" + id), Participant: id, FirstName: string(id), Type: room.Viewer})
	}
}

func inside(who room.ParticipantID, since, until float64) store.Stay {
	s := at(since, until)
	s.Participant = who
	return s
}

func who(id room.ParticipantID) room.Who { return room.Who{Participant: id, Role: room.Viewer} }

// A room that was open twice has two sessions, and each its own numbers; the
// log is read on from where it was.
func TestSessions(t *testing.T) {
	m, all := newMemory(), NewMaker(0)
	m.add(1, room.Created{Title: "T"})
	m.invite("ada", "bob")
	m.add(10, room.Opened{})
	m.add(11, room.ChatPosted{Who: who("ada"), Text: "one"}, room.QuestionAsked{Who: room.Who{Participant: "bob"}, Anonymous: true})
	m.stays = []store.Stay{inside("ada", 10, 20), inside("bob", 12, 20)}
	m.reacted = []store.Reactions{{Minute: 11 * minute, N: 4}}
	if r := m.report(t, all, 15); len(r.Sessions) != 1 || r.Totals.Messages != 1 || r.Totals.Reactions != 4 || r.Peak != 2 {
		t.Errorf("so far: %+v", r)
	}
	m.add(20, room.Closed{Reason: "Done"})
	m.add(30, room.Opened{})
	m.add(31, room.ChatPosted{Who: who("ada")}, room.ChatPosted{Who: who("bob")})
	m.stays = append(m.stays, inside("ada", 30, 0))
	m.reacted = append(m.reacted, store.Reactions{Minute: 31 * minute, N: 1})
	for _, c := range []struct {
		maker                           *Maker
		messages, reactions, peak, came int
	}{{all, 3, 5, 2, 2}, {NewMaker(1), 1, 4, 2, 2}, {NewMaker(2), 2, 1, 1, 1}} {
		r, came := m.report(t, c.maker, 40), 0
		for i := range r.People {
			if r.People[i].Came() {
				came++
			}
		}
		if r.Totals.Messages != c.messages || r.Totals.Reactions != c.reactions || r.Peak != c.peak || came != c.came {
			t.Errorf("session %d: %+v, peak %d, %d came", r.Session, r.Totals, r.Peak, came)
		}
	}
	if r := m.report(t, all, 40); r.People[0].Messages != 2 || r.People[1].Questions != 0 || r.Totals.Questions != 1 || r.Sessions[0].Reason != "Done" {
		t.Errorf("people: %+v", r.People)
	}
	if _, err := NewMaker(3).Make(t.Context(), m, m.state, time.UnixMilli(1), 0); !errors.Is(err, ErrNoSession) {
		t.Errorf("a third session: %v", err)
	}
}

// What somebody did is counted once, what they did anonymously not at all.
func TestActs(t *testing.T) {
	m := newMemory()
	m.add(1, room.Created{})
	m.invite("ada")
	device := func(n int) room.Hash { return room.HashOf(fmt.Sprint(n)) }
	m.add(2, room.LinkOpened{Participant: "ada"})
	m.add(3, room.LinkOpened{Participant: "ada"}, room.Claimed{Who: who("ada"), Device: device(1)}, room.Claimed{Who: who("ada"), Device: device(2)})
	m.add(4, room.Claimed{Who: who("ada"), Device: device(3), Instead: device(1)}, room.Freed{Who: who("ada")}, room.Claimed{Who: who("ada"), Device: device(4)})
	form := room.InteractionForm{Kind: room.InteractChoice, Options: []string{"a", "b"}}
	secret := form
	secret.Anonymous = true
	m.add(5, room.Opened{}, room.InteractionCreated{InteractionForm: form}, room.InteractionCreated{InteractionForm: secret})
	named, hidden := room.InteractionID(room.Seq(len(m.events)-1)), room.InteractionID(room.Seq(len(m.events)))
	m.add(6, room.InteractionLaunched{ID: named, InteractionForm: form}, room.InteractionLaunched{ID: hidden, InteractionForm: secret})
	m.add(7, room.InteractionAnswered{ID: named, Participant: "ada", Choices: []int{0}}, room.InteractionAnswered{ID: named, Participant: "ada", Choices: []int{1}}, room.InteractionAnswered{ID: hidden, Participant: "ada"})
	m.add(8, room.QuestionVoted{ID: "q1", Participant: "ada", On: true}, room.QuestionVoted{ID: "q2", Participant: "ada", On: true}, room.QuestionVoted{ID: "q2", Participant: "ada"})
	m.add(9, room.RoleChanged{Who: room.Who{Participant: "ada", Role: room.Speaker}, From: room.Viewer})
	r := m.report(t, NewMaker(0), 20)
	p := &r.People[0]
	if p.Moves != 2 || p.Opened != 2*minute || p.Answers != 1 || p.Votes != 1 || r.Totals.Answers != 3 {
		t.Errorf("acts: %+v of %+v", p.Acts, r.Totals)
	}
	if p.First != room.Viewer || len(p.Roles) != 1 || p.Roles[0].Role != room.Speaker {
		t.Errorf("roles: %v, %v", p.First, p.Roles)
	}
}

// A curve has at most so many steps, whatever the length, and loses nothing.
func TestCurve(t *testing.T) {
	for _, long := range []float64{1, 100, 179, 181, 5000, 1_000_000} {
		m := newMemory()
		m.add(1, room.Created{})
		m.invite("ada", "bob")
		m.add(2, room.Opened{})
		m.add(3, room.ChatPosted{Who: who("ada")})
		m.add(3+long, room.ChatPosted{Who: who("bob")})
		m.stays = []store.Stay{inside("ada", 2, 3+long/2), inside("bob", 3, 3+long)}
		r := m.report(t, NewMaker(0), 10+long)
		sum := 0
		for _, one := range r.Curve.Minutes {
			sum += one.Messages
		}
		if n := len(r.Curve.Minutes); sum != 2 || n == 0 || n > mostSteps+1 || len(r.Curve.Inside) != n || r.Curve.Inside[n-1] != 1 || r.Peak != 2 {
			t.Errorf("%g minutes: %d steps of %d, %d messages, %v", long, n, r.Curve.Step, sum, r.Curve.Inside)
		}
	}
}

// BenchmarkReport: a hundred thousand people with three visits each, a log of as
// many messages.
func BenchmarkReport(b *testing.B) {
	m := newMemory()
	m.add(1, room.Created{})
	for i := range 100_000 {
		m.invite(room.ParticipantID(fmt.Sprint("p", i)))
	}
	m.add(2, room.Opened{})
	for i := range 100_000 {
		id := room.ParticipantID(fmt.Sprint("p", i))
		m.add(3+float64(i)/1000, room.ChatPosted{Who: who(id), Text: "text"})
		for n := range 3 {
			m.stays = append(m.stays, inside(id, float64(3+20*n), float64(13+20*n)))
		}
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := NewMaker(0).Make(b.Context(), m, m.state, time.UnixMilli(200*minute), 0); err != nil {
			b.Fatal(err)
		}
	}
}
