package hub

import (
	"context"
	"fmt"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// Site is the site's settings as this hub knows them, a head check old at
// most while the store answers. It is never nil.
func (h *Hub) Site() *room.Site { return h.site.Load() }

// openSite makes the site's log live here, where it stays, and founds it if
// nobody has. It is tried again with every sweep until it works: no room opens
// before, because it would be judged by settings that nobody made.
func (h *Hub) openSite(ctx context.Context) error {
	r, err := h.live(ctx, room.SiteID, true)
	if err != nil {
		return fmt.Errorf("open the site: %w", err)
	}
	if r.state.Load().Head == 0 {
		if _, err := h.Do(ctx, room.SiteID, room.Actor{System: true}, room.FoundSite{}, nil); err != nil {
			return fmt.Errorf("found the site: %w", err)
		}
	}
	return nil
}

// learn takes the site's settings from its committed state.
func (h *Hub) learn(s *room.State) {
	was := h.site.Swap(s.Site())
	h.sited.Do(func() { close(h.siteKnown) })
	if was == s.Site() {
		return
	}
	for _, r := range h.all() {
		r.poke()
	}
}

// awaitSite waits until the site's settings are known.
func (r *liveRoom) awaitSite(ctx context.Context) error {
	if r.id == room.SiteID {
		return nil
	}
	select {
	case <-r.hub.siteKnown:
		return nil
	case <-ctx.Done():
		return fmt.Errorf("open room %s before the site: %w", r.id, context.Cause(ctx))
	}
}

// step follows the committed state, judging by the site as it is now.
func (r *liveRoom) step() *room.State {
	step := r.state.Load().Step()
	if r.id != room.SiteID {
		step.Under(r.hub.Site())
	}
	return step
}

const siteTimeout = 5 * time.Second

// needSite opens the site unless it is live.
func (h *Hub) needSite(ctx context.Context) bool {
	h.mu.Lock()
	r := h.rooms[room.SiteID]
	h.mu.Unlock()
	if r != nil && r.state.Load() != nil && r.state.Load().Head > 0 {
		return true
	}
	ctx, cancel := context.WithTimeout(ctx, siteTimeout)
	defer cancel()
	if err := h.openSite(ctx); err != nil {
		h.log.Warn("the site's settings are not known", "error", err)
		return false
	}
	return true
}

// heed holds those who are here to the site's settings when they have changed.
// It runs on the feed, as admit does: whoever was let in by older settings is
// here already.
func (r *liveRoom) heed() {
	site := r.hub.Site()
	if r.heeded == site || r.id == room.SiteID {
		return
	}
	known := r.heeded != nil
	r.heeded = site
	if !known {
		return // nobody is here before the feed
	}
	r.commit([]*op{{done: make(chan outcome, 1)}}) // early entry may begin or end by it
	state, frame := r.step(), r.hub.siteFrame()
	defer state.Abandon()
	for _, s := range r.members.all() {
		s.signal(frame)
		if p, ok := state.Participant(s.participant); ok && state.Unwelcome(p, s.Actor()) {
			s.end(wire.CloseDomainBlocked)
		}
	}
}

// siteFrame tells a page what it shows of the site. It is made once for each
// change.
func (h *Hub) siteFrame() wire.Frame {
	site := h.Site()
	if told := h.told.Load(); told != nil && told.site == site {
		return told.frame
	}
	frame := wire.NewFrame(wire.AppendSignal(nil, wire.SignalSite, wire.Encode(site.View())))
	h.told.Store(&toldSite{site, frame})
	return frame
}

// toldSite is settings and how they are told.
type toldSite struct {
	site  *room.Site
	frame wire.Frame
}
