package api

import (
	"cmp"
	"context"
	"math"
	"net/netip"
	"slices"
	"sync"
	"time"

	"greenroom/hub/room"
)

// Limits bounds what one client may ask. Zero fields mean the defaults.
// Rates are attempts per minute where nothing else is said; the burst is one
// span's worth.
type Limits struct {
	Misses          int // wrong link or set-up secrets, of one network; 30
	SignIns         int // attempts on one account from one network in ten minutes; 10
	SignInsAccount  int // attempts on one account from everywhere in ten minutes; 100
	SignInsNetwork  int // attempts from one network; 60
	Codes           int // codes asked for one address from one network in ten minutes; 5
	CodesAddress    int // codes asked for one address from everywhere in an hour; 10
	Wishes          int // requests for a way in, of one network; 60
	GuestJoins      int // guests who come from one network; 600
	FreshSessions   int // new web sessions by one invitation; 300
	Hellos          int // of one web session; 10
	Lookups         int // type-ahead questions of one person; 300
	HalfOpen        int // sockets of one network before their hello; 50
	Anonymous       int // sockets of one network without a web session; 200
	MailRecipient   int // invitation mails to one address in a day; 5
	CodesRecipient  int // mailed codes to one address in a day; 10
	MailInviter     int // invitation mails of one inviter in a day; 2,000
	Exports         int // exports of people's data that one account asks for in an hour; 20
	Files           int // files of what was in rooms that one account asks for in an hour; 120
	MailRequests    int // mails to one manager about who asks for a way into one room, in a day; 20
	MailTests       int // tests of a mail template by one account in ten minutes; 5
	RefusedCommands int // undecodable commands of one connection in a row before 4510; 100
}

func (l Limits) orDefaults() Limits {
	return Limits{
		Misses: cmp.Or(l.Misses, 30), SignIns: cmp.Or(l.SignIns, 10), SignInsNetwork: cmp.Or(l.SignInsNetwork, 60),
		SignInsAccount: cmp.Or(l.SignInsAccount, 100), FreshSessions: cmp.Or(l.FreshSessions, 300), GuestJoins: cmp.Or(l.GuestJoins, 600), Wishes: cmp.Or(l.Wishes, 60), Codes: cmp.Or(l.Codes, 5), CodesAddress: cmp.Or(l.CodesAddress, 10),
		Hellos: cmp.Or(l.Hellos, 10), Lookups: cmp.Or(l.Lookups, 300), HalfOpen: cmp.Or(l.HalfOpen, 50), Anonymous: cmp.Or(l.Anonymous, 200),
		MailRecipient: cmp.Or(l.MailRecipient, 5), CodesRecipient: cmp.Or(l.CodesRecipient, 10),
		MailInviter: cmp.Or(l.MailInviter, 2000), Exports: cmp.Or(l.Exports, 20), Files: cmp.Or(l.Files, 120), MailTests: cmp.Or(l.MailTests, 5), MailRequests: cmp.Or(l.MailRequests, 20), RefusedCommands: cmp.Or(l.RefusedCommands, 100),
	}
}

const day = 24 * time.Hour

func (a *API) makeLimiters() {
	a.wishes = newLimiter[netip.Prefix](a.limits.Wishes, time.Minute)
	a.misses = newLimiter[netip.Prefix](a.limits.Misses, time.Minute)
	a.signIns = newLimiter[string](a.limits.SignIns, 10*time.Minute)
	a.signInAll = newLimiter[string](a.limits.SignInsAccount, 10*time.Minute)
	a.codes = newLimiter[string](a.limits.Codes, 10*time.Minute)
	a.codesAll = newLimiter[string](a.limits.CodesAddress, time.Hour)
	a.fresh = newLimiter[room.InvitationID](a.limits.FreshSessions, time.Minute)
	a.guestJoins = newLimiter[netip.Prefix](a.limits.GuestJoins, time.Minute)
	a.signInIP = newLimiter[netip.Prefix](a.limits.SignInsNetwork, time.Minute)
	a.hellos = newLimiter[string](a.limits.Hellos, time.Minute)
	a.lookups = newLimiter[room.PersonID](a.limits.Lookups, time.Minute)
	a.exports = newLimiter[room.PersonID](a.limits.Exports, time.Hour)
	a.files = newLimiter[room.PersonID](a.limits.Files, time.Hour)
	a.tests = newLimiter[string](a.limits.MailTests, 10*time.Minute)
	a.doors = newDoors(a.limits)
	a.guests = newGuests()
	a.sheets = make(chan struct{}, sheetsAtOnce)
	a.keySockets = newKeySockets()
	if a.shares == nil {
		return
	}
	a.misses.share(a.shares, "misses")
	a.wishes.share(a.shares, "wishes")
	a.signIns.share(a.shares, "sign-ins")
	a.signInAll.share(a.shares, "sign-ins of an account")
	a.signInIP.share(a.shares, "sign-ins of a network")
	a.codes.share(a.shares, "codes")
	a.codesAll.share(a.shares, "codes of an address")
	a.fresh.share(a.shares, "fresh sessions")
	a.guestJoins.share(a.shares, "guests")
	a.hellos.share(a.shares, "hellos")
	a.lookups.share(a.shares, "lookups")
	a.exports.share(a.shares, "exports")
	a.files.share(a.shares, "files")
	a.tests.share(a.shares, "mail tests")
}

func (a *API) sweepLimiters() {
	now := a.now()
	a.misses.sweep(now)
	a.wishes.sweep(now)
	a.signIns.sweep(now)
	a.signInAll.sweep(now)
	a.codes.sweep(now)
	a.codesAll.sweep(now)
	a.fresh.sweep(now)
	a.guestJoins.sweep(now)
	a.signInIP.sweep(now)
	a.hellos.sweep(now)
	a.lookups.sweep(now)
	a.exports.sweep(now)
	a.files.sweep(now)
	a.tests.sweep(now)
	a.rosters.sweep(now)
	a.reports.sweep(now)
}

// limiter holds token buckets without timers, one for each key that has been
// used lately. A bucket that is full again is forgotten.
type limiter[K comparable] struct {
	// set once
	burst  float64
	span   time.Duration // in which an empty bucket fills
	name   string
	shares *shares // nil: of this instance alone

	// guarded by mu
	mu      sync.Mutex
	buckets map[uint64]bucket // by keyOf, as other instances name them
}

type bucket struct {
	used float64 // tokens taken and not yet grown again
	at   time.Time
}

func newLimiter[K comparable](burst int, span time.Duration) *limiter[K] {
	return &limiter[K]{burst: float64(burst), span: span, buckets: map[uint64]bucket{}}
}

// share makes the limit one of all instances together.
func (l *limiter[K]) share(with *shares, name string) {
	l.shares, l.name = with, name
	with.limiters[name] = l
}

// spentElsewhere notes what another instance has granted.
func (l *limiter[K]) spentElsewhere(key uint64, n int, now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	used := l.missing(l.buckets[key], l.burst, now)
	l.buckets[key] = bucket{min(used+float64(max(n, 0)), l.burst), now}
}

// take takes one token; 0, or how long until there is one.
func (l *limiter[K]) take(key K, now time.Time) time.Duration {
	return l.takeOf(key, l.burst, now)
}

// takeOf is take from a bucket of another size.
func (l *limiter[K]) takeOf(key K, burst float64, now time.Time) time.Duration {
	of, mine := keyOf(key), l.shares.of(burst)
	l.mu.Lock()
	defer l.mu.Unlock()
	if wait := l.waitLocked(of, mine, now); wait > 0 {
		return wait
	}
	l.buckets[of] = bucket{l.missing(l.buckets[of], mine, now) + 1, now}
	l.shares.spend(l.name, of)
	return 0
}

// wait is what take would say, without taking.
func (l *limiter[K]) wait(key K, now time.Time) time.Duration {
	mine := l.shares.of(l.burst)
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.waitLocked(keyOf(key), mine, now)
}

func (l *limiter[K]) waitLocked(key uint64, burst float64, now time.Time) time.Duration {
	missing := l.missing(l.buckets[key], burst, now) + 1 - burst
	if missing <= 0 {
		return 0
	}
	return time.Duration(math.Ceil(missing / burst * float64(l.span)))
}

// missing is what was taken of a bucket and has not grown again.
func (l *limiter[K]) missing(b bucket, burst float64, now time.Time) float64 {
	return max(0, b.used-burst*float64(now.Sub(b.at))/float64(l.span))
}

// sweep forgets the buckets that must be full by now.
func (l *limiter[K]) sweep(now time.Time) {
	l.mu.Lock()
	defer l.mu.Unlock()
	for key, b := range l.buckets {
		if now.Sub(b.at) >= l.span {
			delete(l.buckets, key)
		}
	}
}

// doors counts the sockets of each network that have not said hello, and those
// without a web session. Who has one waits a moment for a place: after the end of
// an instance a whole office comes at once, and all of it by one address.
type doors struct {
	// set once
	halfOpen, anonymous int

	// guarded by mu
	mu     sync.Mutex
	counts map[netip.Prefix]doorCount
	queues map[netip.Prefix][]chan struct{} // closed when it is their turn
}

// Who waits at a door, and how many for each place.
const (
	doorWait  = 2 * time.Second
	doorQueue = 20
)

type doorCount struct{ halfOpen, anonymous int }

func newDoors(l Limits) *doors {
	return &doors{halfOpen: l.HalfOpen, anonymous: l.Anonymous, counts: map[netip.Prefix]doorCount{}, queues: map[netip.Prefix][]chan struct{}{}}
}

// await counts a socket of a web session in as soon as there is room for it, and
// says whether there was.
func (d *doors) await(ctx context.Context, network netip.Prefix) bool {
	turn, in := d.queue(network)
	if turn == nil {
		return in
	}
	late := time.NewTimer(doorWait)
	defer late.Stop()
	select {
	case <-turn:
		return true
	case <-late.C:
	case <-ctx.Done():
	}
	return d.leaveQueue(network, turn)
}

// queue gives a turn to wait for, if there is no room and not too many wait.
func (d *doors) queue(network netip.Prefix) (turn chan struct{}, in bool) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.enterLocked(network, false) {
		return nil, true
	}
	if len(d.queues[network]) >= doorQueue*d.halfOpen {
		return nil, false
	}
	turn = make(chan struct{})
	d.queues[network] = append(d.queues[network], turn)
	return turn, false
}

// leaveQueue says whether the turn came all the same.
func (d *doors) leaveQueue(network netip.Prefix, turn chan struct{}) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	i := slices.Index(d.queues[network], turn)
	if i < 0 {
		return true
	}
	d.keepQueue(network, slices.Delete(d.queues[network], i, i+1))
	return false
}

func (d *doors) keepQueue(network netip.Prefix, queue []chan struct{}) {
	d.queues[network] = queue
	if len(queue) == 0 {
		delete(d.queues, network)
	}
}

// enter counts a socket in, if there is room for it.
func (d *doors) enter(network netip.Prefix, anonymous bool) bool {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.enterLocked(network, anonymous)
}

func (d *doors) enterLocked(network netip.Prefix, anonymous bool) bool {
	n := d.counts[network]
	if n.halfOpen >= d.halfOpen || anonymous && n.anonymous >= d.anonymous {
		return false
	}
	n.halfOpen++
	if anonymous {
		n.anonymous++
	}
	d.counts[network] = n
	return true
}

// greeted counts a socket that has said hello or is gone before that. Its place
// is that of the next who waits.
func (d *doors) greeted(network netip.Prefix) {
	d.mu.Lock()
	defer d.mu.Unlock()
	queue := d.queues[network]
	if len(queue) == 0 {
		d.add(network, doorCount{halfOpen: -1})
		return
	}
	close(queue[0])
	d.keepQueue(network, queue[1:])
}

// left counts a socket without a web session that is gone.
func (d *doors) left(network netip.Prefix) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.add(network, doorCount{anonymous: -1})
}

// add counts. The caller holds mu.
func (d *doors) add(network netip.Prefix, by doorCount) {
	n := d.counts[network]
	n.halfOpen += by.halfOpen
	n.anonymous += by.anonymous
	if n == (doorCount{}) {
		delete(d.counts, network)
		return
	}
	d.counts[network] = n
}
