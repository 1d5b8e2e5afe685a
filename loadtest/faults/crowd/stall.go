package crowd

import (
	"context"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"sync"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
	"greenroom/loadtest/faults/history"
	"greenroom/loadtest/faults/tap"
	"greenroom/loadtest/faults/world"
)

// slowness is how somebody takes what they are sent.
type slowness func(*tap.Socket)

func stops(s *tap.Socket) { s.Slow(0) }

func trickles(s *tap.Socket) { s.Slow(16) }

// outbox is what may wait for one connection (PROTOCOL §7).
const outbox = 256 << 10

// mostStalled is how long a reader stalls at most.
const mostStalled = 20 * time.Second

// slowly is a reader that takes next to nothing any more while others write
// long messages, until they are dropped or for a while (S1).
func slowly(slow slowness) func(context.Context, *Person, *rand.Rand) error {
	return func(ctx context.Context, reader *Person, rng *rand.Rand) error {
		c, h := reader.house.crowd, reader.house
		socket := reader.at.socket()
		i := c.World.Find(socket.Who().Instance)
		before, from := dropped(ctx, i), c.Tap.Now()
		slow(socket)
		shouting, hush := context.WithTimeout(ctx, mostStalled)
		defer hush()
		var all sync.WaitGroup
		for range 2 {
			writer, err := c.guest(ctx, h, "speaker")
			if err != nil {
				return err
			}
			defer writer.leave()
			seed := rng.Uint64()
			all.Go(func() { shout(shouting, writer.room(), seed) })
		}
		held := int64(0)
		for dropping := false; !dropping && pause(shouting, 500*time.Millisecond); {
			now := dropped(ctx, i)
			if dropping = now.times > before.times; dropping {
				held = max(held, now.held)
			}
			if now.most > before.most {
				held = max(held, now.most)
			}
		}
		hush()
		all.Wait()
		c.Note(&history.Stalled{Conn: socket.Number(), Room: string(h.ID), From: from, Until: c.Tap.Now(), Held: held, Limit: outbox})
		return nil
	}
}

// drops is what an instance says of those whom it dropped for their slowness:
// how many, and the most that was held for one; and of all others, the most that
// waited for one.
type drops struct{ times, held, most int64 }

func dropped(ctx context.Context, i *world.Instance) drops {
	text, err := i.Metrics(ctx)
	if err != nil {
		return drops{} // it does not run
	}
	return drops{gauge(text, "greenroom_slow_consumers_total"), gauge(text, "greenroom_slow_consumer_bytes_max"), gauge(text, "greenroom_outbox_bytes_max")}
}

// shout writes long messages until ctx ends.
func shout(ctx context.Context, r *client.Room, seed uint64) {
	rng := rand.New(rand.NewPCG(seed, 3))
	for pause(ctx, 200*time.Millisecond) {
		asking, cancel := context.WithTimeout(context.WithoutCancel(ctx), 5*time.Second)
		_, _ = r.Do(asking, "", room.ChatPost{Text: strconv.FormatUint(rng.Uint64(), 36) + strings.Repeat("€", 1900)})
		cancel()
	}
}

// gauge reads one number of /metrics.
func gauge(text, name string) int64 {
	found := regexp.MustCompile(`(?m)^` + name + ` (\S+)$`).FindStringSubmatch(text)
	if found == nil {
		return 0
	}
	v, err := strconv.ParseFloat(found[1], 64)
	if err != nil {
		return 0
	}
	return int64(v)
}
