package store

import "context"

// Copied tells of one table that has been copied and compared: both databases
// hold the same rows.
type Copied struct {
	Table string
	Rows  int64
	Sum   [32]byte // SHA-256 of the rows, in the order of their key
}

// Copier is a store whose whole content can be taken to another database.
type Copier interface {
	// CopyTo copies every row to a store that holds none, and compares both row
	// by row. ErrConflict: the other one is not empty, and nothing was written.
	// Nobody may write to either meanwhile: it is found out and an error. After
	// any other error the other store holds a part and is to be emptied.
	CopyTo(ctx context.Context, to Store, tell func(Copied)) error
	// Partial says that a copy to this store was begun and has not come to its
	// end: what it holds is a part of a site, which nobody should serve.
	Partial(ctx context.Context) (bool, error)
}
