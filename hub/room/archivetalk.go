package room

// How an archive holds what people said: messages, questions, raised hands.

func (w *writer) thread(t *thread) {
	w.uint(uint64(t.posts.len()))
	var last Seq
	for i := range t.posts.len() {
		p := t.posts.at(i)
		w.uint(uint64(p.place - last))
		w.uint(uint64(p.author + 1))
		w.flags(p.gone)
		last = p.place
	}
	w.uint(uint64(len(t.recent)))
	for _, m := range t.recent {
		w.uint(uint64(m.place))
		w.int(int64(m.at))
		w.who(m.who)
		w.text(m.text)
		w.text(m.replyTo)
		w.seats(m.likers)
		w.mentions(m.mentions)
	}
}

func (w *writer) who(who Who) {
	w.text(string(who.Participant))
	w.text(who.Name)
	w.uint(uint64(who.Role))
	w.flags(who.Guest)
}

func (w *writer) mentions(all []Mention) {
	w.uint(uint64(len(all)))
	for _, m := range all {
		w.text(string(m.Participant))
		w.uint(uint64(m.At))
		w.uint(uint64(m.N))
	}
}

func (w *writer) questions(l *questions) {
	for _, all := range [][]*question{l.open, l.closed} {
		w.uint(uint64(len(all)))
		for _, q := range all {
			w.question(q)
		}
	}
}

func (w *writer) question(q *question) {
	w.uint(uint64(q.place))
	w.int(int64(q.at))
	w.int(int64(q.seat))
	w.who(q.who)
	w.flags(q.anonymous, q.published, q.end.live)
	w.text(q.text)
	w.who(q.claimed)
	w.seats(q.voters)
	w.text(q.end.state)
	w.who(q.end.by)
	w.int(int64(q.end.at))
	w.text(q.end.text)
}

func (w *writer) hands(all []hand) {
	w.uint(uint64(len(all)))
	for _, h := range all {
		w.int(int64(h.at))
		w.who(h.who)
	}
}

func (r *reader) thread(t *thread, by *ownership) {
	t.by = by
	var last Seq
	for range r.count() {
		last += Seq(r.uint())
		p := post{place: last, author: int32(r.uint()) - 1}
		r.flags(&p.gone)
		if t.posts.push(p, by); !p.gone {
			t.living++
		}
	}
	for range r.count() {
		m := entry{place: Seq(r.uint()), at: Millis(r.int())}
		m.who = r.who()
		m.text, m.replyTo, m.likers, m.mentions = r.text(), r.text(), r.seats(), r.mentions()
		t.recent = append(t.recent, &m)
	}
}

func (r *reader) who() Who {
	who := Who{Participant: ParticipantID(r.text()), Name: r.text(), Role: Role(min(r.uint(), uint64(Owner)))}
	r.flags(&who.Guest)
	return who
}

func (r *reader) mentions() (all []Mention) {
	for range r.count() {
		all = append(all, Mention{ParticipantID(r.text()), r.small(), r.small()})
	}
	return all
}

func (r *reader) questions(l *questions, by *ownership) {
	l.by = by
	for _, all := range []*[]*question{&l.open, &l.closed} {
		for range r.count() {
			*all = append(*all, r.question())
		}
	}
}

func (r *reader) question() *question {
	q := &question{place: Seq(r.uint()), at: Millis(r.int()), seat: int32(r.int()), who: r.who()}
	r.flags(&q.anonymous, &q.published, &q.end.live)
	q.text, q.claimed, q.voters = r.text(), r.who(), r.seats()
	q.end.state, q.end.by, q.end.at, q.end.text = r.text(), r.who(), Millis(r.int()), r.text()
	return q
}

func (r *reader) hands(s *State) {
	s.hands.by = s.by
	for range r.count() {
		h := hand{at: Millis(r.int()), who: r.who()}
		h.seat = s.seatOfID(h.who.Participant)
		s.edit(h.who.Participant).handUp = true
		s.hands.up = append(s.hands.up, h)
	}
}

func (r *reader) small() int { return int(min(r.uint(), MaxChatText*4)) }
