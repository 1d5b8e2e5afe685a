package api_test

import (
	"context"
	"fmt"
	"net/http"
	"strings"
	"sync"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/server/api"
	"greenroom/server/apitest"
	"greenroom/server/mail"
)

// codeFor asks for a code and reads the mail.
func codeFor(t *testing.T, s *apitest.Server, box *mail.Outbox, email string) string {
	t.Helper()
	had := len(box.Messages())
	s.Browser().Do("POST", "/api/v1/session/code", map[string]string{"email": email}).Into(http.StatusNoContent, nil)
	deliver(s)
	all := box.Messages()
	if len(all) != had+1 || len(all[0].Code) != 6 || !strings.Contains(all[0].Text, all[0].Code) || strings.Contains(all[0].Subject, all[0].Code) {
		t.Fatalf("%d mails, the last: %+v", len(all)-had, all)
	}
	return all[0].Code
}

func byCode(b *apitest.Browser, email, code string) *apitest.Answer {
	b.T.Helper()
	return b.Do("POST", "/api/v1/session", map[string]string{"email": email, "code": code})
}

func TestSignInByCode(t *testing.T) {
	s, box, _ := mailing(t)
	_, p := s.Person("Anna@example.org", "Anna", "A")
	code := codeFor(t, s, box, " anna@EXAMPLE.org")
	if to := box.Messages()[0].To; to != "Anna@example.org" {
		t.Errorf("mailed to %s, not as its owner writes it", to)
	}
	b := s.Browser()
	byCode(b, "anna@example.org", other(code)).Refused(http.StatusUnauthorized, "not_authenticated")
	byCode(b, "owner@example.org", code).Refused(http.StatusUnauthorized, "not_authenticated") // of somebody else
	var me struct{ Person apitest.Person }
	byCode(b, "ANNA@example.org.", code[:3]+" "+code[3:]).Into(http.StatusOK, &me)
	if me.Person.ID != p.ID || b.Me().Person == nil {
		t.Errorf("signed in as %+v", me)
	}
	known, err := s.Store.Person(t.Context(), room.PersonID(p.ID))
	if err != nil || !known.Verified {
		t.Errorf("the mailbox is theirs: %+v, %v", known, err)
	}
	byCode(s.Browser(), "anna@example.org", code).Refused(http.StatusUnauthorized, "not_authenticated") // spent

	code = codeFor(t, s, box, "anna@example.org")
	s.Clock.Advance(store.CodeLife)
	byCode(s.Browser(), "anna@example.org", code).Refused(http.StatusUnauthorized, "not_authenticated") // expired

	code = codeFor(t, s, box, "anna@example.org")
	for range store.MaxCodeTries {
		byCode(s.Browser(), "anna@example.org", other(code)).Refused(http.StatusUnauthorized, "not_authenticated")
	}
	byCode(s.Browser(), "anna@example.org", code).Refused(http.StatusUnauthorized, "not_authenticated") // guessed too often
	for _, secret := range []string{code, "anna@", "Anna@"} {
		if strings.Contains(s.Logs(), secret) {
			t.Errorf("in the log: %s", secret)
		}
	}
}

// other is a code that is not this one.
func other(code string) string {
	if code == "000000" {
		return "111111"
	}
	return "000000"
}

// T10: whether there is an account shows neither in the answer nor in what the
// store is asked to do.
func TestCodesTellNothing(t *testing.T) {
	box := new(mail.Outbox)
	counted := &calls{}
	s := apitest.Start(t, apitest.Options{Mail: box, Wrap: func(inner store.Store) store.Store { counted.Store = inner; return counted }})
	s.Owner()
	var bodies, asked []string
	for _, email := range []string{"owner@example.org", "nobody@example.org"} {
		counted.take()
		got := s.Browser().Do("POST", "/api/v1/session/code", map[string]string{"email": email}).Into(http.StatusNoContent, nil)
		no := byCode(s.Browser(), email, "123456")
		bodies = append(bodies, string(got.Body)+string(no.Body)+fmt.Sprint(no.Status))
		asked = append(asked, counted.take())
	}
	if bodies[0] != bodies[1] || asked[0] != asked[1] {
		t.Errorf("answers %q, calls %q", bodies, asked)
	}
	deliver(s)
	if all := box.Messages(); len(all) != 1 || all[0].To != "owner@example.org" {
		t.Errorf("mails: %+v", all)
	}
}

func TestCodesAreLimited(t *testing.T) {
	box := new(mail.Outbox)
	s := apitest.Start(t, apitest.Options{Mail: box, Limits: api.Limits{Codes: 3, CodesRecipient: 4}})
	s.Owner()
	for _, email := range []string{"owner@example.org", "nobody@example.org"} { // the same for both
		ask := func() *apitest.Answer {
			return s.Browser().Do("POST", "/api/v1/session/code", map[string]string{"email": email})
		}
		for range 3 {
			ask().Into(http.StatusNoContent, nil)
		}
		ask().Refused(http.StatusTooManyRequests, "slow_down")
	}
	s.Clock.Advance(10 * time.Minute)
	last := codeFor(t, s, box, "owner@example.org")
	s.Browser().Do("POST", "/api/v1/session/code", map[string]string{"email": "owner@example.org"}).Into(http.StatusNoContent, nil)
	deliver(s)
	if box.Messages()[0].Code != last {
		t.Fatal("a fifth code of the day was mailed")
	}
	byCode(s.Browser(), "owner@example.org", last).Into(http.StatusOK, nil) // it stays good
	for _, bad := range []string{"", "x", "a@b@", strings.Repeat("x", 300) + "@example.org"} {
		s.Browser().Do("POST", "/api/v1/session/code", map[string]string{"email": bad}).Refused(http.StatusUnprocessableEntity, "invalid")
	}
}

func TestCodesWithoutMail(t *testing.T) {
	s := apitest.Start(t, apitest.Options{})
	s.Owner()
	s.Browser().Do("POST", "/api/v1/session/code", map[string]string{"email": "owner@example.org"}).Refused(http.StatusNotFound, "not_found")
	byCode(s.Browser(), "owner@example.org", "123456").Refused(http.StatusUnauthorized, "not_authenticated")
}

// Of many who type the same code at once, one is signed in.
func TestOneCodeSignsInOnce(t *testing.T) {
	s, box, _ := mailing(t)
	code := codeFor(t, s, box, "owner@example.org")
	statuses := make(chan int, 10)
	var all sync.WaitGroup
	for range cap(statuses) {
		b := s.Browser()
		all.Go(func() { statuses <- byCode(b, "owner@example.org", code).Status })
	}
	all.Wait()
	close(statuses)
	in := 0
	for status := range statuses {
		if status == http.StatusOK {
			in++
		}
	}
	if in != 1 {
		t.Errorf("%d were signed in", in)
	}
}

// The mail comes in the language of the browser, whatever it says.
func TestCodeLanguage(t *testing.T) {
	s, box, _ := mailing(t)
	for header, want := range map[string]string{"de-AT,en;q=0.5": "de", "fr": "en", "": "en", strings.Repeat("d", 500): "en", "\u00fc;;,": "en"} {
		b := s.Browser()
		b.Header.Set("Accept-Language", header)
		b.Do("POST", "/api/v1/session/code", map[string]string{"email": "owner@example.org"}).Into(http.StatusNoContent, nil)
		deliver(s)
		if got := box.Messages()[0].Language; got != want {
			t.Errorf("%.20q: %s", header, got)
		}
	}
}

// calls notes what the store is asked about people and codes.
type calls struct {
	store.Store
	mu  sync.Mutex
	all []string
}

func (c *calls) note(call string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.all = append(c.all, call)
}

func (c *calls) take() string {
	c.mu.Lock()
	defer c.mu.Unlock()
	all := strings.Join(c.all, " ")
	c.all = nil
	return all
}

func (c *calls) PersonByEmail(ctx context.Context, canonical string) (store.Person, error) {
	c.note("PersonByEmail")
	return c.Store.PersonByEmail(ctx, canonical)
}

func (c *calls) PutCode(ctx context.Context, code store.Code, m store.MailRow) error {
	c.note("PutCode")
	return c.Store.PutCode(ctx, code, m)
}

func (c *calls) TakeCode(ctx context.Context, purpose string, subject, hash room.Hash, now time.Time) (bool, error) {
	c.note("TakeCode")
	return c.Store.TakeCode(ctx, purpose, subject, hash, now)
}

func (c *calls) VerifyPerson(ctx context.Context, id room.PersonID, canonical string, audit ...store.AuditRow) error {
	c.note("VerifyPerson")
	return c.Store.VerifyPerson(ctx, id, canonical, audit...)
}
