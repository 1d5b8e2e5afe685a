package tables

import (
	"context"
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"hash"
	"strings"

	"greenroom/hub/store"
	"greenroom/hub/store/sqltext"
)

// partial is the name of the secret that a store has while a site is copied to it.
const partial = "copy"

// table is a table of the schema, with the columns of its primary key.
type table struct {
	name string
	key  []string
}

// everything is the tables of the schema; who refers to another comes behind it.
var everything = []table{
	{"site_secret", []string{"name"}},
	{"log", []string{"room", "seq"}},
	{"snapshot", []string{"room"}},
	{"redaction", []string{"room"}},
	{"outlived", []string{"room"}},
	{"room", []string{"id"}},
	{"manager", []string{"room", "person"}},
	{"link", []string{"public_id"}},
	{"address", []string{"room", "invitation"}},
	{"attendance", []string{"room", "participant", "since", "instance"}},
	{"waited", []string{"room", "participant", "since", "instance"}},
	{"instance_beat", []string{"id"}},
	{"reacted", []string{"room", "minute"}},
	{"ballot", []string{"room", "interaction", "choice"}},
	{"person", []string{"id"}},
	{"identity", []string{"issuer", "subject"}},
	{"api_key", []string{"hash"}},
	{"people_group", []string{"id"}},
	{"membership", []string{"people_group", "person"}},
	{"web_session", []string{"id"}},
	{"ended_session", []string{"handle"}},
	{"opening", []string{"session", "room", "invitation"}},
	{"one_time", []string{"secret"}},
	{"code", []string{"purpose", "subject"}},
	{"mail", []string{"id"}},
	{"erasure", []string{"id"}},
	{"logo", []string{"hash"}},
	{"audit", []string{"room", "number"}},
	{"audit_about", []string{"id", "room", "number"}},
	{"audit_head", []string{"room"}},
	{"beat", []string{"id"}},
}

// atOnce is how many rows are read and written in one transaction. A snapshot
// may have several megabytes.
func (t table) atOnce() int {
	if t.name == "snapshot" {
		return 8
	}
	return 200
}

// itself is how CopyTo finds the tables of a store that embeds them.
func (s *Store) itself() *Store { return s }

// CopyTo implements store.Copier.
func (s *Store) CopyTo(ctx context.Context, to store.Store, tell func(store.Copied)) error {
	other, ok := to.(interface{ itself() *Store })
	if !ok {
		return errors.New("store: this store cannot be copied to")
	}
	target := other.itself()
	for _, t := range everything {
		empty, err := target.empty(ctx, t)
		if err != nil {
			return err
		}
		if !empty {
			return fmt.Errorf("%w: the table %s has rows", store.ErrConflict, t.name)
		}
	}
	for _, t := range everything {
		told, err := s.copyTable(ctx, target, t)
		if err != nil {
			return err
		}
		if t.name == everything[0].name { // its own rows are compared by now
			if _, err := target.Secret(ctx, partial); err != nil {
				return err
			}
		}
		tell(told)
	}
	return target.RenewSecret(ctx, partial)
}

// Partial implements store.Copier.
func (s *Store) Partial(ctx context.Context) (bool, error) {
	var mark []byte
	err := s.one(ctx, "copy", sqltext.Secret, []any{partial}, &mark)
	if errors.Is(err, store.ErrNotFound) {
		return false, nil
	}
	return err == nil, err
}

func (s *Store) empty(ctx context.Context, t table) (bool, error) {
	rows, _, err := s.page(ctx, t, nil, 1)
	return len(rows) == 0, err
}

// copyTable copies one table and reads it back.
func (s *Store) copyTable(ctx context.Context, target *Store, t table) (store.Copied, error) {
	read, err := s.walk(ctx, t, func(columns []Column, rows [][]any) error {
		return target.insert(ctx, t, columns, rows)
	})
	if err != nil {
		return store.Copied{}, err
	}
	for _, both := range []*Store{target, s} {
		again, err := both.walk(ctx, t, func([]Column, [][]any) error { return nil })
		if err != nil {
			return store.Copied{}, err
		}
		if again != read {
			return store.Copied{}, fmt.Errorf("store: copy: the table %s is not what was read of it: %d rows, then %d; did somebody write meanwhile?", t.name, read.Rows, again.Rows)
		}
	}
	return read, nil
}

// walk hands over all rows in the order of their key, and gives their number
// and sum.
func (s *Store) walk(ctx context.Context, t table, each func(columns []Column, rows [][]any) error) (told store.Copied, err error) {
	told.Table = t.name
	sum := sha256.New()
	var last []any
	for {
		rows, columns, err := s.page(ctx, t, last, t.atOnce())
		if err != nil {
			return told, err
		}
		if len(rows) == 0 {
			sum.Sum(told.Sum[:0])
			return told, nil
		}
		for _, row := range rows {
			for i, value := range row {
				write(sum, columns[i].Name, value)
			}
		}
		told.Rows += int64(len(rows))
		if err := each(columns, rows); err != nil {
			return told, err
		}
		last = keyOf(t, columns, rows[len(rows)-1])
	}
}

// page reads rows behind a key.
func (s *Store) page(ctx context.Context, t table, after []any, limit int) (all [][]any, columns []Column, err error) {
	key, behind, args := strings.Join(t.key, ", "), "", append(after[:len(after):len(after)], limit)
	if after != nil {
		behind = fmt.Sprintf(" WHERE (%s) > (%s)", key, places(len(after)))
	}
	text := fmt.Sprintf("SELECT * FROM %s%s ORDER BY %s LIMIT $%d", t.name, behind, key, len(args))
	rows, err := s.engine.Query(ctx, text, args...)
	if err != nil {
		return nil, nil, s.engine.Plain("copy", err)
	}
	defer rows.Close()
	if columns, err = rows.Columns(); err != nil {
		return nil, nil, s.engine.Plain("copy", err)
	}
	for rows.Next() {
		row, dest := make([]any, len(columns)), make([]any, len(columns))
		for i := range row {
			dest[i] = &row[i]
		}
		if err := rows.Scan(dest...); err != nil {
			return nil, nil, s.engine.Plain("copy", err)
		}
		for i, column := range columns {
			row[i] = plainly(column, row[i])
		}
		all = append(all, row)
	}
	return all, columns, s.engine.Plain("copy", rows.Err())
}

// plainly is a value as every database gives it: SQLite has numbers for truth,
// and its empty bytes look like none.
func plainly(column Column, value any) any {
	switch v := value.(type) {
	case int64:
		if column.Boolean {
			return v != 0
		}
	case []byte:
		if v == nil {
			return []byte{}
		}
	}
	return value
}

func (s *Store) insert(ctx context.Context, t table, columns []Column, rows [][]any) error {
	names := make([]string, len(columns))
	for i, column := range columns {
		names[i] = column.Name
	}
	text := fmt.Sprintf("INSERT INTO %s (%s) VALUES (%s)", t.name, strings.Join(names, ", "), places(len(columns)))
	return s.write(ctx, "copy", func(t *tx) error {
		for _, row := range rows {
			if err := t.exec(text, row...); err != nil {
				return err
			}
		}
		return nil
	})
}

// places writes n placeholders.
func places(n int) string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint("$", i+1)
	}
	return strings.Join(all, ", ")
}

func keyOf(t table, columns []Column, row []any) (key []any) {
	for _, name := range t.key {
		for i, column := range columns {
			if column.Name == name {
				key = append(key, row[i])
			}
		}
	}
	return key
}

// write adds a value to a sum so that no two rows have the same bytes.
func write(sum hash.Hash, column string, value any) {
	kind, data := byte('?'), fmt.Append(nil, value)
	switch v := value.(type) {
	case nil:
		kind, data = 'n', nil
	case bool:
		kind, data = 'b', []byte{0}
		if v {
			data[0] = 1
		}
	case int64:
		kind, data = 'i', binary.BigEndian.AppendUint64(nil, uint64(v))
	case string:
		kind, data = 't', []byte(v)
	case []byte:
		kind, data = 'd', v
	}
	for _, part := range [][]byte{[]byte(column), {kind}, data} {
		sum.Write(binary.BigEndian.AppendUint64(nil, uint64(len(part))))
		sum.Write(part)
	}
}
