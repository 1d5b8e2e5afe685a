package room

import (
	"bytes"
	"errors"
	"fmt"
	"testing"
	"time"
)

// The tests' room: it starts at noon. Ada owns it; Otto, Cora, Eva and Paul
// are owner, co-owner, co-editor and co-publisher; mod, spk, vic and vera are
// invited. Ids are made of the names: account a_ada, participant p_ada,
// invitation i_vera, address vera@example.org.
const noon = Millis(1795420800000)

type world struct {
	t   testing.TB
	s   *State
	log []Event
	now time.Time
	key int

	notice string // id of an announcement, where there is one
}

func newWorld(t testing.TB) *world {
	t.Helper()
	w := &world{t: t, s: New("r_1"), now: moment(noon - 3_600_000)}
	w.do(Actor{Account: "a_ada", SiteRole: SiteMember}, CreateRoom{Title: "Tea", StartsAt: noon, EndsAt: noon + 3_600_000, Collaboration: true, Epoch: "e_1",
		Owner: SetManager{Participant: "p_ada", Person: "a_ada", FirstName: "Ada", LastName: "Lind"}})
	for _, m := range []struct {
		name  string
		right Role
	}{{"Otto", Owner}, {"Cora", CoOwner}, {"Eva", CoEditor}, {"Paul", CoPublisher}} {
		w.do(manager("ada"), w.setManager(m.name, m.right))
	}
	for _, g := range []struct {
		name string
		role Role
	}{{"mod", Moderator}, {"spk", Speaker}, {"vic", Viewer}, {"vera", Viewer}} {
		w.invite(g.name, g.role)
	}
	return w
}

func moment(at Millis) time.Time { return time.UnixMilli(int64(at)) }

func lower(name string) string { return string(bytes.ToLower([]byte(name))) }

func (w *world) setManager(name string, right Role) SetManager {
	return SetManager{Participant: ParticipantID("p_" + lower(name)), Person: PersonID("a_" + lower(name)), FirstName: name, LastName: "M", Right: right}
}

func (w *world) invite(name string, role Role) {
	w.t.Helper()
	w.do(manager("ada"), invitation(name, role))
}

func invitation(name string, role Role) Invite {
	return Invite{Invitation: InvitationID("i_" + name), Participant: ParticipantID("p_" + name), FirstName: name, LastName: "G", Type: role, Match: address(name)}
}

func address(name string) Hash { return HashOf(name + "@example.org") }

func manager(name string) Actor { return Actor{Account: PersonID("a_" + name), SiteRole: SiteMember} }

// guest is somebody at their own device with an opened link of the first
// generation.
func guest(name string) Actor {
	return Actor{Invitation: InvitationID("i_" + name), Link: 1, Device: HashOf("device " + name), Session: HashOf("session " + name)}
}

func lobby(name string) LobbyCheck {
	return LobbyCheck{Email: name + "@example.org", Match: address(name)}
}

var system = Actor{System: true}

// try decides and folds a command a second later.
func (w *world) try(by Actor, c Command) ([]Event, error) {
	w.now = w.now.Add(time.Second)
	w.key++
	events, err := w.s.Decide(by, c, Key(fmt.Sprintf("key%d", w.key)), w.now)
	for _, e := range events {
		w.s.Fold(e)
		w.log = append(w.log, e)
	}
	return events, err
}

// do is try for what must be allowed.
func (w *world) do(by Actor, c Command) []Event {
	w.t.Helper()
	events, err := w.try(by, c)
	if err != nil {
		w.t.Fatalf("%s: %v", c.Name(), err)
	}
	return events
}

// refused is try for what must not, for the code given.
func (w *world) refused(by Actor, c Command, code Code) *Refusal {
	w.t.Helper()
	events, err := w.try(by, c)
	var no *Refusal
	if !errors.As(err, &no) || no.Code != code || events != nil {
		w.t.Fatalf("%s: %v (%d events), want %s", c.Name(), err, len(events), code)
	}
	return no
}

// miss enters a wrong address; the answer is as the hub makes it.
func (w *world) miss(by Actor) *Refusal {
	w.t.Helper()
	events, err := w.try(by, LobbyCheck{Email: "wrong@example.org", Match: HashOf("wrong")})
	if len(events) == 1 && err == nil {
		if events[0].Key != "" {
			w.t.Fatal("a refusal has a key")
		}
		return w.s.Answer(by, events[0].Fact, w.now)
	}
	var no *Refusal
	if !errors.As(err, &no) {
		w.t.Fatalf("a wrong address gives %v, %v", events, err)
	}
	return no
}

// open opens the door at noon.
func (w *world) open() {
	w.t.Helper()
	w.now = moment(noon - 1000)
	w.do(system, OpenDue{})
	if w.s.Status != StatusOpen {
		w.t.Fatal("not open")
	}
}

// admit brings everybody in whose name is given.
func (w *world) admit(names ...string) {
	w.t.Helper()
	for _, name := range names {
		w.do(guest(name), lobby(name))
	}
}

// discuss has a published and a waiting question and a hand, all spare's.
func (w *world) discuss() {
	w.t.Helper()
	w.do(guest("spare"), QuestionAsk{Text: "published?"})
	w.do(manager("ada"), QuestionPublish{ID: w.question(false)})
	w.do(guest("spare"), QuestionAsk{Text: "waiting?"})
	w.do(guest("spare"), HandRaise{})
}

// question gives the id of the newest open question that is published, or not.
func (w *world) question(published bool) (id string) {
	for _, q := range w.s.questions.open {
		if q.published == published {
			id = QuestionID(q.place)
		}
	}
	return id
}

func (w *world) later(d time.Duration) { w.now = w.now.Add(d) }

func (w *world) person(name string) *Person {
	w.t.Helper()
	p, ok := w.s.Participant(ParticipantID("p_" + name))
	if !ok {
		w.t.Fatalf("no %s", name)
	}
	return p
}

// replay folds a log afresh.
func replay(id ID, log []Event) *State {
	s := New(id)
	for _, e := range log {
		s.Fold(e)
	}
	return s
}
