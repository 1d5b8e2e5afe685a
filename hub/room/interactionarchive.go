package room

func (w *writer) interactions(all []*interaction) {
	w.uint(uint64(len(all)))
	for _, it := range all {
		w.uint(uint64(it.place))
		w.form(&it.form)
		w.text(string(it.state))
		for _, at := range []Millis{it.launchedAt, it.endsAt, it.closedAt} {
			w.int(int64(at))
		}
		w.uint(uint64(it.answers))
		w.numbers(it.counts)
		w.uint(uint64(len(it.words)))
		for _, word := range it.words {
			w.text(word.Text)
			w.uint(uint64(word.N))
		}
		w.flags(it.shown != nil)
		if it.shown != nil {
			w.text(string(it.shown.Participant))
			w.text(it.shown.Text)
		}
		w.sheet(&it.sheet)
	}
}

func (w *writer) form(f *InteractionForm) {
	w.text(string(f.Kind))
	w.text(f.Question)
	w.uint(uint64(len(f.Options)))
	for _, option := range f.Options {
		w.text(option)
	}
	w.text(string(f.Results))
	w.flags(f.Anonymous, f.Correct != nil)
	if f.Correct != nil {
		w.uint(uint64(*f.Correct))
	}
	for _, n := range []int{f.Most, f.Scale, f.Points, f.Seconds} {
		w.uint(uint64(n))
	}
}

func (w *writer) numbers(all []int) {
	w.uint(uint64(len(all)))
	for _, n := range all {
		w.int(int64(n))
	}
}

func (w *writer) sheet(x *sheet) {
	n := 0
	for range x.all {
		n++
	}
	w.uint(uint64(n))
	for seat, answer := range x.all {
		w.uint(uint64(seat))
		w.uint(uint64(answer))
	}
}

func (r *reader) interactions(by *ownership) (all []*interaction) {
	for range r.count() {
		it := &interaction{place: Seq(r.uint()), form: r.form(), state: InteractionState(r.text()), by: by}
		it.launchedAt, it.endsAt, it.closedAt = Millis(r.int()), Millis(r.int()), Millis(r.int())
		it.answers, it.counts = int(r.uint()), r.numbers()
		for range r.count() {
			it.words = append(it.words, WordCount{r.text(), int(r.uint())})
		}
		var shown bool
		if r.flags(&shown); shown {
			it.shown = &OpenAnswer{ParticipantID(r.text()), r.text()}
		}
		it.sheet = newSheet(&it.form)
		for range r.count() {
			it.sheet.put(r.seated(), uint32(r.uint()), by)
		}
		all = append(all, it)
	}
	return all
}

func (r *reader) form() (f InteractionForm) {
	f.Kind, f.Question = InteractionKind(r.text()), r.text()
	for range r.count() {
		f.Options = append(f.Options, r.text())
	}
	f.Results = InteractionResults(r.text())
	var quiz bool
	if r.flags(&f.Anonymous, &quiz); quiz {
		right := int(r.uint())
		f.Correct = &right
	}
	f.Most, f.Scale, f.Points, f.Seconds = int(r.uint()), int(r.uint()), int(r.uint()), int(r.uint())
	return f
}

func (r *reader) numbers() (all []int) {
	for range r.count() {
		all = append(all, int(r.int()))
	}
	return all
}

// seated reads the number of somebody's seat, of which a damaged archive must
// not make memory.
func (r *reader) seated() int32 {
	const mostSeats = 1 << 24
	n := r.uint()
	if n >= mostSeats {
		r.failed = true
		return 0
	}
	return int32(n)
}
