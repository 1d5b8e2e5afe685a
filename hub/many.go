package hub

import (
	"context"
	"errors"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// Ask is one of the commands that DoAll judges; Rows is as with Do.
type Ask struct {
	Command room.Command
	Rows    func([]room.Event) []store.Row
}

// Told is what came of an Ask. Events is empty if it was so already. The error
// is a *room.Refusal, or why the rest was not reached.
type Told struct {
	Events []room.Event
	Err    error
}

// together is how many asks of one DoAll wait for the feed at once. They share
// few commits, and leave the queue to others as well.
const together = 512

// DoAll judges many commands of one asker as Do would, each at its own place
// in the log and in their order; others' commands may come between. It does
// not stop at a refusal, but where the store fails or ctx ends: what was not
// reached has that error. The state is after them all; nil if the room cannot
// be reached.
func (h *Hub) DoAll(ctx context.Context, id room.ID, by room.Actor, asks []Ask) ([]Told, *room.State) {
	told := make([]Told, 0, len(asks))
	for len(told) < len(asks) {
		next := asks[len(told):min(len(told)+together, len(asks))]
		outcomes, err := h.submitAll(ctx, id, by, next)
		for _, out := range outcomes {
			told = append(told, Told{out.events, out.err})
			err = errors.Join(err, broken(out.err))
		}
		if err != nil {
			for len(told) < len(asks) {
				told = append(told, Told{Err: err})
			}
		}
	}
	state, err := h.State(ctx, id)
	if err != nil {
		return told, nil
	}
	return told, state
}

// broken gives an error that is no refusal.
func broken(err error) error {
	var no *room.Refusal
	if errors.As(err, &no) {
		return nil
	}
	return err
}

// submitAll hands operations to the room's feed and waits for what came of
// them, as far as it got.
func (h *Hub) submitAll(ctx context.Context, id room.ID, by room.Actor, asks []Ask) ([]outcome, error) {
	ops := make([]*op, len(asks))
	for i, a := range asks {
		ops[i] = &op{actor: by, command: a.Command, rows: a.Rows, done: make(chan outcome, 1)}
	}
	for {
		r, err := h.live(ctx, id, false)
		if err != nil {
			return nil, err
		}
		switch err := r.enqueue(ops...); {
		case errors.Is(err, errRoomClosed):
			continue // it fell asleep between our two steps
		case err != nil:
			return nil, err
		}
		return r.awaitAll(ctx, ops)
	}
}

func (r *liveRoom) awaitAll(ctx context.Context, ops []*op) (outcomes []outcome, err error) {
	for _, o := range ops {
		out, err := r.await(ctx, o)
		if err != nil {
			return outcomes, err
		}
		outcomes = append(outcomes, out)
	}
	return outcomes, nil
}

// Weigh says what would come of commands, each by itself, as the room stands
// now: nil, or the *room.Refusal. Nothing happens.
func (h *Hub) Weigh(ctx context.Context, id room.ID, by room.Actor, commands []room.Command) ([]error, error) {
	state, err := h.State(ctx, id)
	if err != nil {
		return nil, err
	}
	refusals := make([]error, len(commands))
	for i, c := range commands {
		_, refusals[i] = state.Decide(by, c, "", h.Now())
	}
	return refusals, nil
}
