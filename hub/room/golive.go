package room

import "time"

// Staff who are inside before the start may begin at once, and a paused room
// may go on, with a countdown that everybody sees. Its end is an instant of
// the store's clock that stands in the log, so that every instance knows it
// and the door opens once, whoever comes to it first; the scheduled start is
// not waited for, and does not wait. A move of the start takes the countdown
// back: who moves it has changed their mind.

// CountdownTo is how long everybody sees that it begins.
const CountdownTo = 10 * time.Second

// Commands of going live.
type (
	// GoLive begins the countdown: backstage that of the opening, in a pause
	// that of its end.
	GoLive struct{}
	// CancelGoLive takes it back.
	CancelGoLive struct{}
)

// Name implements Command.
func (GoLive) Name() string { return "room.go_live" }

// Name implements Command.
func (CancelGoLive) Name() string { return "room.go_live_cancel" }

// Facts of going live.
type (
	// GoingLive is a countdown that has begun; it ends at LiveAt. Resumes: with
	// the end of a pause.
	GoingLive struct {
		Who
		LiveAt  Millis `json:"live_at"`
		Resumes bool   `json:"resumes,omitempty"`
	}
	// GoLiveCancelled is a countdown that was taken back.
	GoLiveCancelled struct {
		Who
		Resumes bool `json:"resumes,omitempty"`
	}
)

// Kind implements Fact.
func (GoingLive) Kind() string { return "room.going_live" }

// Kind implements Fact.
func (GoLiveCancelled) Kind() string { return "room.go_live_cancelled" }

// The data of wire events. The waiting are not told who did it.
type (
	// RoomGoingLive is room.going_live.
	RoomGoingLive struct {
		*WhoView
		LiveAt Millis `json:"live_at"`
	}
	// RoomGoLiveCancelled is room.go_live_cancelled.
	RoomGoLiveCancelled struct{ *WhoView }
)

func showGoingLive(e Event, to Class) []Shown {
	switch f := e.Fact.(type) {
	case GoingLive:
		if to != Waiting || !f.Resumes {
			return one("room.going_live", RoomGoingLive{f.insiders(to), f.LiveAt})
		}
	case GoLiveCancelled:
		if to != Waiting || !f.Resumes {
			return one("room.go_live_cancelled", RoomGoLiveCancelled{f.insiders(to)})
		}
	}
	return nil
}

// insiders names somebody to those inside.
func (w Who) insiders(to Class) *WhoView {
	if to == Waiting {
		return nil
	}
	return w.acted()
}

// LiveAt is when a countdown ends, as a class is told; 0: there is none.
func (s *State) liveAtFor(to Class) Millis {
	if to == Over || to == Waiting && s.Status != StatusScheduled {
		return 0
	}
	return s.liveAt
}

// OpensAt is when the door opens by itself: at the start, or earlier at the
// end of a countdown.
func (s *State) OpensAt() Millis {
	if s.liveAt != 0 {
		return min(s.liveAt, s.start())
	}
	return s.start()
}

// Resumes says whether a pause ought to end by itself at now.
func (s *State) Resumes(now time.Time) bool {
	return s.pause != nil && s.liveAt != 0 && now.UnixMilli() >= int64(s.liveAt)
}

// decideGoLive begins a countdown, unless there is one: also that of the
// scheduled start, if it comes no later.
func (s *State) decideGoLive(by *Person, now Millis) []Fact {
	at := now + Millis(CountdownTo.Milliseconds())
	switch {
	case s.liveAt != 0, s.Status == StatusScheduled && s.StartsAt <= at, s.Status == StatusOpen && s.pause == nil:
		return nil
	}
	return []Fact{GoingLive{by.who(), at, s.Status == StatusOpen}}
}

func (s *State) decideCancelGoLive(by *Person) []Fact {
	if s.liveAt == 0 {
		return nil
	}
	return []Fact{GoLiveCancelled{by.who(), s.Status == StatusOpen}}
}

func (s *State) decideResumeDue(by Actor, now time.Time) ([]Fact, *Refusal) {
	if !by.System {
		return nil, refuse(CodeForbidden, "The countdown ends by itself.")
	}
	if !s.Resumes(now) {
		return nil, nil
	}
	return []Fact{Resumed{}}, nil
}

// foldLife takes in what interrupts a session and brings it on.
func (s *State) foldLife(e Event) (taken bool) {
	switch f := e.Fact.(type) {
	case Paused:
		pause := pauseOf(e, f)
		s.pause, s.liveAt = &pause, 0
	case Resumed:
		s.pause, s.liveAt = nil, 0
	case GoingLive:
		s.liveAt = f.LiveAt
	case GoLiveCancelled:
		s.liveAt = 0
	default:
		return s.foldAbsence(e)
	}
	return true
}
