package room

// One message of the chat can be pinned: it stands above the chat, also for
// who comes later.

// MaxPinned is how many code points of a pinned message are shown.
const MaxPinned = 300

// Commands about the pin.
type (
	// SetPin pins a message in place of another one.
	SetPin struct {
		ID string `json:"id"`
	}
	// ClearPin takes it down.
	ClearPin struct{}
)

// Name implements Command.
func (SetPin) Name() string { return "pin.set" }

// Name implements Command.
func (ClearPin) Name() string { return "pin.clear" }

// Facts about the pin.
type (
	// Pinned names who pinned and holds the message.
	Pinned struct {
		Who
		ID      string `json:"id"`
		Message Quoted `json:"message"`
	}
	// Unpinned takes it down.
	Unpinned struct {
		Who
		ID string `json:"id"`
	}
)

// Kind implements Fact.
func (Pinned) Kind() string { return "pinned" }

// Kind implements Fact.
func (Unpinned) Kind() string { return "unpinned" }

// Quoted is the beginning of a message, and who wrote it.
type Quoted struct {
	Who
	Text     string    `json:"text"`
	Mentions []Mention `json:"mentions,omitempty"`
}

// Pin is the pinned message as people see it.
type Pin struct {
	ID string `json:"id"`
	WhoView
	Text     string    `json:"text"`
	Mentions []Mention `json:"mentions,omitempty"`
	By       WhoView   `json:"by"`
	At       Millis    `json:"at"`
}

func pinOf(e Event, f Pinned) Pin {
	return Pin{f.ID, f.Message.Who.View(), f.Message.Text, f.Message.Mentions, f.Who.View(), e.At}
}

func (p Pin) bytes() int {
	return 350 + (mentionBytes+maxID)*len(p.Mentions) + jsonBytes(p.Text) + jsonBytes(p.Name) + jsonBytes(p.By.Name)
}

// pin is the pinned message in memory.
type pin struct {
	Pin
	author, by int32
}

// quoted finds a message that is still in memory.
func (s *State) quoted(id string, most int) (Quoted, *Refusal) {
	i, recent := s.chat.find(id)
	if !recent {
		if _, old := s.chat.alive(id); old {
			return Quoted{}, refuse(CodeClosed, "This message is too old for that.")
		}
		return Quoted{}, refuse(CodeNotFound, "This message is gone.")
	}
	m := s.chat.recent[i]
	return Quoted{m.who, cut(m.text, most), cutMentions(m.mentions, most)}, nil
}

// cut shortens a text to so many code points.
func cut(text string, most int) string {
	n := 0
	for i := range text {
		if n++; n > most {
			return text[:i] + "…"
		}
	}
	return text
}

func (s *State) decidePin(by *Person, c SetPin) ([]Fact, *Refusal) {
	if s.pin != nil && s.pin.ID == c.ID {
		return nil, nil
	}
	m, no := s.quoted(c.ID, MaxPinned)
	if no != nil {
		return nil, no
	}
	return []Fact{Pinned{by.who(), c.ID, m}}, nil
}

func (s *State) decideUnpin(by *Person) ([]Fact, *Refusal) {
	if s.pin == nil {
		return nil, nil
	}
	return []Fact{Unpinned{by.who(), s.pin.ID}}, nil
}

func (s *State) foldPinned(e Event, f Pinned) {
	s.pin = &pin{pinOf(e, f), s.seatOfID(f.Message.Participant), s.seatOfID(f.Participant)}
}

// unpin takes the message down that is gone.
func (s *State) unpin(by *Person, id string) []Fact {
	if s.pin == nil || id != "" && s.pin.ID != id {
		return nil
	}
	return []Fact{Unpinned{by.who(), s.pin.ID}}
}

func (s *State) shownPin() *Pin {
	if s.pin == nil {
		return nil
	}
	return &s.pin.Pin
}
