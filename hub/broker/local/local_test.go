package local_test

import (
	"testing"

	"go.uber.org/goleak"

	"greenroom/hub/broker"
	"greenroom/hub/broker/brokertest"
	"greenroom/hub/broker/local"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func TestContract(t *testing.T) {
	brokertest.Run(t, func(*testing.T) (broker.Broker, broker.Broker) {
		b := local.New(0)
		return b, b
	})
}

// A listener that does not read loses what does not fit, the others nothing.
func TestFullListenerLosesAndIsCounted(t *testing.T) {
	b := local.New(4)
	defer b.Close()
	slow, err := b.Subscribe(t.Context(), "room")
	if err != nil {
		t.Fatal(err)
	}
	quick, err := b.Subscribe(t.Context(), "room")
	if err != nil {
		t.Fatal(err)
	}
	for i := range byte(10) {
		if err := b.Publish(t.Context(), "room", []byte{i}); err != nil {
			t.Fatal(err)
		}
		if got := <-quick.C(); got[0] != i {
			t.Fatalf("the quick listener got %d, want %d", got[0], i)
		}
	}
	if got := b.Dropped(); got != 6 {
		t.Errorf("counted %d lost messages, want 6", got)
	}
	for i := range byte(4) {
		if got := <-slow.C(); got[0] != i {
			t.Errorf("the slow listener got %d, want %d", got[0], i)
		}
	}
}

func BenchmarkPublish(b *testing.B) {
	l := local.New(0)
	defer l.Close()
	for range 10 {
		s, err := l.Subscribe(b.Context(), "room")
		if err != nil {
			b.Fatal(err)
		}
		go func() {
			for range s.C() {
			}
		}()
	}
	msg := make([]byte, 300)
	for b.Loop() {
		if err := l.Publish(b.Context(), "room", msg); err != nil {
			b.Fatal(err)
		}
	}
}
