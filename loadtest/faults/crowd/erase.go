package crowd

import (
	"bytes"
	"context"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"os/exec"
	"slices"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store/postgres"
	"greenroom/loadtest/faults/history"
)

// playErase erases somebody who has written, asked, announced and answered, and
// looks for what is left of them (E1).
func playErase(ctx context.Context, p *Person, rng *rand.Rand) error {
	c := p.house.crowd
	words := []string{p.Email, p.first(), p.surname()}
	for _, do := range []func(text string) room.Command{
		func(text string) room.Command { return room.ChatPost{Text: text} },
		func(text string) room.Command { return room.BackchannelPost{Text: text} },
		func(text string) room.Command { return room.QuestionAsk{Text: text} },
		func(text string) room.Command { return room.Announce{Text: text, To: room.ToInside} },
	} {
		text := p.text(rng)
		words = append(words, text)
		patient(func(ctx context.Context) { _, _ = p.room().Do(ctx, "", do(text)) })
	}
	if err := p.erase(ctx); err != nil {
		return err
	}
	if err := c.redacted(ctx); err != nil {
		return nil // an instance died over it; another takes it up later
	}
	return c.search(ctx, p, words)
}

// redacted waits until no log has anything to be taken out.
func (c *Crowd) redacted(ctx context.Context) error {
	opened, err := persist(ctx, c.openStore)
	if err != nil {
		return err
	}
	defer opened.Close()
	for {
		if n, err := opened.RedactionsWaiting(ctx); err == nil && n == 0 {
			return nil
		}
		if !pause(ctx, 300*time.Millisecond) {
			return ctx.Err()
		}
	}
}

func (c *Crowd) openStore(ctx context.Context) (*postgres.Store, error) {
	return postgres.Open(ctx, postgres.Options{URL: c.World.StoreURL, Connections: 4})
}

// erase asks for the erasure and waits until it is done.
func (p *Person) erase(ctx context.Context) error {
	owner := p.house.owner
	_, err := persist(ctx, func(ctx context.Context) ([]byte, error) {
		return owner.ask(ctx, "POST", "api/v1/site/erasures", map[string]string{"confirm": p.Email, "person": ""})
	})
	if err != nil {
		return fmt.Errorf("erase %s: %w", p.Name, err)
	}
	for pause(ctx, 500*time.Millisecond) {
		answer, err := owner.ask(ctx, "GET", "api/v1/site/erasures", nil)
		var all []struct {
			DoneAt *time.Time `json:"done_at"`
		}
		if err != nil || json.Unmarshal(answer, &all) != nil {
			continue // what is broken stands in the way
		}
		if !slices.ContainsFunc(all, func(e struct {
			DoneAt *time.Time `json:"done_at"`
		}) bool {
			return e.DoneAt == nil || e.DoneAt.IsZero()
		}) {
			return nil
		}
	}
	return fmt.Errorf("the erasure of %s is not done", p.Name)
}

// search looks through all that the store holds, and through an export.
func (c *Crowd) search(ctx context.Context, p *Person, words []string) error {
	dump, err := exec.CommandContext(ctx, "pg_dump", "--data-only", "--dbname", c.World.StoreURL).Output()
	if err != nil {
		return nil // PostgreSQL is being restarted
	}
	c.Note(&history.Searched{Person: p.Name, Where: "store", Looked: len(dump), Found: foundIn(dump, words)})
	export, err := p.house.owner.ask(ctx, "POST", "api/v1/site/exports", map[string]string{"email": p.Email})
	if err != nil {
		return nil
	}
	// An export begins with whose it is: the address that was asked for.
	c.Note(&history.Searched{Person: p.Name, Where: "export", Looked: len(export), Found: foundIn(export, words[1:])})
	return nil
}

// foundIn gives the words that stand in a text, or as bytes in hexadecimal, as
// pg_dump writes snapshots.
func foundIn(text []byte, words []string) (found []string) {
	for _, w := range words {
		if bytes.Contains(text, []byte(w)) || bytes.Contains(text, []byte(hex.EncodeToString([]byte(w)))) {
			found = append(found, w)
		}
	}
	return found
}
