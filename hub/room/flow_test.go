package room

import (
	"errors"
	"strings"
	"testing"
	"time"
)

// However many viewers write, what they write together stays within the
// measure; staff are heard all the same, and after a moment everybody is.
func TestWhatViewersWriteTogetherIsBounded(t *testing.T) {
	w := moderated(t)
	now, written := w.now, 0
	text := strings.Repeat("x", 1000)
	post := func(by Actor) error {
		w.now = now.Add(-time.Second) // try goes a second on
		_, err := w.try(by, ChatPost{Text: text})
		return err
	}
	var no *Refusal
	for written < 2*flowBurst && !errors.As(post(guest([]string{"vic", "vera"}[written%2])), &no) {
		written += flowPost + len(text)
	}
	if no == nil || no.Code != CodeSlowDown || no.Retry != time.Second {
		t.Fatalf("refused by %+v", no)
	}
	if written > flowBurst || written <= flowBurst-flowPost-len(text) {
		t.Errorf("%d bytes of %d", written, flowBurst)
	}
	if err := post(guest("mod")); err != nil {
		t.Errorf("staff: %v", err)
	}
	now = now.Add(no.Retry)
	for written = 0; post(guest("vic")) == nil; {
		written += flowPost + len(text)
	}
	if written > flowPerSecond || written < flowPerSecond-4*(flowPost+len(text)) {
		t.Errorf("%d bytes of %d a second", written, flowPerSecond)
	}
	like, at := ChatLike{ID: MessageID(w.s.Head)}, w.now
	var err error
	for i := range flowPost + len(text) {
		on := i%2 == 0
		like.On, w.now = &on, at.Add(-time.Second)
		if _, err = w.try(guest("vic"), like); err != nil {
			break
		}
	}
	if !errors.As(err, &no) || no.Code != CodeSlowDown {
		t.Errorf("a like: %v", err)
	}
	now = now.Add(2 * time.Second)
	if err := post(guest("vera")); err != nil || w.s.flow.left(Millis(now.UnixMilli())) != flowPost+len(text) {
		t.Errorf("after a while: %v, %d", err, w.s.flow.left(Millis(now.UnixMilli())))
	}
}
