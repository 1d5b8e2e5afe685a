package post_test

import (
	"context"
	"testing"

	"greenroom/server/mail/smtptest"
)

// A server that hangs keeps nobody from closing; the next instance goes on at
// once.
func TestClosingWhileTheServerHangs(t *testing.T) {
	w := newWorld(t, 2)
	reached, release := make(chan struct{}, 1), make(chan struct{})
	w.smtp.Answer(func(step smtptest.Step, _ string) error {
		if step == smtptest.To {
			reached <- struct{}{}
			<-release
		}
		return nil
	})
	made := w.invite("anna@example.org")
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan error, 1)
	go func() { ended <- w.Instances[1].Post.Deliver(ctx) }()
	<-reached
	cancel()
	if err := <-ended; err != nil {
		t.Fatal(err)
	}
	w.want("interrupted", made.ID, "invitation", "queued", "")
	w.smtp.Answer(nil)
	close(release)
	w.deliver()
	w.taken("by the other", 1)
}

// The office works by itself: what is queued is sent without being asked for.
func TestRun(t *testing.T) {
	w := newWorld(t, 1)
	told := make(chan struct{}, 1)
	w.smtp.Answer(func(step smtptest.Step, _ string) error {
		if step == smtptest.Told {
			told <- struct{}{}
		}
		return nil
	})
	ctx, cancel := context.WithCancel(t.Context())
	ended := make(chan struct{})
	go func() { w.Instances[0].Post.Run(ctx); close(ended) }()
	w.invite("anna@example.org")
	<-told
	cancel()
	<-ended
	w.taken("by itself", 1)
}
