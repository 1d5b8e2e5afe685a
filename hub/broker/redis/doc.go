// Package redis is the broker between several instances: Redis pub/sub, on a
// single server, behind Sentinel or in a Cluster. It may import hub/broker and
// nothing else of ours; go-redis is at home here.
//
// Redis holds no truth and no keys: everything is a message that may be lost.
//
// # Names
//
// A topic is hashed into one of 64 buckets and is the channel
//
//	gr:{b17}:TOPIC
//
// whose hash tag keeps a bucket in one slot of a Cluster. Each bucket in use
// has one subscribed connection, because one connection over several slots is
// refused (CROSSSLOT). Where the server knows sharded pub/sub (Redis 7) that is
// used, otherwise the classic one.
//
// # What may not be believed
//
// Whoever can write to Redis shall forge nothing: every message is sealed with
// the cluster's key (seal.go). What does not open, was seen before or is too
// old is counted and dropped, so that a foreign greenroom on the same Redis is
// noise and no more.
//
// # How loss is noticed
//
// Every second each bucket says something to itself (probe.go). Three misses,
// an error or an unasked unsubscription end the connection, and a new one is
// made after a pause that grows and is spread. Listeners are told by Gaps that
// something may be missing, and by Sound whether messages come through now.
//
// # Goroutines
//
//	goroutine       started by         owns                     ends
//	bucket.listen   first Subscribe    the connection's reading Broker.Close
//	bucket.flush    a Publish          one batch at a time      when nothing waits
//	Broker.watch    Open               the probes               Broker.Close
//
// # Locks
//
// link.asking before bucket.mu; the first alone is held during I/O. Start
// reading at redis.go, then bucket.go, listen.go and publish.go.
package redis
