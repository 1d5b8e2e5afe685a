package room

import "strings"

// setting is one thing that staff turn on or off: how, and whose commands it
// stops that the table allows.
type setting struct {
	name  string
	make  func(w *world)
	stops func(by Role, right Action, c Command) Code
}

func nothingStops(Role, Action, Command) Code { return "" }

// stopping stops one action of those below a role.
func stopping(right Action, below Role, with Code) func(Role, Action, Command) Code {
	return func(by Role, asked Action, _ Command) Code {
		if asked == right && by < below {
			return with
		}
		return ""
	}
}

// noHands keeps viewers from raising their hands, not from lowering them.
func noHands(by Role, _ Action, c Command) Code {
	if _, raises := c.(HandRaise); raises && by == Viewer {
		return CodeClosed
	}
	return ""
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
	{"stage by invitation", setTo(SetSettings{Hands: ptr("invite")}), noHands},
	{"open stage", setTo(SetSettings{Hands: ptr("open")}), nothingStops},
	{"words refused", setTo(SetSettings{Filter: &Filter{Words: []string{"hi"}, Refuse: true}}), stopping(ActChatPost, Owner+1, CodeInvalid)},
}

// settingsOf are the settings to try in a phase.
func settingsOf(name string, phase Phase) []setting {
	if phase != PhaseLive || strings.HasPrefix(name, "paused") {
		return insideSettings[:1]
	}
	return insideSettings
}
