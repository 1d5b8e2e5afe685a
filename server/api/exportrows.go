package api

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"greenroom/hub/room"
)

// exportAtOnce is how many people are looked at while the roster is held: a
// slow peer keeps nobody from it.
const exportAtOnce = 500

func (v attendanceView) cells() [][]string {
	var spans, roles []string
	for _, s := range v.Spans {
		spans = append(spans, fmt.Sprintf("%s %s %s/%s", s.Place, s.Role, s.Since, s.Until))
	}
	for _, r := range v.Roles {
		roles = append(roles, strings.TrimSpace(r.Role+" "+r.At))
	}
	return [][]string{{string(v.Participant), string(v.Invitation), v.FirstName, v.LastName, v.Email, v.Type, yes(v.Guest), yes(v.Erased), v.SentAt, v.OpenedAt,
		number(seconds(v.WaitedMS)), v.JoinedAt, v.LeftAt, yes(v.Here), number(seconds(v.InsideMS)), number(seconds(v.EarlyMS)), number(int64(v.Joins)), number(int64(v.Moves)),
		strings.Join(roles, "; "), strings.Join(spans, "; "),
		number(int64(v.Messages)), number(int64(v.Questions)), number(int64(v.Votes)), number(int64(v.Answers)), number(int64(v.Hands))}}
}

func number(n int64) string { return strconv.FormatInt(n, 10) }

func yes(is bool) string {
	if is {
		return "yes"
	}
	return ""
}

// exportAttendance writes everybody in the order of their seats.
func (a *API) exportAttendance(ctx context.Context, made *reported, to exportTo) error {
	for from := 0; from < len(made.People); from += exportAtOnce {
		c, err := a.scene(ctx, made.state)
		if err != nil {
			return err
		}
		var some []attendanceView
		for seat := from; seat < min(from+exportAtOnce, len(made.People)); seat++ {
			if one, shown := made.attendee(c, seat); shown {
				some = append(some, viewAttendee(&one))
			}
		}
		c.leave()
		for _, v := range some {
			if err := to(v); err != nil {
				return err
			}
		}
	}
	return nil
}

// messageRow is a message. Of a deleted one, and of one whose author was
// erased, there is only that it was.
type messageRow struct {
	ID          string             `json:"id"`
	At          string             `json:"at"`
	Participant room.ParticipantID `json:"participant"`
	Name        string             `json:"name"`
	Role        string             `json:"role"`
	Guest       bool               `json:"guest,omitempty"`
	Text        string             `json:"text"`
	ReplyTo     string             `json:"reply_to,omitempty"`
	Likes       int                `json:"likes"`
	Deleted     bool               `json:"deleted,omitempty"`
}

var messageColumns = []string{"id", "at", "participant", "name", "role", "guest", "text", "reply_to", "likes", "deleted"}

func (m messageRow) cells() [][]string {
	return [][]string{{m.ID, m.At, string(m.Participant), m.Name, m.Role, yes(m.Guest), m.Text, m.ReplyTo, number(int64(m.Likes)), yes(m.Deleted)}}
}

// events reads the log of the session, without what the room has forgotten.
func (a *API) events(ctx context.Context, made *reported, each func(e room.Event, gone bool) error) error {
	forgets := made.state.Forgets()
	for e, err := range a.store.Since(ctx, made.state.ID, 0) {
		if err != nil {
			return err
		}
		if e.Seq > made.state.Head {
			return nil
		}
		gone := made.state.Gone(e)
		if gone || forgets {
			e, _ = made.state.Redact(e)
		}
		if err := each(e, gone); err != nil {
			return err
		}
	}
	return nil
}

// exportChat reads the log twice: how often a message was liked stands behind
// it. Of each message that was liked a number is held.
func (a *API) exportChat(ctx context.Context, made *reported, to exportTo) error {
	likes := map[string]int{}
	err := a.events(ctx, made, func(e room.Event, _ bool) error {
		if f, ok := e.Fact.(room.ChatLiked); ok {
			likes[f.ID] = f.Likes
		}
		return nil
	})
	if err != nil {
		return err
	}
	return a.events(ctx, made, func(e room.Event, gone bool) error {
		f, ok := e.Fact.(room.ChatPosted)
		if !ok || !made.within(e.At) {
			return nil
		}
		return to(rowOf(e, f.Who, f.Text, f.ReplyTo, likes[room.MessageID(e.Seq)], gone))
	})
}

func (a *API) exportBackchannel(ctx context.Context, made *reported, to exportTo) error {
	return a.events(ctx, made, func(e room.Event, gone bool) error {
		f, ok := e.Fact.(room.BackchannelPosted)
		if !ok || !made.within(e.At) {
			return nil
		}
		return to(rowOf(e, f.Who, f.Text, f.ReplyTo, 0, gone))
	})
}

func rowOf(e room.Event, who room.Who, text, replyTo string, likes int, gone bool) messageRow {
	return messageRow{room.MessageID(e.Seq), moment(e.At), who.Participant, who.Name, who.Role.Shown(), who.Guest, text, replyTo, likes, gone}
}

// questionRow is a question and what became of it. Nobody is told who asked
// anonymously.
type questionRow struct {
	ID          string             `json:"id"`
	AskedAt     string             `json:"asked_at"`
	Participant room.ParticipantID `json:"participant,omitempty"`
	Name        string             `json:"name,omitempty"`
	Anonymous   bool               `json:"anonymous,omitempty"`
	Text        string             `json:"text"`
	State       string             `json:"state"`
	Votes       int                `json:"votes"`
	PublishedAt string             `json:"published_at,omitempty"`
	SettledAt   string             `json:"settled_at,omitempty"`
	SettledBy   string             `json:"settled_by,omitempty"`
	Answer      string             `json:"answer,omitempty"`
	Live        bool               `json:"live,omitempty"`
	Reason      string             `json:"reason,omitempty"`
	Deleted     bool               `json:"deleted,omitempty"` // its asker was erased, or all was forgotten

	place room.Seq
}

func (q questionRow) cells() [][]string {
	return [][]string{{q.ID, q.AskedAt, string(q.Participant), q.Name, yes(q.Anonymous), q.Text, q.State, number(int64(q.Votes)), q.PublishedAt, q.SettledAt, q.SettledBy, q.Answer,
		yes(q.Live), q.Reason, yes(q.Deleted)}}
}

// exportQuestions writes questions in the order in which they were settled,
// behind them those that are open: only those are held, and the rules bound
// them.
func (a *API) exportQuestions(ctx context.Context, made *reported, to exportTo) error {
	open := map[string]*questionRow{}
	err := a.events(ctx, made, func(e room.Event, gone bool) error {
		if f, ok := e.Fact.(room.QuestionAsked); ok {
			q := askedRow(e, f, gone)
			if gone && made.within(e.At) {
				return to(*q)
			}
			if !gone && made.within(e.At) {
				open[q.ID] = q
			}
			return nil
		}
		id, settled := followQuestion(open, e)
		if !settled {
			return nil
		}
		q := open[id]
		delete(open, id)
		return to(*q)
	})
	if err != nil {
		return err
	}
	var left []*questionRow
	for _, q := range open {
		left = append(left, q)
	}
	slices.SortFunc(left, func(a, b *questionRow) int { return cmp.Compare(a.place, b.place) })
	for _, q := range left {
		if err := to(*q); err != nil {
			return err
		}
	}
	return nil
}

func askedRow(e room.Event, f room.QuestionAsked, gone bool) *questionRow {
	q := &questionRow{ID: room.QuestionID(e.Seq), AskedAt: moment(e.At), Anonymous: f.Anonymous, Text: f.Text, State: room.QuestionWaiting, Deleted: gone, place: e.Seq}
	if !f.Anonymous {
		q.Participant, q.Name = f.Participant, f.Name
	}
	return q
}

// followQuestion takes in what became of a question that is held, and says
// whether that settled it.
func followQuestion(open map[string]*questionRow, e room.Event) (id string, settled bool) {
	switch f := e.Fact.(type) {
	case room.QuestionVoted:
		if q := open[f.ID]; q != nil {
			q.Votes = f.Votes
		}
	case room.QuestionPublished:
		if q := open[f.ID]; q != nil {
			q.State, q.PublishedAt = room.QuestionPublic, moment(e.At)
		}
	case room.QuestionAnswered:
		if q := open[f.ID]; q != nil {
			q.State, q.SettledAt, q.SettledBy, q.Answer, q.Live = room.QuestionDone, moment(e.At), f.Name, f.Text, f.Live
			return f.ID, true
		}
	case room.QuestionDismissed:
		if q := open[f.ID]; q != nil {
			q.State, q.SettledAt, q.SettledBy, q.Reason = room.QuestionDropped, moment(e.At), f.Name, f.Reason
			return f.ID, true
		}
	}
	return "", false
}

// cells has a row for each choice; one without, where nothing is told.
func (v reportInteraction) cells() (all [][]string) {
	head := []string{v.ID, string(v.Kind), v.Question, yes(v.Anonymous), string(v.State), v.LaunchedAt, v.ClosedAt, number(int64(v.People))}
	for _, c := range v.Choices {
		all = append(all, append(slices.Clone(head), c.Text, number(int64(c.N)), yes(c.Correct)))
	}
	if len(all) == 0 {
		all = [][]string{append(head, "", "", "")}
	}
	return all
}

func (a *API) exportInteractions(_ context.Context, made *reported, to exportTo) (err error) {
	made.interactions(func(v reportInteraction) bool {
		err = to(v)
		return err == nil
	})
	return err
}
