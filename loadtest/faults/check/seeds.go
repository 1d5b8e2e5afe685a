package check

// Seed is a bug that a build with the tag seeded has where
// GREENROOM_SEEDED_BUG names it (hub/seeded.go, hub/room/seeded.go,
// server/socket/seeded.go), and the promise that it breaks: a run against such
// servers proves that the checker catches what it is for. Each promise has at
// least one; breaks_test.go writes more faults into histories.
type Seed struct {
	Bug       string
	Invariant string
	Does      string

	// What it shows in, beside the talk.
	Scene string // of the crowd; empty: none
	Fault string // empty: none
}

// Seeds is every bug that can be sown.
var Seeds = []Seed{
	{"early-ok", "L1", "a message is answered before it is committed", "order", "store-crash"},
	{"done-and-refused", "L2", "some of what has happened is refused", "order", ""},
	{"other-words", "L3", "what comes from other instances is garbled", "", ""},
	{"doubled-resume", "L4", "what a resume brings comes twice", "device", "people-cut"},
	{"short-resume", "L5", "the last of what was missed does not come with a resume", "device", "people-cut"},
	{"lost-frame", "L7", "now and then an event is not shown to somebody", "", ""},
	{"lost-publish", "L8", "for a while nothing is published and no head is checked", "", ""},
	{"late-demotion", "R1", "who was demoted goes on to see what staff sees for a while", "rights", ""},
	{"stale-roles", "R3", "a role is cached for five seconds", "rights", ""},
	{"silent-role", "R4", "nobody is told of a new role", "rights", ""},
	{"lingering", "R5", "who was sent out stays connected", "out", ""},
	{"heard-mute", "R6", "who is muted is heard", "silence", ""},
	{"open-pages", "R7", "a page is answered to everybody", "rights", ""},
	{"forgotten-device", "D2", "the generation of the device is not minded", "device", ""},
	{"shared-link", "D3", "a link works on every device", "claim", ""},
	{"local-devices", "D4", "a device that has claimed is known only to the instance where it did", "", "kill"},
	{"racing-claims", "D5", "who claims while somebody else does wins, too", "claim", ""},
	{"double-door", "O1", "the door opens twice", "door", ""},
	{"local-clock", "O2", "the door opens by the instance's clock", "door", ""},
	{"silent-door", "O3", "who has not proved their address is not told that the door opens", "door", ""},
	{"old-start", "O4", "the door opens at its first start", "door", ""},
	{"forgotten-keys", "I1", "no key is recognised", "twice", ""},
	{"hasty", "I2", "commands of one connection do not wait for each other", "order", ""},
	{"double-count", "P1", "a changed answer counts twice", "poll", ""},
	{"ghosts", "C1", "an instance that died is counted for ever", "", "kill"},
	{"gossip", "C2", "everybody who comes or goes is told of by themselves", "", ""},
	{"local-guesses", "B1", "each instance counts guesses for itself", "guess", ""},
	{"telling-lobby", "B2", "the lobby tells that an address is somebody else's", "guess", ""},
	{"blocked-send", "S1", "who sends waits for a slow reader", "stall", ""},
	{"endless-outbox", "S1", "an outbox has no bound", "stall", ""},
	{"kept-texts", "E1", "an erased person's texts stay in the log", "erase", ""},
}
