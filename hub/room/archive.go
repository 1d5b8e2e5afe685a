package room

import (
	"encoding/binary"
	"errors"
	"hash/crc32"
	"maps"
	"math"
	"slices"
)

// archiveVersion is raised whenever an older program could not read an archive
// or would read it wrongly.
const archiveVersion = 10

// ErrArchive says that an archive is of another release, of another room, or
// damaged. The caller replays the log.
var ErrArchive = errors.New("room: archive of no use")

// Archive writes the whole state, keys too: the version, then everything by a
// fixed order, numbers as varints, then a checksum. Equal states give equal
// bytes. It may run beside readers of s.
func (s *State) Archive() []byte {
	w := writer{buf: make([]byte, 0, 1024+128*s.people.len())}
	w.uint(archiveVersion)
	w.room(s)
	w.guestLinks(s.guestLinks)
	w.uint(uint64(s.people.len()))
	s.People(func(p *Person) bool {
		w.person(p)
		return true
	})
	w.uint(uint64(len(s.stage)))
	for _, i := range s.stage {
		w.uint(uint64(i))
	}
	w.lent(s.lent)
	w.offers(s.offers)
	w.told(s.told)
	w.thread(&s.chat)
	w.thread(&s.backchannel)
	w.order(s)
	w.questions(&s.questions)
	w.hands(s.hands.up)
	w.interactions(s.interactions)
	w.keys(s.heldKeys())
	return binary.LittleEndian.AppendUint32(w.buf, crc32.ChecksumIEEE(w.buf))
}

// Restore reads an archive. The state goes on as the archived one would.
func Restore(id ID, data []byte) (*State, error) {
	body := len(data) - crc32.Size
	if body < 0 || crc32.ChecksumIEEE(data[:body]) != binary.LittleEndian.Uint32(data[body:]) {
		return nil, ErrArchive
	}
	r := reader{rest: data[:body]}
	if r.uint() != archiveVersion {
		return nil, ErrArchive
	}
	s := New(id)
	r.room(s)
	s.guestLinks = r.guestLinks()
	for range r.count() {
		p := r.person()
		s.seat(p)
		if p.Admitted() {
			s.admitted++
		}
		if p.Role == Owner && !p.Revoked {
			s.owners++
		}
		if p.Finishing {
			s.finishing++
		}
		if p.Waits {
			s.waits = s.waits.with(s.seatOfID(p.ID), true)
		}
	}
	for range r.count() {
		s.stage = append(s.stage, int32(r.uint()))
	}
	if slices.ContainsFunc(s.stage, func(i int32) bool { return i < 0 || int(i) >= s.people.len() }) {
		return nil, ErrArchive
	}
	s.lent, s.offers, s.told = r.lent(s), r.offers(s), r.told(s)
	r.thread(&s.chat, s.by)
	r.thread(&s.backchannel, s.by)
	r.order(s)
	r.questions(&s.questions, s.by)
	r.hands(s)
	s.interactions = r.interactions(s.by)
	s.keys.ring, s.keys.upTo = r.keys(), s.Head
	if r.failed || len(r.rest) > 0 || s.ID != id {
		return nil, ErrArchive
	}
	return s, nil
}

// writer appends the parts of an archive.
type writer struct{ buf []byte }

func (w *writer) uint(n uint64) { w.buf = binary.AppendUvarint(w.buf, n) }
func (w *writer) int(n int64)   { w.buf = binary.AppendVarint(w.buf, n) }
func (w *writer) hash(h Hash)   { w.buf = append(w.buf, h[:]...) }

func (w *writer) text(t string) {
	w.uint(uint64(len(t)))
	w.buf = append(w.buf, t...)
}

func (w *writer) flags(all ...bool) {
	var bits uint64
	for i, on := range all {
		if on {
			bits |= 1 << i
		}
	}
	w.uint(bits)
}

func (w *writer) room(s *State) {
	for _, t := range []string{string(s.ID), s.Title, s.Description, s.Organiser, s.Epoch, string(s.Status), s.Reason} {
		w.text(t)
	}
	for _, at := range []Millis{s.StartsAt, s.EndsAt, s.LastAt, s.OpenedAt, s.ClosedAt} {
		w.int(int64(at))
	}
	w.uint(uint64(s.Head))
	w.uint(uint64(s.TurnedAt))
	w.uint(uint64(s.turnedBy))
	for _, at := range s.edits.at {
		w.uint(uint64(at))
	}
	w.text(string(s.edits.by))
	w.flags(s.Collaboration, s.Speakers != nil, s.Backstage, s.LobbyCode)
	w.uint(uint64(len(s.Speakers)))
	for _, p := range s.Speakers {
		w.text(p.Name)
		w.text(p.Bio)
	}
}

func (w *writer) guestLinks(all []GuestLink) {
	w.uint(uint64(len(all)))
	for _, l := range all {
		w.text(string(l.ID))
		w.text(l.Label)
		for _, n := range []uint64{uint64(l.Most), uint64(l.Joined), uint64(l.ExpiresAt), uint64(l.Link), uint64(l.MadeAt)} {
			w.uint(n)
		}
		w.flags(l.Off, l.Removed)
	}
}

func (w *writer) person(p *Person) {
	w.flags(p.Opened, p.Early, p.Entered, p.Revoked, p.rare != nil, !p.Match.IsZero(), p.Proven, p.Finishing, p.Muted, p.Waits, p.out == outRemoved, p.out == outBanned)
	for _, t := range []string{string(p.ID), string(p.Invitation), string(p.Account), p.FirstName, p.LastName, p.Domain()} {
		w.text(t)
	}
	if !p.Match.IsZero() {
		w.hash(p.Match)
	}
	w.int(int64(p.IssuedAt))
	w.int(int64(p.ExpiresAt))
	w.int(int64(p.wrote))
	for _, n := range []uint64{uint64(p.Since), uint64(p.Role), uint64(p.guest), uint64(p.Devices), uint64(p.Link), uint64(p.Generation), uint64(p.inviter), uint64(len(p.Claims))} {
		w.uint(n)
	}
	for _, c := range p.Claims {
		w.hash(c.Device)
		w.uint(uint64(c.Generation))
		w.int(int64(c.At))
	}
	if p.rare == nil {
		return
	}
	w.int(int64(p.rare.endedAt))
	w.text(p.rare.reason)
	w.uint(uint64(len(p.rare.misses)))
	for _, m := range p.rare.misses {
		w.hash(m.session)
		w.int(int64(m.at))
	}
	w.help(p.rare)
}

// help writes what somebody who was kept out has asked for.
func (w *writer) help(x *rare) {
	w.flags(x.request.open)
	w.int(int64(x.request.At))
	w.text(string(x.request.Why))
	w.text(x.request.Message)
	w.uint(uint64(len(x.codes)))
	for _, c := range x.codes {
		w.hash(c.device)
		w.hash(c.hash)
		w.int(int64(c.at))
		w.uint(uint64(c.misses))
	}
}

func (w *writer) seats(set seatSet) {
	w.uint(uint64(set.n))
	for seat := range set.all {
		w.uint(uint64(seat))
	}
}

func (w *writer) keys(r keyring) {
	w.int(r.window)
	for _, window := range r.windows {
		w.uint(uint64(len(window)))
		for _, hash := range slices.Sorted(maps.Keys(window)) {
			w.buf = binary.LittleEndian.AppendUint64(w.buf, hash)
			w.uint(uint64(window[hash]))
		}
	}
}

// reader takes the parts of an archive. After a failure it gives zeros.
type reader struct {
	rest   []byte
	failed bool
}

func (r *reader) skip(n int) {
	if r.failed = r.failed || n <= 0 || n > len(r.rest); r.failed {
		r.rest = nil
		return
	}
	r.rest = r.rest[n:]
}

func (r *reader) uint() uint64 {
	n, size := binary.Uvarint(r.rest)
	r.skip(size)
	return n
}

func (r *reader) int() int64 {
	n, size := binary.Varint(r.rest)
	r.skip(size)
	return n
}

// count reads how many things follow; each takes a byte at least.
func (r *reader) count() int {
	n := r.uint()
	if n > uint64(len(r.rest)) || n > math.MaxInt32 {
		r.failed = true
		return 0
	}
	return int(n)
}

func (r *reader) text() string {
	n := r.count()
	if n == 0 || r.failed {
		return ""
	}
	t := string(r.rest[:n])
	r.skip(n)
	return t
}

func (r *reader) hash() (h Hash) {
	copy(h[:], r.rest)
	r.skip(len(h))
	return h
}

func (r *reader) flags(all ...*bool) {
	bits := r.uint()
	for i, on := range all {
		*on = bits&(1<<i) != 0
	}
}

func (r *reader) room(s *State) {
	s.ID = ID(r.text())
	s.Title, s.Description, s.Organiser, s.Epoch = r.text(), r.text(), r.text(), r.text()
	s.Status, s.Reason = Status(r.text()), r.text()
	for _, at := range []*Millis{&s.StartsAt, &s.EndsAt, &s.LastAt, &s.OpenedAt, &s.ClosedAt} {
		*at = Millis(r.int())
	}
	s.Head, s.TurnedAt, s.turnedBy = Seq(r.uint()), Seq(r.uint()), Seq(r.uint())
	for i := range s.edits.at {
		s.edits.at[i] = Seq(r.uint())
	}
	s.edits.by = ParticipantID(r.text())
	var speakers bool
	r.flags(&s.Collaboration, &speakers, &s.Backstage, &s.LobbyCode)
	n := r.count()
	if speakers {
		s.Speakers = make([]Presenter, 0, n)
	}
	for range n {
		s.Speakers = append(s.Speakers, Presenter{r.text(), r.text()})
	}
}

func (r *reader) guestLinks() (all []GuestLink) {
	for range r.count() {
		l := GuestLink{ID: GuestLinkID(r.text()), Label: r.text(), Most: int(r.uint()), Joined: int(r.uint()),
			ExpiresAt: Millis(r.uint()), Link: uint32(r.uint()), MadeAt: Millis(r.uint())}
		r.flags(&l.Off, &l.Removed)
		all = append(all, l)
	}
	return all
}

func (r *reader) person() (p Person) {
	var ended, invited, removed, banned bool
	r.flags(&p.Opened, &p.Early, &p.Entered, &p.Revoked, &ended, &invited, &p.Proven, &p.Finishing, &p.Muted, &p.Waits, &removed, &banned)
	switch {
	case removed:
		p.out = outRemoved
	case banned:
		p.out = outBanned
	}
	p.ID, p.Invitation, p.Account = ParticipantID(r.text()), InvitationID(r.text()), PersonID(r.text())
	p.FirstName, p.LastName, p.domain = r.text(), r.text(), domainOf(r.text())
	if invited {
		p.Match = r.hash()
	}
	p.IssuedAt, p.ExpiresAt, p.wrote = Millis(r.int()), Millis(r.int()), Millis(r.int())
	p.Since, p.Role, p.guest, p.Devices = Seq(r.uint()), Role(min(r.uint(), uint64(Owner))), uint8(r.uint()), int(r.uint())
	p.Link, p.Generation, p.inviter = uint32(r.uint()), uint32(r.uint()), int32(r.uint())
	if n := r.count(); n > 0 {
		p.Claims = make([]Claim, n)
	}
	for i := range p.Claims {
		p.Claims[i] = Claim{r.hash(), uint32(r.uint()), Millis(r.int())}
	}
	if !ended {
		return p
	}
	p.rare = &rare{endedAt: Millis(r.int()), reason: r.text()}
	for range r.count() {
		p.rare.misses = append(p.rare.misses, miss{r.hash(), Millis(r.int())})
	}
	r.help(p.rare)
	return p
}

func (r *reader) help(x *rare) {
	r.flags(&x.request.open)
	x.request.At, x.request.Why, x.request.Message = Millis(r.int()), Code(r.text()), r.text()
	for range r.count() {
		x.codes = append(x.codes, code{r.hash(), r.hash(), Millis(r.int()), int(r.uint())})
	}
}

// small reads a place in a text.
func (r *reader) seats() (set seatSet) {
	for range r.count() {
		set = set.with(int32(r.uint()), true)
	}
	return set
}

func (r *reader) keys() (k keyring) {
	k.window = r.int()
	for i := range k.windows {
		n := r.count()
		if n > 0 {
			k.windows[i] = make(map[uint64]Seq, n)
		}
		for range n {
			if len(r.rest) < 8 {
				r.failed = true
				return k
			}
			hash := binary.LittleEndian.Uint64(r.rest)
			r.skip(8)
			k.windows[i][hash] = Seq(r.uint())
		}
	}
	return k
}
