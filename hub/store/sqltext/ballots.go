package sqltext

// What is counted of anonymous answers.
const (
	AddBallot = `
		INSERT INTO ballot (room, interaction, choice, n, untold) VALUES ($1, $2, $3, $4, $4)
		ON CONFLICT (room, interaction, choice) DO UPDATE SET n = ballot.n + excluded.n, untold = ballot.untold + excluded.untold`

	TellBallot = `UPDATE ballot SET untold = 0 WHERE room = $1 AND interaction = $2 AND untold > 0`

	// EndBallot: $2 empty is every interaction of the room.
	EndBallot = `DELETE FROM ballot WHERE room = $1 AND ($2 = '' OR interaction = $2)`

	Ballot = `
		SELECT choice, n FROM ballot WHERE room = $1 AND interaction = $2
		ORDER BY n DESC, choice LIMIT $3`

	ToldBallot = `
		SELECT choice, n - untold FROM ballot WHERE room = $1 AND interaction = $2 AND n > untold
		ORDER BY n DESC, choice LIMIT $3`

	ToldTexts = `
		SELECT choice, n - untold FROM ballot WHERE room = $1 AND interaction = $2 AND choice > $3 AND n > untold
		ORDER BY choice LIMIT $4`

	BallotTexts = `
		SELECT choice, n FROM ballot WHERE room = $1 AND interaction = $2 AND choice > $3
		ORDER BY choice LIMIT $4`
)
