package redis

import (
	"bytes"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"strings"
	"testing"
	"time"

	"greenroom/hub/broker/redis/redistest"
)

// Whoever can write to Redis says what they like on a room's channel: nothing
// of it is heard, and it is counted.
func TestForgedMessages(t *testing.T) {
	s := redistest.Start(t)
	here, there := open(t, "redis://"+s.Host), open(t, "redis://"+s.Host)
	l := listen(t, there, "room.one")
	l.want("true", here)
	channel := l.Subscription.(*subscription).channel
	foreign := newSealer([]byte(strings.Repeat("another key ", 4)), time.Now)
	good := here.sealer.seal(channel, 1<<20, []byte("said once"))
	elsewhere := here.sealer.seal("gr:{b00}:room.two", 1<<21, []byte("of another room"))
	forged := [][]byte{
		{}, []byte("{}"), []byte(`{"from":"x","first":1,"last":2}`), good[:len(good)-1], good[:sealBytes], good[:sealBytes-1], append(bytes.Clone(good), 'x'),
		foreign.seal(channel, 1, []byte("of a foreign greenroom")), elsewhere, bytes.Repeat([]byte{0}, sealBytes+10), bytes.Repeat([]byte{1}, 100<<10),
	}
	for i := range good { // one bit anywhere
		bad := bytes.Clone(good)
		bad[i] ^= 1
		forged = append(forged, bad)
	}
	for _, msg := range forged {
		if err := there.client.SPublish(t.Context(), channel, msg).Err(); err != nil {
			t.Fatal(err)
		}
	}
	l.want("still true", here)
	if got := there.Stats().Forged; got != uint64(len(forged)) {
		t.Errorf("counted %d forged messages of %d", got, len(forged))
	}
}

// The same by hand: somebody with redis-cli and a recording publishes it again,
// in part, on another channel, and words of their own. Whatever the command,
// nothing is heard.
func TestForgedByHand(t *testing.T) {
	s := redistest.Start(t)
	here, there := open(t, "redis://"+s.Host), open(t, "redis://"+s.Host)
	l := listen(t, there, "room.one")
	other := listen(t, there, "room.two")
	channel, elsewhere := l.Subscription.(*subscription).channel, other.Subscription.(*subscription).channel
	raw := there.client.SSubscribe(t.Context(), channel)
	defer raw.Close()
	if _, err := raw.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.want("recorded", here)
	m, err := raw.ReceiveMessage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	recorded := []byte(m.Payload)
	shout := func(text []byte, to string) {
		t.Helper()
		if said := s.DoWith(text, "SPUBLISH", to); !strings.HasPrefix(said, "1") && !strings.HasPrefix(said, "2") {
			t.Fatalf("nobody heard it: %q", said)
		}
	}
	shout(recorded, channel)
	shout(recorded, elsewhere)
	for _, n := range []int{0, 1, sealBytes - 1, sealBytes, len(recorded) - 1} {
		shout(recorded[:n], channel)
	}
	shout([]byte(`{"from":"x","first":1,"last":2,"events":[]}`), channel)
	shout(bytes.Repeat([]byte{0xFF}, 1<<20), channel)
	s.DoWith(recorded, "PUBLISH", channel) // the classic way, which this server is not asked for
	l.want("true", here)
	other.want("true here too", here)
	if stats := there.Stats(); stats.Replayed != 1 || stats.Forged != 8 {
		t.Errorf("%d replayed, %d forged", stats.Replayed, stats.Forged)
	}
}

// Another greenroom on the same Redis has rooms of the same names and another
// key: each hears its own, all are sound, and the foreign is counted.
func TestForeignGreenroom(t *testing.T) {
	s := redistest.Start(t)
	here, there := open(t, "redis://"+s.Host), open(t, "redis://"+s.Host)
	address, err := ParseAddress("redis://" + s.Host)
	if err != nil {
		t.Fatal(err)
	}
	foreign, err := Open(t.Context(), Options{Address: address, Key: []byte(strings.Repeat("another key ", 4)), Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		t.Fatal(err)
	}
	defer foreign.Close()
	ours, theirs := listen(t, there, "site"), listen(t, foreign, "site")
	for i := range 50 {
		theirs.want(fmt.Sprint("theirs ", i), foreign)
		ours.want(fmt.Sprint("ours ", i), here)
	}
	ours.sound(true)
	theirs.sound(true)
	until(t, "what is foreign is counted", func() bool { return there.Stats().Forged >= 50 && foreign.Stats().Forged >= 50 })
	if d := there.Stats().Dropped + foreign.Stats().Dropped; d != 0 {
		t.Errorf("%d messages were lost to the noise", d)
	}
}

// What was recorded is heard once.
func TestReplayedMessages(t *testing.T) {
	s := redistest.Start(t)
	here, there := open(t, "redis://"+s.Host), open(t, "redis://"+s.Host)
	l := listen(t, there, "room.one")
	l.want("first", here)
	channel := l.Subscription.(*subscription).channel
	raw := there.client.SSubscribe(t.Context(), channel)
	defer raw.Close()
	if _, err := raw.Receive(t.Context()); err != nil {
		t.Fatal(err)
	}
	l.want("recorded", here)
	m, err := raw.ReceiveMessage(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for range 3 {
		if err := there.client.SPublish(t.Context(), channel, m.Payload).Err(); err != nil {
			t.Fatal(err)
		}
	}
	l.want("next", here)
	if got := there.Stats().Replayed; got != 3 {
		t.Errorf("counted %d replays", got)
	}
}

func TestSeal(t *testing.T) {
	now := time.Now()
	clock := func() time.Time { return now }
	a, b := newSealer(testKey, clock), newSealer(testKey, clock)
	sealed := a.seal("c", 1, []byte("m"))
	if msg, err := b.open("c", 3, sealed); err != nil || string(msg) != "m" {
		t.Fatal(msg, err)
	}
	old := a.seal("c", 2, nil)
	now = now.Add(believed + time.Second)
	for what, err := range map[string]error{"opened again": second(b.open("c", 3, sealed)), "recorded long ago": second(b.open("c", 3, old))} {
		if err != errReplayed {
			t.Errorf("%s: %v", what, err)
		}
	}
	now = now.Add(2 * believed)
	b.sweep()
	if len(b.seen) != 0 {
		t.Errorf("%d publishers are remembered for ever", len(b.seen))
	}
}

func second(_ []byte, err error) error { return err }

func FuzzOpen(f *testing.F) {
	s := newSealer(testKey, time.Now)
	f.Add(s.seal("c", 1, []byte("m")))
	f.Add([]byte{})
	good := string(s.seal("c", 2, []byte("m")))
	f.Fuzz(func(t *testing.T, sealed []byte) {
		if msg, err := s.open("c", 1, sealed); err == nil && string(msg) != "m" && string(sealed) != good {
			t.Errorf("opened %q", msg)
		}
	})
}

func TestAddress(t *testing.T) {
	for text, want := range map[string]string{
		"redis://localhost": "redis://localhost:6379", "redis://me:p%40w@host:7000/0": "redis://host:7000", "rediss://[::1]": "rediss://[::1]:6379",
		"redis+sentinel://me:pw@a,b:1/main?sentinel-user=x&sentinel-password=y": "redis+sentinel://a:26379,b:1/main",
		"rediss+cluster://a:1,b:2,c": "rediss+cluster://a:1,b:2,c:6379",
	} {
		if a, err := ParseAddress(text); err != nil || a.String() != want {
			t.Errorf("%s: %s, %v", text, a, err)
		}
	}
	a, err := ParseAddress("redis+sentinel://me:p%40w@a/main?sentinel-user=x&sentinel-password=y")
	if err != nil || a.User != "me" || a.Password != "p@w" || a.SentinelUser != "x" || a.SentinelSecret != "y" {
		t.Errorf("%+v, %v", a, err)
	}
	for _, text := range []string{"", "redis", "redis:host", "http://host", "redis+://host", "redis+ring://host", "redis://", "redis://a,b", "redis://host:x",
		"redis://host:70000", "redis://:6379", "redis://host/1", "redis://host?x=1", "redis://host#x", "redis+sentinel://host", "redis+sentinel://host/a/b",
		"redis+cluster://a,,b", "redis://secretpw@ho st", "redis://me:secret%pw@host"} {
		if _, err := ParseAddress(text); err == nil {
			t.Errorf("%q is taken", text)
		} else if strings.Contains(err.Error(), "secret") {
			t.Errorf("%q: %v", text, err)
		}
	}
}

// A user with the documented line can do everything and nothing else.
func TestACL(t *testing.T) {
	s := redistest.Start(t)
	line := strings.Fields(ACL)
	if said := s.Do(append([]string{"ACL", "SETUSER", "greenroom", ">pw"}, line...)...); said != "OK\n" {
		t.Fatal(said)
	}
	address := "redis://greenroom:pw@" + s.Host
	here, there := open(t, address), open(t, address)
	l := listen(t, there, "room")
	l.want("heard", here)
	l.Close()
	until(t, "probes are heard", func() bool { return there.Stats().MissedProbes == 0 })
	for _, args := range [][]string{{"GET", "x"}, {"KEYS", "*"}, {"PUBLISH", "other", "x"}, {"CONFIG", "GET", "*"}, {"PUBSUB", "CHANNELS"}} {
		if said := s.Do(append([]string{"--user", "greenroom", "--pass", "pw", "--no-auth-warning"}, args...)...); !strings.Contains(said, "NOPERM") {
			t.Errorf("%v: %s", args, said)
		}
	}
	if said := s.Do("ACL", "LOG"); strings.Contains(said, "gr:") {
		t.Errorf("the broker was refused something: %s", said)
	}
}

func TestACLInCluster(t *testing.T) {
	nodes := redistest.StartCluster(t)
	for _, n := range nodes {
		n.Do(append([]string{"ACL", "SETUSER", "greenroom", ">pw"}, strings.Fields(ACL)...)...)
	}
	address := "redis+cluster://greenroom:pw@" + nodes[0].Host
	here, there := open(t, address), open(t, address)
	for i := range 10 {
		listen(t, there, fmt.Sprint("room", i)).want("heard", here)
	}
}

// Whatever a single Redis needs to be allowed and is not, is told at once with its name.
func TestACLWithoutOne(t *testing.T) {
	s := redistest.Start(t)
	for _, without := range []string{"+ssubscribe", "+sunsubscribe", "+spublish", "&gr:*"} {
		rights := append([]string{"ACL", "SETUSER", "greenroom", "reset", ">pw"}, strings.Fields(strings.Replace(ACL, " "+without, "", 1))...)
		if said := s.Do(rights...); said != "OK\n" {
			t.Fatal(said)
		}
		address, err := ParseAddress("redis://greenroom:pw@" + s.Host)
		if err != nil {
			t.Fatal(err)
		}
		b, err := Open(t.Context(), Options{Address: address, Key: []byte(strings.Repeat("k", MinKey)), Log: slog.New(slog.DiscardHandler)})
		if !errors.Is(err, ErrDenied) || !strings.Contains(err.Error(), strings.NewReplacer("+", "'", "&gr:*", "channels").Replace(without)) {
			t.Errorf("without %s: %v, %v", without, b, err)
		}
	}
}

// The line stands in the README too, for people, and in the file for compose.yaml's Redis.
func TestACLIsDocumented(t *testing.T) {
	for _, file := range []string{"../../../README.md", "../../../server/deploy/redis.acl"} {
		text, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(text), ACL) {
			t.Errorf("%s does not say %q: %v", file, ACL, err)
		}
	}
}
