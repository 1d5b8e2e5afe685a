package room

import "testing"

// What remains is what viewers saw: shared results, public answers; nothing
// hidden, nothing that was not published.
func TestWhatRemains(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("mod", "vic", "spk")
	shown, hidden := asks("Tea?"), asks("Rum?")
	hidden.Results = ResultsHidden
	for _, form := range []InteractionForm{shown, hidden} {
		id := w.run(form)
		w.do(guest("vic"), InteractionAnswer{ID: id, Choices: []int{0}})
		w.do(guest("mod"), InteractionClose{ID: id})
	}
	w.run(asks("Still running?"))
	answered := QuestionID(w.do(guest("vic"), QuestionAsk{Text: "Why?", Anonymous: true})[0].Seq)
	w.do(guest("mod"), QuestionPublish{ID: answered})
	w.do(guest("spk"), QuestionAnswer{ID: answered, Text: "Because."})
	dropped := QuestionID(w.do(guest("vic"), QuestionAsk{Text: "Rude?"})[0].Seq)
	w.do(guest("mod"), QuestionDismiss{ID: dropped})
	w.do(guest("vic"), QuestionAsk{Text: "Waiting?"})
	all := w.s.Remaining()
	if len(all.Interactions) != 1 || all.Interactions[0].Outcome == nil || all.Interactions[0].Outcome.Answers != 1 {
		t.Errorf("results: %+v", all.Interactions)
	}
	if len(all.Questions) != 1 || all.Questions[0].Text != "Why?" || all.Questions[0].Name != "" || all.Questions[0].Answer.Text != "Because." {
		t.Errorf("questions: %+v", all.Questions)
	}
}

func TestWhoSeesWhatRemains(t *testing.T) {
	w := newWorld(t)
	w.open()
	w.admit("vic")
	sees := func(by Actor) bool {
		p, ok := w.s.Who(by)
		return ok && w.s.SeesRemains(p, by)
	}
	signed := Actor{Account: "a_vic", Verified: address("vic")}
	others := map[string]Actor{"another device": {Invitation: "i_vic", Link: 1, Device: HashOf("other")}, "never came": guest("vera"), "signed in, never came": {Account: "a_vera", Verified: address("vera")}}
	if !sees(manager("ada")) || sees(guest("vic")) {
		t.Error("while it is open: managers alone")
	}
	w.do(manager("ada"), EditRoom{State: StatusClosed})
	if !sees(manager("ada")) || sees(guest("vic")) {
		t.Error("not shown: managers alone")
	}
	w.do(manager("ada"), EditRoom{Results: ptr(true), ClosingWords: ptr("Thank you."), ClosingLink: ptr("https://example.org")})
	if !w.s.View().Results || !sees(guest("vic")) || !sees(signed) {
		t.Error("shown afterwards: who was let in")
	}
	for name, by := range others {
		if sees(by) {
			t.Errorf("%s sees it", name)
		}
	}
	if told := Show(w.log[len(w.log)-1], Over); len(told) != 1 || !told[0].Data.(RoomEdited).Room.Results {
		t.Errorf("who is still on the page is told %+v", told)
	}
	w.do(manager("ada"), RevokeInvitation{Invitation: "i_vic"})
	if sees(guest("vic")) {
		t.Error("revoked, and still sees it")
	}
	for _, link := range []string{"http://example.org", "javascript:alert(1)", "https://", "https://a@b.example/", "https://example.org/\"x"} {
		w.refused(manager("ada"), EditRoom{ClosingLink: &link}, CodeInvalid)
	}
}
