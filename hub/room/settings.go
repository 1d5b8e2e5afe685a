package room

import (
	"slices"
	"time"
)

// Settings are what moderators turn on and off inside.
type Settings struct {
	Chat      bool   `json:"chat"`
	ChatFor   Role   `json:"chat_for"` // the lowest role that may write
	Questions bool   `json:"questions"`
	SlowModeS int    `json:"slow_mode_s"` // between two messages of a viewer; 0: off
	Locked    bool   `json:"locked"`      // viewers who come knock
	Filter    Filter `json:"filter,omitzero"`

	Hands     HandMode `json:"hands,omitempty"`      // what a raised hand does
	HandsMost int      `json:"hands_most,omitempty"` // speakers, up to which a raised hand takes the stage; 0: DefaultHandsMost
}

// MaxSlowMode is the longest pause between two messages, in seconds.
const MaxSlowMode = 3600

var defaultSettings = &Settings{Chat: true, ChatFor: Viewer, Questions: true}

// SetSettings changes what is not nil.
type SetSettings struct {
	Chat      *bool   `json:"chat,omitempty"`
	ChatFor   *string `json:"chat_for,omitempty"`
	Questions *bool   `json:"questions,omitempty"`
	SlowModeS *int    `json:"slow_mode_s,omitempty"`
	Locked    *bool   `json:"locked,omitempty"`
	Filter    *Filter `json:"filter,omitempty"`
	Hands     *string `json:"hands,omitempty"`
	HandsMost *int    `json:"hands_most,omitempty"`
}

// Name implements Command.
func (SetSettings) Name() string { return "room.settings" }

// SettingsChanged has all settings after the change.
type SettingsChanged struct {
	Who
	Settings
	Unlocks bool `json:"unlocks,omitempty"` // whoever waits is let in
	Unseen  bool `json:"unseen,omitempty"`  // nothing has changed but what moderators alone see
}

// Kind implements Fact.
func (SettingsChanged) Kind() string { return "room.settings" }

// Settings are those of the room now.
func (s *State) Settings() Settings {
	if s.settings == nil {
		return *defaultSettings
	}
	return *s.settings
}

func (s *State) decideSettings(by *Person, c SetSettings) ([]Fact, *Refusal) {
	f := SettingsChanged{Who: by.who(), Settings: s.Settings()}
	set(&f.Chat, c.Chat)
	set(&f.Questions, c.Questions)
	set(&f.SlowModeS, c.SlowModeS)
	set(&f.Locked, c.Locked)
	if f.SlowModeS < 0 || f.SlowModeS > MaxSlowMode {
		return nil, invalid("slow_mode_s", "is between 0 and 3,600")
	}
	if c.ChatFor != nil {
		if f.ChatFor = ParseRole(*c.ChatFor); !f.ChatFor.Invitable() {
			return nil, invalid("chat_for", "is viewer, speaker or moderator")
		}
	}
	if c.Filter != nil {
		var no *Refusal
		if f.Filter, no = c.Filter.clean(); no != nil {
			return nil, no
		}
	}
	if no := c.hands(&f.Settings); no != nil {
		return nil, no
	}
	was := s.Settings()
	if f.Settings.same(was) {
		return nil, nil
	}
	f.Unlocks = was.Locked && !f.Locked
	f.Unseen = settingsFor(Audience, f.Settings).same(*settingsFor(Audience, was))
	return []Fact{f}, nil
}

func (x Settings) same(y Settings) bool {
	words := slices.Equal(x.Filter.Words, y.Filter.Words) && x.Filter.Refuse == y.Filter.Refuse
	hands := x.Hands == y.Hands && x.HandsMost == y.HandsMost
	return words && hands && x.Chat == y.Chat && x.ChatFor == y.ChatFor && x.Questions == y.Questions && x.SlowModeS == y.SlowModeS && x.Locked == y.Locked
}

func (s *State) foldSettings(e Event, f SettingsChanged) {
	s.settings = &f.Settings
	s.words = f.Filter.normal()
	if f.Unlocks {
		s.letIn(s.waiting(), e.Seq)
	}
}

// mayWrite refuses a chat message for everything but its text.
func (s *State) mayWrite(p *Person, now time.Time) *Refusal {
	settings := s.Settings()
	switch {
	case p.silenced():
		return refuse(CodeMuted, "You are muted in chat.")
	case !settings.Chat && !p.Role.May(ActSetSettings):
		return refuse(CodeClosed, "The chat is closed.")
	case p.Role < settings.ChatFor:
		return refuse(CodeClosed, "The chat is closed for viewers.")
	case p.Role != Viewer || settings.SlowModeS == 0:
		return nil
	}
	next := time.UnixMilli(int64(p.wrote)).Add(time.Duration(settings.SlowModeS) * time.Second)
	if wait := next.Sub(now); wait > 0 {
		return &Refusal{Code: CodeSlowDown, Message: "Slow mode is on: everybody writes at a measured pace.", Retry: wait}
	}
	return nil
}

// noteWritten remembers when a viewer wrote, while that matters.
func (s *State) noteWritten(e Event, by ParticipantID) {
	if s.Settings().SlowModeS > 0 {
		s.edit(by).wrote = e.At
	}
}

// settingsFor leaves the words that are not welcome to those who moderate:
// others would only learn them.
func settingsFor(to Class, x Settings) *Settings {
	if !to.Moderates() {
		x.Filter = Filter{}
	}
	return &x
}
