package client

import (
	"context"
	"time"

	"greenroom/hub/room"
)

// Draft writes a draft of an interaction and gives its id.
func (r *Room) Draft(ctx context.Context, form room.InteractionForm) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.InteractionCreate{InteractionForm: form}))
}

// Revise writes a draft anew, wholly.
func (r *Room) Revise(ctx context.Context, id string, form room.InteractionForm) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.InteractionRevise{ID: id, InteractionForm: form}))
}

// Discard throws a draft away, or an interaction that is closed.
func (r *Room) Discard(ctx context.Context, id string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.InteractionRemove{ID: id}))
}

// Launch puts a draft before everybody. It closes by itself at a time by the
// server's clock; the zero time: as the draft says.
func (r *Room) Launch(ctx context.Context, id string, ends time.Time) (Receipt, error) {
	c := room.InteractionLaunch{ID: id}
	if !ends.IsZero() {
		c.EndsAt = room.Millis(ends.UnixMilli())
	}
	return answer[Receipt](r.Do(ctx, "", c))
}

// Answer answers an interaction: by numbers of choices from 0 on. Words and
// texts go by [Room.AnswerWords] and [Room.AnswerText].
func (r *Room) Answer(ctx context.Context, id string, choices ...int) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.InteractionAnswer{ID: id, Choices: choices}))
}

// AnswerWords answers a word cloud.
func (r *Room) AnswerWords(ctx context.Context, id string, words ...string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.InteractionAnswer{ID: id, Words: words}))
}

// AnswerText answers an open question.
func (r *Room) AnswerText(ctx context.Context, id, text string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.InteractionAnswer{ID: id, Text: text}))
}

// EndInteraction closes an interaction: nobody answers any more. The exact
// result comes with the event interaction.closed.
func (r *Room) EndInteraction(ctx context.Context, id string) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.InteractionClose{ID: id}))
}

// Share changes when people see the results of an interaction.
func (r *Room) Share(ctx context.Context, id string, results room.InteractionResults) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.InteractionShare{ID: id, Results: results}))
}

// ShowAnswer puts one answer to an open question before everybody, without a
// name; an empty text takes it away.
func (r *Room) ShowAnswer(ctx context.Context, id string, shown room.OpenAnswer) (Receipt, error) {
	return answer[Receipt](r.Do(ctx, "", room.InteractionShow{ID: id, Text: shown.Text, Participant: shown.Participant}))
}

// InteractionPage lists interactions, the newest if before is empty.
func (r *Room) InteractionPage(ctx context.Context, before string, limit int) (room.Interactions, error) {
	return answer[room.Interactions](r.Do(ctx, "", room.InteractionPage{Before: before, Limit: limit}))
}

// OpenAnswers lists the answers to an open question.
func (r *Room) OpenAnswers(ctx context.Context, page room.InteractionAnswers) (room.OpenAnswers, error) {
	return answer[room.OpenAnswers](r.Do(ctx, "", page))
}
