// Package api lets people in: the HTTP interface, the pages, and the upgrade
// of GET /ws to a connection of the hub. The contract is
// hub/wire/PROTOCOL.md §1 and §5 to §8; openapi.json beside this file says its
// HTTP part as a schema, and a test holds it to routes.go.
//
// Everything from outside is judged here once and trusted behind: who asks
// (asker.go), from where (address.go), how often (limit.go), with what text
// (body.go, package mailaddr). What a person may do in a room is judged by
// hub/room alone; this package gives it an Actor and tells the answer.
//
// # Where to start
//
//	routes.go     every route on one screen
//	api.go        what the package is given
//	asker.go      cookies, bearer keys, the Actor that hub/room judges
//	open.go       an invitation link becomes a session
//	socket.go     GET /ws from the first check to the end of the connection
//	errors.go     codes, statuses and problem documents (RFC 9457)
//
// # Web sessions
//
// The cookie is <family>.<secret>, both random. The row of the store has the
// SHA-256 of the whole. A new id (renewal, sign-in) has a new secret and keeps
// the family, so what is bound to the web session rather than to its present
// id (open sockets, the lobby's counter) is bound to the family's hash.
//
// The package imports hub, what is below hub, and the packages beside it that
// do one thing each; server's imports_test.go has the list.
package api
