package world

import (
	"fmt"
	"os"
)

// bench stands in for testing.TB where test servers of Redis, PostgreSQL and mail
// run outside of a test. What would fail a test panics with a Broken.
type bench struct {
	folder string
	ends   []func()
}

// Broken says that the rig itself cannot go on.
type Broken struct{ Why string }

func (b Broken) Error() string { return b.Why }

func (b *bench) Helper()          {}
func (b *bench) Cleanup(f func()) { b.ends = append(b.ends, f) }
func (b *bench) Skip(args ...any) { panic(Broken{fmt.Sprint(args...)}) }

func (b *bench) Fatal(args ...any) { panic(Broken{fmt.Sprint(args...)}) }

// Errorf ends the rig, too: it goes on with nothing that is half broken.
func (b *bench) Errorf(format string, args ...any) { b.Fatalf(format, args...) }

func (b *bench) Fatalf(format string, args ...any) { panic(Broken{fmt.Sprintf(format, args...)}) }

func (b *bench) TempDir() string {
	folder, err := os.MkdirTemp(b.folder, "redis")
	if err != nil {
		b.Fatal(err)
	}
	return folder
}

// end cleans up, last first.
func (b *bench) end() {
	for len(b.ends) > 0 {
		last := b.ends[len(b.ends)-1]
		b.ends = b.ends[:len(b.ends)-1]
		last()
	}
}

// attempt turns a panic of a bench into an error.
func attempt(f func() error) (err error) {
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
