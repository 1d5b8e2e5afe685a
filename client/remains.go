package client

import (
	"context"
	"net/http"
	"time"

	"greenroom/hub/room"
)

// Remains is what is left of a room: results that were shared, public questions
// with their answers, the pinned message, and words of farewell.
type Remains struct {
	Title        string              `json:"title"`
	Organiser    string              `json:"organiser"`
	StartsAt     time.Time           `json:"starts_at"`
	OpenedAt     time.Time           `json:"opened_at"` // zero: never
	ClosedAt     time.Time           `json:"closed_at"` // zero: not yet
	Shown        bool                `json:"shown"`     // to whoever was let in, when the room is over
	ClosingWords string              `json:"closing_words"`
	ClosingLink  string              `json:"closing_link"`
	Pin          *RemainingPin       `json:"pin"`
	Interactions []RemainingResult   `json:"interactions"`
	Questions    []RemainingQuestion `json:"questions"`
}

// RemainingPin is the message that was pinned.
type RemainingPin struct {
	Name string `json:"name"`
	Text string `json:"text"`
}

// RemainingResult is a closed interaction whose results were shared.
type RemainingResult struct {
	ID string `json:"id"`
	room.InteractionForm
	ClosedAt time.Time     `json:"closed_at"`
	Outcome  *room.Outcome `json:"outcome"`
}

// RemainingQuestion is a public question with its answer. Name is empty if it
// was asked anonymously.
type RemainingQuestion struct {
	ID     string          `json:"id"`
	Name   string          `json:"name"`
	Text   string          `json:"text"`
	Votes  int             `json:"votes"`
	Answer RemainingAnswer `json:"answer"`
}

// RemainingAnswer was given in writing, or live.
type RemainingAnswer struct {
	Name string `json:"name"`
	Text string `json:"text"`
	Live bool   `json:"live"`
}

// Results gives what remains of a room to its managers.
func (s Site) Results(ctx context.Context, id room.ID) (Remains, error) {
	return site[Remains](ctx, s, http.MethodGet, nil, "rooms", string(id), "results")
}

// Results gives what remains of a room that is over to whoever was let in, if
// its managers wish that. To others there is nothing: [room.CodeNotFound].
func (c *Client) Results(ctx context.Context, id room.ID) (remains Remains, err error) {
	err = c.call(ctx, http.MethodGet, sitePath([]string{"rooms", string(id), "results"}), nil, &remains)
	return remains, err
}
