package main

import (
	"context"
	"database/sql"
	"fmt"
	"net/http"
	"net/url"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"greenroom/server/mail/smtptest"
)

// The server is killed at each step of the dialogue with the mail server. Started again, it sends
// what it had not, once, and what was taken before it was killed comes with the same Message-ID.
func TestKillNineWhileSending(t *testing.T) {
	data := t.TempDir()
	first := begin(t, "--dev", "--data", data)
	links := first.devLinks()
	first.kill()
	smtp := smtptest.Start(t, smtptest.Options{NoTLS: true})
	args := []string{"--data", data, "--smtp", fmt.Sprintf("smtp+plain://127.0.0.1:%d", smtp.Port), "--mail-from", "rooms@example.org"}
	ids := map[string]string{}
	for n, at := range []smtptest.Step{smtptest.From, smtptest.To, smtptest.Told} {
		reached, release := make(chan struct{}, 16), make(chan struct{})
		smtp.Answer(func(step smtptest.Step, _ string) error {
			if step == at {
				reached <- struct{}{}
				<-release
			}
			return nil
		})
		r := begin(t, args...)
		base, err := url.Parse(r.url)
		if err != nil {
			t.Fatal(err)
		}
		as := caller{base: base, host: base.Host, key: links["key"]}
		ctx, cancel := context.WithTimeout(t.Context(), patience)
		to := fmt.Sprintf("kill%d@example.org", n)
		room := strings.TrimPrefix(links["room"][strings.LastIndex(links["room"], "/"):], "/")
		var made struct{ URL string }
		if err := as.call(ctx, http.MethodPost, "/api/v1/rooms/"+room+"/invitations",
			devInvitation{Email: to, FirstName: "K", LastName: "K", Type: "viewer", SendEmail: true}, &made); err != nil {
			t.Fatal(err)
		}
		cancel()
		<-reached
		r.kill()
		smtp.Answer(nil)
		close(release)
		expireLeases(t, filepath.Join(data, "greenroom.db"))
		r = begin(t, args...)
		ids[to] = waitForMail(t, smtp, to, made.URL)
		r.signal(15)
		r.wait()
	}
	sent := 0
	for _, m := range smtp.Mails() {
		id, ours := ids[m.To]
		if !ours {
			continue // of the trial
		}
		sent++
		if !strings.Contains(m.Raw, id) {
			t.Errorf("to %s: two Message-IDs", m.To)
		}
	}
	if sent < 3 || sent > 4 {
		t.Errorf("%d mails: only the one whose answer was lost may come twice", sent)
	}
}

// waitForMail waits until an answered mail to somebody is there, and gives its Message-ID line.
func waitForMail(t *testing.T, s *smtptest.Server, to, link string) string {
	t.Helper()
	tick := time.NewTicker(10 * time.Millisecond)
	defer tick.Stop()
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); <-tick.C {
		for _, m := range s.Mails() {
			if m.To != to {
				continue
			}
			if _, secret, _ := strings.Cut(link, "#"); !strings.Contains(strings.NewReplacer("=\r\n", "", "=3D", "=").Replace(m.Raw), secret) {
				t.Fatalf("the mail to %s lacks its link", to)
			}
			_, rest, _ := strings.Cut(m.Raw, "Message-ID: ")
			id, _, _ := strings.Cut(rest, "\r\n")
			return id
		}
	}
	t.Fatalf("no mail to %s", to)
	return ""
}

// expireLeases is what ten minutes would do.
func expireLeases(t *testing.T, path string) {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	if _, err := db.ExecContext(t.Context(), "UPDATE mail SET due = 0 WHERE state = 'queued'"); err != nil {
		t.Fatal(err)
	}
}
