package sqltext

// What is counted of anonymous answers.
const (
	AddBallot = `
		INSERT INTO ballot (room, interaction, choice, n) VALUES ($1, $2, $3, $4)
		ON CONFLICT (room, interaction, choice) DO UPDATE SET n = ballot.n + excluded.n`

	// EndBallot: $2 empty is every interaction of the room.
	EndBallot = `DELETE FROM ballot WHERE room = $1 AND ($2 = '' OR interaction = $2)`

	Ballot = `
		SELECT choice, n FROM ballot WHERE room = $1 AND interaction = $2
		ORDER BY n DESC, choice LIMIT $3`

	BallotTexts = `
		SELECT choice, n FROM ballot WHERE room = $1 AND interaction = $2 AND choice > $3
		ORDER BY choice LIMIT $4`
)
