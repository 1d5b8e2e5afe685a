package hub

import (
	"context"
	"fmt"

	"greenroom/hub/room"
)

// body makes what is answered to a command that was allowed: the events' own
// words, a page, or the news that it was so already.
func (r *liveRoom) body(ctx context.Context, s *Session, c room.Command, out outcome) (any, error) {
	switch c := c.(type) {
	case room.ChatPage:
		page, whole := out.state.ChatPage(c)
		if whole {
			return page, nil
		}
		return r.olderPage(ctx, "chat.posted", c.Before, c.Limit, out.state.ChatFromLog)
	case room.BackchannelPage:
		page, whole := out.state.BackchannelPage(c)
		if whole {
			return page, nil
		}
		return r.olderPage(ctx, "backchannel.posted", c.Before, c.Limit, out.state.BackchannelFromLog)
	case room.QuestionPage:
		return out.state.QuestionPage(c, s.Role()), nil
	case room.ReactionSend:
		r.sums.react(c.Emoji)
		return struct{}{}, nil
	case room.InteractionPage:
		return r.interactions(s, c, out.state), nil
	case room.InteractionAnswers:
		return r.openAnswers(ctx, out.state, c)
	case room.PeoplePage:
		return r.people(out.state, c), nil
	case room.ModerationPage:
		return out.state.ModerationPage(), nil
	case room.HandPage:
		return out.state.HandPage(c), nil
	case room.KnockPage:
		return out.state.KnockPage(c), nil
	case room.LobbyCheck, room.LobbyCode:
		return r.lobbyBody(s, out), nil
	}
	return r.writeBody(ctx, c, out)
}

func (r *liveRoom) writeBody(ctx context.Context, c room.Command, out outcome) (any, error) {
	switch {
	case out.again != 0:
		e, err := r.event(ctx, out.again)
		return out.state.Reply(e), err
	case len(out.events) > 0:
		return out.state.Reply(out.events[0]), nil
	}
	return out.state.Settled(c), nil
}

// event finds the event of an earlier answer.
func (r *liveRoom) event(ctx context.Context, at room.Seq) (room.Event, error) {
	if e, ok := r.tail.at(at); ok {
		return e, nil
	}
	for e, err := range r.hub.store.Since(ctx, r.id, at-1) {
		return e, err
	}
	return room.Event{}, fmt.Errorf("hub: event %d of room %s is not in the log", at, r.id)
}

// olderPage reads a page from the log. Deleted messages are no answer: where
// there is nothing else it reads on.
func (r *liveRoom) olderPage(ctx context.Context, kind, before string, limit int, page func([]room.Event, int) room.Messages) (room.Messages, error) {
	if limit <= 0 || limit > 100 {
		limit = 100
	}
	for place := room.MessagePlace(before); ; {
		events, err := r.hub.store.Page(ctx, r.id, []string{kind}, place, limit+1)
		if err != nil {
			return room.Messages{}, fmt.Errorf("read older messages of room %s: %w", r.id, err)
		}
		m := page(events, limit)
		if len(m.Items) > 0 || !m.More {
			return m, nil
		}
		place = events[limit-1].Seq
	}
}

type lobbyOK struct {
	Phase room.Phase `json:"phase"`
	Pos   room.Seq   `json:"pos"`

	Verify  room.Proof `json:"verify,omitempty"`   // code: one was mailed and is wanted now
	AgainMS int64      `json:"again_ms,omitempty"` // until the next one can be asked for
}

func (r *liveRoom) lobbyBody(s *Session, out outcome) lobbyOK {
	ok := lobbyOK{Pos: out.state.Head}
	if out.again != 0 {
		ok.Pos = out.again
	} else if len(out.events) > 0 {
		ok.Pos = out.events[0].Seq
	}
	if p, found := out.state.Participant(s.participant); found {
		by := s.Actor()
		ok.Phase = out.state.Phase(p, by)
		if waits, next := out.state.CodeWaits(p, by, r.hub.Now()); waits {
			ok.Verify, ok.AgainMS = room.ProofCode, next.Milliseconds()
		}
	}
	return ok
}

func (r *liveRoom) people(s *room.State, c room.PeoplePage) room.PeopleList {
	list := s.Page(c)
	here := r.presence.here()
	for i := range list.Items {
		id := list.Items[i].Participant
		list.Items[i].Here = here[id] || len(r.members.of(id)) > 0
	}
	return list
}

func (r *liveRoom) interactions(s *Session, c room.InteractionPage, state *room.State) room.Interactions {
	p, known := state.Participant(s.participant)
	if !known {
		return room.Interactions{Items: []room.Interaction{}}
	}
	return state.InteractionPage(p, state.Phase(p, s.Actor()), c)
}
