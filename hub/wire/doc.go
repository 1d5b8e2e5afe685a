// Package wire is how a room is said between server and client: frames, strict
// decoding, error and close codes, limits. PROTOCOL.md beside it is the
// contract in prose, asyncapi.json as JSON Schema, testdata the golden frames
// that the Go and the TypeScript tests read alike.
//
//	client                                server
//	  | {"cmd":"hello","id":1,…}            |
//	  | ----------------------------------> |  within 5 s
//	  |            {"re":1,"ok":{…}}        |
//	  | <---------------------------------- |  snapshot, or what was missed
//	  | {"cmd":"chat.post","id":2,"key":…}  |
//	  | ----------------------------------> |
//	  |            {"re":2,"ok":{"pos":…}}  |  after it is durable
//	  | <---------------------------------- |
//	  |  {"event":"chat.posted","pos":…}    |  to everybody entitled, the sender too
//	  | <---------------------------------- |
//
// The package imports hub/room and the standard library only.
package wire
