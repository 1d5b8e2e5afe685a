package storetest

import (
	"fmt"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var codeTests = map[string]func(*testing.T, *fixture){
	"a code works once":                   codeOnce,
	"a code expires, and is replaced":     codeEnds,
	"five wrong tries end it":             codeTries,
	"one of many callers wins":            codeRace,
	"its mail: first, limited, forgotten": codeMails,
	"the limit keeps the earlier code":    codeLimit,
}

// code is the code with these digits about anna, and its mail.
func (f *fixture) code(digits string) (store.Code, store.MailRow) {
	return store.Code{Purpose: "signin", Subject: room.HashOf("anna"), Hash: room.HashOf(digits), Expires: f.clock.now().Add(store.CodeLife)},
		store.MailRow{ID: "c-" + digits, Kind: store.MailCode, Recipient: room.HashOf("to anna"), Sealed: []byte(digits)}
}

func (f *fixture) putCode(digits string) {
	f.t.Helper()
	c, m := f.code(digits)
	ok(f.t, "put code", f.PutCode(ctx(f.t), c, m))
}

func (f *fixture) takeCode(what, digits string, want bool) {
	f.t.Helper()
	right, err := f.TakeCode(ctx(f.t), "signin", room.HashOf("anna"), room.HashOf(digits), f.clock.now())
	ok(f.t, what, err)
	same(f.t, what, right, want)
}

func codeOnce(t *testing.T, f *fixture) {
	f.takeCode("without a code", "123456", false)
	f.putCode("123456")
	f.takeCode("a wrong one", "654321", false)
	for what, other := range map[string][2]string{"another purpose": {"move", "anna"}, "another subject": {"signin", "bert"}} {
		right, err := f.TakeCode(ctx(t), other[0], room.HashOf(other[1]), room.HashOf("123456"), f.clock.now())
		ok(t, what, err)
		same(t, what, right, false)
	}
	f.takeCode("the right one", "123456", true)
	f.takeCode("once more", "123456", false)
}

func codeEnds(t *testing.T, f *fixture) {
	f.putCode("111111")
	f.putCode("222222")
	f.takeCode("a replaced one", "111111", false)
	f.clock.move(store.CodeLife - time.Second)
	f.putCode("333333") // a new life
	f.clock.move(store.CodeLife - time.Second)
	f.takeCode("in time", "333333", true)
	f.putCode("444444")
	f.clock.move(store.CodeLife)
	f.takeCode("too late", "444444", false)
}

func codeTries(t *testing.T, f *fixture) {
	f.putCode("111111")
	for range store.MaxCodeTries - 1 {
		f.takeCode("wrong", "000000", false)
	}
	f.takeCode("right in the end", "111111", true)
	f.putCode("222222")
	for range store.MaxCodeTries {
		f.takeCode("wrong", "000000", false)
	}
	f.takeCode("right, too late", "222222", false)
	f.putCode("333333")
	f.takeCode("a new one", "333333", true)
}

func codeRace(t *testing.T, f *fixture) {
	f.putCode("123456")
	stores := []store.Store{f.Store, f.again()}
	rights := make(chan bool, 20)
	race(cap(rights), func(i int) error {
		right, err := stores[i%2].TakeCode(t.Context(), "signin", room.HashOf("anna"), room.HashOf("123456"), f.clock.now())
		rights <- right
		return err
	})
	close(rights)
	n := 0
	for right := range rights {
		if right {
			n++
		}
	}
	same(t, "winners", n, 1)
}

func codeMails(t *testing.T, f *fixture) {
	invited := letter("a")
	invited.Recipient, invited.MostRecipient = room.HashOf("to anna"), 2
	f.write("r", invited)
	f.clock.move(time.Minute)
	f.putCode("123456")
	c, m := f.code("777777")
	m.Unsent = true
	ok(t, "nobody's", f.PutCode(ctx(t), c, m))
	first := f.lease("h")
	if first.ID != "c-123456" || first.Kind != store.MailCode || string(first.Sealed) != "123456" || first.Room != "" || first.Invitation != "" {
		t.Errorf("leased first: %+v", first)
	}
	f.endMail(first.ID, "h", store.MailSent)
	f.endMail(f.lease("h").ID, "h", store.MailSent)
	f.noneDue("after both")

	codes, err := f.CodeLoad(ctx(t), room.HashOf("to anna"))
	ok(t, "code load", err)
	nobodys, err := f.CodeLoad(ctx(t), room.HashOf("to nobody"))
	ok(t, "code load", err)
	if codes < 1 || nobodys != 0 {
		t.Errorf("%d codes to anna, %d to nobody", codes, nobodys)
	}
	to, _, err := f.MailLoad(ctx(t), room.HashOf("to anna"), "")
	ok(t, "load", err)
	same(t, "mails without codes", to, 1)
	f.write("r", store.NoticeRow{ID: "n-", Room: "r", Kind: store.MailMoved, MostRecipient: 2})
	same(t, "codes do not count for notices", f.mails("a"), "a invitation sent, a moved queued")

	all, err := f.Mails(ctx(t), "", []room.InvitationID{""})
	ok(t, "mails of no room", err)
	same(t, "kept for a day", len(all), 2)
	f.clock.move(store.MailDay + time.Minute)
	f.putCode("888888")
	all, err = f.Mails(ctx(t), "", []room.InvitationID{""})
	ok(t, "mails of no room", err)
	same(t, "the day after", len(all), 1)
}

func codeLimit(t *testing.T, f *fixture) {
	put := func(n int) error {
		c, m := f.code(fmt.Sprint(n))
		m.MostRecipient = 3
		return f.PutCode(ctx(t), c, m)
	}
	for n := range 3 {
		ok(t, "within the limit", put(n))
	}
	f.takeCode("wrong", "9", false)
	fails(t, "beyond it", put(3), store.ErrLimit)
	f.takeCode("a code that was not mailed", "3", false)
	f.takeCode("the last one", "2", true)
	f.clock.move(store.MailDay)
	ok(t, "a day later", put(4))
}
