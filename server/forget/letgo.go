package forget

import (
	"context"
	"errors"
	"time"

	"greenroom/hub/room"
)

const (
	day         = 24 * time.Hour
	lookAgain   = 7 * day // at a room that had nothing to forget
	roomsAtOnce = 20
	rowsAtOnce  = 500
	mostBatches = 200 // of one kind in one sweep; the rest comes next time
	mailsKept   = 30 * day
)

// LetGo lets go of what the site's settings say is old: the content of rooms,
// the names in the audit log, with what browser somebody came; and of rows that
// nobody needs any more. Network addresses are in no row: what limits by them
// holds them in memory alone.
func (w *Worker) LetGo(ctx context.Context) error {
	kept, now := w.rooms.Site().Retention, w.rooms.Now()
	return errors.Join(
		w.letRoomsGo(ctx, now.Add(-time.Duration(kept.ContentDays)*day)),
		w.letRowsGo(ctx, now.Add(-mailsKept)),
		w.letAgentsGo(ctx, now.Add(-time.Duration(kept.IPDays)*day)),
		w.letNamesGo(ctx, now.Add(-time.Duration(kept.AuditDays)*day)))
}

func (w *Worker) letRoomsGo(ctx context.Context, before time.Time) error {
	for range mostBatches {
		ids, err := w.store.Outlived(ctx, before, w.rooms.Now().Add(-lookAgain), roomsAtOnce)
		if err != nil || len(ids) == 0 {
			return err
		}
		for _, id := range ids {
			out, err := w.rooms.Do(ctx, id, room.Actor{System: true}, room.ForgetContent{EndedBefore: room.Millis(before.UnixMilli())}, nil)
			if err != nil && !errors.Is(err, room.CodeNotFound) {
				return err
			}
			if len(out.Events) > 0 {
				w.counts.forgotten.Add(1)
			}
		}
	}
	return nil
}

func (w *Worker) letRowsGo(ctx context.Context, before time.Time) error {
	for range mostBatches {
		n, err := w.store.SweepRows(ctx, before, rowsAtOnce)
		w.counts.swept.Add(int64(n))
		if err != nil || n == 0 {
			return err
		}
	}
	return nil
}

func (w *Worker) letAgentsGo(ctx context.Context, before time.Time) error {
	n, err := w.store.ForgetAgents(ctx, before)
	w.counts.swept.Add(int64(n))
	return err
}

func (w *Worker) letNamesGo(ctx context.Context, before time.Time) error {
	for range mostBatches {
		n, err := w.store.Pseudonymise(ctx, before, w.key, rowsAtOnce)
		w.counts.pseudonyms.Add(int64(n))
		if err != nil || n < rowsAtOnce {
			return err
		}
	}
	return nil
}
