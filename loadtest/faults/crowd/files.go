package crowd

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"time"

	"greenroom/client"
)

// playFiles makes somebody with an account a manager, again and again, who asks
// all the time, on every instance, for files of what the room has said. So does
// a guest of staff, who never gets any (R7).
func playFiles(ctx context.Context, guest *Person, rng *rand.Rand) error {
	m, err := guest.house.newManager(ctx)
	if err != nil {
		return err
	}
	asking, hush := context.WithCancel(ctx)
	defer hush()
	var all sync.WaitGroup
	for n, i := range m.house.crowd.World.Instances {
		seed := rng.Uint64()
		all.Go(func() { m.asksForFiles(asking, m.device(i).files(m.key), seed) })
		if n == 0 {
			all.Go(func() { guest.asksForFiles(asking, guest.tab(i).cookies(guest.opened()), seed) })
		}
	}
	for range 3 {
		if err = m.manages(ctx, http.MethodPut, map[string]string{"right": "co-editor"}); err != nil {
			break
		}
		pause(ctx, time.Second)
		if err = m.manages(ctx, http.MethodDelete, struct{}{}); err != nil {
			break
		}
		pause(ctx, 700*time.Millisecond)
	}
	hush()
	all.Wait()
	return err
}

// manager is somebody with an account and a key of their own.
type manager struct {
	*Person
	account, key string
}

func (h *House) newManager(ctx context.Context) (*manager, error) {
	c := h.crowd
	m := &manager{Person: c.person(h, fmt.Sprintf("manager%d@%s", c.scenes.Add(1), h.Name), "manager")}
	answer, err := persist(ctx, func(ctx context.Context) ([]byte, error) {
		return h.owner.ask(ctx, http.MethodPost, "api/v1/people", map[string]string{"email": m.Email, "first_name": m.first(), "last_name": m.surname()})
	})
	if err != nil {
		return nil, fmt.Errorf("an account for %s: %w", m.Name, err)
	}
	var made struct{ ID string }
	if err := json.Unmarshal(answer, &made); err != nil {
		return nil, err
	}
	m.account = made.ID
	c.Tap.Know(m.account, m.Name)
	m.declare()
	m.key, err = persist(ctx, func(ctx context.Context) (string, error) { return c.World.NewKey(ctx, m.Email) })
	return m, err
}

// manages gives the right in the room, or takes it.
func (m *manager) manages(ctx context.Context, method string, body any) error {
	_, err := persist(ctx, func(ctx context.Context) ([]byte, error) {
		return m.house.owner.ask(ctx, method, "api/v1/rooms/"+string(m.house.ID)+"/managers/"+m.account, body)
	})
	if err != nil {
		return fmt.Errorf("%s of %s as a manager: %w", method, m.Name, err)
	}
	return nil
}

// asksForFiles asks until ctx ends.
func (p *Person) asksForFiles(ctx context.Context, as asker, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 2))
	for pause(ctx, time.Duration(400+rng.IntN(1000))*time.Millisecond) {
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), 8*time.Second)
		what := []string{"backchannel", "questions", "chat", "attendance"}[rng.IntN(4)]
		_, _ = as.ask(asking, http.MethodPost, "api/v1/rooms/"+string(p.house.ID)+"/exports", map[string]string{"what": what, "format": "json"})
		cancel()
	}
}

// files asks from a device with a key.
func (d *Device) files(key string) asker {
	return asker{d, http.Header{"Authorization": {"Bearer " + key}}}
}

// cookies asks from a device as a page does.
func (d *Device) cookies(c *client.Client) asker {
	var cookies []string
	for _, one := range c.Cookies() {
		cookies = append(cookies, one.Name+"="+one.Value)
	}
	return asker{d, http.Header{"Origin": {d.person.house.crowd.World.Public}, "Cookie": {strings.Join(cookies, "; ")}}}
}
