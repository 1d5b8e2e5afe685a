package room

import (
	"slices"
	"strconv"
	"time"
	"unicode/utf8"
)

// Commands of the chat.
type (
	// ChatPost writes a message. Its id is made of its place in the log.
	ChatPost struct {
		Text    string `json:"text"`
		ReplyTo string `json:"reply_to,omitempty"`
	}
	// ChatLike likes a message, or with On false takes it back.
	ChatLike struct {
		ID string `json:"id"`
		On *bool  `json:"on,omitempty"`
	}
	// ChatDelete deletes one's own message; staff of higher rank anybody's.
	ChatDelete struct {
		ID string `json:"id"`
	}
)

// Name implements Command.
func (ChatPost) Name() string { return "chat.post" }

// Name implements Command.
func (ChatLike) Name() string { return "chat.like" }

// Name implements Command.
func (ChatDelete) Name() string { return "chat.delete" }

// Who names the person who did something, as they were at that moment.
type Who struct {
	Participant ParticipantID `json:"participant,omitempty"`
	Name        string        `json:"name"`
	Role        Role          `json:"role"`
}

// Facts of the chat.
type (
	// ChatPosted is a message.
	ChatPosted struct {
		Who
		Text    string `json:"text"`
		ReplyTo string `json:"reply_to,omitempty"`
	}
	// ChatLiked is a like given or taken back.
	ChatLiked struct {
		ID          string        `json:"id"`
		Participant ParticipantID `json:"participant"`
		On          bool          `json:"on"`
		Likes       int           `json:"likes"` // after it
	}
	// ChatDeleted is a message taken out of everybody's sight.
	ChatDeleted struct {
		Who
		ID string `json:"id"`
	}
)

// Kind implements Fact.
func (ChatPosted) Kind() string { return "chat.posted" }

// Kind implements Fact.
func (ChatLiked) Kind() string { return "chat.liked" }

// Kind implements Fact.
func (ChatDeleted) Kind() string { return "chat.deleted" }

// MessageID is the id of the message at a place in the log.
func MessageID(at Seq) string { return "m" + strconv.FormatUint(uint64(at), 36) }

// MessagePlace reads a MessageID; 0 if it is none.
func MessagePlace(id string) Seq {
	if len(id) < 2 || id[0] != 'm' {
		return 0
	}
	at, err := strconv.ParseUint(id[1:], 36, 63)
	if err != nil || MessageID(Seq(at)) != id {
		return 0
	}
	return Seq(at)
}

// Message is a message of the chat or the backchannel as people see it.
type Message struct {
	ID          string        `json:"id"`
	At          Millis        `json:"at"`
	Participant ParticipantID `json:"participant"`
	Name        string        `json:"name"`
	Role        string        `json:"role"`
	Right       string        `json:"right,omitempty"`
	Text        string        `json:"text"`
	ReplyTo     string        `json:"reply_to,omitempty"`
	Likes       int           `json:"likes,omitempty"`
}

func message(e Event, who Who, text, replyTo string) entry {
	return entry{place: e.Seq, at: e.At, who: who, text: text, replyTo: replyTo}
}

// entry is a message in memory.
type entry struct {
	place   Seq
	at      Millis
	who     Who
	text    string
	replyTo string
	likers  []ParticipantID // replaced, never changed in place
}

func (m *entry) message() Message {
	return Message{ID: MessageID(m.place), At: m.at, Participant: m.who.Participant, Name: m.who.Name,
		Role: m.who.Role.Shown(), Right: m.who.Role.Right(), Text: m.text, ReplyTo: m.replyTo, Likes: len(m.likers)}
}

// thread is the newest messages of a chat, oldest first. Its slice is replaced
// or appended to behind everybody's sight, never changed in place.
type thread struct {
	recent  []*entry
	older   bool // more stand in the log
	deleted []Seq
}

func (t *thread) post(m entry) {
	if len(t.recent) >= keptMessages {
		t.older = true
		t.recent = append(make([]*entry, 0, 2*keptMessages), t.recent[len(t.recent)-keptMessages/2:]...)
	}
	t.recent = append(slices.Clip(t.recent), &m)
}

func (t *thread) find(id string) (int, bool) {
	return slices.BinarySearchFunc(t.recent, MessagePlace(id), func(m *entry, at Seq) int {
		return int(int64(m.place) - int64(at))
	})
}

func (t *thread) replace(i int, m *entry) {
	t.recent = slices.Clone(t.recent)
	t.recent[i] = m
}

func (t *thread) like(f ChatLiked) {
	i, ok := t.find(f.ID)
	if !ok {
		return
	}
	m := *t.recent[i]
	m.likers = slices.DeleteFunc(slices.Clone(m.likers), func(p ParticipantID) bool { return p == f.Participant })
	if f.On {
		m.likers = append(m.likers, f.Participant)
	}
	t.replace(i, &m)
}

func (t *thread) drop(id string) {
	if i, ok := t.find(id); ok {
		t.recent = slices.Delete(slices.Clone(t.recent), i, i+1)
	}
	place := MessagePlace(id)
	if i, ok := slices.BinarySearch(t.deleted, place); !ok {
		t.deleted = slices.Insert(slices.Clone(t.deleted), i, place)
	}
}

func (t *thread) gone(place Seq) bool {
	_, ok := slices.BinarySearch(t.deleted, place)
	return ok
}

func decideText(text string) (string, *Refusal) {
	text = cleanText(text)
	switch n := utf8.RuneCountInString(text); {
	case n == 0:
		return "", invalid("text", "is required")
	case n > MaxChatText:
		return "", refuse(CodeTooLong, "A message has at most 2,000 characters.")
	}
	return text, nil
}

func (s *State) decideChatPost(p *Person, c ChatPost) ([]Fact, *Refusal) {
	text, no := decideText(c.Text)
	if no != nil {
		return nil, no
	}
	if no := s.chat.repliable(c.ReplyTo, s.Head); no != nil {
		return nil, no
	}
	return []Fact{ChatPosted{p.who(), text, c.ReplyTo}}, nil
}

// repliable accepts old messages that are no longer in memory: their id shows
// a place in the log, and a client shows a reply to nothing as a plain message.
func (t *thread) repliable(id string, head Seq) *Refusal {
	if id == "" {
		return nil
	}
	place := MessagePlace(id)
	_, recent := t.find(id)
	tooOld := t.older && len(t.recent) > 0 && place < t.recent[0].place
	if place == 0 || place > head || t.gone(place) || !recent && !tooOld {
		return refuse(CodeNotFound, "The message you reply to is gone.")
	}
	return nil
}

func (s *State) decideChatLike(p *Person, c ChatLike) ([]Fact, *Refusal) {
	i, ok := s.chat.find(c.ID)
	if !ok {
		if place := MessagePlace(c.ID); s.chat.older && place > 0 && place <= s.Head && !s.chat.gone(place) {
			return nil, refuse(CodeClosed, "This message is too old to be liked.")
		}
		return nil, refuse(CodeNotFound, "This message is gone.")
	}
	likers := s.chat.recent[i].likers
	on := c.On == nil || *c.On
	if slices.Contains(likers, p.ID) == on {
		return nil, nil
	}
	likes := len(likers) + 1
	if !on {
		likes = len(likers) - 1
	}
	return []Fact{ChatLiked{c.ID, p.ID, on, likes}}, nil
}

// decideChatDelete knows whose a message is only while it is in memory; an
// older one is deleted by moderators and managers without a look at its rank.
func (s *State) decideChatDelete(p *Person, c ChatDelete, _ time.Time) ([]Fact, *Refusal) {
	place := MessagePlace(c.ID)
	if place == 0 || place > s.Head {
		return nil, refuse(CodeNotFound, "This message is gone.")
	}
	if s.chat.gone(place) {
		return nil, nil
	}
	i, recent := s.chat.find(c.ID)
	if !recent && !s.chat.older {
		return nil, refuse(CodeNotFound, "This message is gone.")
	}
	if !recent || s.chat.recent[i].who.Participant != p.ID {
		if !p.Role.May(ActChatDeleteAny) || recent && !s.mayActOn(p, s.chat.recent[i].who.Participant) {
			return nil, refuse(CodeForbidden, "You can only delete your own messages.")
		}
	}
	return []Fact{ChatDeleted{p.who(), c.ID}}, nil
}

// mayActOn says whether p outranks somebody, as they are now.
func (s *State) mayActOn(p *Person, other ParticipantID) bool {
	o, ok := s.Participant(other)
	return !ok || p.Role.Outranks(o.Role)
}

// ChatPage asks for messages older than one.
type ChatPage struct {
	Before string `json:"before,omitempty"`
	Limit  int    `json:"limit,omitempty"`
}

// Name implements Command.
func (ChatPage) Name() string { return "chat.page" }

// Messages is a run of messages, oldest first; More says that older ones stand
// in the log.
type Messages struct {
	Items []Message `json:"items"`
	More  bool      `json:"more"`
}

// page gives what is in memory before a place; whole says whether that answers
// the question without a look into the log.
func (t *thread) page(before string, limit int) (m Messages, whole bool) {
	limit = pageLimit(limit)
	end := len(t.recent)
	if before != "" {
		end, _ = t.find(before)
	}
	start := max(end-limit, 0)
	m.Items = make([]Message, 0, end-start)
	for _, e := range t.recent[start:end] {
		m.Items = append(m.Items, e.message())
	}
	m.More = start > 0 || t.older
	return m, start > 0 || !t.older
}

func pageLimit(limit int) int {
	if limit <= 0 || limit > 100 {
		return 100
	}
	return limit
}

// ChatPage answers from memory; whole is false when the log must be read.
func (s *State) ChatPage(c ChatPage) (m Messages, whole bool) { return s.chat.page(c.Before, c.Limit) }

// ChatFromLog turns what the log holds (newest first, limit+1 events at most)
// into a page.
func (s *State) ChatFromLog(events []Event, limit int) Messages {
	return s.chat.fromLog(events, limit)
}

func (t *thread) fromLog(events []Event, limit int) Messages {
	limit = pageLimit(limit)
	m := Messages{Items: []Message{}, More: len(events) > limit}
	for i := min(len(events), limit) - 1; i >= 0; i-- {
		if t.gone(events[i].Seq) {
			continue
		}
		if j, ok := t.find(MessageID(events[i].Seq)); ok {
			m.Items = append(m.Items, t.recent[j].message())
			continue
		}
		switch f := events[i].Fact.(type) {
		case ChatPosted:
			e := message(events[i], f.Who, f.Text, f.ReplyTo)
			m.Items = append(m.Items, e.message())
		case BackchannelPosted:
			e := message(events[i], f.Who, f.Text, f.ReplyTo)
			m.Items = append(m.Items, e.message())
		}
	}
	return m
}
