package hub

import (
	"fmt"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

// meter is a connection that counts what it is sent, by the second.
type meter struct {
	guest
	began  time.Time
	frames map[int]int
	bytes  map[int]int
}

func (m *meter) Send(frames []byte) error {
	if err := m.guest.Send(frames); err != nil {
		return err
	}
	second := int(time.Since(m.began) / time.Second)
	m.bytes[second] += len(frames)
	for rest := frames; len(rest) > 0; m.frames[second]++ {
		f := wire.Frame(rest)
		rest = rest[wholeFrame(f):]
	}
	return nil
}

// wholeFrame is the length of the first of several frames.
func wholeFrame(f wire.Frame) int {
	switch f[1] {
	case 126:
		return 4 + int(f[2])<<8 + int(f[3])
	case 127:
		return len(f)
	}
	return 2 + int(f[1])
}

// A storm of everything that viewers can do costs one who only looks on no more
// than the budget (PROTOCOL §7), and nothing of what is shown is missing.
func TestStormStaysWithinTheBudgetOfAViewer(t *testing.T) {
	inWorld(t, 1, nil, func(w *world) {
		const crowd, lasts = 120, 5
		openRoom(w)
		owner := w.enter(0, manager)
		wantOK(w.t, owner.do(room.InteractionCreate{InteractionForm: room.InteractionForm{Kind: "choice", Question: "Tea?", Options: []string{"yes", "no"}, Results: "live"}}))
		synctest.Wait() // an event may come after the reply
		poll := owner.last("interaction.created")["id"].(string)
		people := make([]*guest, crowd)
		for i := range people {
			name := fmt.Sprint("guest", i)
			people[i] = w.enter(0, w.invite(name, room.Viewer))
			wantOK(w.t, people[i].lobby(name))
		}
		by := w.invite("looker", room.Viewer)
		looker := &meter{guest: guest{t: w.t, id: 1}, frames: map[int]int{}, bytes: map[int]int{}}
		s, err := w.hubs[0].Join(w.t.Context(), Join{Room: w.room, Actor: by, Conn: looker, Hello: wire.Hello{Room: w.room}, ReplyTo: 1})
		if err != nil {
			w.t.Fatal(err)
		}
		looker.session = s
		wantOK(w.t, looker.lobby("looker"))
		wantOK(w.t, owner.do(room.InteractionLaunch{ID: poll}))
		time.Sleep(3 * time.Second)
		synctest.Wait()
		looker.began, looker.frames, looker.bytes = time.Now(), map[int]int{}, map[int]int{}
		from := len(looker.all())
		posted, answered, refused := map[room.Seq]bool{}, map[int]bool{}, 0
		for round := range lasts * 4 {
			for i, g := range people {
				switch (i + round) % 4 {
				case 0:
					if m := g.do(room.ChatPost{Text: strings.Repeat("storm ", 200)}); m.Err == nil {
						posted[posOf(w.t, m)] = true
					} else if m.Err.Code == room.CodeSlowDown {
						refused++
					}
				case 1:
					g.do(room.ReactionSend{Emoji: room.Reactions[i%len(room.Reactions)]})
				case 2:
					if m := g.do(room.InteractionAnswer{ID: poll, Choices: []int{i % 2}}); m.Err == nil {
						answered[i] = true
					}
				case 3:
					g.do(room.HandRaise{})
				}
				time.Sleep(time.Second / 4 / crowd)
			}
		}
		time.Sleep(3 * time.Second)
		synctest.Wait()
		seen := map[room.Seq]bool{}
		var last room.Seq
		for _, m := range looker.all()[from:] {
			if m.Event == "" {
				continue
			}
			if m.Pos < last {
				w.t.Errorf("place %d after %d", m.Pos, last)
			}
			if last = m.Pos; m.Event == "chat.posted" {
				seen[m.Pos] = true
			}
		}
		if len(posted) == 0 || refused == 0 || len(seen) != len(posted) {
			w.t.Errorf("%d posted, %d refused, %d seen", len(posted), refused, len(seen))
		}
		all := looker.tallies(w.t)
		if last := all[len(all)-1].Items[0]; last.Answers != len(answered) {
			w.t.Errorf("the last tally tells %d answers of %d", last.Answers, len(answered))
		}
		total := 0
		for second := range lasts {
			if n := looker.frames[second]; n > wire.BudgetFrames {
				w.t.Errorf("second %d: %d frames", second, n)
			}
			total += looker.bytes[second]
		}
		if most := wire.BudgetBytes * (lasts + 2); total > most { // two seconds' worth may come at once
			w.t.Errorf("%d bytes in %d s, at most %d", total, lasts, most)
		}
		w.t.Logf("%d bytes, %v frames, %d posted, %d refused", total, looker.frames, len(posted), refused)
	})
}
