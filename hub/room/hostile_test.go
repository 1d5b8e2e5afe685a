package room

import (
	"encoding/json"
	"strings"
	"testing"
	"unicode/utf8"
)

// floods are texts that would hide, turn round, or climb out of their line
// (SECURITY.md T18).
var floods = map[string]string{
	"zalgo":      "Z" + strings.Repeat("\u0301\u0316\u20dd", 30) + "x",
	"bidi":       "a\u202e\u2066\u2069\u200f\u061cb",
	"zero width": "a\u200b\ufeff\u2060\u00ad\u034fb",
	"joiners":    "a\u200d\u200d\u200cb",
	"tags":       "a\U000e0041\U000e007fb",
	"selectors":  "a" + strings.Repeat("\ufe0f", 40) + "b",
	"controls":   "a\x00\x07\x1b[31m\x7f\u0085b",
	"fillers":    "a\u3164\uffa0\u115f\u2800b",
	"private":    "a\ue000\U000f0000\ufffc\uffffb",
	"not UTF-8":  "a\xff\xc0b",
	"emoji":      strings.Repeat("👩🏽‍🚀", 8),
	"families":   "👨‍👩‍👧‍👦" + strings.Repeat("\u200d👦", 4),
}

// field is a text that somebody writes and others see.
type field struct {
	name string
	most int
	by   Actor
	with func(text string) Command
}

func fields(w *world) []field {
	id := w.post(guest("vera"), "something")
	question := QuestionID(w.do(guest("vera"), QuestionAsk{Text: "why"})[0].Seq)
	launched := func(kind InteractionKind) string {
		id := InteractionID(w.do(guest("mod"), InteractionCreate{InteractionForm{Kind: kind, Question: "Q", Most: 1}})[0].Seq)
		w.do(guest("mod"), InteractionLaunch{ID: id})
		return id
	}
	open, cloud := launched(InteractOpen), launched(InteractWords)
	vic := ParticipantID("p_vic")
	return []field{
		{"chat", MaxChatText, guest("vera"), func(t string) Command { return ChatPost{Text: t} }},
		{"reply", MaxChatText, guest("vera"), func(t string) Command { return ChatPost{Text: t, ReplyTo: id} }},
		{"mention", MaxChatText, guest("vera"), func(t string) Command { return ChatPost{Text: "@v" + t, Mentions: []Mention{{vic, 0, 2}}} }},
		{"backchannel", MaxChatText, guest("spk"), func(t string) Command { return BackchannelPost{Text: t} }},
		{"question", MaxQuestion, guest("vera"), func(t string) Command { return QuestionAsk{Text: t} }},
		{"question of nobody", MaxQuestion, guest("vera"), func(t string) Command { return QuestionAsk{Text: t, Anonymous: true} }},
		{"answer", 0, guest("spk"), func(t string) Command { return QuestionAnswer{ID: question, Text: t} }},
		{"dismissal", MaxReason, guest("mod"), func(t string) Command { return QuestionDismiss{ID: question, Reason: t} }},
		{"poll", MaxAsked, guest("mod"), func(t string) Command { return InteractionCreate{InteractionForm{Kind: InteractOpen, Question: t}} }},
		{"option", MaxOption, guest("mod"), func(t string) Command {
			return InteractionCreate{InteractionForm{Kind: InteractChoice, Question: "Q", Options: []string{t, "another"}}}
		}},
		{"open answer", MaxOpenAnswer, guest("vera"), func(t string) Command { return InteractionAnswer{ID: open, Text: t} }},
		{"word cloud", MaxCloudWord, guest("vera"), func(t string) Command { return InteractionAnswer{ID: cloud, Words: []string{t}} }},
		{"announcement", MaxAnnouncement, guest("mod"), func(t string) Command { return Announce{Text: t} }},
		{"report", MaxReason, guest("spk"), func(t string) Command { return ReportMessage{ID: id, Reason: t} }},
		{"mute", MaxReason, guest("mod"), func(t string) Command { return MutePerson{vic, t} }},
		{"removal", MaxReason, guest("mod"), func(t string) Command { return RemovePerson{vic, t} }},
		{"ban", MaxReason, manager("ada"), func(t string) Command { return BanPerson{vic, BanInvitation, t} }},
		{"revocation", MaxReason, manager("ada"), func(t string) Command { return RevokeInvitation{Invitation: "i_vic", Reason: t} }},
		{"first name", MaxName, manager("ada"), func(t string) Command { c := invitation("new", Viewer); c.FirstName = t; return c }},
		{"last name", MaxName, manager("ada"), func(t string) Command { c := invitation("new", Viewer); c.LastName = t; return c }},
		{"title", MaxTitle, manager("ada"), func(t string) Command { return EditRoom{Title: &t} }},
		{"description", MaxDescription, manager("ada"), func(t string) Command { return EditRoom{Description: &t} }},
		{"speaker", MaxName, manager("ada"), func(t string) Command { return EditRoom{Speakers: &[]Presenter{{Name: t}}} }},
		{"bio", MaxBio, manager("ada"), func(t string) Command { return EditRoom{Speakers: &[]Presenter{{Name: "N", Bio: t}}} }},
		{"closing", MaxReason, manager("ada"), func(t string) Command { return EditRoom{State: StatusClosed, Reason: t} }},
		{"guest link", MaxLabel, manager("ada"), func(t string) Command { return MakeGuestLink{ID: "g", Label: t} }},
	}
}

// Every text is judged and cleaned where it is written: what is shown holds
// nothing hidden, at most two marks on a letter, and is not too long.
func TestHostileTextInEveryField(t *testing.T) {
	w := chatWorld(t)
	for _, f := range fields(w) {
		t.Run(f.name, func(t *testing.T) {
			for name, text := range floods {
				events, err := w.s.Decide(f.by, f.with(text), "", w.now)
				if err == nil {
					shownClean(t, name, events)
				}
			}
			if f.most == 0 {
				return
			}
			if _, err := w.s.Decide(f.by, f.with(strings.Repeat("x", f.most-10)), "", w.now); f.most > 20 && err != nil {
				t.Errorf("a text below the limit is refused: %v", err)
			}
			if events, err := w.s.Decide(f.by, f.with(strings.Repeat("𝕏", f.most+1)), "", w.now); err == nil {
				t.Errorf("a text over the limit became %d events", len(events))
			}
		})
	}
}

func shownClean(t *testing.T, flood string, events []Event) {
	t.Helper()
	for _, e := range events {
		_, written, err := EncodeFact(e.Fact)
		var fact any
		if err == nil {
			err = json.Unmarshal(written, &fact)
		}
		if err != nil {
			t.Fatal(err)
		}
		eachText(fact, func(text string) {
			marks := 0
			for _, r := range text {
				switch {
				case r != '\n' && !joins(r) && hidden(r), r == utf8.RuneError:
					t.Errorf("%s leaves %U in %q", flood, r, text)
				case mark(r) && !variation(r):
					marks++
				default:
					marks = 0
				}
				if marks > 2 {
					t.Errorf("%s leaves a stack of marks in %q", flood, text)
				}
			}
		})
	}
}

func eachText(v any, f func(string)) {
	switch v := v.(type) {
	case string:
		f(v)
	case []any:
		for _, item := range v {
			eachText(item, f)
		}
	case map[string]any:
		for _, item := range v {
			eachText(item, f)
		}
	}
}
