package tables

import (
	"context"

	"greenroom/hub/room"
	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// Link implements store.Directory.
func (s *Store) Link(ctx context.Context, publicID string) (store.LinkRow, error) {
	l := store.LinkRow{PublicID: publicID}
	var secret []byte
	err := s.one(ctx, "link", sqltext.Link, []any{publicID}, &l.Room, &l.Invitation, &l.Generation, &secret)
	if err != nil {
		return store.LinkRow{}, err
	}
	copy(l.Secret[:], secret)
	return l, nil
}

// Address implements store.Directory.
func (s *Store) Address(ctx context.Context, id room.ID, inv room.InvitationID) (store.AddressRow, error) {
	a := store.AddressRow{Room: id}
	err := s.one(ctx, "address", sqltext.Address, []any{string(id), string(inv)},
		&a.Invitation, &a.Email, &a.FirstName, &a.LastName, &a.Language, &a.Zone)
	if err != nil {
		return store.AddressRow{}, err
	}
	return a, nil
}

// SetReader implements store.Directory.
func (s *Store) SetReader(ctx context.Context, id room.ID, inv room.InvitationID, language, zone string) error {
	return s.write(ctx, "set reader", func(t *tx) error {
		return some(t.change(sqltext.SetReader, string(id), string(inv), language, zone, s.now().UnixMilli()))
	})
}

// Invited implements store.Directory.
func (s *Store) Invited(ctx context.Context, id room.ID, prefix string, limit int) (all []store.AddressRow, err error) {
	from, to := sqltext.Prefix(prefix)
	err = s.each(ctx, "invited", sqltext.Invited, []any{from, to, max(limit, 0), string(id)}, func(rows Rows) error {
		a := store.AddressRow{Room: id}
		err := rows.Scan(&a.Invitation, &a.Email, &a.FirstName, &a.LastName, &a.Language, &a.Zone)
		all = append(all, a)
		return err
	})
	return all, err
}

// Rooms implements store.Directory.
func (s *Store) Rooms(ctx context.Context, f store.RoomFilter) (all []store.RoomRow, err error) {
	args := []any{string(f.Person), sqltext.Pattern(lowerASCII(f.Query)), string(f.After), max(f.Limit, 0), f.Address}
	for _, state := range f.States {
		args = append(args, state)
	}
	err = s.each(ctx, "rooms", sqltext.Rooms(len(f.States), f.Newest), args, func(rows Rows) error {
		var r store.RoomRow
		err := rows.Scan(&r.ID, &r.Title, &r.StartsAt, &r.EndsAt, &r.State)
		all = append(all, r)
		return err
	})
	return all, err
}

// RoomRow implements store.Directory.
func (s *Store) RoomRow(ctx context.Context, id room.ID) (r store.RoomRow, err error) {
	err = s.one(ctx, "room", sqltext.Room, []any{string(id)}, &r.ID, &r.Title, &r.StartsAt, &r.EndsAt, &r.State)
	return r, err
}

// Logo implements store.Directory.
func (s *Store) Logo(ctx context.Context, hash [32]byte) (kind string, content []byte, err error) {
	err = s.one(ctx, "logo", sqltext.Logo, []any{hash[:]}, &kind, &content)
	return kind, content, err
}
