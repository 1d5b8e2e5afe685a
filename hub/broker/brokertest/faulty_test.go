package brokertest_test

import (
	"testing"

	"greenroom/hub/broker/brokertest"
	"greenroom/hub/broker/local"
)

func TestFaultyLosesWhatItIsTold(t *testing.T) {
	b := local.New(0)
	defer b.Close()
	third := brokertest.Faulty(b, func(topic string, n int) bool { return topic == "room" && n%3 == 0 })
	s, err := third.Subscribe(t.Context(), "room")
	if err != nil {
		t.Fatal(err)
	}
	for i := range byte(6) {
		if err := third.Publish(t.Context(), "room", []byte{i}); err != nil {
			t.Fatal(err)
		}
	}
	for _, i := range []byte{0, 1, 3, 4} {
		if got := <-s.C(); got[0] != i {
			t.Errorf("got message %d, want %d", got[0], i)
		}
	}
}
