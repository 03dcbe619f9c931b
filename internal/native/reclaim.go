package native

import (
	"runtime"
	"sync"
	"sync/atomic"
	"time"
)

// Reclaiming code that may still be running.
//
// Retired code is reachable by no entry cell any more, so only frames that are inside it keep it busy, and their number can only fall. A round
// visits every context once; code that was retired before the round began and was found on no stack is freed. A context is visited
// when it stands at an exit. The enter and exit stubs publish that by a plain store to state, and check walk on the way in:
//
//	goroutine                          reclaimer
//	state = 0 (in JIT code)            walk = 1
//	if walk != 0: back out             heavy barrier (membarrier: all threads)
//	                                   if state == 1: the stack stands still until walk = 0
//
// The heavy barrier stands in for the store-load fence that the left side does not execute, which keeps entering cheap. A context that
// is in JIT code is poked: its next poll exits, it finds walk set when it wants back, and walks its own frames. A context that is blocked in a Go
// function, for whatever time, is walked by the reclaimer.

type reclaimer struct {
	rmu     sync.Mutex
	retired []retirement
	round   uint64
	busy    bool // a reclaiming goroutine exists
	freed   uint64
}

type retirement struct {
	in    *Installed
	freed func()
}

// Retire frees code when no frame is inside it any more, and then calls freed (if not nil), on another goroutine. No entry cell may lead to the
// code, and it must be retired once.
func (m *Machine) Retire(in *Installed, freed func()) {
	m.rmu.Lock()
	defer m.rmu.Unlock()
	m.retired = append(m.retired, retirement{in, freed})
	if !m.busy {
		m.busy = true
		go m.reclaim()
	}
}

// reclaim runs rounds until nothing is retired, quickly at first and then more slowly.
func (m *Machine) reclaim() {
	pause := 200 * time.Microsecond
	for {
		before := m.Pending()
		m.Round()
		m.rmu.Lock()
		if len(m.retired) == 0 {
			m.busy = false
			m.rmu.Unlock()
			return
		}
		progress := len(m.retired) < before
		m.rmu.Unlock()
		if progress {
			pause = 200 * time.Microsecond
		}
		time.Sleep(pause)
		pause = min(2*pause, 100*time.Millisecond)
	}
}

// Pending is the number of retired pieces of code that are not freed yet.
func (m *Machine) Pending() int {
	m.rmu.Lock()
	defer m.rmu.Unlock()
	return len(m.retired)
}

var roundMu sync.Mutex // one round at a time in the process's one machine

// Round visits every context and frees what was retired before and is on no stack. It returns when all have been visited, so it waits for
// code that runs until that reaches a poll or exit.
func (m *Machine) Round() {
	roundMu.Lock()
	defer roundMu.Unlock()
	m.rmu.Lock()
	n := len(m.retired)
	m.round++
	round := m.round
	m.rmu.Unlock()
	if n == 0 {
		return
	}
	m.ctxMu.Lock()
	waiting := append([]*Context(nil), m.ctxs...)
	m.ctxMu.Unlock()
	for _, c := range waiting {
		atomic.StoreUint32(&c.walk, 1)
	}
	for try := 0; len(waiting) > 0; try++ {
		heavyBarrier()
		rest := waiting[:0]
		for _, c := range waiting {
			if !m.visit(c, round) {
				rest = append(rest, c)
			}
		}
		waiting = rest
		if len(waiting) > 0 {
			backOff(try)
		}
	}
	m.freeIdle(n, round)
}

func backOff(try int) {
	if try < 10 {
		runtime.Gosched()
		return
	}
	time.Sleep(min(time.Duration(try)*10*time.Microsecond, time.Millisecond))
}

// visit walks a context if it stands still and pokes it otherwise. It reports whether the context has been walked in this round.
func (m *Machine) visit(c *Context, round uint64) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if c.seenRound == round {
		return true
	}
	if !standsStill(c) {
		c.poke()
		return false
	}
	m.markFrames(c, round)
	return true
}

//go:norace
func standsStill(c *Context) bool { return atomic.LoadUint32(&c.state) == 1 }

// markFrames walks a context under its lock and lets it go on.
func (m *Machine) markFrames(c *Context, round uint64) {
	c.Walk(func(in *Installed, _, _ uintptr) { atomic.StoreUint64(&in.busyRound, round) })
	c.seenRound = round
	atomic.StoreUint32(&c.walk, 0)
}

// walkSelf is a blocked context's own visit, under its lock.
func (m *Machine) walkSelf(c *Context) {
	if atomic.LoadUint32(&c.walk) == 0 {
		return
	}
	m.rmu.Lock()
	round := m.round
	m.rmu.Unlock()
	m.markFrames(c, round)
}

// freeIdle frees those of the first n retired pieces that the round found on no stack.
func (m *Machine) freeIdle(n int, round uint64) {
	m.rmu.Lock()
	var free []retirement
	keep := m.retired[:0]
	for i, r := range m.retired {
		if i < n && atomic.LoadUint64(&r.in.busyRound) != round {
			free = append(free, r)
		} else {
			keep = append(keep, r)
		}
	}
	clear(m.retired[len(keep):])
	m.retired = keep
	m.freed += uint64(len(free))
	m.rmu.Unlock()
	for _, r := range free {
		m.Free(r.in)
		if r.freed != nil {
			r.freed()
		}
	}
}
