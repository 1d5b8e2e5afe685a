package hub

import (
	"errors"
	"fmt"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/wire"
)

// lookout is a manager's page that looks at the invitations.
type lookout struct {
	*guest
	look *Look
	read int // messages looked at
}

func (w *world) lookAt(h int, by room.Actor) (*lookout, error) {
	g := &guest{t: w.t}
	l, err := w.hubs[h].Look(w.t.Context(), w.room, by, g, 1)
	return &lookout{guest: g, look: l}, err
}

func (w *world) look(h int, by room.Actor) *lookout {
	w.t.Helper()
	l, err := w.lookAt(h, by)
	if err != nil {
		w.t.Fatal(err)
	}
	return l
}

// news gives what changed since the last call; "all" for anything.
func (l *lookout) news() (ids []string) {
	l.t.Helper()
	all := l.all()
	for _, m := range all[l.read:] {
		switch {
		case m.Signal == wire.SignalInvitationsChanged:
			var told wire.InvitationsChanged
			decode(l.t, m.Data, &told)
			for _, id := range told.IDs {
				ids = append(ids, string(id))
			}
			if told.All {
				ids = append(ids, "all")
			}
		case m.Re == 0:
			l.t.Errorf("a page that looks was told %s%s", m.Event, m.Signal)
		}
	}
	l.read = len(all)
	slices.Sort(ids)
	return slices.Compact(ids)
}

func (w *world) live(h int) *liveRoom {
	w.hubs[h].mu.Lock()
	defer w.hubs[h].mu.Unlock()
	return w.hubs[h].rooms[w.room]
}

// settle lets the sweeps and beats of a few seconds go by.
func settle() {
	time.Sleep(4 * time.Second)
	synctest.Wait()
}

func (l *lookout) want(what string, ids ...string) {
	l.t.Helper()
	settle()
	if got := l.news(); !slices.Equal(got, ids) {
		l.t.Errorf("%s: told of %v, want %v", what, got, ids)
	}
}

// standing is where the list of an instance sees somebody.
func (w *world) standing(h int, name string) string {
	w.t.Helper()
	here, err := w.hubs[h].Where(w.t.Context(), w.room)
	if err != nil {
		w.t.Fatal(err)
	}
	s, err := w.hubs[h].State(w.t.Context(), w.room)
	if err != nil {
		w.t.Fatal(err)
	}
	number, _ := s.Seat(room.ParticipantID("p" + name))
	inside, waiting := here.Of(number)
	switch {
	case inside:
		return "inside"
	case waiting:
		return "waiting"
	}
	return "away"
}

// Ana comes on one instance while managers look on both.
func TestLooksAreToldWhoComesAndGoes(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		w.create(time.Minute)
		by := w.invite("ana", room.Viewer)
		looks := []*lookout{w.look(0, manager), w.look(1, manager)}
		each := func(what, standing string, ids ...string) {
			t.Helper()
			settle()
			for h, l := range looks {
				if got := l.news(); !slices.Equal(got, ids) {
					t.Errorf("%s: hub %d tells of %v, want %v", what, h, got, ids)
				}
				if got := w.standing(h, "ana"); got != standing {
					t.Errorf("%s: hub %d sees her %s, want %s", what, h, got, standing)
				}
			}
		}
		settle()
		for _, l := range looks {
			l.news()
		}
		each("nothing happens", "away")
		if c := w.hubs[0].Count(w.room); c.Inside != 0 || c.Waiting != 0 {
			t.Errorf("who looks is counted: %+v", c)
		}
		w.must(w.hubs[0].Do(w.t.Context(), w.room, by, room.OpenLink{}, nil))
		each("opened", "away", "iana")
		ana := w.enter(0, by)
		each("waits", "waiting", "iana")
		wantOK(t, ana.lobby("ana"))
		each("confirmed", "waiting", "iana")
		time.Sleep(time.Minute)
		settle()
		for _, l := range looks {
			if got := l.news(); !slices.Contains(got, "all") {
				t.Errorf("the doors opened: told of %v", got)
			}
		}
		each("she is inside", "inside")
		ana.session.Leave()
		each("left", "away", "iana")
		owner := w.enter(1, manager)
		each("a manager came", "away")
		owner.session.Leave()
		for _, l := range looks {
			l.look.Leave()
			l.look.Leave()
		}
	})
}

// An instance that dies takes its people with it.
func TestLooksForgetADeadInstance(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		ana := w.enter(1, w.invite("ana", room.Viewer))
		wantOK(t, ana.lobby("ana"))
		l := w.look(0, manager)
		l.want("she is inside already", "iana")
		if got := w.standing(0, "ana"); got != "inside" {
			t.Fatalf("she is %s", got)
		}
		r := w.live(1)
		r.presence.mu.Lock()
		r.presence.told = time.Now().Add(time.Hour) // its beats are not heard any more
		r.presence.mu.Unlock()
		time.Sleep(beatLife)
		l.want("the instance is silent", "iana")
		if got := w.standing(0, "ana"); got != "away" {
			t.Errorf("she is %s", got)
		}
	})
}

// R1: whoever may no longer manage is told nothing more, on any instance.
func TestALookEndsWithTheRight(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		set := func(person string, right room.Role) room.Actor {
			w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.SetManager{Participant: room.ParticipantID("p" + person), Person: room.PersonID(person),
				FirstName: person, LastName: "M", Right: right}, nil))
			return room.Actor{Account: room.PersonID(person), Session: room.HashOf("web session of " + person)}
		}
		paul, eva := w.look(1, set("paul", room.CoPublisher)), w.look(1, set("eva", room.CoEditor))
		settle()
		paul.news()
		eva.news()
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.RemoveManager{Person: "paul"}, nil))
		synctest.Wait()
		if paul.closeCode() != int(wire.CloseRemoved) {
			t.Fatalf("closed with %d", paul.closeCode())
		}
		w.invite("ana", room.Viewer)
		eva.want("invited", "iana")
		if got := paul.news(); len(got) > 0 {
			t.Errorf("told of %v after the end", got)
		}
		w.hubs[1].EndWebSession(room.HashOf("web session of eva"))
		if eva.closeCode() != int(wire.CloseNotAuthenticated) {
			t.Errorf("signed out, closed with %d", eva.closeCode())
		}
		last := w.look(1, manager)
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.DeleteRoom{}, nil))
		synctest.Wait()
		if last.closeCode() != int(wire.CloseRoomDeleted) {
			t.Errorf("deleted, closed with %d", last.closeCode())
		}
		if _, err := w.lookAt(1, manager); !errors.Is(err, room.CodeRoomDeleted) {
			t.Errorf("looks at a deleted room: %v", err)
		}
	})
}

func TestWhoMayLook(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		w.create(time.Hour)
		mod := w.invite("mod", room.Moderator)
		for name, by := range map[string]room.Actor{"a moderator": mod, "a stranger": {Account: "stranger"}, "nobody": {}} {
			if _, err := w.lookAt(0, by); !errors.Is(err, room.CodeNotFound) {
				t.Errorf("%s: %v", name, err)
			}
		}
		var all []*lookout
		for range maxLooks {
			all = append(all, w.look(0, manager))
		}
		if _, err := w.lookAt(0, manager); !errors.Is(err, room.CodeForbidden) {
			t.Errorf("one too many: %v", err)
		}
		l := all[0]
		l.look.Do(w.t.Context(), wire.Request{ID: 2, Command: wire.Time{T0: 7}})
		l.look.Do(w.t.Context(), wire.Request{ID: 3, Key: "k", Command: room.ChatPost{Text: "may I?"}})
		if m, ok := l.replyTo(2); !ok || m.Err != nil {
			t.Errorf("time: %+v", m)
		}
		if m, ok := l.replyTo(3); !ok || m.Err == nil || m.Err.Code != room.CodeForbidden {
			t.Errorf("a command: %+v", m)
		}
		for id := range uint32(2 * wire.CommandsBurst) {
			l.look.Do(w.t.Context(), wire.Request{ID: 4 + id, Command: wire.Time{}})
		}
		if m, ok := l.replyTo(3 + 2*wire.CommandsBurst); !ok || m.Err == nil || m.Err.Code != room.CodeSlowDown {
			t.Errorf("in a hurry: %+v", m)
		}
		if err := w.hubs[0].Drain(w.t.Context(), time.Second); err != nil || l.closeCode() != int(wire.CloseDrain) {
			t.Errorf("drained: %v, closed with %d", err, l.closeCode())
		}
	})
}

// What is told is bounded, and one signal a second says it.
func TestLooksAreToldOfManyAtOnce(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		w.create(time.Hour)
		l := w.look(0, manager)
		settle()
		l.news()
		signals := len(l.all())
		for i := range maxChanged + 1 {
			w.invite(fmt.Sprint("guest", i), room.Viewer)
		}
		l.want("many", "all")
		if n := len(l.all()) - signals; n > 5 {
			t.Errorf("%d signals", n)
		}
	})
}

// Mails go out on whatever instance; links expire by themselves.
func TestLooksAreToldOfMailsAndExpiry(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		w.create(time.Hour)
		w.invite("ana", room.Viewer)
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.Invite{Invitation: "iben", Participant: "pben", FirstName: "Ben", LastName: "B", Type: room.Viewer,
			Match: match("ben"), ExpiresAt: millis(time.Now().Add(time.Minute))}, nil))
		l := w.look(0, manager)
		settle()
		l.news()
		w.hubs[1].Touch(w.room, "iana") // the room is not live there
		w.hubs[1].Touch("another", "iana")
		l.want("her mail was sent", "iana")
		w.hubs[0].Touch(w.room, "iana")
		l.want("sent from here", "iana")
		time.Sleep(time.Minute)
		l.want("his link expired", "iben")
	})
}

// A room where nobody looks keeps no news, and instances tell no names.
func TestNobodyLooks(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		ana := w.enter(1, w.invite("ana", room.Viewer))
		wantOK(t, ana.lobby("ana"))
		w.enter(0, manager)
		settle()
		r := w.live(0)
		r.presence.mu.Lock()
		for from, other := range r.presence.others {
			if other.Seats != nil {
				t.Errorf("%s tells who is where", from)
			}
		}
		r.presence.mu.Unlock()
		if r.looks.changed != nil || r.looks.all {
			t.Error("news is kept for nobody")
		}
	})
}

func (w *world) visits() []store.Visit {
	w.t.Helper()
	r, err := w.store.Roster(w.t.Context(), w.room, time.Time{})
	if err != nil {
		w.t.Fatal(err)
	}
	return r.Visits
}

func (w *world) stays(waiting bool) (all []store.Stay) {
	w.t.Helper()
	err := w.store.Stays(w.t.Context(), w.room, func(s store.Stay) {
		if s.Waiting == waiting {
			all = append(all, s)
		}
	})
	if err != nil {
		w.t.Fatal(err)
	}
	return all
}

func TestAttendanceIsWritten(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		w.create(10 * time.Second)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(1, by)
		wantOK(t, ana.lobby("ana"))
		settle()
		if got := w.visits(); len(got) != 0 {
			t.Fatalf("waiting is no visit: %v", got)
		}
		time.Sleep(10 * time.Second)
		synctest.Wait()
		got := w.visits()
		if len(got) != 1 || got[0].Participant != "pana" || got[0].Since == 0 || got[0].Until != 0 {
			t.Fatalf("inside: %v", got)
		}
		if got := w.stays(true); len(got) != 1 || got[0].Until < got[0].Since+5000 {
			t.Fatalf("waited: %v", got)
		}
		ana.session.Leave()
		settle()
		if got = w.visits(); len(got) != 1 || got[0].Until <= got[0].Since {
			t.Fatalf("left: %v", got)
		}
		w.enter(1, by)
		settle()
		if got = w.visits(); len(got) != 1 || got[0].Until != 0 {
			t.Fatalf("back after a moment: %v", got)
		}
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.EditRoom{State: room.StatusClosed}, nil))
		settle()
		if got = w.visits(); got[0].Until == 0 {
			t.Fatalf("over, but still inside: %v", got)
		}
	})
}

// Who is inside when the server stops has left, and a restart knows it.
func TestAttendanceOutlivesTheHub(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		ana := w.enter(1, w.invite("ana", room.Viewer))
		wantOK(t, ana.lobby("ana"))
		settle()
		if err := w.hubs[1].Close(w.t.Context()); err != nil {
			t.Fatal(err)
		}
		if got := w.visits(); len(got) != 1 || got[0].Until == 0 {
			t.Errorf("closed: %v", got)
		}
	})
}

func TestFinishEndsWhenThePersonHasLeft(t *testing.T) {
	inWorld(t, 2, nil, func(w *world) {
		openRoom(w)
		by := w.invite("ana", room.Viewer)
		ana := w.enter(1, by)
		stranger := by
		stranger.Device, stranger.Session = room.HashOf("device of a stranger"), room.HashOf("session of a stranger")
		waits := w.enter(0, stranger)
		wantOK(t, ana.lobby("ana"))
		w.must(w.hubs[0].Do(w.t.Context(), w.room, manager, room.RevokeInvitation{Invitation: by.Invitation, Reason: "Full", Finish: true}, nil))
		synctest.Wait()
		if ana.closeCode() != 0 || len(ana.events("me.revoked")) > 0 {
			t.Fatalf("closed with %d", ana.closeCode())
		}
		if waits.closeCode() == 0 {
			t.Error("another device waits on")
		}
		waits.session.Leave()
		time.Sleep(5 * time.Minute)
		wantOK(t, ana.do(room.ChatPost{Text: "still here"}))
		ana.session.Leave()
		time.Sleep(finishGrace / 2)
		back := w.enter(0, by) // on the other instance
		time.Sleep(2 * finishGrace)
		wantOK(t, back.do(room.ChatPost{Text: "was drained"}))
		back.session.Leave()
		time.Sleep(finishGrace + 10*time.Second)
		synctest.Wait()
		if _, err := w.join(0, by, nil); !errors.Is(err, room.CodeInvitationRevoked) {
			t.Fatalf("came back: %v", err)
		}
		for h := range w.hubs {
			s, err := w.hubs[h].State(w.t.Context(), w.room)
			if p, _ := s.Invited(by.Invitation); err != nil || !p.Revoked {
				t.Errorf("hub %d: %+v, %v", h, p, err)
			}
		}
	})
}
