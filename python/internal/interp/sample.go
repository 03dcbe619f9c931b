package interp

import (
	"slices"
	"sync"
	"time"
	"weak"

	"martlet/genext"
)

// The sampling profiler.
//
// A goroutine of its own looks at the frames of all Python threads so many times a second. It takes no lock and asks
// nothing of the program, so that a program that is stuck in a long call, or runs compiled code without a poll, is seen as well
// as any other, and at the place where it is. The price is that it reads frames while they change. Each word that it
// reads is a valid one of the recent past, but a stack may mix two moments: frames are used again. That is
// harmless for statistics, and marked to the race detector.
//
// How exact is a line? A frame's position is stored before all that can take long. Code that does nothing but quick
// operations shows the line of the last call before; compiled code shows the line where its region begins, a loop's head.

// Sampler collects samples of a runtime's threads.
type Sampler struct {
	period time.Duration
	stop   chan struct{}
	done   chan struct{}

	mu      sync.Mutex
	threads []weak.Pointer[Thread]
	stacks  map[string]*Stack
	started time.Time
	ran     time.Duration
}

// Stack is a stack of Python frames that was met.
type Stack struct {
	Frames   []genext.Place // the innermost first
	Firsts   []int          // first lines of the functions
	Compiled bool           // the innermost frame was in machine code
	Count    int
}

// Sample starts a sampler; Stop ends it.
func (r *Runtime) Sample(period time.Duration) *Sampler {
	s := &Sampler{period: period, stop: make(chan struct{}), done: make(chan struct{}), stacks: map[string]*Stack{}, started: time.Now()}
	r.sampler = s
	s.add(of(r.Interp.Main))
	go s.run(r)
	return s
}

// add makes a thread known. A nil sampler knows nobody.
func (s *Sampler) add(th *Thread) {
	if s == nil {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.threads = append(s.threads, weak.Make(th))
}

func (s *Sampler) run(r *Runtime) {
	defer close(s.done)
	tick := time.NewTicker(s.period)
	defer tick.Stop()
	for {
		select {
		case <-s.stop:
			return
		case <-tick.C:
			s.look(r)
		}
	}
}

// look takes one sample of every thread.
func (s *Sampler) look(r *Runtime) {
	s.mu.Lock()
	defer s.mu.Unlock()
	n := 0
	for _, w := range s.threads {
		if th := w.Value(); th != nil {
			s.threads[n] = w
			n++
			reg, inside := r.JIT.peekRegion()
			s.record(th.peek(), reg, inside)
		}
	}
	clear(s.threads[n:])
	s.threads = s.threads[:n]
}

// maxStack bounds the frames of a sample.
const maxStack = 100

// spot is a position that was read from a frame.
type spot struct {
	co *Code
	pc int
}

// peek reads the frames of a running thread.
//
//go:norace
func (th *Thread) peek() []spot {
	var out []spot
	for f := th.cur; f != nil && f != &th.root && len(out) < maxStack; f = f.prev {
		co, pc := f.code, f.pc
		if co == nil {
			break
		}
		out = append(out, spot{co, pc})
	}
	return out
}

// peekRegion is the compiled code that runs, if any.
//
//go:norace
func (j *JIT) peekRegion() (genext.Region, bool) {
	if h := j.handle; h != nil {
		return h.Running()
	}
	return genext.Region{}, false
}

// record adds a sample.
func (s *Sampler) record(spots []spot, reg genext.Region, inside bool) {
	if len(spots) == 0 {
		return
	}
	st := Stack{Count: 1}
	key := make([]byte, 0, 256)
	for i, sp := range spots {
		p := genext.Place{Func: sp.co.C.QualName, File: sp.co.C.Filename, Line: sp.co.line(max(sp.pc, 1))}
		if i == 0 && inside {
			if at := reg.At(); at.Func == p.Func && at.File == p.File {
				p, st.Compiled = at, true
			}
		}
		st.Frames, st.Firsts = append(st.Frames, p), append(st.Firsts, int(sp.co.C.FirstLine))
		key = append(key, p.Func...)
		key = append(key, 0)
		key = append(key, p.File...)
		key = append(key, byte(p.Line), byte(p.Line>>8), byte(p.Line>>16), 0)
	}
	if st.Compiled {
		key = append(key, 1)
	}
	if old := s.stacks[string(key)]; old != nil {
		old.Count++
		return
	}
	s.stacks[string(key)] = &st
}

// Stop ends the sampling and returns what was met, the most frequent first.
func (s *Sampler) Stop() []*Stack {
	close(s.stop)
	<-s.done
	s.ran = time.Since(s.started)
	var out []*Stack
	for _, st := range s.stacks {
		out = append(out, st)
	}
	slices.SortFunc(out, func(a, b *Stack) int { return b.Count - a.Count })
	return out
}

// Period is the time between samples, Started when the first was due and Ran how long they were taken.
func (s *Sampler) Period() time.Duration { return s.period }

// Started is when sampling began.
func (s *Sampler) Started() time.Time { return s.started }

// Ran is how long samples were taken.
func (s *Sampler) Ran() time.Duration { return s.ran }
