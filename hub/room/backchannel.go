package room

// BackchannelPost writes to the staff alone.
type BackchannelPost struct {
	Text     string    `json:"text"`
	ReplyTo  string    `json:"reply_to,omitempty"`
	Mentions []Mention `json:"mentions,omitempty"` // of staff; others are not told
}

// Name implements Command.
func (BackchannelPost) Name() string { return "backchannel.post" }

// BackchannelPosted is a message among speakers, moderators and managers.
type BackchannelPosted struct {
	Who
	Text     string    `json:"text"`
	ReplyTo  string    `json:"reply_to,omitempty"`
	Mentions []Mention `json:"mentions,omitempty"`
}

// Kind implements Fact.
func (BackchannelPosted) Kind() string { return "backchannel.posted" }

func (s *State) decideBackchannelPost(p *Person, c BackchannelPost) ([]Fact, *Refusal) {
	text, mentions, no := s.mentioned(c.Text, c.Mentions, true)
	if no != nil {
		return nil, no
	}
	if no := s.backchannel.repliable(c.ReplyTo); no != nil {
		return nil, no
	}
	return []Fact{BackchannelPosted{p.who(), text, c.ReplyTo, mentions}}, nil
}

// BackchannelPage asks for staff messages older than one.
type BackchannelPage struct {
	Before string `json:"before,omitempty"`
	Limit  int    `json:"limit,omitempty"`
}

// Name implements Command.
func (BackchannelPage) Name() string { return "backchannel.page" }

// BackchannelPage answers from memory; whole is false when the log must be read.
func (s *State) BackchannelPage(c BackchannelPage) (m Messages, whole bool) {
	return s.backchannel.page(c.Before, c.Limit)
}

// BackchannelFromLog turns what the log holds into a page, as ChatFromLog does.
func (s *State) BackchannelFromLog(events []Event, limit int) Messages {
	return s.backchannel.fromLog(s.remaining(events), limit)
}
