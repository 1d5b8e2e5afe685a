package room

import "slices"

// ReactionSend shows that somebody claps, or laughs. It is in no log: people
// are told sums.
type ReactionSend struct {
	Emoji string `json:"emoji"`
}

// Name implements Command.
func (ReactionSend) Name() string { return "reaction.send" }

// Reactions are those that there are.
var Reactions = []string{"👏", "❤️", "😄", "😮", "👍"}

func checkReaction(c ReactionSend) *Refusal {
	if !slices.Contains(Reactions, c.Emoji) {
		return invalid("emoji", "is one of the reactions of this room")
	}
	return nil
}
