package room

import "time"

// Limits of the rules (PROTOCOL §7). Lengths are Unicode code points.
const (
	MaxTitle       = 200
	MaxDescription = 4000
	MaxName        = 80 // first and last name each, and a speaker's name
	MaxBio         = 300
	MaxSpeakers    = 50
	MaxReason      = 500
	MaxChatText    = 2000
	MaxQuestion    = 500
	MaxDevices     = 100
	MaxRequest     = 300
	MaxKey         = 64 // bytes of an idempotency key

	MaxAsked      = 300 // of an interaction
	MaxOptions    = 12
	MaxOption     = 100
	MaxScale      = 10
	MaxCloudWords = 5 // of one answer to a word cloud
	MaxCloudWord  = 30
	MaxOpenAnswer = 500
	MaxPoints     = 100
	ShownWords    = 50 // of a word cloud

	interactionBytes   = 4 << 10 // of one as JSON, so that all that run fit a snapshot
	keptInteractions   = 200
	mostRunning        = 3
	shownInteractions  = 20 // in a snapshot or a page
	longestInteraction = 24 * time.Hour

	mostClaims = 1000 // devices of a link without a number of its own; a state is small

	presentersBytes = 10 << 10 // of all speakers together, so that a snapshot fits its frame

	keptMessages = 500 // of chat and of the backchannel, in memory
	shownStage   = 100 // stage members in a snapshot
	shownHands   = 100 // raised hands in a snapshot

	mostQuestions  = 1000 // open at once
	questionsOfOne = 10   // open ones of one person
	shownQuestions = 50   // in a snapshot
	keptQuestions  = 200  // answered and dismissed ones, in memory

	sessionTries  = 5
	sessionWindow = 15 * time.Minute
	linkTries     = 20
	linkWindow    = 24 * time.Hour

	requestWindow = time.Hour // one request for a way in

	codeLife   = 10 * time.Minute
	codeTries  = 5
	codePause  = time.Minute // between two codes
	codeDay    = 24 * time.Hour
	codesInDay = 5

	keyLife     = time.Hour
	roomLife    = 24 * time.Hour           // of a room without an end, as far as links are concerned
	farFuture   = 5 * 366 * 24 * time.Hour // a start beyond this is a typing error
	longestRoom = 31 * 24 * time.Hour
)
