package room

import (
	"cmp"
	"slices"
)

// thread is a chat: who wrote at which place of the log, and the text of the
// newest messages, oldest first.
type thread struct {
	posts  list[post]
	living int      // posts that are not gone
	recent []*entry // replaced when by is another's, entries never change
	by     *ownership
}

// post is what stays in memory of every message.
type post struct {
	place  Seq
	author int32 // seat; -1: unknown
	gone   bool
}

// entry is a message in memory.
type entry struct {
	place   Seq
	at      Millis
	who     Who
	text    string
	replyTo string
	likers  seatSet

	mentions []Mention // never changed in place
}

func message(e Event, who Who, text, replyTo string, mentions []Mention) entry {
	return entry{place: e.Seq, at: e.At, who: who, text: text, replyTo: replyTo, mentions: mentions}
}

func (m *entry) message() Message {
	return Message{ID: MessageID(m.place), At: m.at, Participant: m.who.Participant, Name: m.who.Name,
		Role: m.who.Role.Shown(), Right: m.who.Role.Right(), Guest: m.who.Guest, Text: m.text, ReplyTo: m.replyTo, Mentions: m.mentions, Likes: m.likers.n}
}

func (t *thread) post(m entry, author int32, by *ownership) {
	t.posts.push(post{place: m.place, author: author}, by)
	t.living++
	switch {
	case len(t.recent) >= keptMessages:
		t.recent = append(make([]*entry, 0, keptMessages), t.recent[len(t.recent)-keptMessages/2:]...)
	case t.by != by:
		t.recent = append(make([]*entry, 0, len(t.recent)+len(t.recent)/4+4), t.recent...)
	}
	t.by = by
	t.recent = append(t.recent, &m)
}

// older says whether the log holds messages that memory does not.
func (t *thread) older() bool { return t.living > len(t.recent) }

func (t *thread) find(id string) (int, bool) {
	return slices.BinarySearchFunc(t.recent, MessagePlace(id), func(m *entry, at Seq) int { return cmp.Compare(m.place, at) })
}

// known finds any message that there ever was.
func (t *thread) known(place Seq) (int, bool) {
	low, high := 0, t.posts.len()
	for low < high {
		if middle := (low + high) / 2; t.posts.at(middle).place < place {
			low = middle + 1
		} else {
			high = middle
		}
	}
	return low, low < t.posts.len() && t.posts.at(low).place == place
}

// alive finds a message that has not been deleted.
func (t *thread) alive(id string) (post, bool) {
	i, ok := t.known(MessagePlace(id))
	if !ok || t.posts.at(i).gone {
		return post{}, false
	}
	return *t.posts.at(i), true
}

func (t *thread) gone(place Seq) bool {
	i, ok := t.known(place)
	return ok && t.posts.at(i).gone
}

func (t *thread) like(f ChatLiked, seat int32) {
	i, ok := t.find(f.ID)
	if !ok {
		return
	}
	m := *t.recent[i]
	m.likers = m.likers.with(seat, f.On)
	t.recent = slices.Clone(t.recent)
	t.recent[i] = &m
}

func (t *thread) drop(id string, by *ownership) {
	if i, ok := t.find(id); ok {
		t.recent = slices.Delete(slices.Clone(t.recent), i, i+1)
	}
	if i, ok := t.known(MessagePlace(id)); ok && !t.posts.at(i).gone {
		t.posts.edit(i, by).gone = true
		t.living--
	}
}

// repliable accepts old messages that are no longer in memory.
func (t *thread) repliable(id string) *Refusal {
	if id == "" {
		return nil
	}
	if _, ok := t.alive(id); !ok {
		return refuse(CodeNotFound, "The message you reply to is gone.")
	}
	return nil
}

// Messages is a run of messages, oldest first; More says that older ones stand
// in the log.
type Messages struct {
	Items []Message `json:"items"`
	More  bool      `json:"more"`
}

// pageBytes bounds a page of messages or people, so that its frame stays
// below what the wire allows.
const pageBytes = 48 << 10

// newest gives the newest messages before the end that fit into a number and
// so many bytes of JSON.
func (t *thread) newest(end, most, bytes int) Messages {
	start := end
	for start > 0 && end-start < most {
		if bytes -= t.recent[start-1].bytes(); bytes < 0 {
			break
		}
		start--
	}
	m := Messages{Items: make([]Message, 0, end-start), More: start > 0 || t.older()}
	for _, e := range t.recent[start:end] {
		m.Items = append(m.Items, e.message())
	}
	return m
}

func (m *entry) bytes() int {
	const names = 150 // names of fields, numbers, role
	n := names + jsonBytes(m.text) + jsonBytes(m.who.Name) + len(m.who.Participant) + len(m.replyTo)
	for _, mention := range m.mentions {
		n += mentionBytes + len(mention.Participant)
	}
	return n
}

// page gives what is in memory before a place; whole says whether that answers
// the question without a look into the log.
func (t *thread) page(before string, limit int) (m Messages, whole bool) {
	end := len(t.recent)
	if before != "" {
		end, _ = t.find(before)
	}
	m = t.newest(end, pageLimit(limit), pageBytes)
	return m, len(m.Items) < end || !t.older() || len(m.Items) == pageLimit(limit)
}

func pageLimit(limit int) int {
	if limit <= 0 || limit > 100 {
		return 100
	}
	return limit
}

// fromLog turns what the log holds (newest first, limit+1 at most) into a page.
func (t *thread) fromLog(events []Event, limit int) Messages {
	limit = pageLimit(limit)
	m := Messages{Items: []Message{}, More: len(events) > limit}
	bytes := pageBytes
	for _, e := range events[:min(len(events), limit)] {
		old, ok := t.fromEvent(e)
		if !ok {
			continue
		}
		if bytes -= old.bytes(); bytes < 0 {
			m.More = true
			break
		}
		m.Items = append(m.Items, old.message())
	}
	slices.Reverse(m.Items)
	return m
}

func (t *thread) fromEvent(e Event) (m entry, ok bool) {
	if t.gone(e.Seq) {
		return entry{}, false
	}
	if i, ok := t.find(MessageID(e.Seq)); ok {
		return *t.recent[i], true
	}
	switch f := e.Fact.(type) {
	case ChatPosted:
		return message(e, f.Who, f.Text, f.ReplyTo, f.Mentions), true
	case BackchannelPosted:
		return message(e, f.Who, f.Text, f.ReplyTo, f.Mentions), true
	}
	return entry{}, false
}
