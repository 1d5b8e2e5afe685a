package wire_test

import (
	"testing"

	"greenroom/hub/room"
	"greenroom/hub/wire"
)

func BenchmarkDecodeCommand(b *testing.B) {
	text, err := wire.EncodeCommand(17, "0123456789abcdefABCD_-", room.ChatPost{Text: "A usual message of a usual length.", ReplyTo: "m1042"})
	if err != nil {
		b.Fatal(err)
	}
	b.ReportAllocs()
	for b.Loop() {
		if _, err := wire.DecodeCommand(text); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkAppendEvent(b *testing.B) {
	data := wire.Encode(room.Posted{ID: "m1042", WhoView: room.WhoView{Participant: "p", Name: "Vera Grün", Role: "viewer"}, Text: "A usual message of a usual length."})
	dst := make([]byte, 0, 512)
	b.ReportAllocs()
	for b.Loop() {
		dst = wire.AppendEvent(dst[:0], "chat.posted", 1042, 1795420000123, data)
	}
}

func BenchmarkEncodePosted(b *testing.B) {
	posted := room.Posted{ID: "m1042", WhoView: room.WhoView{Participant: "p", Name: "Vera Grün", Role: "viewer"}, Text: "A usual message of a usual length."}
	b.ReportAllocs()
	for b.Loop() {
		_ = wire.NewFrame(wire.AppendEvent(nil, "chat.posted", 1042, 1795420000123, wire.Encode(posted)))
	}
}

func BenchmarkNewFrame(b *testing.B) {
	text := make([]byte, 300)
	b.ReportAllocs()
	for b.Loop() {
		_ = wire.NewFrame(text)
	}
}

// The snapshot of a lively room, encoded once per class and place.
func BenchmarkEncodeSnapshot(b *testing.B) {
	s := inside()
	for range 300 {
		s.do(s.vera, room.ChatPost{Text: "A usual message of a usual length, now and then a little longer."})
	}
	var n int
	b.ReportAllocs()
	for b.Loop() {
		n = len(wire.Encode(s.state.Snapshot(room.Audience)))
	}
	b.ReportMetric(float64(n), "bytes")
}
