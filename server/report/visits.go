package report

import (
	"slices"

	"greenroom/hub/room"
	"greenroom/hub/store"
)

// visits are the stays of all people, in the order in which they are read. Each
// points to the one before of the same person: a hundred thousand lists of a few
// would take several times the room.
type visits struct {
	parts [][]visit
	n     int32
	last  []int32 // by seat: the number of the last one, from 1 on; 0: there is none
}

type visit struct {
	since, until, alive room.Millis
	before              int32
	waiting             bool
}

const visitsPart = 4096

func (v *visits) add(seat int, s store.Stay) {
	if missing := seat + 1 - len(v.last); missing > 0 {
		v.last = append(v.last, make([]int32, missing)...)
	}
	if int(v.n)%visitsPart == 0 {
		v.parts = append(v.parts, make([]visit, visitsPart))
	}
	v.parts[v.n/visitsPart][v.n%visitsPart] = visit{s.Since, s.Until, s.Alive, v.last[seat], s.Waiting}
	v.n++
	v.last[seat] = v.n
}

// of adds the stays at a seat to others, in the order in which they came.
func (v *visits) of(seat int, to []store.Stay) []store.Stay {
	if seat >= len(v.last) {
		return to
	}
	from := len(to)
	for n := v.last[seat]; n != 0; {
		one := v.parts[(n-1)/visitsPart][(n-1)%visitsPart]
		to = append(to, store.Stay{Since: one.since, Until: one.until, Alive: one.alive, Waiting: one.waiting})
		n = one.before
	}
	slices.Reverse(to[from:])
	return to
}
