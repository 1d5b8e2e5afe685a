package redis

import (
	"fmt"
	"log/slog"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"greenroom/hub/broker"
	"greenroom/hub/broker/brokertest"
	"greenroom/hub/broker/redis/redistest"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

var testKey = []byte("a cluster key of at least thirty-two bytes")

// open gives a broker at an address, which the test closes.
func open(t testing.TB, address string) *Broker {
	t.Helper()
	a, err := ParseAddress(address)
	if err != nil {
		t.Fatal(err)
	}
	b, err := Open(t.Context(), Options{Address: a, Key: testKey, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.Close() })
	return b
}

func pair(address string) func(t *testing.T) (broker.Broker, broker.Broker) {
	return func(t *testing.T) (broker.Broker, broker.Broker) { return open(t, address), open(t, address) }
}

func TestContractSingle(t *testing.T) {
	s := redistest.Start(t)
	brokertest.Run(t, pair("redis://"+s.Host))
}

// A server before Redis 7 knows no sharded pub/sub.
func TestContractClassic(t *testing.T) {
	s := redistest.Start(t, "--rename-command", "SSUBSCRIBE", "", "--rename-command", "SUNSUBSCRIBE", "", "--rename-command", "SPUBLISH", "")
	brokertest.Run(t, pair("redis://"+s.Host))
	b := open(t, "redis://"+s.Host)
	listen(t, b, "room").want("x", b)
	if !b.Stats().Classic {
		t.Error("it is not known that the server is old")
	}
}

func TestContractCluster(t *testing.T) {
	nodes := redistest.StartCluster(t)
	address := "redis+cluster://" + nodes[0].Host + "," + nodes[1].Host
	brokertest.Run(t, pair(address))
	here, there := open(t, address), open(t, address)
	for i := range 200 { // all buckets, all nodes
		topic := fmt.Sprint("room", i)
		listen(t, there, topic).want("to "+topic, here)
	}
	if s := there.Stats(); s.Buckets < 40 || s.Connected != s.Buckets {
		t.Errorf("%+v", s)
	}
}

func TestContractSentinel(t *testing.T) {
	sentinel, _, _ := redistest.StartSentinel(t)
	brokertest.Run(t, pair("redis+sentinel://"+sentinel.Host+"/main"))
}

// listener is one subscription in a test.
type listener struct {
	t     testing.TB
	topic string
	broker.Subscription
}

func listen(t testing.TB, b broker.Broker, topic string) *listener {
	t.Helper()
	s, err := b.Subscribe(t.Context(), topic)
	if err != nil {
		t.Fatal(err)
	}
	return &listener{t, topic, s}
}

// want publishes and waits for the message.
func (l *listener) want(msg string, from broker.Broker) {
	l.t.Helper()
	if err := from.Publish(l.t.Context(), l.topic, []byte(msg)); err != nil {
		l.t.Fatal(err)
	}
	if got := l.next(); got != msg {
		l.t.Fatalf("got %q, want %q", got, msg)
	}
}

func (l *listener) next() string {
	l.t.Helper()
	select {
	case msg := <-l.C():
		return string(msg)
	case <-time.After(redistest.Patience):
		l.t.Fatal("no message came")
		return ""
	}
}

// gap waits to be told that something may be lost.
func (l *listener) gap() {
	l.t.Helper()
	select {
	case <-l.Gaps():
	case <-time.After(redistest.Patience):
		l.t.Fatal("nobody said that messages may be lost")
	}
}

// sound waits for Sound to be as wanted.
func (l *listener) sound(want bool) {
	l.t.Helper()
	until(l.t, fmt.Sprint("sound is ", want), func() bool { return l.Sound() == want })
}

func until(t testing.TB, what string, is func() bool) {
	t.Helper()
	for deadline := time.Now().Add(redistest.Patience); !is(); time.Sleep(5 * time.Millisecond) {
		if time.Now().After(deadline) {
			t.Fatalf("it never came that %s", what)
		}
	}
}

// again publishes until a message arrives: what was lost meanwhile is lost.
func (l *listener) again(from broker.Broker) {
	l.t.Helper()
	for i := 0; ; i++ {
		msg := fmt.Sprint("again ", i)
		if err := from.Publish(l.t.Context(), l.topic, []byte(msg)); err != nil {
			l.t.Fatal(err)
		}
		select {
		case got := <-l.C():
			if strings.HasPrefix(string(got), "again ") { // an earlier one may have been on its way
				return
			}
		case <-time.After(20 * time.Millisecond):
			if i > int(redistest.Patience/(20*time.Millisecond)) {
				l.t.Fatal("nothing arrives any more")
			}
		}
	}
}
