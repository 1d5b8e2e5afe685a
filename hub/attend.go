package hub

import (
	"time"

	"greenroom/hub/room"
)

// Whether somebody runs a room is told to its log by whoever surely knows.
// Nothing is done on what an instance cannot see: while messages between
// instances may be lost, while the room is not confirmed against the store,
// and while one is silent that had hosts, they are taken for present.
const (
	hostGrace   = 30 * time.Second // without a host before it is told: reconnecting takes a while
	hostSilence = 5 * time.Minute  // an instance that says nothing for so long, and had hosts, is gone with them
)

// attendance of hosts, as far as an instance can tell.
type hosting uint8

const (
	hostsUnknown hosting = iota
	hostsHere
	hostsAway
)

// attend tells the room's log that nobody runs it, or that somebody does again.
// Every instance does; the first one's word counts.
func (r *liveRoom) attend(now time.Time) {
	s := r.state.Load()
	there := hostsUnknown
	if s.MindsHosts() {
		there = r.hosts(now)
	}
	if there != hostsAway {
		r.hostless = time.Time{}
	}
	switch {
	case there == hostsHere && s.MissesHosts():
		r.tellHosts(room.HostsThere{})
	case there != hostsAway:
	case r.hostless.IsZero() || r.hostless.Before(r.attended(s)):
		r.hostless = now
	case now.Sub(r.hostless) >= hostGrace && s.HostsDue(r.hub.Now()):
		r.tellHosts(room.HostsMissing{For: now.Sub(r.hostless)})
	}
}

// attended is, by this machine's clock, when the log last had it that somebody
// runs the room, though we see nobody: another instance knows better.
func (r *liveRoom) attended(s *room.State) time.Time {
	return time.UnixMilli(int64(s.HostsAt())).Add(-time.Duration(r.hub.offset.Load()))
}

// tellHosts asks the feed; one that is too busy is asked again in a second.
func (r *liveRoom) tellHosts(c room.Command) {
	_ = r.enqueue(&op{actor: room.Actor{System: true}, command: c, done: make(chan outcome, 1)})
}

func (r *liveRoom) hosts(now time.Time) hosting {
	p := &r.presence
	p.mu.Lock()
	defer p.mu.Unlock()
	known := p.exact() && !r.stale() && now.Sub(p.since) > beatLife
	if p.own.hosts() {
		return hostsHere
	}
	for _, other := range p.others {
		if other.hosts() {
			return hostsHere
		}
	}
	for from, silent := range p.silent {
		if now.Sub(silent) < hostSilence {
			known = false
		} else {
			delete(p.silent, from)
		}
	}
	if !known {
		return hostsUnknown
	}
	return hostsAway
}

func (b beat) hosts() bool { return b.ByRole["moderator"]+b.ByRole["manager"] > 0 }
