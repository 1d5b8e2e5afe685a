package main

import (
	"fmt"
	"os"

	"greenroom/hub/broker/redis/redistest"
	"greenroom/hub/store/postgres/pgtest"
)

// ownStore is the --store that is started for this run alone.
const ownStore = "postgres"

// bench stands in for testing.TB where PostgreSQL and Redis are started for a
// run. What would fail a test panics with a broken.
type bench struct {
	folder string
	ends   []func()
}

// broken says that what the servers need cannot be had here.
type broken struct{ why string }

func (b broken) Error() string { return b.why }

func (b *bench) Helper()                    {}
func (b *bench) Cleanup(f func())           { b.ends = append(b.ends, f) }
func (b *bench) Skip(why ...any)            { panic(broken{fmt.Sprint(why...)}) }
func (b *bench) Fatal(why ...any)           { panic(broken{fmt.Sprint(why...)}) }
func (b *bench) Fatalf(f string, of ...any) { panic(broken{fmt.Sprintf(f, of...)}) }

func (b *bench) TempDir() string {
	folder, err := os.MkdirTemp(b.folder, "redis")
	if err != nil {
		b.Fatal(err)
	}
	return folder
}

// end ends what was started, last first.
func (b *bench) end() {
	for len(b.ends) > 0 {
		last := b.ends[len(b.ends)-1]
		b.ends = b.ends[:len(b.ends)-1]
		last()
	}
}

// provide starts what the servers need and no flag names: a PostgreSQL as it is
// without settings, and a Redis. They end with the run.
func (b *bench) provide(c *Config, p *progress) (store, redis string, err error) {
	defer func() {
		said := recover()
		if why, ok := said.(broken); ok {
			err = fmt.Errorf("%w, or name one with --store and --redis", why)
		} else if said != nil {
			panic(said)
		}
	}()
	if store, redis = c.Store, c.Redis; store == ownStore || store == "" && c.Instances > 1 {
		p.say("starting PostgreSQL")
		store = pgtest.Start(b).Database(b)
	}
	if redis == "" && c.Instances > 1 {
		redis = "redis://" + redistest.Start(b).Host
	}
	return store, redis, nil
}
