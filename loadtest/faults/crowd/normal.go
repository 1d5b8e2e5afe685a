package crowd

import (
	"cmp"
	"encoding/json"
	"slices"

	"greenroom/hub/room"
)

// normal is what a snapshot holds of a room, in one form. Lists of which a
// snapshot holds the newest only are cut to what both sides hold.
type normal struct {
	Epoch         string              `json:"epoch"`
	Phase         room.Phase          `json:"phase"`
	You           room.You            `json:"you"`
	Room          room.RoomView       `json:"room"`
	Stage         []room.Member       `json:"stage"`
	Chat          []room.Message      `json:"chat"`
	Backchannel   []room.Message      `json:"backchannel"`
	Questions     []room.Question     `json:"questions"`
	Hands         *room.Hands         `json:"hands"`
	Settings      room.Settings       `json:"settings"`
	Announcements []room.Announcement `json:"announcements"`
	Pin           *room.Pin           `json:"pin"`
	Source        *room.Source        `json:"source"`
	Waiting       *room.Knocks        `json:"waiting"`
	Reports       []room.OpenReport   `json:"reports"`
	Interactions  []room.Interaction  `json:"interactions"`
}

// normals gives the normal forms of what was folded and of a fresh mirror.
func normals(folded, fresh *room.Mirror) (a, b json.RawMessage) {
	x, y := normalOf(folded), normalOf(fresh)
	x.Chat, y.Chat = newest(x.Chat, y.Chat)
	x.Backchannel, y.Backchannel = newest(x.Backchannel, y.Backchannel)
	x.Interactions, y.Interactions = newest(x.Interactions, y.Interactions)
	x.You.Answers, y.You.Answers = answersTo(x.Interactions, x.You.Answers), answersTo(y.Interactions, y.You.Answers)
	if fresh.Questions.More {
		x.Questions = knownTo(y.Questions, x.Questions)
	}
	if folded.Questions.More { // it was told once that there are others
		y.Questions = knownTo(x.Questions, y.Questions)
	}
	if fresh.StageMore {
		x.Stage, y.Stage = nil, nil
	}
	return mustJSON(x), mustJSON(y)
}

func normalOf(m *room.Mirror) normal {
	n := normal{
		Epoch: m.Epoch, Phase: m.Phase, You: m.You, Room: m.Room, Stage: copyOf(m.Stage), Chat: copyOf(m.Chat.Items),
		Questions: copyOf(m.Questions.Items), Settings: m.Settings, Announcements: copyOf(m.Announcements), Pin: m.Pin,
		Source: m.Source, Waiting: m.Waiting, Reports: copyOf(m.Reports), Interactions: copyOf(m.Interactions.Items),
	}
	if m.Hands != nil {
		n.Hands = &room.Hands{Items: copyOf(m.Hands.Items), Total: m.Hands.Total}
	}
	if m.Backchannel != nil {
		n.Backchannel = copyOf(m.Backchannel.Items)
	}
	// Order by something that both know: a snapshot is in an order of its own.
	slices.SortFunc(n.Stage, func(a, b room.Member) int { return cmp.Compare(a.Participant, b.Participant) })
	slices.SortFunc(n.Questions, func(a, b room.Question) int { return cmp.Compare(a.ID, b.ID) })
	slices.SortFunc(n.Reports, func(a, b room.OpenReport) int { return cmp.Compare(a.ID, b.ID) })
	n.You.Voted, n.You.Answers = sorted(n.You.Voted), copyOf(n.You.Answers)
	slices.SortFunc(n.You.Answers, func(a, b room.MyAnswer) int { return cmp.Compare(a.ID, b.ID) })
	return n
}

// copyOf is never nil: an empty list and none are the same.
func copyOf[T any](list []T) []T { return append([]T{}, list...) }

func sorted(ids []string) []string {
	ids = copyOf(ids)
	slices.Sort(ids)
	return ids
}

// answersTo gives one's answers to some interactions: a snapshot has those to the
// newest alone.
func answersTo(list []room.Interaction, all []room.MyAnswer) []room.MyAnswer {
	return slices.DeleteFunc(all, func(a room.MyAnswer) bool {
		return !slices.ContainsFunc(list, func(i room.Interaction) bool { return i.ID == a.ID })
	})
}

// knownTo gives the questions that are in another list, too.
func knownTo(other, list []room.Question) []room.Question {
	return slices.DeleteFunc(list, func(q room.Question) bool {
		return !slices.ContainsFunc(other, func(o room.Question) bool { return o.ID == q.ID })
	})
}

// newest cuts two lists, oldest first, to the length of the shorter one.
func newest[T any](a, b []T) ([]T, []T) {
	n := min(len(a), len(b))
	return a[len(a)-n:], b[len(b)-n:]
}

func mustJSON(v any) json.RawMessage {
	text, err := json.Marshal(v)
	if err != nil { // the wire's types hold nothing that fails
		panic(err)
	}
	return text
}
