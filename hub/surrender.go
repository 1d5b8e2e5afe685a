package hub

import (
	"errors"
	"time"

	"greenroom/hub/room"
)

const (
	surrenderFor  = 10 * time.Second // before the log is tried again
	surrenderOver = 5 * time.Second  // in which the connections of a room leave
)

// ErrNewerRelease says that a log holds a fact of a newer release. This
// instance does not decide for it; another one does.
var ErrNewerRelease = errors.New("hub: the log is of a newer release")

// surrender stops deciding for a room whose log this release cannot read, and
// sends the people to other instances. Without the site's settings nothing can
// be decided, for any room. It runs on the feed, or while opening.
func (r *liveRoom) surrender(err error) bool {
	if unknown := (room.UnknownFact{}); !errors.As(err, &unknown) {
		return false
	}
	h := r.hub
	h.log.Error("a newer release has written to this log; its people are sent to other instances", "room", r.id, "err", err)
	h.metrics.surrendered.Inc()
	h.mu.Lock()
	h.newer[r.id] = h.now().Add(surrenderFor)
	h.mu.Unlock()
	rooms := []*liveRoom{r}
	if r.id == room.SiteID {
		rooms = h.all()
	}
	for _, r := range rooms {
		r.giveAway()
	}
	return true
}

// giveAway closes the live room here and drains who is in it.
func (r *liveRoom) giveAway() {
	sessions := r.members.all()
	r.close()
	r.hub.leaving.Go(func() { r.hub.drain(r.hub.ctx, sessions, surrenderOver) })
}

// surrendered says whether a room's log was found to be of a newer release a
// moment ago. The caller holds mu.
func (h *Hub) surrendered(id room.ID) bool {
	for _, which := range []room.ID{id, room.SiteID} {
		until, newer := h.newer[which]
		if newer && h.now().Before(until) {
			return true
		}
		delete(h.newer, which)
	}
	return false
}

// newerSite says whether this release cannot read the site's settings.
func (h *Hub) newerSite() bool {
	h.mu.Lock()
	defer h.mu.Unlock()
	_, newer := h.newer[room.SiteID]
	return newer
}
