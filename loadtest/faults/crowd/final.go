package crowd

import (
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"slices"
	"sync"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/loadtest/faults/history"
	"greenroom/loadtest/faults/tap"
)

// calm is how long nothing happens before states are compared (L7, C1).
const calm = 10 * time.Second

// Compare notes, with no fault on and nobody acting, what everybody is told of
// the number of people, what their clients know and what a fresh snapshot says.
// It waits for calm first.
func (c *Crowd) Compare(ctx context.Context, round int, final bool) error {
	since := c.Tap.Now()
	if !pause(ctx, calm) {
		return ctx.Err()
	}
	c.Note(&history.Quiet{Round: round, Since: since, Final: final})
	c.count(round)
	var all []*Person
	for _, h := range c.Houses {
		all = append(all, append(h.people[:len(h.people):len(h.people)], h.owner)...)
	}
	return each(ctx, 12, all, func(ctx context.Context, p *Person) error {
		if p.gone() {
			return nil
		}
		return p.compare(ctx, round)
	})
}

// count notes what each connection in an open room was told last of how many
// are inside, and how many participants have a connection there.
func (c *Crowd) count(round int) {
	live := c.Tap.Live()
	inside := map[string]map[string]bool{}
	for _, s := range live {
		if _, phase := s.Counted(); phase == string(room.PhaseLive) {
			who := s.Who()
			if inside[who.Room] == nil {
				inside[who.Room] = map[string]bool{}
			}
			inside[who.Room][who.Person] = true
		}
	}
	for _, s := range live {
		if told, phase := s.Counted(); phase == string(room.PhaseLive) && told >= 0 {
			who := s.Who()
			c.Note(&history.Counted{Round: round, Room: who.Room, Conn: s.Number(), Instance: who.Instance, Told: told, Connected: len(inside[who.Room])})
		}
	}
}

// compare notes what somebody's client knows beside what a fresh one is told.
func (p *Person) compare(ctx context.Context, round int) error {
	p.mu.Lock()
	c, live := p.client, p.live
	p.mu.Unlock()
	fresh, err := p.again(ctx, c)
	if err != nil {
		return fmt.Errorf("%s once more: %w", p.Name, err)
	}
	defer fresh.Close()
	socket := p.living()
	var folded, told room.Mirror
	fresh.Read(func(m *room.Mirror) { told = *m })
	live.Read(func(m *room.Mirror) { folded = *m })
	a, b := normals(&folded, &told)
	state := history.State{Round: round, Person: p.Name, Room: string(p.house.ID)}
	of := func(source string, pos room.Seq, text json.RawMessage) *history.State {
		s := state
		s.Source, s.Pos, s.State = source, uint64(pos), text
		return &s
	}
	known := of(history.Folded, folded.Pos, a)
	if socket != nil {
		known.Conn, known.Resumed = socket.Number(), socket.Resumed()
	}
	p.house.crowd.Note(known)
	p.house.crowd.Note(of(history.Fresh, told.Pos, b))
	return nil
}

// again joins once more beside the living connection: another tab.
func (p *Person) again(ctx context.Context, c *client.Client) (*client.Room, error) {
	tab := &Device{person: p, name: p.at.name, home: p.at.home, from: p.from}
	return persist(ctx, func(ctx context.Context) (*client.Room, error) { return c.Join(ctx, p.house.ID, tab.options()...) })
}

// living is the socket of the person's client, if it is there.
func (p *Person) living() *tap.Socket {
	is := p.at.socket()
	if slices.Contains(p.house.crowd.Tap.Live(), is) {
		return is
	}
	return nil
}

// Leave hangs everybody up.
func (c *Crowd) Leave() {
	var all sync.WaitGroup
	for _, h := range c.rooms() {
		for _, p := range append(h.people[:len(h.people):len(h.people)], h.owner) {
			all.Go(p.leave)
		}
	}
	all.Wait()
}

// mostRedacting is how long a log may wait to be redacted when the instance that
// had begun with it was killed: it had that for five minutes.
const mostRedacting = 7 * time.Minute

// ReadLogs notes the log of every room as the store has it, when nothing is left
// to be taken out.
func (c *Crowd) ReadLogs(ctx context.Context) error {
	redacting, cancel := context.WithTimeout(ctx, mostRedacting)
	defer cancel()
	if err := c.redacted(redacting); err != nil {
		return fmt.Errorf("logs are not redacted: %w", err)
	}
	opened, err := c.openStore(ctx)
	if err != nil {
		return err
	}
	defer opened.Close()
	restored, err := opened.Secret(ctx, "restored")
	if err != nil {
		return err
	}
	for _, h := range c.rooms() {
		if err := h.readLog(ctx, opened, hex.EncodeToString(restored[:6])); err != nil {
			return fmt.Errorf("read the log of %s: %w", h.Name, err)
		}
	}
	return nil
}

// readLog notes a room's log. Behind its epoch people are told one of the whole
// store, which is another one when a backup has come back.
func (h *House) readLog(ctx context.Context, from store.Log, restored string) error {
	var log []*history.Logged
	state, erased := room.New(h.ID), map[room.ParticipantID]bool{}
	for e, err := range from.Since(ctx, h.ID, 0) {
		if err != nil {
			return err
		}
		state.Fold(e)
		kind, data, err := room.EncodeFact(e.Fact)
		if err != nil {
			return err
		}
		if gone, ok := e.Fact.(room.Erased); ok {
			erased[gone.Participant] = true
		}
		log = append(log, &history.Logged{Room: string(h.ID), Epoch: state.Epoch + restored, Pos: uint64(e.Seq), StoreAt: int64(e.At), Participant: string(e.Participant),
			Key: string(e.Key), Kind: kind, Data: data})
	}
	for _, e := range log {
		e.Tombstone = erased[room.ParticipantID(e.Participant)] || wordless(e.Data)
		h.crowd.Note(e)
	}
	return nil
}

// wordless says whether a fact's text has been taken out: nobody can write an
// empty one.
func wordless(fact json.RawMessage) bool {
	var f struct{ Text *string }
	return json.Unmarshal(fact, &f) == nil && f.Text != nil && *f.Text == ""
}
