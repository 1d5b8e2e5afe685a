package postgres

import (
	"cmp"
	"context"
	"errors"
	"log/slog"
	"net"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"greenroom/hub/store/tables"
)

// idleInTransaction is how long PostgreSQL lets an instance that has stopped
// hold the lock of a room. decide takes a few milliseconds.
const idleInTransaction = 500 * time.Millisecond

var (
	errURL     = errors.New("store: that is no PostgreSQL URL; write postgres://USER:PASSWORD@HOST/DATABASE")
	errLazy    = errors.New("synchronous_commit is off: what was acknowledged could be lost; set it to on for greenroom's database or user")
	errForeign = errors.New("the schema holds tables of another program; give greenroom a database of its own")
)

// Open connects and brings an older schema up to date. Errors are sentences for
// the person who gave the URL, without its password; a schema of a newer
// release is store.ErrNewSchema.
func Open(ctx context.Context, o Options) (*Store, error) {
	config, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, errURL // whose own words may hold the password
	}
	config.MaxConns = int32(cmp.Or(o.Connections, DefaultConnections))
	config.MinConns = min(2, config.MaxConns)
	config.ConnConfig.ConnectTimeout = cmp.Or(config.ConnConfig.ConnectTimeout, 5*time.Second)
	config.ConnConfig.RuntimeParams["idle_in_transaction_session_timeout"] = strconv.FormatInt(idleInTransaction.Milliseconds(), 10)
	config.ConnConfig.RuntimeParams["application_name"] = cmp.Or(config.ConnConfig.RuntimeParams["application_name"], "greenroom")
	e := &engine{
		name: nameOf(config.ConnConfig), now: o.Now, patience: cmp.Or(o.Patience, 10*time.Second),
		log: cmp.Or(o.Log, slog.New(slog.DiscardHandler)),
	}
	config.ConnConfig.Tracer = &e.asked
	if e.pool, err = pgxpool.NewWithConfig(ctx, config); err != nil {
		return nil, e.Plain("open", err)
	}
	if err := e.open(ctx); err != nil {
		e.pool.Close()
		return nil, e.Plain("open", err)
	}
	return &Store{tables.New(e), e}, nil
}

func nameOf(c *pgx.ConnConfig) string {
	if c.Host != "" && c.Host[0] == '/' {
		return c.Host + ":" + c.Database
	}
	return net.JoinHostPort(c.Host, strconv.Itoa(int(c.Port))) + "/" + c.Database
}

func (e *engine) open(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 6*e.patience) // a step may change large tables
	defer cancel()
	conn, err := e.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release()
	var durable, disk string
	var ms int64
	if err := conn.QueryRow(ctx, `SELECT current_setting('synchronous_commit'), current_setting('fsync')`).Scan(&durable, &disk); err != nil {
		return err
	}
	if durable == "off" {
		return errLazy
	}
	if disk == "off" {
		e.log.Warn("the database runs with fsync off: a power cut loses what was acknowledged", "database", e.name)
	}
	if err := migrate(ctx, conn.Conn()); err != nil {
		return err
	}
	if err := conn.QueryRow(ctx, clockText).Scan(&ms); err != nil {
		return err
	}
	e.clock.learn(ms)
	return nil
}
