package api

import (
	"reflect"
	"testing"

	"greenroom/hub/room"
)

func ptr[T any](v T) *T { return &v }

func TestTextsOfCommandsAreComposed(t *testing.T) {
	const loose, composed = "e\u0301", "\u00e9"
	text := loose
	for _, c := range []struct{ given, want room.Command }{
		{room.ChatPost{Text: loose, Mentions: []room.Mention{{Participant: "p", At: 0, N: 1}}}, room.ChatPost{Text: composed, Mentions: []room.Mention{{Participant: "p", At: 0, N: 1}}}},
		{room.QuestionAsk{Text: loose}, room.QuestionAsk{Text: composed}},
		{room.InteractionCreate{InteractionForm: room.InteractionForm{Question: loose, Options: []string{loose, "b"}}},
			room.InteractionCreate{InteractionForm: room.InteractionForm{Question: composed, Options: []string{composed, "b"}}}},
		{room.SetSettings{Filter: &room.Filter{Words: []string{loose}}}, room.SetSettings{Filter: &room.Filter{Words: []string{composed}}}},
		{room.SetSettings{ChatFor: &text}, room.SetSettings{ChatFor: ptr(composed)}},
		{room.ChatLike{ID: "m1", On: ptr(true)}, room.ChatLike{ID: "m1", On: ptr(true)}},
	} {
		if got := normalCommand(c.given); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%+v became %+v", c.given, got)
		}
	}
}

func TestCellsAreNoFormulas(t *testing.T) {
	for _, cell := range []string{"=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", " =1", "\n=1", "\u00a0=1", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(A1)"} {
		if got := plainCell(cell); got != "'"+cell {
			t.Errorf("%q is written as %q", cell, got)
		}
	}
	for _, cell := range []string{"", "1+1", "a=b", "'=1", "Zoë"} {
		if got := plainCell(cell); got != cell {
			t.Errorf("%q is written as %q", cell, got)
		}
	}
}
