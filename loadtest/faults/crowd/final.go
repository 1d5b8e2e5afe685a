package crowd

import (
	"context"
	"encoding/json"
	"fmt"
	"sync"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
	"greenroom/hub/store/postgres"
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
	was := p.socket()
	defer func() {
		p.mu.Lock()
		defer p.mu.Unlock()
		p.last = was
	}()
	return persist(ctx, func(ctx context.Context) (*client.Room, error) { return c.Join(ctx, p.house.ID) })
}

// living is the socket of the person's client, not one of another tab.
func (p *Person) living() *tap.Socket {
	for _, s := range p.house.crowd.Tap.Live() {
		if s == p.socket() {
			return s
		}
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

// ReadLogs notes the log of every room as the store has it.
func (c *Crowd) ReadLogs(ctx context.Context) error {
	opened, err := postgres.Open(ctx, postgres.Options{URL: c.World.StoreURL, Connections: 4})
	if err != nil {
		return err
	}
	defer opened.Close()
	for _, h := range c.rooms() {
		state := room.New(h.ID)
		for e, err := range opened.Since(ctx, h.ID, 0) {
			if err != nil {
				return fmt.Errorf("read the log of %s: %w", h.Name, err)
			}
			state.Fold(e)
			kind, data, err := room.EncodeFact(e.Fact)
			if err != nil {
				return err
			}
			c.Note(&history.Logged{Room: string(h.ID), Epoch: state.Epoch, Pos: uint64(e.Seq), StoreAt: int64(e.At), Participant: string(e.Participant),
				Key: string(e.Key), Kind: kind, Data: data})
		}
	}
	return nil
}
