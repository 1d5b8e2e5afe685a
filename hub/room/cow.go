package room

import (
	"hash/maphash"
	"maps"
)

// A State is stepped, not copied: Step shares everything with its base and
// copies a part when it first writes to it. So a committed state never changes
// again, readers need no lock, and a step that is not committed is forgotten.

// ownership marks the parts a state has copied for itself.
type ownership struct{ _ byte }

const chunkSize = 64

type chunk[T any] struct {
	by    *ownership
	items [chunkSize]T
}

// list is a growing slice of T with copy on write by chunks.
type list[T any] struct {
	chunks []*chunk[T]
	by     *ownership // who owns the slice of chunks
	n      int
}

func (l *list[T]) len() int { return l.n }

// at reads. The pointer is for reading only.
func (l *list[T]) at(i int) *T { return &l.chunks[i/chunkSize].items[i%chunkSize] }

// edit gives the item for writing by the owner.
func (l *list[T]) edit(i int, by *ownership) *T {
	l.own(by)
	c := l.chunks[i/chunkSize]
	if c.by != by {
		fresh := *c
		fresh.by = by
		c = &fresh
		l.chunks[i/chunkSize] = c
	}
	return &c.items[i%chunkSize]
}

func (l *list[T]) push(item T, by *ownership) int {
	l.own(by)
	if l.n%chunkSize == 0 {
		l.chunks = append(l.chunks, &chunk[T]{by: by})
	}
	l.n++
	*l.edit(l.n-1, by) = item
	return l.n - 1
}

func (l *list[T]) own(by *ownership) {
	if l.by != by {
		l.chunks = append(make([]*chunk[T], 0, len(l.chunks)+1), l.chunks...)
		l.by = by
	}
}

const shards = 64

type shard[K comparable, V any] struct {
	by *ownership
	m  map[K]V
}

// index is a map with copy on write by shards.
type index[K comparable, V any] struct {
	shards *[shards]*shard[K, V]
	by     *ownership
}

var seed = maphash.MakeSeed()

func (x *index[K, V]) get(k K) (v V, ok bool) {
	if x.shards == nil {
		return v, false
	}
	if s := x.shards[maphash.Comparable(seed, k)%shards]; s != nil {
		v, ok = s.m[k]
	}
	return v, ok
}

func (x *index[K, V]) set(k K, v V, by *ownership) {
	if x.by != by {
		fresh := [shards]*shard[K, V]{}
		if x.shards != nil {
			fresh = *x.shards
		}
		x.shards, x.by = &fresh, by
	}
	i := maphash.Comparable(seed, k) % shards
	switch s := x.shards[i]; {
	case s == nil:
		x.shards[i] = &shard[K, V]{by, map[K]V{k: v}}
		return
	case s.by != by:
		x.shards[i] = &shard[K, V]{by, maps.Clone(s.m)}
	}
	x.shards[i].m[k] = v
}
