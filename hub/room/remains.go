package room

import ()

// What remains of a room when it is over: where a manager wishes it, its page
// shows to whoever was let in what was found out there, and closing words.

// Limits of the closing words and of the link beside them.
const (
	MaxClosingWords = 1000 // code points
	MaxClosingLink  = 500  // bytes
)

// Afterwards is what a room's page shows when it is over.
type Afterwards struct {
	Results bool   `json:"results,omitempty"` // to whoever was let in
	Words   string `json:"closing_words,omitempty"`
	Link    string `json:"closing_link,omitempty"` // https
}

func (a Afterwards) cleaned() (Afterwards, *Refusal) {
	var no *Refusal
	if a.Words, no = paragraph("closing_words", a.Words, MaxClosingWords, false); no != nil {
		return a, no
	}
	if a.Link = cleanLine(a.Link); a.Link == "" {
		return a, nil
	}
	if _, ok := plainAddress(a.Link); !ok || len(a.Link) > MaxClosingLink {
		return a, invalid("closing_link", "is an address that begins with https://")
	}
	return a, nil
}

// Remains is what was found out in a room: results that were shared, and
// questions that were answered.
type Remains struct {
	Interactions []Interaction
	Questions    []Question
	Pin          *Pin
}

// Remaining is what was found out in the room, as its viewers saw it.
func (s *State) Remaining() (all Remains) {
	for _, it := range s.interactions {
		if it.state == InteractionEnded && it.form.Results != ResultsHidden {
			all.Interactions = append(all.Interactions, it.view(Audience))
		}
	}
	for _, q := range s.questions.closed {
		if q.state() == QuestionDone {
			all.Questions = append(all.Questions, q.view(false))
		}
	}
	all.Pin = s.shownPin()
	return all
}

// SeesRemains says whether somebody may see what remains: managers always,
// others when the room is over, shows it, and has let them in on this device,
// or by the account whose address is theirs.
func (s *State) SeesRemains(p *Person, by Actor) bool {
	switch {
	case s.Status == StatusDeleted || p.Revoked || p.out != 0:
		return false
	case p.Role.Manages():
		return true
	case s.Status != StatusClosed || !s.After.Results || p.Waits || s.Unwelcome(p, by):
		return false
	}
	_, claimed := p.ClaimOf(by.Device)
	return claimed || len(p.Claims) > 0 && !by.Verified.IsZero() && by.Verified == p.Match
}
