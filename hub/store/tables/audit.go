package tables

import (
	"context"
	"database/sql"
	"errors"
	"iter"
	"maps"
	"math"
	"slices"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// auditChunk is how many entries, or ids, one statement adds: enough that a
// long list of people takes few, and few enough that each length is known to the
// database as a statement of its own.
const auditChunk = 32

// putAudit adds rows to their chains.
func putAudit(t *tx, rows []store.AuditRow, now room.Millis) error {
	heads, err := auditHeads(t, rows)
	if err != nil {
		return err
	}
	entries := make([]store.AuditEntry, len(rows))
	for i, r := range rows {
		if entries[i], err = heads[r.Room].Seal(r, now); err != nil {
			return err
		}
		heads[r.Room] = entries[i].Head()
	}
	if err := addAudit(t, entries); err != nil {
		return err
	}
	for id, head := range heads {
		if err := t.exec(sqltext.PutAuditHead, string(id), int64(head.Number), head.Hash[:]); err != nil {
			return err
		}
	}
	return nil
}

// auditHeads locks the chains of rows, so that the reading of a head and the
// writing behind it are one step; in the order of their names, so that two who
// need several do not wait for each other.
func auditHeads(t *tx, rows []store.AuditRow) (map[room.ID]store.AuditHead, error) {
	heads := map[room.ID]store.AuditHead{}
	for _, r := range rows {
		heads[r.Room] = store.AuditHead{}
	}
	for _, id := range slices.Sorted(maps.Keys(heads)) {
		if err := t.lock("audit " + string(id)); err != nil {
			return nil, err
		}
		head, err := auditHead(t, id)
		if err != nil {
			return nil, err
		}
		heads[id] = head
	}
	return heads, nil
}

func addAudit(t *tx, entries []store.AuditEntry) error {
	var all, about [][]any
	for i := range entries {
		e, session := &entries[i], nothing
		if !e.Session.IsZero() {
			session = e.Session[:]
		}
		all = append(all, []any{string(e.Room), int64(e.Number), millis(e.At), e.Act, int64(e.Place),
			e.Who, session, e.Detail, e.Salt, e.Sum[:], e.Hash[:]})
		for _, id := range e.Names() {
			about = append(about, []any{id, string(e.Room), int64(e.Number)})
		}
	}
	if err := addRows(t, sqltext.AddAudit, all); err != nil {
		return err
	}
	return addRows(t, sqltext.AddAuditAbout, about)
}

// addRows adds rows, so many with one statement.
func addRows(t *tx, text func(rows int) string, rows [][]any) error {
	for part := range slices.Chunk(rows, auditChunk) {
		if err := t.exec(text(len(part)), slices.Concat(part...)...); err != nil {
			return err
		}
	}
	return nil
}

func auditHead(t *tx, id room.ID) (store.AuditHead, error) {
	head := store.AuditHead{Room: id}
	var hash []byte
	err := t.one(sqltext.AuditHead, []any{string(id)}, &head.Room, &head.Number, &hash)
	if errors.Is(err, sql.ErrNoRows) {
		return head, nil
	}
	copy(head.Hash[:], hash)
	return head, err
}

// RecordAudit implements store.Audits.
func (s *Store) RecordAudit(ctx context.Context, rows ...store.AuditRow) error {
	if len(rows) == 0 {
		return nil
	}
	// Not write: what is serializable sees what was there before it waited for
	// the lock of the chain, and of many at once each in turn would come too late.
	return s.writeRoom(ctx, "audit", rows[0].Room, func(t *tx) error { return putAudit(t, rows, s.millis()) })
}

// millis is the store's time.
func (s *Store) millis() room.Millis { return room.Millis(s.now().UnixMilli()) }

// Audit implements store.Audits.
func (s *Store) Audit(ctx context.Context, f store.AuditFilter) (all []store.AuditEntry, err error) {
	args := []any{millis(f.From), int64(math.MaxInt64), int64(math.MaxInt64), "", int64(0), max(f.Limit, 0)}
	if !f.To.IsZero() {
		args[1] = millis(f.To)
	}
	if f.After != nil {
		args[1] = min(args[1].(int64), millis(f.After.At)+1) // for the index
		args[2], args[3], args[4] = millis(f.After.At), string(f.After.Room), int64(f.After.Number)
	}
	for _, wanted := range []string{string(f.Room), f.Who, f.Act} {
		if wanted != "" {
			args = append(args, wanted)
		}
	}
	for _, id := range f.About {
		args = append(args, id)
	}
	text := sqltext.Audit(f.Room != "", f.Who != "", f.Act != "", len(f.About))
	err = s.each(ctx, "audit", text, args, func(rows Rows) error {
		e, err := scanAudit(rows)
		all = append(all, e)
		return err
	})
	return all, err
}

// AuditHeads implements store.Audits.
func (s *Store) AuditHeads(ctx context.Context, after room.ID, limit int) (all []store.AuditHead, err error) {
	err = s.each(ctx, "audit heads", sqltext.AuditHeads, []any{string(after), max(limit, 0)}, func(rows Rows) error {
		var h store.AuditHead
		var hash []byte
		err := rows.Scan(&h.Room, &h.Number, &hash)
		copy(h.Hash[:], hash)
		all = append(all, h)
		return err
	})
	return all, err
}

// AuditHead implements store.Audits.
func (s *Store) AuditHead(ctx context.Context, id room.ID) (store.AuditHead, error) {
	head := store.AuditHead{Room: id}
	var hash []byte
	err := s.one(ctx, "audit head", sqltext.AuditHead, []any{string(id)}, &head.Room, &head.Number, &hash)
	if errors.Is(err, store.ErrNotFound) {
		return head, nil
	}
	copy(head.Hash[:], hash)
	return head, err
}

// AuditChain implements store.Audits.
func (s *Store) AuditChain(ctx context.Context, id room.ID, after uint64) iter.Seq2[store.AuditEntry, error] {
	return func(yield func(store.AuditEntry, error) bool) {
		for more := true; more; {
			var part []store.AuditEntry
			err := s.each(ctx, "audit chain", sqltext.AuditChain, []any{string(id), int64(after), chunk}, func(rows Rows) error {
				e, err := scanAudit(rows)
				part = append(part, e)
				return err
			})
			if err != nil {
				yield(store.AuditEntry{}, err)
				return
			}
			for _, e := range part {
				if !yield(e, nil) {
					return
				}
				after = e.Number
			}
			more = len(part) == chunk
		}
	}
}

func scanAudit(rows Rows) (e store.AuditEntry, err error) {
	var at room.Millis
	var session, sum, hash []byte
	err = rows.Scan(&e.Room, &e.Number, &at, &e.Act, &e.Place, &e.Who, &session, &e.Detail, &e.Salt, &sum, &hash)
	e.At = instant(at)
	copy(e.Session[:], session)
	copy(e.Sum[:], sum)
	copy(e.Hash[:], hash)
	return e, err
}
