package room

import "slices"

// Words to somebody in the waiting room. What is for all of them is announced.

// TellKnocker writes to somebody who waits.
type TellKnocker struct {
	Participant ParticipantID `json:"participant"`
	Text        string        `json:"text"`
}

// Name implements Command.
func (TellKnocker) Name() string { return "admit.tell" }

// KnockTold is a message to somebody who waits. Who wrote it.
type KnockTold struct {
	Who
	Whom ParticipantID `json:"whom"`
	Text string        `json:"text"`
}

// Kind implements Fact.
func (KnockTold) Kind() string { return "admit.told" }

// saying is the last message to somebody who waits.
type saying struct {
	seat int32
	by   Who
	at   Millis
	text string
}

// mostTold bounds those that are kept; the oldest makes room.
const mostTold = 200

// Told is a message to somebody who waits.
type Told struct {
	At   Millis  `json:"at"`
	By   WhoView `json:"by"`
	Text string  `json:"text"`
}

// KnockerTold tells moderators what one of them has written to whom.
type KnockerTold struct {
	WhoView
	Whom ParticipantID `json:"whom"`
	Text string        `json:"text"`
}

func (s *State) decideTell(by *Person, c TellKnocker) ([]Fact, *Refusal) {
	text, no := line("text", c.Text, MaxReason, true)
	if no != nil {
		return nil, no
	}
	switch p, ok := s.Participant(c.Participant); {
	case !ok:
		return nil, refuse(CodeNotFound, "There is no such person in this room.")
	case !p.Waits:
		return nil, refuse(CodeConflict, "Somebody else has decided this already.")
	}
	return []Fact{KnockTold{by.who(), c.Participant, text}}, nil
}

func (s *State) foldTold(e Event, f KnockTold) {
	s.dropTold(s.seatOfID(f.Whom))
	if len(s.told) >= mostTold {
		s.told = s.told[1:]
	}
	s.told = append(slices.Clip(s.told), saying{s.seatOfID(f.Whom), f.Who, e.At, f.Text})
}

func (s *State) dropTold(seat int32) {
	if slices.ContainsFunc(s.told, func(x saying) bool { return x.seat == seat }) {
		s.told = slices.DeleteFunc(slices.Clone(s.told), func(x saying) bool { return x.seat == seat })
	}
}

// dropSayings forgets what somebody wrote to who waits.
func (s *State) dropSayings(id ParticipantID) {
	s.told = slices.DeleteFunc(slices.Clone(s.told), func(x saying) bool { return x.by.Participant == id })
}

// toldTo is the last message to somebody who waits.
func (s *State) toldTo(id ParticipantID) *Told {
	seat := s.seatOfID(id)
	i := slices.IndexFunc(s.told, func(x saying) bool { return x.seat == seat })
	if i < 0 {
		return nil
	}
	return &Told{s.told[i].at, s.told[i].by.View(), s.told[i].text}
}

func (w *writer) told(all []saying) {
	w.uint(uint64(len(all)))
	for _, x := range all {
		w.seat(x.seat)
		w.who(x.by)
		w.int(int64(x.at))
		w.text(x.text)
	}
}

func (r *reader) told(s *State) (all []saying) {
	for range r.count() {
		all = append(all, saying{r.seat(s), r.who(), Millis(r.int()), r.text()})
	}
	return all
}
