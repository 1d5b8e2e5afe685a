package hub

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// op is something that waits for the feed. Without a command it only confirms
// the head.
type op struct {
	actor   room.Actor
	command room.Command
	key     room.Key
	rows    func([]room.Event) []store.Row
	session *Session // a hello: register this session
	queued  time.Time
	done    chan outcome // capacity 1; answered exactly once
}

// outcome is what came of an op.
type outcome struct {
	events []room.Event
	again  room.Seq    // the key has made this event before
	state  *room.State // after the commit; for reading
	err    error       // *room.Refusal, or the store's
}

// turn is one commit in the making. decide may run more than once; each run
// starts over.
type turn struct {
	room     *liveRoom
	ops      []*op
	step     *room.State
	outcomes []outcome
	shown    []*delivery // newer ones and ours, in order
	own      []room.Event
	rows     []store.Row
	at       time.Time // by the store's clock, at the last run
	ballots  ballots
}

// feed moves the replica forward. It is the only writer of the room's state.
// It starts in open and ends when the room closes.
func (r *liveRoom) feed() {
	defer r.failQueued()
	shouts := r.sub.C()
	for {
		select {
		case <-r.wake:
		case msg, ok := <-shouts:
			if !ok { // the broker has ended; the head check goes on
				shouts = nil
				break
			}
			r.hear(msg)
		case <-r.sub.Gaps():
			r.doubt()
		case <-r.alarm.C:
			r.alarmFor = 0
			r.commit([]*op{{done: make(chan outcome, 1)}}) // decide opens the door
		case <-r.gathered.C: // those who waited for others
		case <-r.ctx.Done():
			r.alarm.Stop()
			r.gathered.Stop()
			_ = r.sub.Close()
			return
		}
		r.catchUp()
		r.heed()
		for ops := r.ready(); len(ops) > 0 && r.ctx.Err() == nil; ops = r.ready() {
			if !r.arrive(ops) {
				r.commit(ops)
			}
		}
		if r.countClosed() {
			r.setAlarm()
		} else {
			r.alarmFor = 0
			r.alarm.Reset(r.pause())
		}
	}
}

const alarmAgain = 100 * time.Millisecond

// pause is how long the feed waits before it tries again by itself.
func (r *liveRoom) pause() time.Duration {
	if r.saving.first.Load() != 0 {
		return alarmLater
	}
	return alarmAgain
}

// setAlarm wakes the feed when something is due by the store's clock. If the
// last commit came too early for that, as its own reading of the clock says, it
// is tried again when the rest has gone by; if there was none, because the
// store is away, in a while. The sweep of due rooms is for rooms
// that are not live.
func (r *liveRoom) setAlarm() {
	s := r.state.Load()
	next := s.NextDue()
	if next == 0 || next == r.alarmFor {
		return
	}
	at := time.UnixMilli(int64(next))
	left := at.Sub(r.hub.Now())
	if left <= 0 {
		if left = at.Sub(r.judgedAt); left <= 0 || left > alarmAgain {
			left = r.pause()
		}
	}
	r.alarmFor = next
	r.alarm.Reset(left)
}

// failQueued answers what the feed will no longer do.
func (r *liveRoom) failQueued() {
	for ops := r.take(); len(ops) > 0; ops = r.take() {
		for _, o := range ops {
			o.done <- outcome{err: ErrClosed}
		}
	}
}

// take gives what waits, at most one turn of it.
func (r *liveRoom) take() []*op {
	r.mu.Lock()
	defer r.mu.Unlock()
	n := min(len(r.queue), maxTurn)
	ops := r.queue[:n:n]
	if r.queue = r.queue[n:]; len(r.queue) == 0 {
		r.queue = nil
	}
	return ops
}

// commit judges operations at the head of the log and makes what they cause
// durable, shown and answered.
func (r *liveRoom) commit(ops []*op) {
	t := &turn{room: r, ops: ops}
	began, asked := r.hub.now(), r.hub.since()
	r.saving.begin(asked)
	err := r.hub.store.Commit(r.ctx, r.id, r.state.Load().Head, t.decide)
	if errors.Is(err, store.ErrUnknown) {
		// Judged again: what did happen is recognised by its key.
		err = r.hub.store.Commit(r.ctx, r.id, r.state.Load().Head, t.decide)
	}
	r.hub.metrics.observeCommit(r.hub.now().Sub(began), len(t.own))
	if err != nil {
		t.fail(err)
		r.surrender(err)
		return
	}
	r.saving.succeeds(len(t.own)+len(t.rows) > 0)
	r.judgedAt = t.at
	r.advance(t.step, t.shown)
	r.confirm(asked)
	r.publish(t.own)
	t.answer()
	r.archive()
}

// decide judges every operation in turn, each by the state at its own place.
func (t *turn) decide(now time.Time, newer []room.Event) (store.Batch, error) {
	if t.step != nil {
		t.step.Abandon()
	}
	now = t.clock(now)
	t.step, t.at = t.room.step(), now
	t.outcomes = make([]outcome, len(t.ops))
	t.shown, t.own, t.rows, t.ballots = t.shown[:0], t.own[:0], t.rows[:0], ballots{}
	for _, e := range newer {
		t.fold(e)
	}
	wakes := t.step.Wakes()
	t.due(now)
	for i, o := range t.ops {
		if len(t.own) >= store.MaxBatch-8 {
			t.outcomes[i].err = &room.Refusal{Code: room.CodeBusy, Message: "This room is very busy.", Retry: time.Second}
			continue
		}
		t.outcomes[i] = t.judge(o, now)
	}
	t.due(now) // an operation may have moved the start
	if next := t.step.Wakes(); next != wakes {
		t.rows = append(t.rows, store.WakeRow{Room: t.room.id, At: next})
	}
	t.answerEarly()
	return store.Batch{Events: t.own, Rows: append(t.rows, t.ballots.rows(t.room.id)...)}, nil
}

// due lets happen what happens by itself.
func (t *turn) due(now time.Time) {
	if t.step.Due(now) {
		t.openDoor(now)
	}
	for _, c := range t.step.Overdue(now) {
		t.system(c, now)
	}
}

func (t *turn) openDoor(now time.Time) {
	waiting := t.room.presence.count().Waiting
	by := room.Actor{System: true}
	if events, err := t.step.Decide(by, room.OpenDue{Waiting: waiting}, "", now); err == nil {
		t.append(t.opening(events), by, nil)
	}
}

func (t *turn) system(c room.Command, now time.Time) {
	by := room.Actor{System: true}
	if events, err := t.step.Decide(by, c, "", now); err == nil {
		t.append(events, by, nil)
	}
}

func (t *turn) judge(o *op, now time.Time) outcome {
	if o.command == nil {
		return outcome{}
	}
	if at, ok := t.step.Repeated(o.actor, o.key); ok {
		return outcome{again: at}
	}
	command := o.command
	if edit, ok := command.(room.EditRoom); ok {
		edit.Waiting = t.room.presence.count().Waiting // for the spread of an opening by hand
		command = edit
	}
	events, err := t.step.Decide(o.actor, command, o.key, now)
	if err != nil {
		return outcome{err: err}
	}
	if len(events) > 0 {
		t.ballots.add(t.room.id, t.step, command)
	}
	t.append(events, o.actor, o.rows)
	if len(events) == 1 {
		if no := t.step.Answer(o.actor, events[0].Fact, now); no != nil {
			return outcome{err: no}
		}
	}
	return outcome{events: events}
}

func (t *turn) append(events []room.Event, by room.Actor, rows func([]room.Event) []store.Row) {
	for _, e := range events {
		if act, kept := t.step.Audit(by, e); kept {
			t.rows = append(t.rows, auditRow(t.room.id, by, e, act))
		}
		t.fold(e)
		if id, told := t.step.BallotTold(e.Fact); told {
			t.ballots.tell(id)
		}
		t.own = append(t.own, e)
		t.rows = append(t.rows, project(t.step, e)...)
	}
	if rows != nil && len(events) > 0 {
		t.rows = append(t.rows, rows(events)...)
	}
}

func (t *turn) fold(e room.Event) {
	t.step.Fold(e)
	t.shown = append(t.shown, newDelivery(e, t.step))
}

// fail answers everybody after a commit that did not happen.
func (t *turn) fail(err error) {
	if t.step != nil {
		t.step.Abandon()
	}
	t.note(err)
	if t.room.ctx.Err() != nil {
		err = ErrClosed
	}
	for _, o := range t.ops {
		o.done <- outcome{err: err}
	}
}

// note counts a failed commit, and logs it unless it is one more of a series:
// while a store takes nothing, every command's would be.
func (t *turn) note(err error) {
	h := t.room.hub
	h.metrics.storeErrors.Inc()
	h.refused(err)
	if first := t.room.saving.fails(h.since()); first || !errors.Is(err, store.ErrUnwritable) {
		h.log.Error("commit failed", "room", t.room.id, "commands", len(t.ops), "err", err)
	}
}

// answer tells everybody what came of it, after it is durable.
func (t *turn) answer() {
	for i, o := range t.ops {
		out := t.outcomes[i]
		out.state = t.step
		if o.session != nil && out.err == nil {
			out.err = t.room.admit(o, t.step)
		}
		t.room.hub.metrics.observeCommand(o.command, out.err)
		o.done <- out.told()
	}
}

// advance makes a step the committed state and shows what is new. The order
// matters: who registers from now on starts behind these events.
func (r *liveRoom) advance(step *room.State, shown []*delivery) {
	r.state.Store(step)
	if r.id == room.SiteID && step.Head > 0 {
		r.hub.learn(step)
	}
	if len(shown) == 0 {
		return
	}
	for _, d := range shown {
		r.tail.add(d.event)
	}
	if slices.ContainsFunc(shown, func(d *delivery) bool { return forgets(d.event.Fact) }) {
		r.tail.redact(step)
		r.views.forget()
	}
	r.fan.add(&batch{deliveries: shown, after: step, added: r.hub.now()})
	r.rush(shown)
}

// forgets says whether what is kept of before is to be redacted.
func forgets(f room.Fact) bool {
	switch f.(type) {
	case room.Erased, room.Forgotten:
		return true
	}
	return false
}

// catchUp reads what others have appended, if there is a sign of it.
func (r *liveRoom) catchUp() {
	r.mu.Lock()
	behind := r.behind
	r.mu.Unlock()
	if behind <= r.state.Load().Head {
		return
	}
	err := r.follow()
	r.hub.metrics.catchUps.Inc()
	if err != nil && !r.surrender(err) {
		r.hub.log.Error("catching up failed", "room", r.id, "err", err)
	}
}

// takeIn folds events of other instances that follow the head.
func (r *liveRoom) takeIn(events []room.Event) {
	step := r.step()
	var shown []*delivery
	for _, e := range events {
		if e.Seq != step.Head+1 {
			continue
		}
		step.Fold(e)
		shown = append(shown, newDelivery(e, step))
	}
	if len(shown) > 0 {
		r.advance(step, shown)
	}
}

const archiveEvery = 20000

// archive stores a snapshot of the state now and then: a cache.
func (r *liveRoom) archive() {
	s := r.state.Load()
	if s.Head < r.archived+archiveEvery || r.id == room.SiteID { // whose settings an archive does not hold
		return
	}
	r.archived = s.Head
	data := s.Archive() // on the feed, because the keys are shared with the next step
	go func() {
		ctx, cancel := context.WithTimeout(r.ctx, openTimeout)
		defer cancel()
		if err := r.hub.store.PutSnapshot(ctx, r.id, s.Head, data); err != nil {
			r.hub.log.Warn("snapshot not stored", "room", r.id, "err", err)
		}
	}()
}

// project gives the listing rows that repeat a fact.
func project(s *room.State, e room.Event) []store.Row {
	switch f := e.Fact.(type) {
	case room.Created, room.Edited, room.Scheduled, room.Opened, room.Closed, room.Deleted:
		return []store.Row{store.RoomRow{ID: s.ID, Title: s.Title, StartsAt: s.StartsAt, EndsAt: s.EndsAt, State: string(s.Status)}}
	case room.ManagerSet:
		return []store.Row{store.ManagerRow{Room: s.ID, Person: f.Person, Right: f.Right.String()}}
	case room.ManagerRemoved:
		return []store.Row{store.ManagerRow{Room: s.ID, Person: f.Person}}
	case room.Renamed:
		return []store.Row{store.NameRow{Room: s.ID, Invitation: f.Invitation, FirstName: f.FirstName, LastName: f.LastName}}
	case room.Erased:
		return erased(s, e, f)
	case room.Forgotten:
		return []store.Row{store.ForgetRow{Room: s.ID, All: true, Place: e.Seq}}
	case room.InteractionClosed:
		if s.AnonymousAnswers(f.ID) && len(f.Counts)+len(f.Words) > 0 { // texts stay in their rows
			return []store.Row{store.BallotEnd{Room: s.ID, Interaction: f.ID}}
		}
	case room.InteractionRemoved:
		return []store.Row{store.BallotEnd{Room: s.ID, Interaction: f.ID}}
	}
	return nil
}

func erased(s *room.State, e room.Event, f room.Erased) []store.Row {
	p, ok := s.Participant(f.Participant)
	if !ok {
		return nil
	}
	rows := []store.Row{store.ForgetRow{Room: s.ID, Invitation: p.Invitation, Place: e.Seq}}
	if p.Account != "" {
		rows = append(rows, store.ManagerRow{Room: s.ID, Person: p.Account})
	}
	return rows
}

// auditRow says who did what. Somebody with an account is named by it, whatever
// seat they have.
func auditRow(id room.ID, by room.Actor, e room.Event, act room.Act) store.AuditRow {
	who := string(by.Account)
	if who == "" {
		who = string(e.Participant)
	}
	return store.AuditRow{Room: id, Who: who, Act: act.Kind, Targets: act.Targets, Changes: act.Changes, Session: by.Session, Place: e.Seq}
}

// Check folds the log afresh and compares; the debug page shows the answer.
func (h *Hub) Check(ctx context.Context) []error {
	var wrong []error
	for _, r := range h.all() {
		have := r.state.Load()
		fresh := room.New(r.id)
		for e, err := range h.store.Since(ctx, r.id, 0) {
			if err != nil {
				wrong = append(wrong, fmt.Errorf("room %s: %w", r.id, err))
				break
			}
			if e.Seq > have.Head {
				break
			}
			fresh.Fold(e)
		}
		if r.id != room.SiteID {
			fresh.Under(have.Site())
		}
		if r.state.Load() == have && (!bytes.Equal(have.Archive(), fresh.Archive()) || !reflect.DeepEqual(have.Site(), fresh.Site())) {
			wrong = append(wrong, fmt.Errorf("room %s: replica at %d is not the fold of the log", r.id, have.Head))
		}
	}
	return wrong
}
