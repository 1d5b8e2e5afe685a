package hub

import (
	"cmp"
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

const (
	beatEvery = 2 * time.Second // told to the other instances at least so often
	beatLife  = 6 * time.Second // forgotten when not heard for so long
	shownHere = 200             // stage members named in stage.here
)

// beat is what one instance tells of who is here. A participant counts once
// per instance, however many tabs are open.
type beat struct {
	Waiting   int                  `json:"waiting"`
	ByRole    map[string]int       `json:"by_role"`
	Stage     []room.ParticipantID `json:"stage,omitempty"`
	Finishing []room.ParticipantID `json:"finishing,omitempty"` // here, though withdrawn
	Looks     bool                 `json:"looks,omitempty"`     // somebody here wants to know who is where
	Seats     *seats               `json:"seats,omitempty"`     // for them
}

// presence knows who is here, over all instances. It is never in the log.
type presence struct {
	room     *liveRoom  // set once
	counting sync.Mutex // held while counting: the last to look is the last to tell

	// guarded by mu
	mu        sync.Mutex
	dirty     bool
	own       beat
	seated    map[room.ParticipantID]seat // here; replaced, never changed in place
	seats     *seats                      // the same by number; nil: nobody has asked
	others    map[string]heard
	silent    map[string]time.Time // instances that had hosts and fell silent, since when
	since     time.Time            // counts from then on
	deaf      time.Time            // when the broker was last away
	told      time.Time            // our last beat
	looked    time.Time            // somebody has just asked who is where
	counted   time.Time
	toldExact bool // with the numbers that people have
	frames    [room.Classes]wire.Frame
}

type heard struct {
	beat
	at time.Time
}

func (p *presence) init(r *liveRoom) {
	p.room, p.others, p.silent, p.since = r, map[string]heard{}, map[string]time.Time{}, r.hub.now()
}

// touch notes that somebody came, went or changed.
func (p *presence) touch() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.dirty = true
	p.gossip()
}

// hear takes in the beat of another instance. The first one of an instance
// that looks is answered with the next tick.
func (p *presence) hear(from string, b beat, now time.Time) {
	p.mu.Lock()
	old, known := p.others[from]
	p.others[from] = heard{b, now}
	delete(p.silent, from)
	p.dirty = p.dirty || !known || !same(old.beat, b)
	if b.Looks && !old.Looks {
		p.told = time.Time{}
	}
	p.mu.Unlock()
	p.room.looks.moved(old.Seats, b.Seats)
}

func same(a, b beat) bool {
	if a.Waiting != b.Waiting || !slices.Equal(a.Stage, b.Stage) {
		return false
	}
	for _, role := range roleNames {
		if a.ByRole[role] != b.ByRole[role] {
			return false
		}
	}
	return true
}

var roleNames = []string{"viewer", "speaker", "moderator", "manager"}

// count adds up all instances.
func (p *presence) count() room.Count {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.sum()
}

func (p *presence) sum() room.Count {
	c := room.Count{Exact: p.exact(), ByRole: make(map[string]int, len(roleNames))}
	for _, role := range roleNames {
		c.ByRole[role] = 0
	}
	add := func(b beat) {
		c.Waiting += b.Waiting
		for role, n := range b.ByRole {
			c.ByRole[role] += n
			c.Inside += n
		}
	}
	add(p.own)
	for _, other := range p.others {
		add(other.beat)
	}
	return c
}

// exact says whether all instances have told lately. The caller holds mu.
func (p *presence) exact() bool {
	return p.room.sub.Sound() && p.room.hub.now().Sub(p.deaf) > beatEvery+time.Second
}

// farewell tells the other instances that nobody is here any more.
func (p *presence) farewell() {
	p.mu.Lock()
	told := p.own.Waiting > 0 || len(p.own.ByRole) > 0
	p.mu.Unlock()
	if told {
		p.room.shout(shout{From: p.room.hub.instance, Beat: &beat{}})
	}
}

// soon tells a change of the stage without waiting for the next tick, at most
// once a second.
func (p *presence) soon(now time.Time) {
	p.mu.Lock()
	due := now.Sub(p.counted) >= time.Second
	p.mu.Unlock()
	if due {
		p.tick(now)
	}
}

// tick counts again if something changed, tells people and the other
// instances. It runs once a second.
func (p *presence) tick(now time.Time) {
	sound := p.room.sub.Sound()
	p.mu.Lock()
	if !sound {
		p.deaf = now
	}
	if exact := p.exact(); exact != p.toldExact {
		p.toldExact, p.dirty = exact, true
	}
	for from, other := range p.others {
		if silentTooLong(now.Sub(other.at)) {
			delete(p.others, from)
			if other.hosts() {
				p.silent[from] = now
			}
			p.dirty = true
			defer p.room.looks.moved(other.Seats, nil)
		}
	}
	changed := p.dirty
	p.dirty = false
	if changed {
		p.counted = now
	}
	p.mu.Unlock()
	if changed {
		p.recount()
	}
	p.mu.Lock()
	own, asked := p.own, p.asked()
	own.Looks = p.looksLocked(now)
	beats := changed || now.Sub(p.told) >= beatEvery && (p.room.members.len() > 0 || own.Looks)
	if beats {
		p.told = now
	}
	if beats && asked {
		own.Seats = p.ownSeats()
	}
	p.mu.Unlock()
	if !beats {
		return
	}
	p.room.shout(shout{From: p.room.hub.instance, Beat: &own})
}

// recount looks at every session and tells people the new numbers.
func (p *presence) recount() {
	p.counting.Lock()
	defer p.counting.Unlock()
	seated := p.room.seated()
	own := beatOf(seated, p.room.state.Load())
	p.mu.Lock()
	was := p.seated
	p.own, p.seated, p.seats = own, seated, nil
	frames := p.encode()
	p.frames = frames
	p.mu.Unlock()
	p.room.compare(was, seated)
	p.room.signalAll(ofPresence, frames)
}

// seat is where a participant is on this instance.
type seat struct {
	phase room.Phase
	role  room.Role
}

func (s seat) inside() bool { return s.phase.Inside() }

// seated looks at every session: one who has several tabs counts by the
// furthest.
func (r *liveRoom) seated() map[room.ParticipantID]seat {
	seated := map[room.ParticipantID]seat{}
	for _, s := range r.members.all() {
		phase, role := s.standing()
		if old := seated[s.participant]; !old.inside() {
			seated[s.participant] = seat{phase, role}
		}
	}
	return seated
}

// beatOf counts this instance's participants.
func beatOf(seated map[room.ParticipantID]seat, state *room.State) beat {
	b := beat{ByRole: map[string]int{}}
	for id, seat := range seated {
		switch {
		case seat.waits():
			b.Waiting++
			continue
		case !seat.inside(): // it is over for them
			continue
		case seat.role.Staff() && len(b.Stage) < shownHere:
			b.Stage = append(b.Stage, id)
		}
		b.ByRole[seat.role.Shown()]++
	}
	slices.SortFunc(b.Stage, cmp.Compare[room.ParticipantID])
	for p := range state.Finishing {
		if _, here := seated[p.ID]; here {
			b.Finishing = append(b.Finishing, p.ID)
		}
	}
	return b
}

// encode makes the frames of each class. The caller holds mu.
func (p *presence) encode() (frames byClass) {
	c := p.sum()
	frames[room.Waiting] = wire.NewFrame(wire.AppendSignal(nil, wire.SignalPeopleCount, wire.Encode(wire.PeopleWaiting{Waiting: room.Rounded(c.Waiting)})))
	here := wire.StageHere{Participants: p.stage()}
	inside := wire.NewFrame(
		wire.AppendSignal(nil, wire.SignalPeopleCount, wire.Encode(c)),
		wire.AppendSignal(nil, wire.SignalStageHere, wire.Encode(here)))
	frames[room.Audience], frames[room.Staff], frames[room.Moderators], frames[room.Managers] = inside, inside, inside, inside
	return frames
}

func (p *presence) stage() []room.ParticipantID {
	all := append([]room.ParticipantID{}, p.own.Stage...)
	for _, other := range p.others {
		all = append(all, other.Stage...)
	}
	slices.SortFunc(all, cmp.Compare[room.ParticipantID])
	return slices.Compact(all)
}

// here says who of the stage is here, for lists of people.
func (p *presence) here() map[room.ParticipantID]bool {
	p.mu.Lock()
	defer p.mu.Unlock()
	here := map[room.ParticipantID]bool{}
	for _, id := range p.stage() {
		here[id] = true
	}
	return here
}

// frameFor gives the newest numbers to somebody who comes.
func (p *presence) frameFor(to room.Class) wire.Frame {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.frames[to]
}

func (s *Session) standing() (room.Phase, room.Role) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.phase, s.role
}

func (s *Session) class() room.Class {
	return room.ClassOf(s.standing())
}
