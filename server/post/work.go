package post

import (
	"context"
	"crypto/rand"
	"errors"
	mathrand "math/rand/v2"
	"sync"
	"time"

	"greenroom/hub/store"
	"greenroom/server/mail"
)

const (
	workers   = 4                // connections of one instance
	look      = 2 * time.Second  // how often the queue is looked at without being told
	leaseTime = 10 * time.Minute // longer than connecting and sending can take
	grace     = 5 * time.Second  // for the mail under way when the office closes

	firstRetry = time.Minute
	lastRetry  = time.Hour
	tryFor     = 24 * time.Hour

	firstPause = 5 * time.Second // between attempts to reach a server that is away
	lastPause  = time.Minute
)

const serverAway = "the mail server cannot be reached, or takes no mails, at the moment"

// Run sends until ctx ends. The mail under way then has a moment to end.
func (o *Office) Run(ctx context.Context) {
	sending, cut := context.WithCancel(context.WithoutCancel(ctx))
	defer cut()
	defer context.AfterFunc(ctx, func() { time.AfterFunc(grace, cut) })()
	var all sync.WaitGroup
	for range workers {
		all.Go(func() { o.work(ctx, sending) })
	}
	all.Wait()
}

func (o *Office) work(ctx, sending context.Context) {
	tick := time.NewTicker(look)
	defer tick.Stop()
	for {
		if err := o.deliver(ctx, sending); ctx.Err() == nil && o.blind.Swap(err != nil) != (err != nil) {
			o.log.Warn("the queue of mails read", "works", err == nil, "error", err)
		}
		select {
		case <-ctx.Done():
			return
		case <-o.wake:
		case <-tick.C:
		}
	}
}

// Deliver sends everything that is due, over one connection.
func (o *Office) Deliver(ctx context.Context) error { return o.deliver(ctx, ctx) }

// deliver goes on until nothing is due, the server is away or ctx ends.
func (o *Office) deliver(ctx, sending context.Context) error {
	v := &van{office: o}
	defer v.close()
	for ctx.Err() == nil {
		now, err := o.store.Now(ctx)
		if err != nil {
			return err
		}
		if o.paused(now) {
			return nil
		}
		holder := rand.Text()
		m, err := o.store.LeaseMail(ctx, holder, leaseTime)
		if errors.Is(err, store.ErrNotFound) {
			return nil
		}
		if err != nil {
			return err
		}
		o.record(sending, m, holder, v.carry(sending, m))
	}
	return nil
}

// van is a worker's connection, opened when there is something to carry.
type van struct {
	office *Office
	line   mail.Connection
}

// carry brings one mail to the server and says what came of it.
func (v *van) carry(ctx context.Context, m store.Mail) store.MailEnd {
	o := v.office
	now, err := o.store.Now(ctx)
	if err != nil {
		return retry(m, time.Now(), "the store is away")
	}
	letter, end, err := o.letter(ctx, m, now)
	switch {
	case err != nil:
		o.log.Warn("a mail could not be written", "mail", m.ID, "room", m.Room, "error", err)
		return retry(m, now, "the mail could not be written; see the log")
	case end != nil:
		return *end
	}
	err = v.send(ctx, letter)
	if err == nil {
		return store.MailEnd{State: store.MailSent}
	}
	v.close()
	return o.judge(ctx, m, err)
}

func (v *van) send(ctx context.Context, letter mail.Message) error {
	if v.line == nil {
		line, err := v.office.carrier.Connect(ctx)
		if err != nil {
			return err
		}
		v.line = line
		v.office.reached()
	}
	return v.line.Send(ctx, letter)
}

func (v *van) close() {
	if v.line != nil {
		v.line.Close()
		v.line = nil
	}
}

// judge reads why a mail was not taken.
func (o *Office) judge(ctx context.Context, m store.Mail, err error) store.MailEnd {
	now, nowErr := o.store.Now(context.WithoutCancel(ctx))
	if nowErr != nil {
		now = time.Now()
	}
	var no *mail.Refusal
	if !errors.As(err, &no) {
		no = &mail.Refusal{Server: true, Answer: err.Error()}
	}
	switch {
	case ctx.Err() != nil: // we are closing; another instance goes on
		return store.MailEnd{State: store.MailQueued, Detail: m.Detail, Next: now}
	case no.Final:
		o.log.Info("a mail bounced", "mail", m.ID, "room", m.Room, "code", no.Code)
		return store.MailEnd{State: store.MailBounced, Detail: no.Answer}
	case no.Server:
		o.away(now)
		o.log.Warn("the mail server does not take mails", "code", no.Code, "error", no)
		return retry(m, now, serverAway) // where and why is not the room managers' business
	}
	return retry(m, now, no.Answer)
}

// retry is one more attempt later, or none after a day.
func retry(m store.Mail, now time.Time, why string) store.MailEnd {
	last := m.Created.Add(tryFor)
	if !now.Before(last) {
		return store.MailEnd{State: store.MailFailed, Detail: why}
	}
	next := now.Add(jitter(backOff(firstRetry, lastRetry, m.Attempts)))
	if next.After(last) {
		next = last
	}
	return store.MailEnd{State: store.MailQueued, Detail: why, Next: next}
}

// backOff doubles from first to last.
func backOff(first, last time.Duration, attempt int) time.Duration {
	return min(last, first<<min(max(attempt-1, 0), 16))
}

// jitter spreads by a fifth, so that what failed together does not come back
// together.
func jitter(d time.Duration) time.Duration {
	return d - d/10 + mathrand.N(d/5)
}

// record notes the outcome, and insists: a mail that was sent and is not noted
// would be sent again.
func (o *Office) record(ctx context.Context, m store.Mail, holder string, end store.MailEnd) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), leaseTime/4)
	defer cancel()
	for wait := 100 * time.Millisecond; ; wait = min(2*wait, 5*time.Second) {
		err := o.store.EndMail(ctx, m.ID, holder, end)
		switch {
		case err == nil:
			o.rooms.Touch(m.Room, m.Invitation)
			o.log.Debug("mail", "mail", m.ID, "room", m.Room, "about", m.Kind, "state", end.State, "attempt", m.Attempts)
			return
		case errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrClosed), ctx.Err() != nil:
			o.log.Error("what came of a mail could not be noted", "mail", m.ID, "room", m.Room, "state", end.State, "error", err)
			return
		}
		select {
		case <-ctx.Done():
		case <-time.After(wait):
		}
	}
}

// paused says that the server was away a moment ago. One mail that is due pays
// for each attempt to reach it, not all.
func (o *Office) paused(now time.Time) bool {
	o.mu.Lock()
	defer o.mu.Unlock()
	return now.Before(o.until)
}

func (o *Office) away(now time.Time) {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pause = max(firstPause, min(2*o.pause, lastPause))
	o.until = now.Add(jitter(o.pause))
}

func (o *Office) reached() {
	o.mu.Lock()
	defer o.mu.Unlock()
	o.pause, o.until = 0, time.Time{}
}
