package crowd

import (
	"context"
	"math/rand/v2"
	"regexp"
	"strconv"
	"strings"
	"time"

	"greenroom/client"
	"greenroom/hub/room"
	"greenroom/loadtest/faults/history"
)

// outbox is what may wait for one connection (PROTOCOL §7).
const outbox = 256 << 10

// mostStalled is how long a reader stalls at most.
const mostStalled = 20 * time.Second

// playStall is a reader that stops reading while others write long messages
// (S1).
func playStall(ctx context.Context, c *Crowd, rng *rand.Rand) error {
	h := c.busy(rng)
	reader, err := c.guest(ctx, h, "viewer")
	if err != nil {
		return err
	}
	writer, err := c.guest(ctx, h, "speaker")
	if err != nil {
		return err
	}
	defer writer.leave()
	defer reader.leave()
	socket := reader.at.socket()
	from := c.Tap.Now()
	socket.Stall()
	c.shout(ctx, writer.room(), socket.Ended(), rng)
	held := int64(0)
	if i := c.World.Find(socket.Who().Instance); i != nil {
		if text, err := i.Metrics(ctx); err == nil {
			held = gauge(text, "greenroom_slow_consumer_bytes_max")
		}
	}
	c.Note(&history.Stalled{Conn: socket.Number(), Room: string(h.ID), From: from, Until: c.Tap.Now(), Held: held, Limit: outbox})
	return nil
}

// shout writes long messages until the reader is thrown out, or for a while.
func (c *Crowd) shout(ctx context.Context, r *client.Room, ended <-chan struct{}, rng *rand.Rand) {
	for until := time.Now().Add(mostStalled); time.Now().Before(until); {
		asking, cancel := context.WithTimeout(ctx, 5*time.Second)
		_, _ = r.Do(asking, "", room.ChatPost{Text: strconv.FormatUint(rng.Uint64(), 36) + strings.Repeat("€", 1900)})
		cancel()
		select {
		case <-ended:
			return
		case <-time.After(200 * time.Millisecond):
		}
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
