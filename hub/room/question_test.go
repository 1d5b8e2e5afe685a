package room

import (
	"encoding/json"
	"strings"
	"testing"
)

// A manager need not have come in to take a question: the stage list does not
// have them.
func TestErasedPeopleHoldNoQuestion(t *testing.T) {
	w := chatWorld(t)
	w.do(guest("vera"), QuestionAsk{Text: "why?"})
	w.do(manager("cora"), QuestionClaim{ID: w.question(false)})
	name := "Cora M"
	if told := w.asked(); !strings.Contains(told, name) {
		t.Fatalf("nobody has taken it: %s", told)
	}
	w.do(Actor{System: true}, ErasePerson{Person: "a_cora"})
	if told := w.asked(); strings.Contains(told, name) || strings.Contains(told, "claimed") {
		t.Errorf("after the erasure: %s", told)
	}
}

// asked is what staff is shown of questions.
func (w *world) asked() string {
	text, err := json.Marshal(w.s.Snapshot(ClassOf(PhaseLive, Moderator)).Questions)
	if err != nil {
		w.t.Fatal(err)
	}
	return string(text)
}
