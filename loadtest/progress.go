package main

import (
	"fmt"
	"os"
	"sync"
	"time"
)

// progress says on one line of a terminal what is going on; elsewhere it
// writes a line per step and one every ten seconds.
type progress struct {
	out      *os.File
	terminal bool
	done     chan struct{}
	over     sync.WaitGroup

	mu    sync.Mutex // guards the rest
	step  string
	count func() string
	began time.Time
	said  time.Time
}

func newProgress(out *os.File) *progress {
	p := &progress{out: out, done: make(chan struct{})}
	if info, err := out.Stat(); err == nil {
		p.terminal = info.Mode()&os.ModeCharDevice != 0 && os.Getenv("TERM") != "dumb"
	}
	p.over.Go(p.run)
	return p
}

func (p *progress) run() {
	tick := time.NewTicker(200 * time.Millisecond)
	defer tick.Stop()
	for {
		select {
		case <-p.done:
			return
		case <-tick.C:
			p.mu.Lock()
			if p.terminal || time.Since(p.said) > 10*time.Second {
				p.print()
			}
			p.mu.Unlock()
		}
	}
}

// say begins a step.
func (p *progress) say(step string) { p.begin(step, nil) }

// counting begins a step that counts towards a number.
func (p *progress) counting(step string, have func() int64, of int) {
	p.begin(step, func() string { return fmt.Sprintf(" %d of %d", have(), of) })
}

// showing begins a step that tells something about itself.
func (p *progress) showing(step string, what func() string) { p.begin(step, what) }

func (p *progress) begin(step string, count func() string) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish()
	p.step, p.count, p.began = step, count, time.Now()
	if p.terminal || count == nil {
		p.print()
	}
	p.said = time.Now()
}

// finish leaves the last word of a step standing.
func (p *progress) finish() {
	if p.step != "" && (p.terminal || p.count != nil) {
		p.print()
	}
	if p.step != "" && p.terminal {
		fmt.Fprintln(p.out)
	}
	p.step = ""
}

func (p *progress) print() {
	if p.step == "" {
		return
	}
	line := p.step
	if p.count != nil {
		line += p.count()
	}
	if p.terminal {
		fmt.Fprintf(p.out, "\r\x1b[K%s  %s", line, time.Since(p.began).Round(100*time.Millisecond))
	} else {
		fmt.Fprintln(p.out, line)
	}
	p.said = time.Now()
}

// stop ends the line.
func (p *progress) stop() {
	close(p.done)
	p.over.Wait()
	p.mu.Lock()
	defer p.mu.Unlock()
	p.finish()
}
