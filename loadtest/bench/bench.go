// Package bench lets a program start the PostgreSQL, Redis and mail servers of
// the tests.
package bench

import (
	"fmt"
	"os"
)

// Bench stands in for testing.TB outside of a test. What would fail a test
// panics with a [Broken].
type Bench struct {
	Folder string // where the servers have theirs
	ends   []func()
}

// Broken says that what a program needs cannot be had here.
type Broken struct{ Why string }

// Error implements error.
func (b Broken) Error() string { return b.Why }

// Helper does nothing.
func (b *Bench) Helper() {}

// Cleanup has f called by [Bench.End].
func (b *Bench) Cleanup(f func()) { b.ends = append(b.ends, f) }

// Skip panics: nothing is done by halves.
func (b *Bench) Skip(args ...any) { panic(Broken{fmt.Sprint(args...)}) }

// Fatal panics.
func (b *Bench) Fatal(args ...any) { panic(Broken{fmt.Sprint(args...)}) }

// Errorf panics, too.
func (b *Bench) Errorf(format string, args ...any) { b.Fatalf(format, args...) }

// Fatalf panics.
func (b *Bench) Fatalf(format string, args ...any) { panic(Broken{fmt.Sprintf(format, args...)}) }

// TempDir makes a folder, which the owner of Folder removes.
func (b *Bench) TempDir() string {
	folder, err := os.MkdirTemp(b.Folder, "redis")
	if err != nil {
		b.Fatal(err)
	}
	return folder
}

// End cleans up, last first.
func (b *Bench) End() {
	for len(b.ends) > 0 {
		last := b.ends[len(b.ends)-1]
		b.ends = b.ends[:len(b.ends)-1]
		last()
	}
}

// Attempt turns a panic of a Bench into an error.
func Attempt(f func() error) (err error) {
	defer func() {
		switch said := recover().(type) {
		case nil:
		case Broken:
			err = said
		default:
			panic(said)
		}
	}()
	return f()
}
