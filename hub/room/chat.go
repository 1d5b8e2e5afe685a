package room

import (
	"strconv"
	"time"
)

// Commands of the chat.
type (
	// ChatPost writes a message. Its id is made of its place in the log.
	ChatPost struct {
		Text     string    `json:"text"`
		ReplyTo  string    `json:"reply_to,omitempty"`
		Mentions []Mention `json:"mentions,omitempty"` // in the order of the text
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
	// ClearChat takes every message out of sight.
	ClearChat struct{}
	// ChatPage asks for messages older than one.
	ChatPage struct {
		Before string `json:"before,omitempty"`
		Limit  int    `json:"limit,omitempty"`
	}
)

// Name implements Command.
func (ChatPost) Name() string { return "chat.post" }

// Name implements Command.
func (ChatLike) Name() string { return "chat.like" }

// Name implements Command.
func (ChatDelete) Name() string { return "chat.delete" }

// Name implements Command.
func (ClearChat) Name() string { return "chat.clear" }

// Name implements Command.
func (ChatPage) Name() string { return "chat.page" }

// Who names the person who did something, as they were at that moment.
type Who struct {
	Participant ParticipantID `json:"participant,omitempty"`
	Name        string        `json:"name"`
	Role        Role          `json:"role"`
	Guest       bool          `json:"guest,omitempty"` // nobody has checked who this is
}

// Facts of the chat.
type (
	// ChatPosted is a message.
	ChatPosted struct {
		Who
		Text     string    `json:"text"`
		ReplyTo  string    `json:"reply_to,omitempty"`
		Mentions []Mention `json:"mentions,omitempty"`
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
	// ChatCleared is every message taken out of everybody's sight. Reports keep
	// them.
	ChatCleared struct{ Who }
)

// Kind implements Fact.
func (ChatPosted) Kind() string { return "chat.posted" }

// Kind implements Fact.
func (ChatLiked) Kind() string { return "chat.liked" }

// Kind implements Fact.
func (ChatDeleted) Kind() string { return "chat.deleted" }

// Kind implements Fact.
func (ChatCleared) Kind() string { return "chat.cleared" }

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
	Guest       bool          `json:"guest,omitempty"`
	Text        string        `json:"text"`
	ReplyTo     string        `json:"reply_to,omitempty"`
	Mentions    []Mention     `json:"mentions,omitempty"`
	Likes       int           `json:"likes,omitempty"`
}

func decideText(text string) (string, *Refusal) {
	return written(text, MaxChatText, "A message has at most 2,000 characters.")
}

func (s *State) decideChatPost(p *Person, c ChatPost, now time.Time) ([]Fact, *Refusal) {
	if no := s.mayWrite(p, now); no != nil {
		return nil, no
	}
	text, mentions, no := s.mentioned(c.Text, c.Mentions, false)
	if no != nil {
		return nil, no
	}
	if text, no = s.filtered("text", text); no != nil {
		return nil, no
	}
	if no := s.chat.repliable(c.ReplyTo); no != nil {
		return nil, no
	}
	if no := s.mayFlow(p, flowPost+len(text), now); no != nil {
		return nil, no
	}
	return []Fact{ChatPosted{p.who(), text, c.ReplyTo, mentions}}, nil
}

func (s *State) decideChatLike(p *Person, c ChatLike, now time.Time) ([]Fact, *Refusal) {
	i, recent := s.chat.find(c.ID)
	if !recent {
		if _, old := s.chat.alive(c.ID); old {
			return nil, refuse(CodeClosed, "This message is too old to be liked.")
		}
		return nil, refuse(CodeNotFound, "This message is gone.")
	}
	likers := s.chat.recent[i].likers
	on := c.On == nil || *c.On
	if likers.has(s.seatOfID(p.ID)) == on {
		return nil, nil
	}
	if no := s.mayFlow(p, flowLike, now); no != nil {
		return nil, no
	}
	likes := likers.n + 1
	if !on {
		likes = likers.n - 1
	}
	return []Fact{ChatLiked{c.ID, p.ID, on, likes}}, nil
}

func (s *State) decideChatDelete(p *Person, c ChatDelete) ([]Fact, *Refusal) {
	i, ok := s.chat.known(MessagePlace(c.ID))
	if !ok {
		return nil, refuse(CodeNotFound, "This message is gone.")
	}
	m := s.chat.posts.at(i)
	if m.author != s.seatOfID(p.ID) && (!p.Role.May(ActChatDeleteAny) || !s.mayActOn(p, m.author)) {
		return nil, refuse(CodeForbidden, "You can only delete your own messages.")
	}
	if m.gone {
		return nil, nil
	}
	return append([]Fact{ChatDeleted{p.who(), c.ID}}, s.unpin(p, c.ID)...), nil
}

func (s *State) decideChatClear(by *Person) ([]Fact, *Refusal) {
	if s.chat.living == 0 {
		return nil, nil
	}
	return append([]Fact{ChatCleared{by.who()}}, s.unpin(by, "")...), nil
}

func (s *State) foldChatCleared() {
	s.chat.forget(func(post) bool { return true }, s.by)
	s.dropReports(func(report) bool { return true })
}

// mayActOn says whether p outranks somebody, as they are now. Who was sent
// away has no rank any more.
func (s *State) mayActOn(p *Person, seat int32) bool {
	if seat < 0 {
		return true
	}
	other := s.people.at(int(seat))
	return other.Revoked || p.Role.Outranks(other.Role)
}

// ChatPage answers from memory; whole is false when the log must be read.
func (s *State) ChatPage(c ChatPage) (m Messages, whole bool) { return s.chat.page(c.Before, c.Limit) }

// ChatFromLog turns what the log holds (newest first, limit+1 events at most)
// into a page. Deleted messages are left out: if that leaves none and More is
// set, read on from the last event.
func (s *State) ChatFromLog(events []Event, limit int) Messages {
	return s.chat.fromLog(s.remaining(events), limit)
}
