package hub

import (
	"context"
	"errors"
	"sync/atomic"
	"time"

	"greenroom/hub/store"
)

// A store may be read and not be written: its disk is full, or it is a standby
// now. Every head is confirmed then, and yet nothing that people say can be
// saved; what they are told is the same as without a store (watch.go). A commit
// that failed has the sweep write something of its own, once a second until
// that succeeds. What is too large for the last free page of a disk where that
// one row still fits is known by the room's own failures.
const (
	saveGrace  = storeGrace      // commits of a room fail, or one waits, for so long: people are told
	saveCalm   = 3 * time.Second // without a failure, of which there is one each second while somebody waits: it is over
	alarmLater = time.Second     // before the feed tries again by itself what could not be saved
)

// saving is how a room's commits fare. The feed writes it.
type saving struct {
	// since Hub.began, nanoseconds
	begun atomic.Int64 // the commit that is under way; 0: none
	first atomic.Int64 // failure since the last commit that succeeded; 0: none
	last  atomic.Int64 // failure
}

func (s *saving) begin(now time.Duration) { s.begun.Store(max(int64(now), 1)) }

// succeeds notes that a commit has come to its end. One that wrote nothing says
// nothing of those that failed.
func (s *saving) succeeds(wrote bool) {
	s.begun.Store(0)
	if wrote {
		s.first.Store(0)
	}
}

// fails notes a failure, and says whether it is the first of a series.
func (s *saving) fails(now time.Duration) bool {
	s.begun.Store(0)
	first := s.first.Load() == 0 || int64(now)-s.last.Load() > int64(saveCalm)
	s.last.Store(max(int64(now), 1))
	if first {
		s.first.Store(max(int64(now), 1))
	}
	return first
}

// stuck says that nothing has been saved for a while, though it was tried.
func (s *saving) stuck(now time.Duration) bool {
	begun, first, last := time.Duration(s.begun.Load()), time.Duration(s.first.Load()), time.Duration(s.last.Load())
	waits := begun != 0 && now-begun > saveGrace
	return waits || first != 0 && last-first >= saveGrace && now-last <= saveCalm
}

// unsaved says that what people say in the room cannot be saved now.
func (r *liveRoom) unsaved() bool {
	return r.hub.unwritable.Load() || r.saving.stuck(r.hub.since())
}

// refused notes what came of a failed write: whether the store takes nothing
// from anybody is to be found out.
func (h *Hub) refused(err error) {
	if errors.Is(err, store.ErrUnwritable) {
		h.doubted.Store(true)
	}
}

// probe writes to a store that has refused something, until it takes it.
func (h *Hub) probe(ctx context.Context) {
	if !h.doubted.Swap(false) && !h.unwritable.Load() {
		return
	}
	ctx, cancel := context.WithTimeout(ctx, checkTime)
	defer cancel()
	err := h.store.Ping(ctx)
	if h.ctx.Err() != nil || h.unwritable.Swap(err != nil) == (err != nil) {
		return
	}
	if err != nil {
		h.log.Error("nothing can be saved; people are told, and it is tried again each second", "err", err)
	} else {
		h.log.Warn("the store is written again")
	}
}

// Fit is nil when people are well served here: ErrNewerRelease when this
// release cannot read the site's settings, ErrUnsaved when nothing of what they
// say can be saved. They are better sent elsewhere then.
func (h *Hub) Fit(context.Context) error {
	if h.newerSite() {
		return ErrNewerRelease
	}
	for _, r := range h.all() {
		if r.unsaved() {
			return ErrUnsaved
		}
	}
	return nil
}

// ErrUnsaved says that the store takes nothing of what is said in rooms.
var ErrUnsaved = errors.New("hub: what is said in rooms cannot be saved")
