package main

import (
	"errors"
	"fmt"

	"greenroom/hub/broker/redis/redistest"
	"greenroom/hub/store/postgres/pgtest"
	"greenroom/loadtest/bench"
)

// ownStore is the --store that is started for this run alone.
const ownStore = "postgres"

// provide starts what the servers need and no flag names: a PostgreSQL as it is
// without settings, and a Redis. They end with the run.
func provide(b *bench.Bench, c *Config, p *progress) (store, redis string, err error) {
	store, redis = c.Store, c.Redis
	err = bench.Attempt(func() error {
		if store == ownStore || store == "" && c.Instances > 1 {
			p.say("starting PostgreSQL")
			store = pgtest.Start(b).Database(b)
		}
		if redis == "" && c.Instances > 1 {
			redis = "redis://" + redistest.Start(b).Host
		}
		return nil
	})
	if errors.As(err, new(bench.Broken)) {
		err = fmt.Errorf("%w, or name one with --store and --redis", err)
	}
	return store, redis, err
}
