package store

import (
	"context"
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"iter"
	"time"

	"greenroom/hub/room"
)

// AuditSite is the chain of acts that belong to no room.
const AuditSite room.ID = "site"

// AuditRow says who did what to whom. It holds ids, roles, times and numbers
// alone: no name, no address, no text. The driver gives it the next number of
// its room's chain and the time of the transaction.
type AuditRow struct {
	Room    room.ID // AuditSite for acts beside the rooms
	Who     string  // account, else participant; empty: whoever keeps this machine
	Act     string  // kind of the fact, or a name such as person.created
	Targets []string
	Changes []room.Change
	Session room.Hash // of the web session or the API key
	Place   room.Seq  // of the event in the room's log; 0: there is none
}

func (AuditRow) row() {}

// AuditEntry is a row of the audit log. Its hash covers the entry and the hash
// of the entry before, so that a changed, removed, inserted or moved entry is
// found out. What tells of people is under the hash by its sum and a salt:
// when the time comes it is replaced by pseudonyms, the salt is forgotten, and
// the chain still holds.
type AuditEntry struct {
	Room   room.ID
	Number uint64 // in the chain, from 1 without gaps
	At     time.Time
	Act    string
	Place  room.Seq

	Who     string
	Session room.Hash
	Detail  string // AuditDetail as JSON

	Salt []byte // empty: pseudonyms
	Sum  [32]byte
	Hash [32]byte
}

// AuditDetail is what an entry tells of its act.
type AuditDetail struct {
	Targets []string      `json:"targets,omitempty"`
	Changes []room.Change `json:"changes,omitempty"`
}

// AuditHead is the last entry of a chain, kept beside it: the end cannot be
// cut off without a trace.
type AuditHead struct {
	Room   room.ID
	Number uint64
	Hash   [32]byte
}

// Seal makes the next entry of a chain.
func (h AuditHead) Seal(r AuditRow, at room.Millis) (AuditEntry, error) {
	detail, err := json.Marshal(AuditDetail{r.Targets, r.Changes})
	if err != nil {
		return AuditEntry{}, err
	}
	e := AuditEntry{Room: r.Room, Number: h.Number + 1, At: time.UnixMilli(int64(at)).UTC(), Act: r.Act, Place: r.Place,
		Who: r.Who, Session: r.Session, Detail: string(detail), Salt: make([]byte, 16)}
	rand.Read(e.Salt)
	e.Sum = e.sum()
	e.Hash = e.hash(h.Hash)
	return e, nil
}

// Head is the chain's head when e is its last entry.
func (e *AuditEntry) Head() AuditHead { return AuditHead{e.Room, e.Number, e.Hash} }

// Told reads what the entry tells of its act.
func (e *AuditEntry) Told() (d AuditDetail) {
	_ = json.Unmarshal([]byte(e.Detail), &d) // what was changed by a stranger reads as nothing
	return d
}

// Names lists the ids by which an entry is found.
func (e *AuditEntry) Names() (ids []string) {
	seen := map[string]bool{"": true}
	for _, id := range append([]string{e.Who}, e.Told().Targets...) {
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids
}

// sum covers what tells of people.
func (e *AuditEntry) sum() [32]byte {
	var b []byte
	for _, part := range [][]byte{e.Salt, []byte(e.Who), e.Session[:], []byte(e.Detail)} {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	return sha256.Sum256(b)
}

const auditVersion = 1

// hash covers the entry and what came before it.
func (e *AuditEntry) hash(before [32]byte) [32]byte {
	b := append([]byte{auditVersion}, before[:]...)
	for _, part := range []string{string(e.Room), e.Act} {
		b = binary.AppendUvarint(b, uint64(len(part)))
		b = append(b, part...)
	}
	b = binary.AppendUvarint(b, e.Number)
	b = binary.AppendVarint(b, e.At.UnixMilli())
	b = binary.AppendUvarint(b, uint64(e.Place))
	b = append(b, e.Sum[:]...)
	return sha256.Sum256(b)
}

// AuditFilter chooses entries. Zero fields choose all.
type AuditFilter struct {
	Room     room.ID
	Who      string    // who did it
	About    []string  // who did it or to whom it was done: any of these ids
	Act      string    // one kind of act
	From, To time.Time // From ≤ at < To
	After    *AuditMark
	Limit    int
}

// AuditMark is the place of an entry in the order of a list.
type AuditMark struct {
	At     time.Time
	Room   room.ID
	Number uint64
}

// Audits is the audit log: append-only, one chain for each room and one for
// the site. Batches add to it with their events; methods of the directory that
// take rows add them in their own transaction.
type Audits interface {
	// RecordAudit adds rows for what writes nothing else, such as an export.
	RecordAudit(ctx context.Context, rows ...AuditRow) error
	// Audit gives entries, newest first.
	Audit(ctx context.Context, f AuditFilter) ([]AuditEntry, error)
	// AuditHeads gives the heads of chains behind a room id, in order.
	AuditHeads(ctx context.Context, after room.ID, limit int) ([]AuditHead, error)
	// AuditHead gives the head of one chain; its number is 0 if there is none.
	AuditHead(ctx context.Context, id room.ID) (AuditHead, error)
	// AuditChain gives the entries of a chain behind a number, in order.
	AuditChain(ctx context.Context, id room.ID, after uint64) iter.Seq2[AuditEntry, error]
}

const chainsAtOnce = 256

// AuditChains gives the rooms that have a chain, in order.
func AuditChains(ctx context.Context, s Audits) iter.Seq2[room.ID, error] {
	return func(yield func(room.ID, error) bool) {
		var after room.ID
		for {
			heads, err := s.AuditHeads(ctx, after, chainsAtOnce)
			if err != nil {
				yield("", err)
				return
			}
			for _, h := range heads {
				if !yield(h.Room, nil) {
					return
				}
				after = h.Room
			}
			if len(heads) < chainsAtOnce {
				return
			}
		}
	}
}

// AuditReport is what a look at a chain has found.
type AuditReport struct {
	Room       room.ID
	Entries    uint64
	Pseudonyms uint64 // entries whose people are no longer told
	Head       [32]byte
	Broken     string // what is wrong; empty: the chain is intact
	Number     uint64 // where
}

// VerifyAudit goes through a chain. Entries that are added meanwhile are
// verified too.
func VerifyAudit(ctx context.Context, s Audits, id room.ID) (AuditReport, error) {
	head, err := s.AuditHead(ctx, id)
	if err != nil {
		return AuditReport{}, err
	}
	c := chain{report: AuditReport{Room: id}, known: head}
	for e, err := range s.AuditChain(ctx, id, 0) {
		if err != nil {
			return c.report, err
		}
		if c.take(&e); c.report.Broken != "" {
			return c.report, nil
		}
	}
	head, err = s.AuditHead(ctx, id)
	if err == nil {
		c.close(head)
	}
	return c.report, err
}

// VerifyAudits goes through all chains, or through one room's.
func VerifyAudits(ctx context.Context, s Audits, only string) iter.Seq2[AuditReport, error] {
	return func(yield func(AuditReport, error) bool) {
		if only != "" {
			yield(VerifyAudit(ctx, s, room.ID(only)))
			return
		}
		for id, err := range AuditChains(ctx, s) {
			if err != nil {
				yield(AuditReport{}, err)
				return
			}
			if !yield(VerifyAudit(ctx, s, id)) {
				return
			}
		}
	}
}

// chain is a verification under way.
type chain struct {
	report AuditReport
	known  AuditHead // before the look
}

func (c *chain) take(e *AuditEntry) {
	want := c.report.Entries + 1
	switch {
	case e.Number != want:
		c.breaks(want, "an entry is missing or out of order")
	case e.hash(c.report.Head) != e.Hash:
		c.breaks(want, "the entry or the one before was changed")
	case len(e.Salt) > 0 && e.sum() != e.Sum:
		c.breaks(want, "what the entry tells of people was changed")
	case len(e.Salt) == 0 && c.report.Pseudonyms != c.report.Entries:
		c.breaks(want, "an entry has pseudonyms that is younger than one that has none")
	case e.Number == c.known.Number && e.Hash != c.known.Hash:
		c.breaks(want, "the entry is not the one that was the chain's last")
	}
	if len(e.Salt) == 0 {
		c.report.Pseudonyms++
	}
	c.report.Entries, c.report.Head = want, e.Hash
}

// close compares the end with the heads before and after the look.
func (c *chain) close(after AuditHead) {
	switch {
	case c.report.Entries < c.known.Number:
		c.breaks(c.report.Entries+1, "the end of the chain is missing")
	case c.report.Entries > after.Number:
		c.breaks(after.Number+1, "entries were added behind the chain's end")
	}
}

func (c *chain) breaks(at uint64, what string) {
	if c.report.Broken == "" {
		c.report.Broken, c.report.Number = what, at
	}
}

// ErrAuditBroken says that a chain did not stand the look at it.
var ErrAuditBroken = errors.New("store: the audit log was tampered with")

// Err is nil for an intact chain.
func (r AuditReport) Err() error {
	if r.Broken == "" {
		return nil
	}
	return fmt.Errorf("%w: %s, entry %d: %s", ErrAuditBroken, r.Room, r.Number, r.Broken)
}
