package hub

import (
	"bytes"
	"cmp"
	"encoding/json"
	"fmt"
	"slices"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

func (w *stress) judge() {
	w.judgeLog()
	frames, resumed := 0, 0
	for _, c := range w.all {
		got, closed := c.frames()
		frames += len(got)
		if w.judgeHistory(c, got, closed) {
			resumed++
		}
	}
	w.judgeMirrors()
	w.t.Logf("%d events, %d connections (%d resumed), %d frames", len(w.events), len(w.all), resumed, frames)
	if len(w.events) < stressEvents || resumed < stressResumed {
		w.t.Errorf("too little happened: %d events, %d resumed", len(w.events), resumed)
	}
}

// judgeLog holds the log against what was answered: L1, L2, O1, D2.
func (w *stress) judgeLog() {
	places := map[string]room.Seq{}
	opened, scheduled := 0, true
	for _, e := range w.events {
		var text string
		switch f := e.Fact.(type) {
		case room.ChatPosted:
			text = f.Text
		case room.BackchannelPosted:
			text = f.Text
		case room.Opened:
			if opened++; !scheduled {
				w.t.Errorf("O1: opened twice, at %d", e.Seq)
			}
			scheduled = false
		case room.Closed:
			scheduled = true
		}
		if text == "" {
			continue
		}
		if at, twice := places[text]; twice {
			w.t.Errorf("L1: %q stands at %d and %d", text, at, e.Seq)
		}
		places[text] = e.Seq
		if at, answered := w.written[text]; answered && at != e.Seq || !answered && !w.unsure[text] {
			w.t.Errorf("L2: %q stands at %d; answered %d", text, e.Seq, at)
		}
		p, _ := w.states[e.Seq-1].Participant(e.Participant)
		if w.states[e.Seq-1].Status != room.StatusOpen || p.Revoked || len(p.Claims) == 0 && p.Invitation != "" {
			w.t.Errorf("%q was let in at %d", text, e.Seq)
		}
	}
	for text, at := range w.written {
		if at != 0 && places[text] != at {
			w.t.Errorf("L1: %q was answered with %d and stands at %d", text, at, places[text])
		}
	}
	if opened != 3 {
		w.t.Errorf("O1: opened %d times", opened)
	}
}

// judgeHistory holds what a connection was shown against the log: agreement,
// order, nothing missing, nothing twice, nothing forbidden (L3 to L5, R1).
func (w *stress) judgeHistory(c *history, frames [][]wire.Message, closed int) (resumed bool) {
	var at room.Seq
	var class room.Class
	var phase room.Phase
	var role string
	var greetedAt room.Seq
	fail := func(format string, args ...any) {
		w.t.Errorf("%s %p: %s", c.session.participant, c, fmt.Sprintf(format, args...))
	}
	// upTo checks that what was left out was not for this class.
	upTo := func(place room.Seq) {
		for ; at+1 < place; at++ {
			e := w.events[at]
			if resumed && e.Seq <= greetedAt && w.states[greetedAt].Gone(e) {
				continue // told as deleted only
			}
			if turns := newDelivery(e, w.states[at+1]).concerns(c.session.participant); len(room.Show(e, class)) > 0 && !turns {
				fail("L4: %s at %d was not shown (class %d)", e.Fact.Kind(), e.Seq, class)
			}
		}
	}
	for _, frame := range frames {
		framePos := room.Seq(0)
		for _, m := range frame {
			switch {
			case m.Re == 1 && m.OK != nil:
				var hello struct {
					room.Welcome
					Snapshot json.RawMessage `json:"snapshot"`
				}
				decode(w.t, m.OK, &hello)
				greetedAt, phase, role, at = hello.Pos, hello.Phase, hello.You.Role, hello.Pos
				class = classOf(phase, role)
				if resumed = hello.Mode == "resumed"; resumed {
					if at = c.resumes; class != c.was { // the missed follow
						fail("L5: resumed at %d as class %d, was %d", at, class, c.was)
					}
				} else {
					w.sameSnapshot(fail, hello.Snapshot, hello.Pos, class)
				}
			case m.Event == "":
			case greetedAt == 0:
				fail("%s came before the answer to hello", m.Event)
			default:
				if framePos != m.Pos && m.Pos <= at && m.Event != "phase.changed" {
					fail("L4: %s at %d after %d", m.Event, m.Pos, at)
				}
				framePos = m.Pos
				upTo(m.Pos)
				at = max(at, m.Pos)
				var data struct {
					Phase    room.Phase      `json:"phase"`
					Text     string          `json:"text"`
					You      room.You        `json:"you"`
					Snapshot json.RawMessage `json:"snapshot"`
				}
				decode(w.t, m.Data, &data)
				switch m.Event {
				case "phase.changed", "me.role":
					if m.Event == "phase.changed" {
						phase = data.Phase
					}
					role = data.You.Role
					class = classOf(phase, role)
					w.sameSnapshot(fail, data.Snapshot, m.Pos, class)
				case "backchannel.posted":
					if f, ok := w.events[m.Pos-1].Fact.(room.BackchannelPosted); !ok || f.Text != data.Text {
						fail("L3: %q at %d", data.Text, m.Pos)
					}
					if p, _ := w.states[m.Pos].Participant(c.session.participant); !p.Role.Staff() || !p.Admitted() {
						fail("R1: saw the backchannel at %d", m.Pos)
					}
				case "chat.posted":
					if f, ok := w.events[m.Pos-1].Fact.(room.ChatPosted); !ok || f.Text != data.Text {
						fail("L3: %q at %d", data.Text, m.Pos)
					}
				}
			}
		}
	}
	if closed == 0 {
		upTo(room.Seq(len(w.events)) + 1)
	}
	return resumed
}

func classOf(phase room.Phase, shown string) room.Class {
	role := room.ParseRole(shown)
	if shown == "manager" {
		role = room.Owner
	}
	return room.ClassOf(phase, role)
}

func (w *stress) sameSnapshot(fail func(string, ...any), got json.RawMessage, at room.Seq, class room.Class) {
	if want := wire.Encode(w.states[at].Snapshot(class)); !bytes.Equal(got, want) {
		fail("L5: snapshot at %d, class %d:\n%s\nwant\n%s", at, class, got, want)
	}
}

// judgeMirrors has everybody come once more, resuming where they were: the
// mirror must then be what a fresh snapshot says (L5, L7).
func (w *stress) judgeMirrors() {
	newest := map[room.ParticipantID]*history{}
	for _, c := range w.all {
		newest[c.session.participant] = c
	}
	for _, c := range newest {
		if c.session.participant == "pOwner" {
			continue
		}
		if !c.gone() {
			c.leave()
		}
		back := w.come(c.by, c)
		if back == nil {
			continue // revoked, or broken during its hello
		}
		back.leave()
		fresh := w.come(c.by, nil)
		if fresh == nil {
			continue
		}
		fresh.leave()
		if have, want := essence(back.mirror), essence(fresh.mirror); have != want {
			w.t.Errorf("L7: %s sees\n%s\na newcomer\n%s", c.session.participant, have, want)
		}
	}
}

// essence is what two mirrors of the same view agree on.
func essence(m *room.Mirror) string {
	chat := m.Chat.Items[max(0, len(m.Chat.Items)-30):]
	stage := slices.Clone(m.Stage)
	slices.SortFunc(stage, func(a, b room.Member) int { return cmp.Compare(a.Participant, b.Participant) })
	text, _ := json.Marshal([]any{m.Phase, m.You, m.Room, stage, chat, m.Backchannel != nil})
	return string(text)
}
