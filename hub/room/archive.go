package room

import (
	"encoding/json"
	"errors"
	"maps"
	"slices"
)

// archiveVersion is raised whenever an older program could not read an archive
// or would read it wrongly.
const archiveVersion = 1

// ErrArchive says that an archive is of another release or damaged. The caller
// replays the log.
var ErrArchive = errors.New("room: archive of no use")

type archive struct {
	Version     int
	Info        Info
	Status      Status
	Head        Seq
	LastAt      Millis
	OpenedAt    Millis
	ClosedAt    Millis
	Reason      string
	TurnedAt    Seq
	People      []archivedPerson
	Stage       []int32
	Owners      int
	Admitted    int
	Chat        archivedThread
	Backchannel archivedThread
	Keys        archivedKeys
}

type archivedPerson struct {
	Person
	Misses []archivedMiss `json:",omitempty"`
}

type archivedMiss struct {
	Session Hash
	At      Millis
}

type archivedThread struct {
	Recent  []archivedEntry
	Older   bool
	Deleted []Seq
}

type archivedEntry struct {
	Place   Seq
	At      Millis
	Who     Who
	Text    string
	ReplyTo string          `json:",omitempty"`
	Likers  []ParticipantID `json:",omitempty"`
}

type archivedKeys struct {
	Turned   Millis
	Old, New []archivedKey
}

type archivedKey struct {
	Hash uint64
	At   Seq
}

// Archive writes the whole state, keys too. Equal states give equal bytes.
func (s *State) Archive() []byte {
	a := archive{Version: archiveVersion, Info: s.Info, Status: s.Status, Head: s.Head, LastAt: s.LastAt, OpenedAt: s.OpenedAt,
		ClosedAt: s.ClosedAt, Reason: s.Reason, TurnedAt: s.TurnedAt, Stage: s.stage, Owners: s.owners, Admitted: s.admitted,
		Chat: s.chat.archive(), Backchannel: s.backchannel.archive(), Keys: s.keys.archive()}
	s.People(func(p *Person) bool {
		x := archivedPerson{Person: *p}
		for _, m := range p.misses {
			x.Misses = append(x.Misses, archivedMiss{m.session, m.at})
		}
		a.People = append(a.People, x)
		return true
	})
	data, err := json.Marshal(a)
	if err != nil { // plain data only
		panic(err)
	}
	return data
}

// Restore reads an archive.
func Restore(id ID, data []byte) (*State, error) {
	var a archive
	if err := json.Unmarshal(data, &a); err != nil || a.Version != archiveVersion || a.Info.ID != id {
		return nil, ErrArchive
	}
	s := New(id)
	s.Info, s.Status, s.Head, s.LastAt, s.OpenedAt, s.ClosedAt = a.Info, a.Status, a.Head, a.LastAt, a.OpenedAt, a.ClosedAt
	s.Reason, s.TurnedAt, s.stage, s.owners, s.admitted = a.Reason, a.TurnedAt, a.Stage, a.Owners, a.Admitted
	for _, x := range a.People {
		for _, m := range x.Misses {
			x.misses = append(x.misses, miss{m.Session, m.At})
		}
		s.seat(x.Person)
	}
	s.chat, s.backchannel, s.keys = a.Chat.thread(), a.Backchannel.thread(), a.Keys.keys()
	return s, nil
}

func (t *thread) archive() archivedThread {
	a := archivedThread{Older: t.older, Deleted: t.deleted}
	for _, m := range t.recent {
		a.Recent = append(a.Recent, archivedEntry{m.place, m.at, m.who, m.text, m.replyTo, m.likers})
	}
	return a
}

func (a archivedThread) thread() thread {
	t := thread{older: a.Older, deleted: a.Deleted}
	for _, m := range a.Recent {
		t.recent = append(t.recent, &entry{m.Place, m.At, m.Who, m.Text, m.ReplyTo, m.Likers})
	}
	return t
}

func (k *keys) archive() archivedKeys {
	k.mu.Lock()
	defer k.mu.Unlock()
	return archivedKeys{k.turned, sortedKeys(k.old), sortedKeys(k.new)}
}

func sortedKeys(m map[uint64]Seq) []archivedKey {
	all := make([]archivedKey, 0, len(m))
	for _, h := range slices.Sorted(maps.Keys(m)) {
		all = append(all, archivedKey{h, m[h]})
	}
	return all
}

func (a archivedKeys) keys() *keys {
	k := newKeys()
	k.turned = a.Turned
	for _, x := range a.Old {
		k.old[x.Hash] = x.At
	}
	for _, x := range a.New {
		k.new[x.Hash] = x.At
	}
	return k
}
