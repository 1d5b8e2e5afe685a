package post_test

import (
	"io"
	"net"
	"net/http"
	netmail "net/mail"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/mail"
	"greenroom/server/mail/smtptest"
)

// silent takes connections and says what it says, or nothing at all.
func silent(t *testing.T, greeting string) *mail.SMTP {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	go func() {
		for {
			line, err := l.Accept()
			if err != nil {
				return
			}
			t.Cleanup(func() { line.Close() })
			go func() {
				_, _ = io.WriteString(line, greeting)
				_, _ = io.Copy(io.Discard, line)
			}()
		}
	}()
	return &mail.SMTP{Host: "127.0.0.1", Port: l.Addr().(*net.TCPAddr).Port, From: netmail.Address{Address: "rooms@greenroom.example"}, Timeout: 300 * time.Millisecond}
}

// A server that hangs at once, that refuses everybody, or that is none: one
// mail pays for the attempt, nothing is lost, and the managers are told no more
// than that it is away.
func TestServersThatAreNone(t *testing.T) {
	for name, greeting := range map[string]string{"hangs": "", "refuses": "554 5.3.2 no service for you\r\n", "says nonsense": "SSH-2.0-OpenSSH_9.2\r\n", "half a greeting": "220-mail"} {
		t.Run(name, func(t *testing.T) {
			w := worldBy(t, 1, silent(t, greeting))
			first, second := w.invite("anna@example.org"), w.invite("bert@example.org")
			w.deliver()
			w.want("first", first.ID, "invitation", "queued", "cannot be reached")
			w.want("second", second.ID, "invitation", "queued", "")
		})
	}
}

// The line breaks between any two steps: the mail is sent once in the end.
func TestLineBreaks(t *testing.T) {
	for _, at := range []smtptest.Step{smtptest.From, smtptest.To} {
		w := newWorld(t, 1)
		var first sync.Once
		w.smtp.Answer(func(step smtptest.Step, _ string) (err error) {
			if step == at {
				first.Do(func() { err = smtptest.ErrHangUp })
			}
			return err
		})
		made := w.invite("anna@example.org")
		w.deliver()
		w.want("broken at "+string(at), made.ID, "invitation", "queued", "cannot be reached")
		w.Clock.Advance(2 * time.Minute)
		w.deliver()
		w.taken("after "+string(at), 1)
		w.want("then", made.ID, "invitation", "sent", "")
	}
}

// A 4xx after the whole mail was told is a no: nothing was taken. A 421 ends
// the line, and the others wait for the next.
func TestNotNow(t *testing.T) {
	w := newWorld(t, 1)
	told, closing := 0, true
	w.smtp.Answer(func(step smtptest.Step, to string) error {
		if step == smtptest.Told && strings.HasPrefix(to, "full") {
			if told++; told == 1 {
				return smtptest.No(452, "no room at the moment")
			}
		}
		if step == smtptest.From && closing {
			closing = false
			return smtptest.No(421, "going down")
		}
		return nil
	})
	full, other := w.invite("full@example.org"), w.invite("other@example.org")
	for range 6 {
		w.deliver()
		w.Clock.Advance(2 * time.Minute)
	}
	w.taken("each once", 2)
	w.want("full", full.ID, "invitation", "sent", "")
	w.want("other", other.ID, "invitation", "sent", "")
}

// An inviter's mails of a day are counted wherever they are queued: two
// instances, many rooms, all at once.
func TestInviterLimitUnderRace(t *testing.T) {
	const most, n = 6, 24
	smtp := smtptest.Start(t, smtptest.Options{})
	carrier := &mail.SMTP{Host: smtp.Host, Port: smtp.Port, Roots: smtp.Roots, From: netmail.Address{Address: "rooms@greenroom.example"}, Timeout: apitest.Patience}
	s := apitest.Start(t, apitest.Options{Mail: carrier, Instances: 2, Limits: api.Limits{MailInviter: most}})
	owner := s.Owner()
	rooms := []string{owner.Room("One", 48*time.Hour).ID, owner.Room("Two", 48*time.Hour).ID, owner.Room("Three", 48*time.Hour).ID}
	var mu sync.Mutex
	var all sync.WaitGroup
	sent := 0
	for i := range n {
		all.Go(func() {
			var made apitest.Invitation
			owner.On(i%2).Do("POST", "/api/v1/rooms/"+rooms[i%3]+"/invitations", map[string]any{"email": "anna" + string(rune('a'+i)) + "@example.org", "first_name": "A", "last_name": "A",
				"type": "viewer", "send_email": true}).Into(http.StatusCreated, &made)
			mu.Lock()
			defer mu.Unlock()
			if made.Sent != nil && *made.Sent {
				sent++
			}
			if made.URL == "" {
				t.Error("no link to pass on by hand")
			}
		})
	}
	all.Wait()
	for i := range 2 {
		if err := s.Instances[i].Post.Deliver(t.Context()); err != nil {
			t.Error(err)
		}
	}
	if got := len(smtp.Mails()); sent != most || got != most {
		t.Errorf("%d were promised, %d sent, of at most %d", sent, got, most)
	}
}
