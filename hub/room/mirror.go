package room

import (
	"cmp"
	"encoding/json"
	"fmt"
	"slices"
)

// Mirror is what a client knows: the fold of a snapshot and of the events
// shown after it. The zero Mirror is ready. It is not for concurrent use.
// web/src/state.ts does the same and is held to it by the golden frames.
type Mirror struct {
	Pos           Seq
	Epoch         string
	Phase         Phase
	You           You
	Room          RoomView
	Stage         []Member
	StageMore     bool
	Chat          Messages
	Backchannel   *Messages // nil: not for this person
	Questions     Questions // open ones
	Hands         *Hands    // nil: not for this person
	Settings      Settings
	Announcements []Announcement
	Pin           *Pin
	Source        *Source
	Paused        *Pause
	Unattended    *Unattended // nobody runs the room: what happens, and when
	LiveAt        Millis      // end of the countdown that runs; 0: none does
	Waiting       *Knocks     // nil: not for this person
	Reports       []OpenReport
	Offers        []Offered // of the stage; for moderators
	Here          []ParticipantID
	Count         Count

	Interactions Interactions // drafts and results as far as this person may see them
	Tallies      []Tally      // of those that run
}

// Count is the people.count signal. People who wait are told Waiting alone.
type Count struct {
	Inside  int            `json:"inside"`
	Waiting int            `json:"waiting"`
	ByRole  map[string]int `json:"by_role,omitempty"`
	Exact   bool           `json:"exact"`
}

// Welcome is the ok of a hello.
type Welcome struct {
	Epoch    string    `json:"epoch"`
	Pos      Seq       `json:"pos"`
	Phase    Phase     `json:"phase"`
	Mode     string    `json:"mode"` // snapshot or resumed
	Now      Millis    `json:"now"`
	You      You       `json:"you"`
	Limits   Limits    `json:"limits"`
	Snapshot *Snapshot `json:"snapshot,omitempty"`
}

// Limits are told at hello.
type Limits struct {
	FrameBytes    int     `json:"frame_bytes"`
	ChatText      int     `json:"chat_text"`
	QuestionText  int     `json:"question_text"`
	CommandsPerS  float64 `json:"commands_per_s"`
	CommandsBurst int     `json:"commands_burst"`
	ChatPerS      float64 `json:"chat_per_s"`
	ChatBurst     int     `json:"chat_burst"`
	Connections   int     `json:"connections"`
}

// Hello takes in the answer to a hello.
func (m *Mirror) Hello(w Welcome) {
	m.Epoch, m.Pos, m.Phase, m.You = w.Epoch, w.Pos, w.Phase, w.You
	m.Here, m.Count, m.Tallies = nil, Count{}, nil
	m.replace(w.Snapshot)
}

// replace takes a snapshot for everything known so far; what it does not
// hold is forgotten.
func (m *Mirror) replace(s *Snapshot) {
	if s == nil {
		return
	}
	m.Room, m.Stage, m.StageMore = s.Room, s.Stage, s.StageMore
	m.Interactions = Interactions{}
	if s.Interactions != nil {
		m.Interactions = *s.Interactions
	}
	m.Chat, m.Backchannel = Messages{}, s.Backchannel
	m.Settings, m.Announcements, m.Pin, m.Source = Settings{}, s.Announcements, s.Pin, s.Source
	m.Paused, m.LiveAt, m.Unattended = s.Paused, s.LiveAt, s.Unattended
	m.Waiting, m.Reports, m.Offers = s.Waiting, s.Reports, s.Offers
	if s.Settings != nil {
		m.Settings = *s.Settings
	}
	m.Questions, m.Hands = Questions{}, s.Hands
	if s.Questions != nil {
		m.Questions = *s.Questions
	}
	if s.Chat != nil {
		m.Chat = *s.Chat
	}
}

// Event takes in one event. Unknown events only move the position.
func (m *Mirror) Event(name string, pos Seq, at Millis, data json.RawMessage) error {
	m.Pos = max(m.Pos, pos)
	take, known := mirrored[name]
	if !known {
		return nil
	}
	if err := take(m, at, data); err != nil {
		return fmt.Errorf("event %s at %d: %w", name, pos, err)
	}
	return nil
}

// Signal takes in one signal.
func (m *Mirror) Signal(name string, data json.RawMessage) error {
	switch name {
	case "people.count":
		m.Count = Count{}
		return json.Unmarshal(data, &m.Count)
	case "question.votes":
		return m.votes(data)
	case "stage.here":
		var here struct {
			Participants []ParticipantID `json:"participants"`
		}
		err := json.Unmarshal(data, &here)
		m.Here = here.Participants
		return err
	case "interaction.tally":
		var all Tallies
		err := json.Unmarshal(data, &all)
		m.Tallies = all.Items
		return err
	case "interaction.mine":
		var mine MyAnswer
		err := json.Unmarshal(data, &mine)
		m.You.note(mine)
		return err
	}
	return nil
}

var mirrored = map[string]func(*Mirror, Millis, json.RawMessage) error{
	"room.scheduled": folding(func(m *Mirror, _ Millis, d RoomScheduled) {
		if d.StartsAt != m.Room.StartsAt {
			m.LiveAt = 0
		}
		m.Room.StartsAt, m.Room.EndsAt = d.StartsAt, d.EndsAt
	}),
	"room.edited": folding(func(m *Mirror, _ Millis, d RoomEdited) {
		m.Room = d.Room
	}),
	"room.opened": folding(func(m *Mirror, _ Millis, d RoomOpened) {
		m.Room.State, m.Room.ClosedAt, m.Room.Reason, m.LiveAt = StatusOpen, 0, "", 0
		m.Unattended = nil
		if m.Room.OpenedAt == 0 {
			m.Room.OpenedAt = d.OpenedAt
		}
	}),
	"room.closed": folding(func(m *Mirror, at Millis, d RoomEnded) {
		m.ended(StatusClosed, at, d.Reason)
	}),
	"room.deleted": folding(func(m *Mirror, at Millis, d RoomEnded) {
		m.ended(StatusDeleted, at, d.Reason)
	}),
	"stage.changed": folding(func(m *Mirror, _ Millis, d StageChanged) { m.restage(d) }),
	"phase.changed": folding(func(m *Mirror, _ Millis, d PhaseChanged) {
		m.Phase, m.You = d.Phase, d.You
		m.replace(d.Snapshot)
	}),
	"me.role": folding(func(m *Mirror, _ Millis, d MeRole) {
		if m.You = d.You; d.Snapshot != nil && d.Snapshot.Backchannel == nil { // what all see of them is told again at once
			m.Tallies = nil
		}
		m.replace(d.Snapshot)
	}),
	"chat.posted": folding(func(m *Mirror, at Millis, d Posted) { m.Chat.post(at, d) }),
	"chat.liked": folding(func(m *Mirror, _ Millis, d Liked) {
		if i := m.Chat.find(d.ID); i >= 0 {
			m.Chat.Items[i].Likes = d.Likes
		}
	}),
	"chat.deleted": folding(func(m *Mirror, _ Millis, d DeletedMessage) {
		if i := m.Chat.find(d.ID); i >= 0 {
			m.Chat.Items = slices.Delete(m.Chat.Items, i, i+1)
		}
		m.settled(d.ID)
	}),
	"chat.cleared": folding(func(m *Mirror, _ Millis, _ WhoView) { m.Chat, m.Reports = Messages{}, nil }),
	"chat.reported": folding(func(m *Mirror, _ Millis, d MessageReported) {
		if !slices.ContainsFunc(m.Reports, func(r OpenReport) bool { return r.ID == d.ID }) {
			m.Reports = append(m.Reports, OpenReport{d.ID, d.Participant})
		}
	}),
	"report.settled":       folding(func(m *Mirror, _ Millis, d ByID) { m.settled(d.ID) }),
	"participant.muted":    folding(func(*Mirror, Millis, Measured) {}), // news for whoever looks; who is muted is asked for
	"participant.unmuted":  folding(func(*Mirror, Millis, Measured) {}),
	"participant.removed":  folding(func(*Mirror, Millis, Measured) {}),
	"participant.banned":   folding(func(*Mirror, Millis, Measured) {}),
	"participant.unbanned": folding(func(*Mirror, Millis, Measured) {}),
	"room.settings": folding(func(m *Mirror, _ Millis, d RoomSettings) {
		if m.Settings = *d.Settings; m.Waiting != nil && !m.Settings.Locked {
			m.Waiting = &Knocks{}
		}
	}),
	"knocked":     folding(func(m *Mirror, _ Millis, d Knock) { m.knocked(d) }),
	"knock.ended": folding(func(m *Mirror, _ Millis, d KnockEnded) { m.noLonger(d.Participants, false) }),
	"admitted":    folding(func(m *Mirror, _ Millis, d Decided) { m.noLonger(d.Participants, d.All) }),
	"denied":      folding(func(m *Mirror, _ Millis, d Decided) { m.noLonger(d.Participants, d.All) }),
	"announced":   folding(func(m *Mirror, _ Millis, d Announcement) { m.announced(d) }),
	"announcement.withdrawn": folding(func(m *Mirror, _ Millis, d ByID) {
		m.Announcements = slices.DeleteFunc(slices.Clone(m.Announcements), func(a Announcement) bool { return a.ID == d.ID })
	}),
	"room.paused":            folding(func(m *Mirror, _ Millis, d Pause) { m.Paused, m.LiveAt = &d, 0 }),
	"room.unattended":        folding(func(m *Mirror, _ Millis, d Unattended) { m.Unattended = &d }),
	"room.attended":          folding(func(m *Mirror, _ Millis, _ struct{}) { m.Unattended = nil }),
	"room.resumed":           folding(func(m *Mirror, _ Millis, _ RoomResumed) { m.Paused, m.LiveAt = nil, 0 }),
	"room.going_live":        folding(func(m *Mirror, _ Millis, d RoomGoingLive) { m.LiveAt = d.LiveAt }),
	"room.go_live_cancelled": folding(func(m *Mirror, _ Millis, _ RoomGoLiveCancelled) { m.LiveAt = 0 }),
	"pinned":                 folding(func(m *Mirror, _ Millis, d Pin) { m.Pin = &d }),
	"unpinned":               folding(func(m *Mirror, _ Millis, _ ByID) { m.Pin = nil }),
	"stage.sourced": folding(func(m *Mirror, _ Millis, d StageSourced) {
		if m.Source = nil; d.URL != "" {
			m.Source = &Source{d.URL}
		}
	}),
	"invitation.requested": folding(func(*Mirror, Millis, InvitationRequested) {}), // news for whoever looks; the list is HTTP's
	"person.erased":        folding(func(m *Mirror, _ Millis, d PersonErased) { m.erase(d) }),
	"content.forgotten": folding(func(m *Mirror, _ Millis, _ struct{}) {
		m.Stage = slices.DeleteFunc(m.Stage, func(x Member) bool { return x.Role != Owner.Shown() })
		m.Chat = Messages{}
		if m.Backchannel != nil {
			m.Backchannel = &Messages{}
		}
		m.Announcements, m.Pin, m.Reports, m.Paused, m.LiveAt = nil, nil, nil, nil, 0
		m.Offers, m.You.Offer, m.You.Told = nil, nil, nil
		if m.Waiting != nil {
			m.Waiting = &Knocks{}
		}
		m.Interactions = Interactions{}
		m.Questions, m.You.Questions, m.You.Voted, m.You.Hand = Questions{}, nil, nil, 0
		if m.Hands != nil {
			m.Hands = &Hands{}
		}
	}),
	"question.asked":     folding(func(m *Mirror, _ Millis, d QuestionShown) { m.Questions.ask(d, QuestionWaiting) }),
	"question.published": folding(func(m *Mirror, _ Millis, d QuestionShown) { m.Questions.ask(d, QuestionPublic) }),
	"question.claimed": folding(func(m *Mirror, _ Millis, d QuestionTaken) {
		if i := m.Questions.find(d.ID); i >= 0 {
			m.Questions.Items[i].Claimed = &d.WhoView
			if !d.On {
				m.Questions.Items[i].Claimed = nil
			}
		}
	}),
	"question.answered":  folding(func(m *Mirror, _ Millis, d QuestionSettled) { m.settle(d.ID) }),
	"question.dismissed": folding(func(m *Mirror, _ Millis, d QuestionClosed) { m.settle(d.ID) }),
	"me.question":        folding(func(m *Mirror, _ Millis, d MyQuestion) { m.You.asked(d) }),
	"me.voted":           folding(func(m *Mirror, _ Millis, d MeVoted) { m.You.vote(d.ID, d.On) }),
	"me.hand":            folding(func(m *Mirror, _ Millis, d MeHand) { m.You.Hand = d.At }),
	"me.told":            folding(func(m *Mirror, _ Millis, d Told) { m.You.Told = &d }),
	"me.offer": folding(func(m *Mirror, _ Millis, d MeOffer) {
		if m.You.Offer = nil; d.At != 0 && d.By != nil {
			m.You.Offer = &Offer{d.At, *d.By, d.ForS}
		}
	}),
	"admit.told":          folding(func(*Mirror, Millis, KnockerTold) {}), // news for whoever looks
	"participant.renamed": folding(func(m *Mirror, _ Millis, d Measured) { m.renamed(d) }),
	"stage.offered":       folding(func(m *Mirror, _ Millis, d Offered) { m.offered(d) }),
	"stage.offer_ended":   folding(func(m *Mirror, _ Millis, d OfferGone) { m.notOffered(d.Participant) }),
	"hands.cleared": folding(func(m *Mirror, _ Millis, _ WhoView) {
		if m.You.Hand = 0; m.Hands != nil {
			m.Hands = &Hands{}
		}
	}),
	"hand.raised": folding(func(m *Mirror, at Millis, d WhoView) {
		if m.Hands != nil {
			m.Hands.raise(Hand{at, d})
		}
	}),
	"hand.lowered": folding(func(m *Mirror, _ Millis, d HandDown) {
		if m.Hands != nil {
			m.Hands.lower(d.Participant)
		}
	}),
	"interaction.created":  folding((*Mirror).putInteraction),
	"interaction.revised":  folding((*Mirror).putInteraction),
	"interaction.launched": folding((*Mirror).putInteraction),
	"interaction.removed": folding(func(m *Mirror, _ Millis, d InteractionActed) {
		m.Interactions.Items = slices.DeleteFunc(m.Interactions.Items, func(x Interaction) bool { return x.ID == d.ID })
	}),
	"interaction.closing": folding(func(m *Mirror, _ Millis, d InteractionActed) { m.interaction(d.ID).State = InteractionClosing }),
	"interaction.closed": folding(func(m *Mirror, at Millis, d InteractionResult) {
		it := m.interaction(d.ID)
		it.State, it.ClosedAt, it.Results, it.Outcome = InteractionEnded, at, d.Results, d.Outcome
	}),
	"interaction.shared": folding(func(m *Mirror, _ Millis, d InteractionResult) {
		it := m.interaction(d.ID)
		it.Results, it.Outcome = d.Results, d.Outcome
	}),
	"interaction.shown": folding(func(m *Mirror, _ Millis, d InteractionOnView) { m.interaction(d.ID).Shown = d.Text }),
	"backchannel.posted": folding(func(m *Mirror, at Millis, d Posted) {
		if m.Backchannel != nil {
			m.Backchannel.post(at, d)
		}
	}),
}

func folding[T any](take func(*Mirror, Millis, T)) func(*Mirror, Millis, json.RawMessage) error {
	return func(m *Mirror, at Millis, data json.RawMessage) error {
		var d T
		if err := json.Unmarshal(data, &d); err != nil {
			return err
		}
		take(m, at, d)
		return nil
	}
}

func (m *Mirror) ended(status Status, at Millis, reason string) {
	m.Room.State, m.Room.ClosedAt, m.Room.Reason = status, at, reason
	m.Paused, m.LiveAt, m.Unattended = nil, 0, nil
}

// keptMirrored bounds a mirror's memory; older messages come by chat.page.
const keptMirrored = 1000

func (m *Messages) post(at Millis, d Posted) {
	if m.find(d.ID) >= 0 {
		return
	}
	if len(m.Items) >= keptMirrored {
		m.Items, m.More = slices.Delete(m.Items, 0, keptMirrored/2), true
	}
	m.Items = append(m.Items, Message{ID: d.ID, At: at, Participant: d.Participant, Name: d.Name, Role: d.Role, Right: d.Right, Guest: d.Guest, Text: d.Text, ReplyTo: d.ReplyTo, Mentions: d.Mentions})
}

func (m *Messages) find(id string) int {
	return slices.IndexFunc(m.Items, func(x Message) bool { return x.ID == id })
}

// erase forgets somebody.
func (m *Mirror) erase(d PersonErased) {
	id := d.Participant
	m.eraseQuestions(d)
	m.Stage = slices.DeleteFunc(m.Stage, func(x Member) bool { return x.Participant == id })
	theirs := func(x Message) bool { return x.Participant == id }
	m.Chat.Items = slices.DeleteFunc(m.Chat.Items, theirs)
	m.Chat.unname(id)
	if m.Backchannel != nil {
		m.Backchannel.Items = slices.DeleteFunc(m.Backchannel.Items, theirs)
		m.Backchannel.unname(id)
	}
	m.eraseOrder(id)
}

// eraseOrder forgets what somebody has announced, pinned and was reported for.
func (m *Mirror) eraseOrder(id ParticipantID) {
	m.noLonger([]ParticipantID{id}, false)
	m.erasePause(id)
	m.eraseOffers(id)
	m.Announcements = slices.DeleteFunc(slices.Clone(m.Announcements), func(a Announcement) bool { return a.Participant == id })
	m.Reports = slices.DeleteFunc(slices.Clone(m.Reports), func(r OpenReport) bool { return r.Participant == id })
	switch {
	case m.Pin != nil && m.Pin.Participant == id:
		m.Pin = nil
	case m.Pin != nil && m.Pin.By.Participant == id:
		m.Pin.By.Name = ""
	}
}

func (m *Mirror) settled(id string) {
	m.Reports = slices.DeleteFunc(slices.Clone(m.Reports), func(r OpenReport) bool { return r.ID == id })
}

// announced keeps as many of each audience as the room does.
func (m *Mirror) announced(a Announcement) {
	same := func(b Announcement) bool { return b.To == a.To && b.ID != a.ID }
	kept := slices.DeleteFunc(slices.Clone(m.Announcements), func(b Announcement) bool { return b.ID == a.ID })
	for count(kept, same) >= keptAnnounced {
		i := slices.IndexFunc(kept, same)
		kept = slices.Delete(kept, i, i+1)
	}
	m.Announcements = append(kept, a)
}

// knocked puts somebody behind those who wait; without a time it is news of
// their name.
func (m *Mirror) knocked(k Knock) {
	if m.Waiting == nil {
		return
	}
	items := slices.Clone(m.Waiting.Items)
	i := slices.IndexFunc(items, func(x Knock) bool { return x.Participant == k.Participant })
	switch {
	case k.At == 0 && i >= 0:
		items[i].Name = k.Name
	case k.At == 0:
		return
	case i >= 0 && len(items) == m.Waiting.Total:
		items = append(slices.Delete(items, i, i+1), k)
	case i >= 0: // behind those whom we do not know
		items = slices.Delete(items, i, i+1)
	case len(items) == m.Waiting.Total:
		items = append(items, k)
		m.Waiting.Total++
	default:
		m.Waiting.Total++
	}
	m.Waiting = &Knocks{Items: items, Total: m.Waiting.Total, Next: m.Waiting.Next}
}

// noLonger takes people off the waiting room.
func (m *Mirror) noLonger(ids []ParticipantID, all bool) {
	if m.Waiting == nil {
		return
	}
	if all {
		m.Waiting = &Knocks{}
		return
	}
	kept := slices.DeleteFunc(slices.Clone(m.Waiting.Items), func(k Knock) bool { return slices.Contains(ids, k.Participant) })
	m.Waiting = &Knocks{Items: kept, Total: m.Waiting.Total - (len(m.Waiting.Items) - len(kept)), Next: m.Waiting.Next}
}

func (m *Mirror) restage(w StageChanged) {
	i := slices.IndexFunc(m.Stage, func(x Member) bool { return x.Participant == w.Participant })
	switch on := w.Role != Viewer.Shown(); {
	case !on && i >= 0:
		m.Stage = slices.Delete(m.Stage, i, i+1)
		m.Questions.release(w.Participant)
	case on && i < 0:
		m.Stage = append(m.Stage, Member{Participant: w.Participant, Name: w.Name, Role: w.Role, Right: w.Right, Guest: w.Guest, UntilAt: w.UntilAt})
	case on:
		m.Stage[i].Name, m.Stage[i].Role, m.Stage[i].Right, m.Stage[i].UntilAt = w.Name, w.Role, w.Right, w.UntilAt
	}
}

// interaction gives one for writing; of an unknown one, nobody's.
func (m *Mirror) interaction(id string) *Interaction {
	i := slices.IndexFunc(m.Interactions.Items, func(x Interaction) bool { return x.ID == id })
	if i < 0 {
		return new(Interaction)
	}
	return &m.Interactions.Items[i]
}

// putInteraction takes a new or changed one in, in the order of their drafts.
func (m *Mirror) putInteraction(_ Millis, d InteractionChanged) {
	i, known := slices.BinarySearchFunc(m.Interactions.Items, d.ID, func(x Interaction, id string) int {
		return cmp.Compare(interactionPlace(x.ID), interactionPlace(id))
	})
	if known {
		m.Interactions.Items[i] = d.Interaction
		return
	}
	m.Interactions.Items = slices.Insert(m.Interactions.Items, i, d.Interaction)
}

// note keeps what one has answered.
func (y *You) note(mine MyAnswer) {
	if i := slices.IndexFunc(y.Answers, func(x MyAnswer) bool { return x.ID == mine.ID }); i >= 0 {
		y.Answers[i] = mine
		return
	}
	y.Answers = append(y.Answers, mine)
}
