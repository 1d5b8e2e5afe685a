package hub

import (
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// delivery is one event on its way to the people. Each class's frame is made
// once, by whoever needs it first.
type delivery struct {
	event room.Event
	after *room.State        // at this event; only where somebody's own view turns
	whose room.ParticipantID // whose view turns; empty with after set: everybody's
	tells room.ParticipantID // who is told more than their class: room.Own

	once  [room.Classes]sync.Once
	frame [room.Classes]wire.Frame
	views views
}

func newDelivery(e room.Event, s *room.State) *delivery {
	d := &delivery{event: e}
	d.tells, _ = room.Own(e)
	var turns bool
	if d.whose, turns = turning(e.Fact); turns {
		d.after = s.Freeze()
	}
	return d
}

// turning says whether a fact changes what somebody may see or be told, beyond
// what their class is shown.
func turning(f room.Fact) (whose room.ParticipantID, turns bool) {
	switch f := f.(type) {
	case room.Opened, room.Closed, room.Deleted, room.BackstageTurned, room.Forgotten:
		return "", true
	case room.Erased:
		return f.Participant, true
	case room.RoleChanged:
		return f.Participant, true
	case room.ManagerSet:
		return f.Participant, true
	case room.ManagerRemoved:
		return f.Participant, true
	case room.Claimed:
		return f.Participant, true
	case room.Freed:
		return f.Participant, true
	case room.Renewed:
		return f.Participant, true
	case room.Revoked:
		return f.Participant, true
	case room.Removed:
		return f.Participant, true
	case room.Banned:
		if f.Scope == room.BanInvitation {
			whose = f.Participant
		}
		return whose, true
	case room.SettingsChanged:
		return "", f.Unlocks
	case room.Granted:
		return onlyOne(f.Participants), true
	case room.Denied:
		return onlyOne(f.Participants), true
	}
	whose = room.PersonalTo(f)
	return whose, whose != ""
}

// onlyOne names whom a fact concerns if it is one person; empty: several.
func onlyOne(all []room.ParticipantID) room.ParticipantID {
	if len(all) == 1 {
		return all[0]
	}
	return ""
}

// concerns says whether the event may turn somebody's own view.
func (d *delivery) concerns(p room.ParticipantID) bool {
	return d.after != nil && (d.whose == "" || d.whose == p)
}

// special says whether somebody may not simply be shown the frame of their class.
func (d *delivery) special(p room.ParticipantID) bool {
	return d.concerns(p) || d.tells != "" && d.tells == p
}

// frameTo gives the frame of a class, and for whom the event concerns also what
// is told to them alone.
func (d *delivery) frameTo(p room.ParticipantID, to room.Class) wire.Frame {
	if d.tells != p || !room.Tells(d.event, to) {
		return d.frameFor(to)
	}
	_, told := room.Own(d.event)
	return wire.NewFrame(append(d.objects(to), d.encode(told)...)...)
}

// objects gives the wire events that a class sees of the event.
func (d *delivery) objects(to room.Class) [][]byte {
	return d.encode(room.Show(d.event, to))
}

func (d *delivery) encode(told []room.Shown) (all [][]byte) {
	for _, shown := range told {
		all = append(all, wire.AppendEvent(nil, shown.Event, d.event.Seq, d.event.At, wire.Encode(shown.Data)))
	}
	return all
}

// frameFor gives the class's frame, nil if the class sees nothing.
func (d *delivery) frameFor(to room.Class) wire.Frame {
	d.once[to].Do(func() {
		if objects := d.objects(to); len(objects) > 0 {
			d.frame[to] = wire.NewFrame(objects...)
		}
	})
	return d.frame[to]
}

// batch is the events of one commit.
type batch struct {
	deliveries []*delivery
	after      *room.State
	added      time.Time
	aside      [room.Classes][]wire.Frame // signals that go with it

	once   [room.Classes]sync.Once
	frames [room.Classes][]byte
}

func (b *batch) first() room.Seq { return b.deliveries[0].event.Seq }
func (b *batch) last() room.Seq  { return b.deliveries[len(b.deliveries)-1].event.Seq }

// framesFor gives all that a class is shown in as few frames as can be, behind
// each other, so that one write serves a whole commit.
func (b *batch) framesFor(to room.Class) []byte {
	b.once[to].Do(func() {
		frames := make([]wire.Frame, len(b.deliveries), len(b.deliveries)+len(b.aside[to]))
		for i, d := range b.deliveries {
			frames[i] = d.frameFor(to)
		}
		b.frames[to] = wire.Join(append(frames, b.aside[to]...))
	})
	return b.frames[to]
}

// special says whether any event of the batch is more to somebody than to their
// class.
func (b *batch) special(p room.ParticipantID) bool {
	for _, d := range b.deliveries {
		if d.special(p) {
			return true
		}
	}
	return false
}

// fanout is what has been committed and not yet shown to everybody.
type fanout struct {
	wake    chan struct{} // capacity 1
	telling sync.Mutex    // held while signals are told by themselves: the last is the newest

	// guarded by mu
	mu      sync.Mutex
	pending []*batch
	aside   [signalKinds][]byClass // signals that wait for the next walk

	// owned by the fan-out goroutine
	shown     *room.State // everybody has been shown what leads to this state
	walked    time.Time   // when the last walk began; by the machine's clock, as its timers go
	pause     *time.Timer // until the next
	entering  bool        // entry is spread and not everybody is in
	lookAgain time.Time   // for those whose turn has come
}

func (f *fanout) add(b *batch) {
	f.mu.Lock()
	f.pending = append(f.pending, b)
	f.mu.Unlock()
	f.nudge()
}

func (f *fanout) nudge() {
	select {
	case f.wake <- struct{}{}:
	default:
	}
}

func (f *fanout) waiting() []*batch {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.pending[:len(f.pending):len(f.pending)]
}

// Bounds of what is shown at once. A peer's outbox holds 256 KiB.
const (
	mergedEvents = 4096 // most are shown to nobody: votes, answers
	mergedBytes  = 64 << 10
)

// next gives what waits, and of how many commits it is made. Where the fan-out
// is behind, one write serves several: otherwise it would stay behind, because
// a commit costs less than to tell everybody of it.
func (f *fanout) next() (b *batch, of int) {
	pending := f.waiting()
	if len(pending) == 0 {
		return nil, 0
	}
	aside, some := f.takeAside()
	if of = 1; len(pending) == 1 && !some {
		return pending[0], of
	}
	all := slices.Clip(pending[0].deliveries)
	for bytes := pending[0].bytes(); of < len(pending) && len(all) < mergedEvents; of++ {
		if bytes += pending[of].bytes(); bytes > mergedBytes {
			break
		}
		all = append(all, pending[of].deliveries...)
	}
	return &batch{deliveries: all, after: pending[of-1].after, added: pending[0].added, aside: aside}, of
}

// bytes is what the batch has for those who see most.
func (b *batch) bytes() int { return len(b.framesFor(room.Managers)) }

func (f *fanout) drop(of int) {
	f.mu.Lock()
	defer f.mu.Unlock()
	// rush may still be reading the slice: it is cut, not cleared.
	if f.pending = f.pending[of:]; len(f.pending) == 0 {
		f.pending = nil
	}
}

func (f *fanout) len() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.pending)
}

// runFanout shows every batch to every session, in order and at the room's pace
// (pace.go). It starts in open and ends when the room closes. A batch stays in
// pending until everybody has it, because rush looks there.
func (r *liveRoom) runFanout() {
	r.fan.shown = r.state.Load()
	r.fan.pause = time.AfterFunc(leastRest, r.fan.nudge)
	defer r.fan.pause.Stop()
	for {
		select {
		case <-r.fan.wake:
		case <-r.ctx.Done():
			return
		}
		r.releaseStaff()
		if wait := r.due(); wait > 0 {
			r.fan.pause.Reset(wait)
		} else {
			r.walk()
		}
		r.enterDue()
	}
}

// walk shows all that waits.
func (r *liveRoom) walk() {
	for b, of := r.fan.next(); b != nil && r.ctx.Err() == nil; b, of = r.fan.next() {
		pace := r.pacer(b, of == r.fan.len())
		r.fan.walked = time.Now()
		r.show(b, pace)
		r.fan.drop(of)
		r.releaseStaff()
		r.enterDue() // here too: a busy room never falls quiet
	}
	r.flushAside()
}

func (r *liveRoom) show(b *batch, pace *pacer) {
	stale := r.stale()
	for i, s := range r.members.all() {
		s.deliver(b, stale)
		pace.told(i + 1)
	}
	r.fan.shown = b.after
	r.hub.metrics.fanout.Observe(r.hub.now().Sub(b.added).Seconds())
	for _, d := range b.deliveries {
		r.afterShown(d, b.after)
	}
}

// afterShown does what follows an event once everybody knows it.
func (r *liveRoom) afterShown(d *delivery, after *room.State) {
	r.looks.see(d)
	switch f := d.event.Fact.(type) {
	case room.QuestionVoted:
		r.sums.vote(f.ID)
	case room.InteractionAnswered:
		r.tellMine(f, after)
	case room.Scheduled:
		r.sendCountdown(r.members.all())
	case room.Opened:
		r.fan.entering = r.fan.entering || f.Spread > 0
		r.enterSignedIn()
		r.presence.touch()
	case room.BackstageTurned:
		r.enterSignedIn()
		r.presence.touch()
	default:
		if d.after != nil {
			r.tallies.renew()
			r.presence.touch()
			r.presence.soon(r.hub.now())
		}
	}
}

// rush shows a change of rights to the people concerned ahead of everybody
// else: first what is still pending for their connections, then the change.
func (r *liveRoom) rush(shown []*delivery) {
	stale := r.stale()
	for _, d := range shown {
		if d.after == nil || d.whose == "" {
			continue
		}
		for _, s := range r.members.of(d.whose) {
			for _, b := range r.fan.waiting() {
				s.deliver(b, stale)
			}
		}
	}
}

// enterSignedIn lets in those who need no lobby and have waited: it ties the
// invitation of a signed-in invited account, and lists a manager who is here.
func (r *liveRoom) enterSignedIn() {
	for _, s := range r.members.all() {
		if !s.entersUnasked() {
			continue
		}
		o := &op{actor: s.Actor(), command: room.Enter{}, done: make(chan outcome, 1)}
		if err := r.enqueue(o); err != nil {
			s.end(wire.CloseResync)
		}
	}
}
