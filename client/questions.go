package client

import (
	"context"

	"greenroom/hub/room"
)

// Ask asks a question. Anonymous: nobody is told by whom.
func (r *Room) Ask(ctx context.Context, text string, anonymous bool) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.QuestionAsk{Text: text, Anonymous: anonymous}))
}

// Votes is the answer to Vote.
type Votes struct {
	ID    string   `json:"id"`
	Votes int      `json:"votes"` // after it
	Pos   room.Seq `json:"pos"`
}

// Vote votes for a published question, or takes the vote back.
func (r *Room) Vote(ctx context.Context, id string, on bool) (Votes, error) {
	return answer[Votes](r.Do(ctx, "", room.QuestionVote{ID: id, On: &on}))
}

// PublishQuestion shows a question to everybody.
func (r *Room) PublishQuestion(ctx context.Context, id string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.QuestionPublish{ID: id}))
}

// ClaimQuestion takes a question, so that other staff see who is on it, or
// gives it back. What somebody else has taken is room.CodeConflict.
func (r *Room) ClaimQuestion(ctx context.Context, id string, on bool) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.QuestionClaim{ID: id, On: &on}))
}

// AnswerQuestion answers for everybody: by a text, or with none live.
func (r *Room) AnswerQuestion(ctx context.Context, id, text string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.QuestionAnswer{ID: id, Text: text, Live: text == ""}))
}

// DismissQuestion closes a question without an answer; its asker is told why.
func (r *Room) DismissQuestion(ctx context.Context, id, reason string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.QuestionDismiss{ID: id, Reason: reason}))
}

// QuestionPage lists questions of one state.
func (r *Room) QuestionPage(ctx context.Context, page room.QuestionPage) (room.Questions, error) {
	return answer[room.Questions](r.Do(ctx, "", page))
}

// RaiseHand raises one's hand.
func (r *Room) RaiseHand(ctx context.Context) (room.Seq, error) {
	ok, err := answer[Receipt](r.Do(ctx, "", room.HandRaise{}))
	return ok.Pos, err
}

// LowerHand lowers somebody's hand and tells them why; with an empty id one's
// own.
func (r *Room) LowerHand(ctx context.Context, whose room.ParticipantID, reason string) (room.Seq, error) {
	ok, err := answer[Receipt](r.Do(ctx, "", room.HandLower{Participant: whose, Reason: reason}))
	return ok.Pos, err
}

// ClearHands lowers all hands.
func (r *Room) ClearHands(ctx context.Context) (room.Seq, error) {
	ok, err := answer[Receipt](r.Do(ctx, "", room.HandClear{}))
	return ok.Pos, err
}

// HandPage lists raised hands, the first raised first.
func (r *Room) HandPage(ctx context.Context, page room.HandPage) (room.Hands, error) {
	return answer[room.Hands](r.Do(ctx, "", page))
}

// React sends one of room.Reactions. People are told sums.
func (r *Room) React(ctx context.Context, emoji string) error {
	_, err := r.Do(ctx, "", room.ReactionSend{Emoji: emoji})
	return err
}
