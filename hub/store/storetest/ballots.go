package storetest

import (
	"errors"
	"testing"
	"time"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

var ballotTests = map[string]func(*testing.T, *fixture){
	"choices add up":                       ballotAdds,
	"with its event, or not at all":        ballotAtomic,
	"the highest first, equal by choice":   ballotOrder,
	"texts page by page":                   ballotTexts,
	"told in groups":                       ballotTold,
	"it ends with its interaction or room": ballotEnds,
	"many commits at once":                 ballotRace,
}

func vote(choice string, n int) store.BallotRow {
	return store.BallotRow{Room: "r1", Interaction: "i5", Choice: choice, N: n}
}

func (f *fixture) ballot(what string, want room.Counted) {
	f.t.Helper()
	got, err := f.Ballot(ctx(f.t), "r1", "i5", 10)
	ok(f.t, what, err)
	same(f.t, what, got, want)
}

func ballotAdds(t *testing.T, f *fixture) {
	f.ballot("nothing yet", nil)
	f.write("r1", vote("0", 3), vote("1", 1), vote("0", 1))
	f.write("r1", vote("1", 8), store.BallotRow{Room: "r1", Interaction: "i6", Choice: "1", N: 5}, store.BallotRow{Room: "r2", Interaction: "i5", Choice: "1", N: 5})
	f.ballot("after two commits", room.Counted{{Text: "1", N: 9}, {Text: "0", N: 4}})
}

func ballotAtomic(t *testing.T, f *fixture) {
	f.add("r1", 0, notes(0, 1)...)
	b := store.Batch{Events: events(time.Now(), 1, notes(1, 1)...), Rows: []store.Row{vote("0", 1)}}
	ok(t, "commit", f.Commit(ctx(t), "r1", 1, batchOf(b)))
	b.Events[0].Seq = 9
	if err := f.Commit(ctx(t), "r1", 2, batchOf(b)); err == nil {
		t.Error("a gap is committed")
	}
	refused := errors.New("refused")
	fails(t, "decide", f.Commit(ctx(t), "r1", 2, func(time.Time, []room.Event) (store.Batch, error) { return b, refused }), refused)
	f.ballot("only what was committed", room.Counted{{Text: "0", N: 1}})
}

func ballotOrder(t *testing.T, f *fixture) {
	f.write("r1", vote("tea", 2), vote("cake", 2), vote("milk", 7), vote("ale", 1))
	got, err := f.Ballot(ctx(t), "r1", "i5", 3)
	ok(t, "ballot", err)
	same(t, "the highest three", got, room.Counted{{Text: "milk", N: 7}, {Text: "cake", N: 2}, {Text: "tea", N: 2}})
}

func ballotTexts(t *testing.T, f *fixture) {
	f.write("r1", vote("c", 1), vote("a", 1), vote("b", 9))
	var all []string
	for after, more := "", true; more; {
		page, err := f.BallotTexts(ctx(t), "r1", "i5", after, 2)
		ok(t, "page", err)
		for _, c := range page {
			all, after = append(all, c.Text), c.Text
		}
		more = len(page) == 2
	}
	same(t, "all texts", all, []string{"a", "b", "c"})
}

func ballotTold(t *testing.T, f *fixture) {
	told := func(what string, want room.Counted) {
		t.Helper()
		got, err := f.ToldBallot(ctx(t), "r1", "i5", 2)
		ok(t, what, err)
		same(t, what, got, want)
	}
	group := store.BallotTold{Room: "r1", Interaction: "i5"}
	f.write("r1", vote("b", 3), store.BallotTold{Room: "r1", Interaction: "i6"}, store.BallotTold{Room: "r2", Interaction: "i5"})
	told("no group is whole", nil)
	f.write("r1", vote("a", 2), group, vote("b", 1), vote("c", 4))
	told("what stands before it", room.Counted{{Text: "b", N: 3}, {Text: "a", N: 2}})
	f.ballot("all of it", room.Counted{{Text: "b", N: 4}, {Text: "c", N: 4}, {Text: "a", N: 2}})
	f.write("r1", group)
	told("the next group", room.Counted{{Text: "b", N: 4}, {Text: "c", N: 4}})
	f.write("r1", vote("aa", 1))
	texts, err := f.ToldTexts(ctx(t), "r1", "i5", "a", 2)
	ok(t, "texts", err)
	same(t, "texts behind one", texts, room.Counted{{Text: "b", N: 4}, {Text: "c", N: 4}})
}

func ballotEnds(t *testing.T, f *fixture) {
	f.write("r1", vote("0", 1), store.BallotRow{Room: "r1", Interaction: "i6", Choice: "1", N: 5})
	f.write("r1", store.BallotEnd{Room: "r1", Interaction: "i5"})
	f.ballot("after its end", nil)
	other, err := f.Ballot(ctx(t), "r1", "i6", 10)
	ok(t, "another", err)
	same(t, "another", other, room.Counted{{Text: "1", N: 5}})
	f.write("r1", store.ForgetRow{Room: "r1", All: true, Place: 1})
	other, err = f.Ballot(ctx(t), "r1", "i6", 10)
	ok(t, "forgotten", err)
	same(t, "forgotten", other, room.Counted(nil))
}

func ballotRace(t *testing.T, f *fixture) {
	const n = 40
	other := f.again()
	outcomes := race(n, func(i int) error {
		s := f.Store
		if i%2 == 0 {
			s = other
		}
		return s.Commit(ctx(t), "r1", 0, func(now time.Time, newer []room.Event) (store.Batch, error) {
			return store.Batch{Events: events(now, room.Seq(len(newer)), notes(i, 1)...), Rows: []store.Row{vote("0", 1)}}, nil
		})
	})
	same(t, "outcomes", outcomes, map[string]int{"ok": n})
	f.ballot("after all", room.Counted{{Text: "0", N: n}})
}
