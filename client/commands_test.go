package client

import (
	"context"
	"errors"
	"reflect"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

func TestLostCommandIsAskedAgainUnderItsKey(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		done := make(chan error, 1)
		go func() {
			got, err := r.Post(t.Context(), "once")
			if err == nil && (got.ID != "mb" || got.Pos != 11) {
				err = errors.New("wrong receipt")
			}
			done <- err
		}()
		first := p.expect()
		p.cut()
		p = s.peer()
		p.hello()
		p.ok(1, welcome(11, "resumed"))
		second := p.expect()
		if first.Key == "" || second.Key != first.Key || !reflect.DeepEqual(second.Command, first.Command) || second.ID != 2 {
			t.Errorf("first %+v, again %+v", first, second)
		}
		p.say(wire.AppendOK(nil, second.ID, []byte(`{"id":"mb","pos":11}`), true))
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestCommandsWaitForTheConnectionAndKeepTheirOrder(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		p.cut()
		synctest.Wait()
		for _, text := range []string{"a", "b", "c"} {
			go r.Post(t.Context(), text)
			synctest.Wait()
		}
		p = s.peer()
		p.welcome(10)
		for i, text := range []string{"a", "b", "c"} {
			got := p.expect()
			if !reflect.DeepEqual(got.Command, room.ChatPost{Text: text}) || got.ID != uint32(i+2) {
				t.Errorf("command %d is %+v", i, got)
			}
			p.ok(got.ID, Receipt{ID: "m1", Pos: 1})
		}
	})
}

func TestTemporaryRefusalIsAskedAgainUnderTheSameKey(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		done := make(chan error, 1)
		go func() {
			_, err := r.Like(t.Context(), "m3")
			done <- err
		}()
		var key room.Key
		for i, code := range []room.Code{room.CodeSlowDown, room.CodeBusy, room.CodeUnavailable} {
			at := time.Now()
			got := p.expect()
			if i > 0 && (got.Key != key || time.Since(at) < 1500*time.Millisecond) {
				t.Errorf("%+v came again after %v", got, time.Since(at))
			}
			key = got.Key
			p.refuse(got.ID, wire.Error{Code: code, Temporary: true, RetryMS: 1500})
		}
		p.ok(p.expect().ID, Likes{ID: "m3", Likes: 1, Pos: 20})
		if err := <-done; err != nil {
			t.Error(err)
		}
	})
}

func TestRefusalsAreTyped(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		four := 4
		for _, want := range []wire.Error{
			{Code: room.CodeForbidden, Message: "Your role may not do this."},
			{Code: room.CodeLobbyNoMatch, TriesLeft: &four},
			{Code: room.CodeLobbyLocked, Temporary: true, RetryMS: 5000},
			{Code: room.CodeSlowDown, Temporary: true, RetryMS: 100_000},
		} {
			go func() { p.refuse(p.expect().ID, want) }()
			_, err := r.LobbyCheck(t.Context(), "eve@example.org")
			var refusal *Error
			if !errors.As(err, &refusal) || !errors.Is(err, want.Code) || refusal.RetryMS != want.RetryMS {
				t.Errorf("got %v, want %s", err, want.Code)
			}
			if want.TriesLeft != nil && (refusal.TriesLeft == nil || *refusal.TriesLeft != 4) {
				t.Error("tries left are not told")
			}
		}
	})
}

func TestRetryThatComesTooLateIsNotAwaited(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		ctx, cancel := context.WithTimeout(t.Context(), 2*time.Second)
		defer cancel()
		go func() { p.refuse(p.expect().ID, wire.Error{Code: room.CodeSlowDown, Temporary: true, RetryMS: 3000}) }()
		at := time.Now()
		_, err := r.Post(ctx, "hurry")
		if !errors.Is(err, room.CodeSlowDown) || time.Since(at) > time.Second {
			t.Errorf("after %v: %v", time.Since(at), err)
		}
	})
}

func TestContextEndsACommand(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		ctx, cancel := context.WithTimeout(t.Context(), time.Second)
		defer cancel()
		if _, err := r.Post(ctx, "unanswered"); !errors.Is(err, context.DeadlineExceeded) {
			t.Errorf("got %v", err)
		}
		if len(r.calls) != 0 {
			t.Error("the call stayed behind")
		}
		late := p.expect()
		p.ok(late.ID, Receipt{}) // harms nobody
		go func() { p.ok(p.expect().ID, room.PeopleList{Total: 3}) }()
		if list, err := r.PeoplePage(t.Context(), room.PeoplePage{}); err != nil || list.Total != 3 {
			t.Errorf("the next command: %+v, %v", list, err)
		}
	})
}

// After so long away the server may have forgotten the key.
func TestOutcomeIsUnknownWhenTheKeyMayBeForgotten(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		done := make(chan error, 1)
		go func() {
			_, err := r.Post(t.Context(), "twice?")
			done <- err
		}()
		p.expect()
		p.cut()
		p = s.peer()
		p.hello() // is answered very late
		for range 200 {
			time.Sleep(15 * time.Second)
			p.cut()
			p = s.peer()
			p.hello()
		}
		p.ok(1, welcome(10, "snapshot"))
		if err := <-done; !errors.Is(err, ErrUnknownOutcome) {
			t.Errorf("got %v", err)
		}
	})
}

func TestTooLongCommandIsNotSent(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, _ := s.join()
		if _, err := r.Post(t.Context(), strings.Repeat("x", wire.MaxClientFrame)); !errors.Is(err, room.CodeTooLong) {
			t.Errorf("got %v", err)
		}
	})
}

func TestEveryCommandFitsTheWire(t *testing.T) {
	perform(t, func(t *testing.T, s *stage) {
		r, p := s.join()
		ctx := t.Context()
		for name, ask := range map[string]func() error{
			"chat.post":        func() error { _, err := r.Reply(ctx, "m1", "yes"); return err },
			"chat.like":        func() error { _, err := r.Unlike(ctx, "m1"); return err },
			"chat.delete":      func() error { _, err := r.Delete(ctx, "m1"); return err },
			"chat.page":        func() error { _, err := r.ChatPage(ctx, "m9", 10); return err },
			"backchannel.post": func() error { _, err := r.Backchannel(ctx, "psst"); return err },
			"backchannel.page": func() error { _, err := r.BackchannelPage(ctx, "", 0); return err },
			"people.page":      func() error { _, err := r.PeoplePage(ctx, room.PeoplePage{Query: "a"}); return err },
			"role.set":         func() error { _, err := r.SetRole(ctx, "p2", room.Speaker); return err },
			"lobby.code":       func() error { _, err := r.LobbyCode(ctx, "123456"); return err },
			"lobby.check":      func() error { _, err := r.LobbyCheck(ctx, "ada@example.org"); return err },
		} {
			go func() {
				got := p.expect()
				if got.Command.Name() != name || (got.Key == "") != question(got.Command) {
					t.Errorf("%s came as %+v", name, got)
				}
				p.ok(got.ID, map[string]any{})
			}()
			if err := ask(); err != nil {
				t.Errorf("%s: %v", name, err)
			}
		}
	})
}
