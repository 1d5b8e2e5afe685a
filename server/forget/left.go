package forget

import "time"

// left is leased work that failed. It is gone on with at the next look, so that
// a store that was away for a moment delays nobody for a whole lease; but once
// only, so that what fails for good keeps nothing else waiting.
type left[T any] struct {
	work  *T
	until time.Time // of its lease
}

// next gives what was left, or leases something.
func (l *left[T]) next(take func() (T, error)) (work T, fresh bool, err error) {
	if l.work != nil && time.Now().Before(l.until) {
		work, l.work = *l.work, nil
		return work, false, nil
	}
	l.work, l.until = nil, time.Now().Add(lease)
	work, err = take()
	return work, true, err
}

// keep leaves fresh work where it failed. It gives the error.
func (l *left[T]) keep(work T, fresh bool, err error) error {
	if err != nil && fresh {
		l.work = &work
	}
	return err
}
