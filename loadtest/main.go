// Command loadtest brings simulated people into a room and says how long they
// waited: for joining, for the door, for each other's messages and for new
// rights. Alone it builds ./server and runs it as a process of its own; --url
// and --key aim it at a running one. It talks to nobody else.
//
//	go run ./loadtest
//	go run ./loadtest --people 2000 --chat 50 --assert 'promotion.p99<250ms' --assert 'errors==0'
//	go run ./loadtest --people 5000 --storm --assert 'promotion.p99<150ms' --assert 'bytes.max<114688'
//	go run ./loadtest --instances 2 --for 30s --cut --kill
//	go run ./loadtest --events answers --people 2000 --rooms 20 --store postgres
//	go run ./loadtest --idle --people 10000
//
// Start at plan.go (what happens, in order), then guest.go (one simulated
// person, on the client library) and report.go (what is told). Latencies are
// taken by one clock, in this process; times of posts count from the moment at
// which a post was due, not from when its turn came (coordinated omission).
// It may import the client library and hub/room.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"syscall"
	"time"

	"github.com/alecthomas/kong"
)

// Config is every flag.
type Config struct {
	People    int           `default:"200" placeholder:"N" help:"How many people are invited. Default: ${default}."`
	For       time.Duration `default:"10s" placeholder:"TIME" help:"How long they chat once the door is open. Default: ${default}."`
	OpensIn   time.Duration `default:"3s" placeholder:"TIME" help:"When the door opens after everybody has joined. Default: ${default}."`
	Chat      float64       `default:"5" placeholder:"N" help:"Messages per second, by people at random. Default: ${default}."`
	TextBytes int           `default:"150" placeholder:"N" help:"Length of a message. Default: ${default}."`
	Writers   int           `default:"0" placeholder:"N" help:"How many people write in turn; 0: all."`
	Promote   float64       `default:"2" placeholder:"N" help:"Role changes per second, of people at random. Default: ${default}."`
	Answers   int           `default:"0" placeholder:"N" help:"How many people answer a question in the middle of it."`
	Within    time.Duration `default:"2s" placeholder:"TIME" help:"The time within which they do. Default: ${default}."`
	Reactions float64       `default:"0" placeholder:"N" help:"Reactions per second, by people at random."`
	Storm     bool          `help:"All at once: 200 messages, 500 reactions and 10 role changes a second, and everybody answers within two seconds; less where so few people may not do so much, and what other flags say counts instead."`
	Early     float64       `default:"0.5" placeholder:"SHARE" help:"Share of people who confirm their address before the start; the others do it at the door. Default: ${default}."`
	Parallel  int           `default:"32" placeholder:"N" help:"How many invite, open and join at the same time. Default: ${default}."`
	Seed      uint64        `default:"1" placeholder:"N" help:"Of the choice of people. Default: ${default}."`

	URL   string `name:"url" placeholder:"URL" help:"A running server, instead of an own one. Nothing else is ever contacted."`
	Key   string `placeholder:"KEY" env:"GREENROOM_KEY" help:"API key there (grk_…) of a person who may create rooms."`
	Admin string `placeholder:"URL" help:"Admin listener there, for its memory after a collection."`

	Server string   `placeholder:"FILE" help:"A server that is built already, instead of building ./server."`
	Data   string   `placeholder:"DIR" help:"Data folder of the own server. Default: a temporary one."`
	Flag   []string `placeholder:"FLAG" sep:"none" help:"Further flags of the own server; may be repeated."`

	Instances int    `default:"1" placeholder:"N" help:"Own servers on one database; people are spread over them."`
	Store     string `placeholder:"URL" help:"Database of the own servers: postgres://USER@HOST/DATABASE, or postgres for one that is started for this run. Default: an embedded one; of several --instances postgres."`
	Redis     string `placeholder:"URL" help:"Redis between them: redis://HOST:PORT. Default: one that is started for this run."`
	Cut       bool   `help:"Cut the way to Redis for the second half of the chat: then they find each other's news in the database, which is measured 5 s later."`
	Kill      bool   `help:"At the end kill -9 the last server, on which all but each hundredth are, and say how long it takes until all are back on another."`

	Events string `default:"" enum:",answers,chat" placeholder:"KIND" help:"Only how many durable events a second come through: everybody changes an answer (answers) or speaks in the chat (chat) five times a second, the most of a connection."`
	Rooms  int    `default:"1" placeholder:"N" help:"With --events: rooms over which the people are spread, all at once. Default: ${default}."`

	Idle      bool          `help:"Only connect, hold and measure the server's memory."`
	Inside    bool          `help:"With --idle: inside the open room, not in the countdown."`
	Settle    time.Duration `default:"3s" placeholder:"TIME" help:"Quiet time before memory is read. Default: ${default}."`
	Addresses int           `default:"0" placeholder:"N" help:"Local addresses 127.0.0.x to come from, where the server is on this machine; 0: as many as the people need."`

	JSON   string   `name:"json" placeholder:"FILE" help:"Write the result there, too; - for standard output."`
	Assert []string `placeholder:"CONDITION" sep:"none" help:"End with status 1 unless it holds: promotion.p99<250ms, message.max<=1s, errors==0, missing==0; may be repeated."`
}

// The usual rates, as the flags have them.
const (
	usualChat    = 5
	usualPromote = 2
)

// Validate is asked by kong: it refuses what cannot work.
func (c *Config) Validate() error {
	if c.Storm {
		c.storm()
	}
	if c.Events != "" {
		c.Chat, c.Promote = 0, 0
	}
	switch {
	case c.People < 1:
		return errors.New("--people must be at least 1")
	case c.Parallel < 1:
		return errors.New("--parallel must be at least 1")
	case c.URL != "" && c.Key == "":
		return errors.New("--url needs a --key")
	case c.URL == "" && (c.Key != "" || c.Admin != ""):
		return errors.New("--key and --admin belong to a --url")
	case c.URL != "" && (c.Server != "" || c.Data != "" || len(c.Flag) > 0):
		return errors.New("--server, --data and --flag are for an own server, not for --url")
	case c.URL != "" && (c.Instances > 1 || c.Store != "" || c.Redis != ""), c.Instances < 1:
		return errors.New("--instances, --store and --redis are for own servers")
	case c.Events != "" && (c.Idle || c.Storm || c.Cut || c.Kill), c.Rooms > 1 && c.Events == "", c.Rooms < 1, c.Rooms > c.People:
		return errors.New("--events stands alone, and --rooms belongs to it: one at least, and with somebody in each")
	case (c.Cut || c.Kill) && c.Instances < 2, c.Idle && c.Instances > 1:
		return errors.New("--cut and --kill are for several --instances, --idle is for one")
	case c.Chat < 0 || c.Promote < 0 || c.Early < 0 || c.Early > 1:
		return errors.New("--chat and --promote must not be negative, --early lies between 0 and 1")
	case !c.Idle && c.Chat > float64(c.People):
		return errors.New("--chat: people write at most one message a second each")
	case c.Writers < 0 || c.Answers < 0 || c.Reactions < 0 || c.Within < 0 || c.Answers > 0 && c.Within > c.For:
		return errors.New("--writers, --answers and --reactions must not be negative, --within lies in the time of --for")
	case !c.Idle && (c.Writers > 0 && c.Chat > float64(c.Writers) || c.Reactions > 2*float64(c.People)):
		return errors.New("people write at most one message and send two reactions a second each")
	case c.Promote > maxPromote:
		return fmt.Errorf("one owner changes at most %d roles a second", maxPromote)
	case c.TextBytes < minText || c.TextBytes > 2000:
		return fmt.Errorf("--text-bytes lies between %d and 2000", minText)
	}
	for _, text := range c.Assert {
		if _, err := parseAssertion(text); err != nil {
			return err
		}
	}
	return nil
}

func main() {
	runtime.LockOSThread()  // the server is told to end with the thread that started it
	debug.SetGCPercent(400) // memory is plenty; time spent here is taken from the server beside it
	var c Config
	kong.Parse(&c, kong.Name("loadtest"), kong.Description("greenroom's load test: simulated people in one room."), kong.ShortUsageOnError())
	os.Exit(run(c, os.Stdout, os.Stderr))
}

// run gives the exit status: 0; 1 when something failed or an assertion does
// not hold; 130 after Ctrl-C.
func run(c Config, out io.Writer, errs *os.File) int {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second Ctrl-C ends at once

	p := newProgress(errs)
	m := newMeasures()
	err := perform(ctx, &c, p, m)
	p.stop()
	if err != nil && ctx.Err() == nil {
		fmt.Fprintln(errs, "loadtest:", err)
		return 1
	}
	result := m.result(&c)
	result.Interrupted = ctx.Err() != nil
	result.print(out)
	if err := result.write(c.JSON, out); err != nil {
		fmt.Fprintln(errs, "loadtest:", err)
		return 1
	}
	if result.Interrupted {
		return 130
	}
	return holds(c.Assert, result, errs)
}
