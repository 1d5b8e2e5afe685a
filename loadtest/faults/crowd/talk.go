package crowd

import (
	"context"
	"fmt"
	"math/rand/v2"
	"sync"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
)

// act is one thing that somebody does; how it ends is in the history.
type act struct {
	weight int
	do     func(ctx context.Context, p *Person, r *client.Room, rng *rand.Rand)
}

// What the three kinds of people do, and how often in relation to each other.
var (
	viewerActs = []act{
		{10, post}, {3, like}, {2, page}, {3, ask}, {3, vote}, {2, hand}, {8, answerPoll}, {2, deleteOwn}, {1, react}, {1, trespass},
	}
	speakerActs = []act{
		{8, post}, {6, backchannel}, {2, like}, {2, claimQuestion}, {4, answerPoll}, {1, page},
	}
	moderatorActs = []act{
		{4, post}, {4, backchannel}, {14, setRole}, {6, mute}, {4, publish}, {2, settleQuestion}, {2, clearHands}, {4, poll}, {1, announce}, {1, pin},
	}
	ownerActs = []act{
		{3, post}, {3, backchannel}, {10, setRole}, {4, mute}, {5, poll}, {2, deleteAny}, {2, invitedAs},
	}
)

// Talk lets everybody act until ctx ends, and waits for what is under way.
func (c *Crowd) Talk(ctx context.Context) {
	var all sync.WaitGroup
	for _, h := range c.Houses {
		if h.Name == "quiet" {
			all.Go(func() { h.murmur(ctx) })
			continue
		}
		for _, p := range append(h.people[:len(h.people):len(h.people)], h.owner) {
			all.Go(func() { p.talk(ctx) })
		}
	}
	all.Wait()
}

// murmur is the quiet room, where nothing heals what was lost: one speaks now
// and then, the others only listen.
func (h *House) murmur(ctx context.Context) {
	for n := 0; pause(ctx, 2500*time.Millisecond); n++ {
		if p := h.people[0]; !p.gone() {
			patient(func(ctx context.Context) { _, _ = p.room().Post(ctx, fmt.Sprint("quiet word ", n)) })
		}
	}
}

// pause waits; false: it is over.
func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// patient gives a command as long as a person would wait. What has begun is
// ended although the talk is over.
func patient(do func(ctx context.Context)) {
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	do(ctx)
}

func (p *Person) acts() (acts []act, each time.Duration) {
	switch p.Role {
	case "owner":
		return ownerActs, 900 * time.Millisecond
	case "moderator":
		return moderatorActs, 900 * time.Millisecond
	case "speaker":
		return speakerActs, 2500 * time.Millisecond
	}
	return viewerActs, 5 * time.Second
}

func (p *Person) talk(ctx context.Context) {
	rng := p.house.crowd.random(uint64(p.n))
	acts, each := p.acts()
	for pause(ctx, time.Duration((0.5+rng.Float64())*float64(each))) && !p.gone() {
		if r := p.room(); r.Phase() == room.PhaseLive {
			patient(func(ctx context.Context) { choose(acts, rng).do(ctx, p, r, rng) })
		}
	}
}

func choose(acts []act, rng *rand.Rand) act {
	sum := 0
	for _, a := range acts {
		sum += a.weight
	}
	n := rng.IntN(sum)
	for _, a := range acts {
		if n -= a.weight; n < 0 {
			return a
		}
	}
	return acts[0]
}

// text is unique and long enough to be looked for.
func (p *Person) text(rng *rand.Rand) string {
	return fmt.Sprintf("%s says %016x", p.Name, rng.Uint64())
}

func post(ctx context.Context, p *Person, r *client.Room, rng *rand.Rand) {
	if to := anyMessage(r, rng); to != "" && rng.IntN(5) == 0 {
		_, _ = r.Reply(ctx, to, p.text(rng))
		return
	}
	_, _ = r.Post(ctx, p.text(rng))
}

func backchannel(ctx context.Context, p *Person, r *client.Room, rng *rand.Rand) {
	_, _ = r.Backchannel(ctx, "among us: "+p.text(rng))
}

// trespass tries what one's role may forbid.
func trespass(ctx context.Context, p *Person, r *client.Room, rng *rand.Rand) {
	if rng.IntN(2) == 0 {
		_, _ = r.BackchannelPage(ctx, "", 10)
		return
	}
	backchannel(ctx, p, r, rng)
}

func like(ctx context.Context, _ *Person, r *client.Room, rng *rand.Rand) {
	if id := anyMessage(r, rng); id != "" {
		if rng.IntN(3) == 0 {
			_, _ = r.Unlike(ctx, id)
		} else {
			_, _ = r.Like(ctx, id)
		}
	}
}

func page(ctx context.Context, _ *Person, r *client.Room, rng *rand.Rand) {
	switch rng.IntN(3) {
	case 0:
		_, _ = r.ChatPage(ctx, "", 20)
	case 1:
		_, _ = r.BackchannelPage(ctx, "", 20)
	default:
		_, _ = r.PeoplePage(ctx, room.PeoplePage{Limit: 20})
	}
}

func react(ctx context.Context, _ *Person, r *client.Room, rng *rand.Rand) {
	_ = r.React(ctx, room.Reactions[rng.IntN(len(room.Reactions))])
}

func deleteOwn(ctx context.Context, p *Person, r *client.Room, _ *rand.Rand) {
	var id string
	r.Read(func(m *room.Mirror) {
		for _, x := range m.Chat.Items {
			if x.Participant == m.You.Participant {
				id = x.ID
			}
		}
	})
	if id != "" {
		_, _ = r.Delete(ctx, id)
	}
}

func deleteAny(ctx context.Context, _ *Person, r *client.Room, rng *rand.Rand) {
	if id := anyMessage(r, rng); id != "" {
		_, _ = r.Delete(ctx, id)
	}
}

func anyMessage(r *client.Room, rng *rand.Rand) (id string) {
	r.Read(func(m *room.Mirror) {
		if n := len(m.Chat.Items); n > 0 {
			id = m.Chat.Items[n-1-rng.IntN(min(n, 20))].ID
		}
	})
	return id
}

func hand(ctx context.Context, _ *Person, r *client.Room, rng *rand.Rand) {
	if rng.IntN(2) == 0 {
		_, _ = r.RaiseHand(ctx)
	} else {
		_, _ = r.LowerHand(ctx, "", "")
	}
}

func clearHands(ctx context.Context, _ *Person, r *client.Room, _ *rand.Rand) {
	_, _ = r.ClearHands(ctx)
}

// someone gives a person of the first few viewers, so that one and the same is
// promoted, muted and demoted often.
func (h *House) someone(rng *rand.Rand) *Person {
	all := h.viewers()
	if len(all) == 0 {
		return h.people[rng.IntN(len(h.people))]
	}
	return all[rng.IntN(min(len(all), 8))]
}

func setRole(ctx context.Context, p *Person, r *client.Room, rng *rand.Rand) {
	to := []room.Role{room.Viewer, room.Viewer, room.Speaker, room.Moderator}[rng.IntN(4)]
	if p.Role != "owner" && to == room.Moderator {
		to = room.Speaker
	}
	_, _ = r.SetRole(ctx, p.house.someone(rng).participant(), to)
}

func mute(ctx context.Context, p *Person, r *client.Room, rng *rand.Rand) {
	if who := p.house.someone(rng).participant(); rng.IntN(2) == 0 {
		_ = r.Mute(ctx, who, "rest a little")
	} else {
		_ = r.Unmute(ctx, who)
	}
}

// invitedAs changes a role by the other way, over HTTP.
func invitedAs(ctx context.Context, p *Person, _ *client.Room, rng *rand.Rand) {
	who := p.house.someone(rng)
	to := []string{"viewer", "speaker"}[rng.IntN(2)]
	_ = p.call(ctx, "PATCH", "api/v1/rooms/"+string(p.house.ID)+"/invitations/"+string(who.invited.ID), map[string]string{"type": to})
}

func announce(ctx context.Context, p *Person, r *client.Room, rng *rand.Rand) {
	_, _ = r.Announce(ctx, p.text(rng), room.ToInside, 0)
}

func pin(ctx context.Context, _ *Person, r *client.Room, rng *rand.Rand) {
	if id := anyMessage(r, rng); id != "" {
		_ = r.Pin(ctx, id)
	}
}
