package tables

import (
	"context"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// PutKey implements store.Keys.
func (s *Store) PutKey(ctx context.Context, k store.APIKey, audit ...store.AuditRow) error {
	return s.changeAudited(ctx, "put key", audit, sqltext.PutKey, k.Hash[:], string(k.Person), k.Label, k.Scope,
		millis(k.Created), millis(k.Expires), millis(k.Used))
}

// Key implements store.Keys.
func (s *Store) Key(ctx context.Context, hash [32]byte, now time.Time) (k store.APIKey, p store.Person, err error) {
	dest, done := keyColumns(&k)
	more, finish := personColumns(&p)
	err = s.one(ctx, "key", sqltext.Key, []any{hash[:], now.UnixMilli()}, append(dest, more...)...)
	done()
	finish()
	return k, p, err
}

// Keys implements store.Keys.
func (s *Store) Keys(ctx context.Context, person room.PersonID) (all []store.APIKey, err error) {
	err = s.each(ctx, "keys", sqltext.Keys, []any{string(person)}, func(rows Rows) error {
		var k store.APIKey
		dest, done := keyColumns(&k)
		err := rows.Scan(dest...)
		done()
		all = append(all, k)
		return err
	})
	return all, err
}

// keyColumns gives where the columns of a key go; done finishes.
func keyColumns(k *store.APIKey) (dest []any, done func()) {
	var hash []byte
	var created, expires, used room.Millis
	return []any{&hash, &k.Person, &k.Label, &k.Scope, &created, &expires, &used}, func() {
		copy(k.Hash[:], hash)
		k.Created, k.Expires, k.Used = instant(created), instant(expires), instant(used)
	}
}

// TouchKey implements store.Keys.
func (s *Store) TouchKey(ctx context.Context, hash [32]byte, used time.Time) error {
	return s.changeOne(ctx, "touch key", sqltext.TouchKey, hash[:], millis(used))
}

// EndKey implements store.Keys.
func (s *Store) EndKey(ctx context.Context, hash [32]byte, audit ...store.AuditRow) error {
	return s.changeAudited(ctx, "end key", audit, sqltext.EndKey, hash[:])
}
