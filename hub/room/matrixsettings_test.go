package room

import "strings"

// setting is one thing that staff turn on or off: how, and whose commands it
// stops that the table allows.
type setting struct {
	name  string
	make  func(w *world)
	stops func(by Role, right Action) Code
}

func nothingStops(Role, Action) Code { return "" }

// stopping stops one action of those below a role.
func stopping(right Action, below Role, with Code) func(Role, Action) Code {
	return func(by Role, asked Action) Code {
		if asked == right && by < below {
			return with
		}
		return ""
	}
}

func setTo(c SetSettings) func(w *world) {
	return func(w *world) { w.do(manager("ada"), c) }
}

// insideSettings are those that make a difference inside. Everybody of the
// matrix stands ready to write "hi" and to ask "why?".
var insideSettings = []setting{
	{"as made", func(*world) {}, nothingStops},
	{"no chat", setTo(SetSettings{Chat: ptr(false)}), stopping(ActChatPost, Moderator, CodeClosed)},
	{"chat of speakers", setTo(SetSettings{ChatFor: ptr("speaker")}), stopping(ActChatPost, Speaker, CodeClosed)},
	{"chat of moderators", setTo(SetSettings{ChatFor: ptr("moderator")}), stopping(ActChatPost, Moderator, CodeClosed)},
	{"no questions", setTo(SetSettings{Questions: ptr(false)}), stopping(ActQuestionAsk, Moderator, CodeClosed)},
	{"slow mode", func(w *world) {
		w.do(manager("ada"), SetSettings{SlowModeS: ptr(60)})
		w.do(guest("vic"), ChatPost{Text: "one"})
	}, stopping(ActChatPost, Speaker, CodeSlowDown)},
	{"muted", func(w *world) { w.do(manager("ada"), MutePerson{Participant: "p_vic"}) }, stopping(ActChatPost, Speaker, CodeMuted)},
	{"words refused", setTo(SetSettings{Filter: &Filter{Words: []string{"hi"}, Refuse: true}}), stopping(ActChatPost, Owner+1, CodeInvalid)},
}

// settingsOf are the settings to try in a phase.
func settingsOf(name string, phase Phase) []setting {
	if phase != PhaseLive || strings.HasPrefix(name, "paused") {
		return insideSettings[:1]
	}
	return insideSettings
}
