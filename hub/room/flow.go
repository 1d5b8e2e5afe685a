package room

import "time"

// What is written for everybody reaches everybody: so what viewers of one room
// write together is bounded, or a crowd that all writes at once would send each
// of its own more than a phone can take in. Bytes of text and of what stands
// around it, a second; for a moment it may be more.
const (
	flowPerSecond = 96 << 10
	flowBurst     = 2 * flowPerSecond
	flowPost      = 256 // around a text: names, ids, place
	flowLike      = 192
)

// flow is how full the room's measure was when something was last written; it
// empties at flowPerSecond. It is in no archive: who begins with an empty one
// is milder for two seconds.
type flow struct {
	full int
	at   Millis
}

// left is how full it still is at a moment.
func (f flow) left(now Millis) int {
	gone := max(0, now-f.at)
	if gone > 1000*flowBurst/flowPerSecond {
		return 0
	}
	return max(0, f.full-int(gone)*flowPerSecond/1000)
}

func (f *flow) add(bytes int, at Millis) { f.full, f.at = f.left(at)+bytes, max(f.at, at) }

// mayFlow refuses a viewer for whose words the measure is too full. Staff are
// few, and are heard.
func (s *State) mayFlow(p *Person, bytes int, now time.Time) *Refusal {
	if p.Role != Viewer {
		return nil
	}
	over := s.flow.left(Millis(now.UnixMilli())) + bytes - flowBurst
	if over <= 0 {
		return nil
	}
	wait := time.Duration(over) * time.Second / flowPerSecond
	return &Refusal{Code: CodeSlowDown, Message: "Very many are writing at this moment.", Retry: max(wait, time.Second).Round(time.Millisecond)}
}
