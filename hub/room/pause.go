package room

// A pause holds the room for its viewers: they stay, see what there is and who
// paused with which message, and what they would say, ask, answer or show is
// refused. Staff go on behind the scenes: backchannel, drafts of interactions,
// hands, moderation. Nothing is launched meanwhile. The time of an interaction
// that runs goes on by the store's clock, and it closes as ever. A hand that is
// up stays up. The end of the session ends a pause.

// MaxPauseMessage is the length of a pause's message, in code points.
const MaxPauseMessage = 300

// Commands of a pause.
type (
	// PauseRoom holds the room; of a paused one it changes the message.
	PauseRoom struct {
		Message string `json:"message,omitempty"`
	}
	// ResumeRoom goes on, at once or after a countdown that everybody sees.
	ResumeRoom struct {
		Countdown bool `json:"countdown,omitempty"`
	}
	// ResumeDue is the system's: go on when the countdown has ended.
	ResumeDue struct{}
)

// Name implements Command.
func (PauseRoom) Name() string { return "room.pause" }

// Name implements Command.
func (ResumeRoom) Name() string { return "room.resume" }

// Name implements Command.
func (ResumeDue) Name() string { return "room.resume_due" }

// Facts of a pause.
type (
	// Paused begins a pause, or gives it another message.
	Paused struct {
		Who
		Message string `json:"message,omitempty"`
	}
	// Resumed ends it. After a countdown nobody did it.
	Resumed struct{ Who }
)

// Kind implements Fact.
func (Paused) Kind() string { return "room.paused" }

// Kind implements Fact.
func (Resumed) Kind() string { return "room.resumed" }

// Pause is a pause as everybody inside sees it.
type Pause struct {
	WhoView
	Message string `json:"message,omitempty"`
	At      Millis `json:"at"`
}

func pauseOf(e Event, f Paused) Pause { return Pause{f.Who.View(), f.Message, e.At} }

func (p *Pause) bytes() int {
	if p == nil {
		return 0
	}
	return 160 + jsonBytes(p.Message) + jsonBytes(p.Name)
}

// Paused is the pause that the room is in; nil: it goes on.
func (s *State) Paused() *Pause { return s.pause }

func (s *State) decidePause(by *Person, c PauseRoom) ([]Fact, *Refusal) {
	message, no := paragraph("message", c.Message, MaxPauseMessage, false)
	if no != nil {
		return nil, no
	}
	if s.pause != nil && s.pause.Message == message && s.liveAt == 0 {
		return nil, nil
	}
	return []Fact{Paused{by.who(), message}}, nil
}

func (s *State) decideResume(by *Person, c ResumeRoom, now Millis) ([]Fact, *Refusal) {
	switch {
	case s.pause == nil:
		return nil, nil
	case c.Countdown:
		return s.decideGoLive(by, now), nil
	}
	return []Fact{Resumed{by.who()}}, nil
}

// held refuses, while the room is paused, what is for the time when it goes on.
func (s *State) held(p *Person, c Command) *Refusal {
	if s.pause == nil {
		return nil
	}
	switch c.(type) {
	case ChatPost, ChatLike, QuestionAsk, QuestionVote, HandRaise, ReactionSend:
		if p.Role.Staff() {
			return nil
		}
	case InteractionLaunch, InteractionAnswer:
	default:
		return nil
	}
	return refuse(CodePaused, "The room is paused.")
}

// erasePause forgets who paused, and what they wrote.
func (s *State) erasePause(id ParticipantID) {
	if s.pause != nil && s.pause.Participant == id {
		nameless := *s.pause
		nameless.Name, nameless.Message = "", ""
		s.pause = &nameless
	}
}

func (m *Mirror) erasePause(id ParticipantID) {
	if m.Paused != nil && m.Paused.Participant == id {
		nameless := *m.Paused
		nameless.Name, nameless.Message = "", ""
		m.Paused = &nameless
	}
}
