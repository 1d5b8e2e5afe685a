package crowd

import (
	"encoding/hex"
	"encoding/json"
	"slices"
	"testing"

	"greenroom/hub/room"
)

func messages(ids ...string) (all room.Messages) {
	for _, id := range ids {
		all.Items = append(all.Items, room.Message{ID: id})
	}
	return all
}

func same(t *testing.T, folded, fresh *room.Mirror) bool {
	t.Helper()
	a, b := normals(folded, fresh)
	if !json.Valid(a) || !json.Valid(b) {
		t.Fatalf("%s and %s", a, b)
	}
	return string(a) == string(b)
}

// Two mirrors are compared in what both hold, whatever the order of lists that
// have none.
func TestNormals(t *testing.T) {
	folded := room.Mirror{Chat: messages("m1", "m2", "m3"), Stage: []room.Member{{Participant: "b"}, {Participant: "a"}}, Reports: []room.OpenReport{}}
	polls := []room.Interaction{{ID: "i1"}, {ID: "i2"}}
	folded.Interactions.Items = append([]room.Interaction{{ID: "i0"}}, polls...)
	folded.You.Answers = []room.MyAnswer{{ID: "i2"}, {ID: "i1"}, {ID: "i0"}}
	fresh := room.Mirror{Chat: messages("m2", "m3"), Stage: []room.Member{{Participant: "a"}, {Participant: "b"}}}
	fresh.Interactions.Items = polls
	fresh.You.Answers = []room.MyAnswer{{ID: "i1"}, {ID: "i2"}}
	if !same(t, &folded, &fresh) {
		t.Error("they differ")
	}
	for name, spoil := range map[string]func(*room.Mirror){
		"chat":  func(m *room.Mirror) { m.Chat = messages("m2", "m4") },
		"stage": func(m *room.Mirror) { m.Stage = m.Stage[:1] },
		"phase": func(m *room.Mirror) { m.Phase = room.PhaseLive },
		"answers": func(m *room.Mirror) {
			m.You.Answers = []room.MyAnswer{{ID: "i1"}, {ID: "i2", Choices: []int{1}}}
		},
		"muted": func(m *room.Mirror) { m.You.Muted = true },
		"hidden": func(m *room.Mirror) {
			m.Backchannel = &room.Messages{Items: []room.Message{{ID: "m9"}}}
			m.Pin = &room.Pin{}
		},
	} {
		other := fresh
		spoil(&other)
		if same(t, &folded, &other) {
			t.Errorf("%s: no difference is seen", name)
		}
	}
}

func TestQuestionsThatASnapshotHasNoRoomFor(t *testing.T) {
	folded := room.Mirror{Questions: room.Questions{Items: []room.Question{{ID: "q1"}, {ID: "q2"}}}}
	fresh := room.Mirror{Questions: room.Questions{Items: []room.Question{{ID: "q2"}}, More: true}}
	if !same(t, &folded, &fresh) {
		t.Error("they differ")
	}
	if fresh.Questions.More = false; same(t, &folded, &fresh) {
		t.Error("a question that is not there any more is not missed")
	}
	folded, fresh = fresh, folded
	if folded.Questions.More = true; !same(t, &folded, &fresh) {
		t.Error("what a full snapshot left out is missed")
	}
	fresh.Questions.Items[1].Claimed = &room.WhoView{Participant: "ada"}
	if same(t, &folded, &fresh) {
		t.Error("who has taken a question is not missed")
	}
}

func TestFoundIn(t *testing.T) {
	text := []byte("a\\\\x" + hex.EncodeToString([]byte("so Ada said")) + " and Ben")
	if got := foundIn(text, []string{"Ada", "Ben", "Cleo"}); !slices.Equal(got, []string{"Ada", "Ben"}) {
		t.Errorf("found %q", got)
	}
}

func TestWordless(t *testing.T) {
	for fact, want := range map[string]bool{`{"text":""}`: true, `{"text":"a"}`: false, `{"role":"viewer"}`: false} {
		if got := wordless(json.RawMessage(fact)); got != want {
			t.Errorf("%s: %v", fact, got)
		}
	}
}
