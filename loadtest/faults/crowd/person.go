package crowd

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
	"greenroom/loadtest/faults/history"
	"greenroom/loadtest/faults/world"
)

// Person is somebody, at one device at a time.
type Person struct {
	Name  string // unique in the history
	Role  string // invited as
	Email string

	house *House
	n     int64
	home  *world.Instance // where they go as long as it answers
	from  net.IP

	// Set on the way in.
	invited client.Invitation

	at      *Device // where they are first
	devices atomic.Int64

	mu     sync.Mutex
	client *client.Client
	live   *client.Room
}

func (c *Crowd) person(h *House, name, role string) *Person {
	n := c.people.Add(1)
	p := &Person{
		Name: name, Role: role, Email: fmt.Sprintf("p%04d@example.org", n), house: h, n: n,
		home: c.World.Instances[int(n)%len(c.World.Instances)], from: net.IPv4(127, 0, 0, byte(2+n%200)),
	}
	p.at = p.device(nil)
	return p
}

// declare says in the history who this is, as far as it is known.
func (p *Person) declare() {
	e := &history.Person{Person: p.Name, Room: string(p.house.ID), Role: p.Role, Participant: string(p.invited.Participant), Invitation: string(p.invited.ID)}
	if p.Role != "owner" {
		e.Email, e.First, e.Last = p.Email, p.first(), p.surname()
	}
	if r := p.room(); r != nil && e.Participant == "" {
		e.Participant = string(r.You().Participant)
	}
	p.house.crowd.Note(e)
}

func (p *Person) first() string   { return fmt.Sprintf("Firstname%04d", p.n) }
func (p *Person) surname() string { return fmt.Sprintf("Surname%04d", p.n) }

// invite makes the invitation.
func (p *Person) invite(ctx context.Context) error {
	i, err := persist(ctx, func(ctx context.Context) (client.Invitation, error) {
		return p.house.site.Invite(ctx, p.house.ID, client.Invite{Email: p.Email, FirstName: p.first(), LastName: p.surname(), Type: p.Role})
	})
	if err != nil {
		return fmt.Errorf("invite %s: %w", p.Name, err)
	}
	if i.URL == "" { // the answer to the first attempt was lost
		if i, err = persist(ctx, func(ctx context.Context) (client.Invitation, error) {
			return p.house.site.NewLink(ctx, p.house.ID, i.ID)
		}); err != nil {
			return fmt.Errorf("a new link for %s: %w", p.Name, err)
		}
	}
	p.invited = i
	p.house.crowd.Tap.Know(string(i.ID), p.Name)
	p.house.crowd.Tap.Know(p.Email, p.Name)
	p.declare()
	return nil
}

// link is the newest one.
func (p *Person) link() string {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.invited.URL
}

// arrive is the way from the invitation to the countdown, or inside if the door
// is open, with the address proved.
func (p *Person) arrive(ctx context.Context) error {
	if err := p.invite(ctx); err != nil {
		return err
	}
	c, r, err := p.at.enter(ctx)
	if err != nil {
		return err
	}
	p.settle(c, r)
	p.declare() // an invitation whose answer was lost does not say who they are
	return nil
}

func (p *Person) joinAsManager(ctx context.Context) error {
	c, err := p.house.site.Client(p.at.options()...)
	if err != nil {
		return err
	}
	r, err := persist(ctx, func(ctx context.Context) (*client.Room, error) { return c.Join(ctx, p.house.ID) })
	if err != nil {
		return fmt.Errorf("%s joins: %w", p.Name, err)
	}
	p.settle(c, r)
	p.declare()
	return nil
}

// settle makes this the person's place.
func (p *Person) settle(c *client.Client, r *client.Room) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.client, p.live = c, r
}

// opened is their web session.
func (p *Person) opened() *client.Client {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.client
}

// room is where the person is; nil: nowhere.
func (p *Person) room() *client.Room {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.live
}

// gone says whether the room has ended for them, as after a ban.
func (p *Person) gone() bool {
	r := p.room()
	if r == nil {
		return true
	}
	select {
	case <-r.Done():
		return true
	default:
		return false
	}
}

// inside waits until the person is in the open room.
func (p *Person) inside(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	if err := p.room().Until(ctx, func(m *room.Mirror) bool { return m.Phase == room.PhaseLive }); err != nil {
		return fmt.Errorf("%s waits for the door: %w", p.Name, err)
	}
	return nil
}

// participant is who they are in the room.
func (p *Person) participant() room.ParticipantID {
	if r := p.room(); r != nil {
		return r.You().Participant
	}
	return p.invited.Participant
}

// leave hangs up.
func (p *Person) leave() {
	if r := p.room(); r != nil {
		p.house.crowd.Note(&history.Left{Person: p.Name}) // who is just coming back has no connection that would say so
		r.Close()
	}
}
