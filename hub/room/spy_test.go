package room

import (
	"encoding/json"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"
	"pgregory.net/rapid"
)

// spy is a client in the room: it is shown what the hub would show it, and
// its mirror must equal a fresh snapshot (invariant L5).
type spy struct {
	by     Actor
	id     ParticipantID
	phase  Phase
	role   Role
	mirror Mirror
	dead   bool
	away   bool // reads nothing; it resumes or starts anew
}

// visit lets a spy in, sends one away for a while, or brings it back.
func (r *randomRoom) visit(t *rapid.T) {
	if len(r.spies) > 0 && rapid.Bool().Draw(t, "known spy") {
		s := pick(t, "spy", r.spies...)
		if s.away {
			s.resume(t, r)
		}
		s.away = !s.away
		return
	}
	p := r.someone(t)
	by := Actor{Account: p.Account, Invitation: p.Invitation, Link: p.Link, Device: HashOf(string(p.ID))}
	if _, err := r.s.Decide(by, Enter{}, "", r.now); err != nil || len(r.spies) > 3 {
		return
	}
	s := &spy{by: by, id: p.ID}
	s.hello(t, r.s)
	r.spies = append(r.spies, s)
}

func (s *spy) hello(t *rapid.T, state *State) {
	p, _ := state.Participant(s.id)
	if c, ok := p.ClaimOf(s.by.Device); ok {
		s.by.Claim = c.Generation
	}
	s.phase, s.role = state.Phase(p, s.by), p.Role
	snap := state.Snapshot(ClassOf(s.phase, s.role))
	s.mirror.Hello(wired[Welcome](t, Welcome{Epoch: state.Epoch, Pos: state.Head, Phase: s.phase, Mode: "snapshot", You: state.You(p, s.by), Snapshot: &snap}))
}

// resume is as in the hub: only if nothing turned the person's view meanwhile.
func (s *spy) resume(t *rapid.T, r *randomRoom) {
	p, _ := r.s.Participant(s.id)
	if _, err := r.s.Decide(s.by, Enter{}, "", r.now); err != nil || s.dead {
		s.dead = true
		return
	}
	at := s.mirror.Pos
	if at < p.Since || at < r.s.TurnedAt {
		s.by.Claim = 0
		s.hello(t, r.s)
		return
	}
	s.mirror.Hello(wired[Welcome](t, Welcome{Epoch: r.s.Epoch, Pos: r.s.Head, Phase: s.phase, Mode: "resumed", You: r.s.You(p, s.by)}))
	for _, e := range r.log[at:] {
		if r.s.Gone(e) {
			continue
		}
		s.shown(t, r.s.Remains(e))
	}
}

// shown is an event as the hub shows it: what the class sees and what concerns
// the spy.
func (s *spy) shown(t *rapid.T, e Event) {
	class := ClassOf(s.phase, s.role)
	s.events(t, e, Show(e, class))
	if whose, told := Own(e); whose == s.id && Tells(e, class) {
		s.events(t, e, told)
	}
}

// see shows an event, and with it what it means for the spy.
func (s *spy) see(t *rapid.T, e Event, after *State) {
	if s.dead || s.away {
		return
	}
	p, _ := after.Participant(s.id)
	switch f := e.Fact.(type) {
	case Revoked:
		s.dead = s.dead || f.Participant == s.id
	case ManagerRemoved:
		s.dead = s.dead || f.Participant == s.id
	case Freed:
		s.dead = s.dead || f.Participant == s.id
	case Claimed:
		s.dead = s.dead || f.Participant == s.id && !f.Instead.IsZero() && f.Instead == s.by.Device
	case Erased:
		s.dead = s.dead || f.Participant == s.id
	case Forgotten:
		s.dead = s.dead || p.Invitation != ""
	case Deleted:
		s.dead = true
	}
	if out, _ := p.SentOut(); out {
		s.dead = true
	}
	if s.dead {
		return
	}
	if c, ok := p.ClaimOf(s.by.Device); ok {
		s.by.Claim = c.Generation
	}
	phase, role := s.phase, s.role
	s.phase, s.role = after.Phase(p, s.by), p.Role
	class := ClassOf(s.phase, s.role)
	s.shown(t, e)
	snap, you := after.Snapshot(class), after.You(p, s.by)
	switch {
	case s.phase != phase:
		s.events(t, e, one("phase.changed", PhaseChanged{Phase: s.phase, You: you, Snapshot: &snap}))
	case PersonalTo(e.Fact) == s.id:
		s.events(t, e, one("phase.changed", PhaseChanged{Phase: s.phase, You: you}))
	case s.role != role || RoleSet(e.Fact) == s.id:
		s.events(t, e, one("me.role", MeRole{Role: you.Role, Right: you.Right, Rights: you.Rights, You: you, Snapshot: &snap}))
	}
}

func (s *spy) events(t *rapid.T, e Event, all []Shown) {
	for _, shown := range all {
		text, err := json.Marshal(shown.Data)
		if err != nil {
			t.Fatal(err)
		}
		if _, known := mirrored[shown.Event]; !known {
			t.Fatalf("the mirror does not know %s", shown.Event)
		}
		if err := s.mirror.Event(shown.Event, e.Seq, e.At, text); err != nil {
			t.Fatal(err)
		}
	}
}

// compare: everything that a fresh snapshot holds is in the mirror; of chats a
// mirror may hold older messages, too.
func (s *spy) compare(t *rapid.T, state *State) {
	p, _ := state.Participant(s.id)
	if s.dead || s.away {
		return
	}
	want := wired[Snapshot](t, state.Snapshot(ClassOf(s.phase, s.role)))
	have := Snapshot{Room: s.mirror.Room, Stage: s.mirror.Stage, StageMore: s.mirror.StageMore,
		Announcements: s.mirror.Announcements, Pin: s.mirror.Pin, Source: s.mirror.Source, Paused: s.mirror.Paused, LiveAt: s.mirror.LiveAt, Unattended: s.mirror.Unattended, Waiting: s.mirror.Waiting, Reports: s.mirror.Reports, Offers: s.mirror.Offers}
	if want.Settings != nil {
		have.Settings = &s.mirror.Settings
	}
	if want.Chat != nil {
		have.Chat = newestOf(s.mirror.Chat, *want.Chat)
	}
	if want.Backchannel != nil && s.mirror.Backchannel != nil {
		have.Backchannel = newestOf(*s.mirror.Backchannel, *want.Backchannel)
	}
	if want.Questions != nil {
		have.Questions, have.Hands = &s.mirror.Questions, s.mirror.Hands
	}
	if diff := cmp.Diff(want, have, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(Question{}, "Votes"), cmpopts.IgnoreFields(Snapshot{}, "Interactions")); diff != "" {
		t.Fatalf("the mirror of a %s in %s is not a fresh snapshot:\n%s", s.role, s.phase, diff)
	}
	s.compareInteractions(t, want.Interactions)
	if (s.mirror.Backchannel != nil) != (want.Backchannel != nil) {
		t.Fatalf("a %s in %s holds a backchannel: %t", s.role, s.phase, s.mirror.Backchannel != nil)
	}
	if diff := cmp.Diff(state.You(p, s.by), s.mirror.You, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(You{}, "Answers", "Name", "FirstName", "Confirmed")); diff != "" {
		t.Fatalf("you:\n%s", diff)
	}
}

func newestOf(have, want Messages) *Messages {
	if extra := len(have.Items) - len(want.Items); extra > 0 {
		return &Messages{Items: have.Items[extra:], More: want.More}
	}
	return &have
}

// wired sends a value through JSON.
func wired[T any](t *rapid.T, v T) (back T) {
	text, err := json.Marshal(v)
	if err != nil {
		t.Fatal(err)
	}
	if err := json.Unmarshal(text, &back); err != nil {
		t.Fatal(err)
	}
	return back
}
