package forget

import (
	"context"
	"errors"
	"sync"
	"time"

	"greenroom/hub/store"
)

// holding renews a lease while work goes on. When it is somebody else's after
// all, because the store was away for longer than it lasts, the work goes on
// nevertheless: every step may be done twice.
func holding(ctx context.Context, renew, work func() error) error {
	ctx, cancel := context.WithCancel(ctx)
	var renewing sync.WaitGroup
	renewing.Go(func() { keepRenewing(ctx, renew) })
	err := work()
	cancel()
	renewing.Wait()
	return err
}

func keepRenewing(ctx context.Context, renew func() error) {
	tick := time.NewTicker(lease / 3)
	defer tick.Stop()
	for {
		select {
		case <-tick.C:
		case <-ctx.Done():
			return
		}
		if errors.Is(renew(), store.ErrNotFound) {
			return
		}
	}
}
