// Package debug is the keeper's side of the server, on a listener of its own and on this machine
// only unless somebody says otherwise: a page of the live rooms, their heads and queues, a check of
// every replica against its log, /metrics, profiles, /healthz and /readyz.
//
// It reads hub.RoomStatus and knows nothing else of ours. Start at debug.go, which has all routes;
// page.go makes the page.
//
// The pages hold no script. A listener on a loopback address answers loopback names alone, so that
// a web page elsewhere cannot reach it through a name that it points at 127.0.0.1 (DNS rebinding).
package debug
