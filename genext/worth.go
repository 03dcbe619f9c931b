package genext

import (
	"time"
	"unsafe"

	"martlet/ir"
)

// Whether compiled code is worth having.
//
// A compiler at run time has two ways to make a program slower: it may take
// longer than what it makes ever wins back, and what it makes may be no better
// than the interpreter (exits at every turn, or a body of nothing but calls).
// With Options.Progress both are bounded by measurement.
//
// An allowance bounds the first: all time spent in reading the program, in
// profile runs and in compilations is at most a fixed sum and a share of the
// time since the driver was made. A compilation that is not affordable
// waits.
//
// A trial bounds the second. Progress counts a unit of work, such as
// back-edges, in the plain interpreter and in compiled code alike. For each
// counter (that is, for each code object) windows with and without compiled
// code take turns, and the nanoseconds per unit of work, measured from wall to wall so
// that exits and entries are paid by whoever causes them, are compared. Code
// that does not win is given up, all entries of the counter at once, and the
// counter is silenced. Code that wins is looked at ever more rarely.

// The allowance: a sum for a start, and a share of the time that has passed.
const (
	startAllowance = 40 * time.Millisecond
	shareAllowance = 8 // 1/8 of the time
)

// The windows of a trial.
const (
	plainTicks   = 64                     // back-edges of a plain window
	leastRuns    = 32                     // entries of a compiled window
	leastWork    = 32                     // units of work in either
	longWindow   = 200 * time.Microsecond // compiled windows that long need no more entries
	turns        = 3                      // pairs of windows before a verdict
	patience     = 256                    // ticks until the next attempt of what was not affordable
	silence      = 1 << 30
	clearlyWorse = 1.5  // a verdict after the first pair
	eagerCount   = 1000 // with Options.Eager: how hot code is when its trial begins
)

// phase is what a trial is measuring.
type phase uint8

const (
	phaseNone phase = iota
	phasePlain
	phaseCode
	phaseWon // compiled code runs for a while without being measured
)

// trial compares compiled code with the plain interpreter for one counter.
type trial struct {
	phase   phase
	pairs   int
	runs    int // entries in this window
	rest    int // entries until the next trial
	backoff int
	over    bool // given up

	at    time.Duration // begin of the window, and what it excludes
	spent time.Duration
	work  int64

	plain, code rate
}

// rate is time and work.
type rate struct {
	time time.Duration
	work int64
}

func (r rate) perUnit() float64 {
	if r.work == 0 {
		return 0
	}
	return float64(r.time) / float64(r.work)
}

func (d *door) now() time.Duration { return time.Since(d.born) }

// affordable reports whether more time may be spent on compiling.
func (d *door) affordable() bool {
	return d.opt.Progress == nil || d.opt.Eager || d.spent+d.background < startAllowance+d.now()/shareAllowance
}

// trialOf returns the trial of the counter, or nil if nothing is measured.
func (l *life) trialOf() *trial {
	if l.d.opt.Progress == nil || l.d.opt.Within != nil || l.d.opt.Eager && l.counter.Count() < eagerCount {
		return nil
	}
	if l.trial == nil {
		l.trial = &trial{backoff: 256}
	}
	return l.trial
}

// open begins a window.
func (t *trial) open(p phase, d *door, r unsafe.Pointer) {
	t.phase, t.runs = p, 0
	t.at, t.spent, t.work = d.now(), d.waited, d.opt.Progress(r)
}

// sofar returns the window's time and work so far.
func (t *trial) sofar(d *door, r unsafe.Pointer) rate {
	return rate{d.now() - t.at - (d.waited - t.spent), d.opt.Progress(r) - t.work}
}

// tick is called at every entry with the counter's trial; hot says whether
// there is code to run. It reports whether to stay in the plain interpreter.
func (t *trial) tick(l *life, r unsafe.Pointer, hot bool) bool {
	d, c := l.d, l.counter
	if t.over {
		c.Set(silence)
		return true
	}
	switch t.phase {
	case phaseNone:
		t.open(phasePlain, d, r)
		c.Set(plainTicks)
		return true
	case phasePlain:
		w := t.sofar(d, r)
		if w.work < leastWork {
			c.Set(plainTicks)
			return true
		}
		if hot {
			t.plain.add(w)
			t.open(phaseCode, d, r)
		} else if t.plain.work == 0 || w.perUnit() < t.plain.perUnit() {
			t.plain = w
		}
	case phaseCode:
		return t.turn(l, r)
	case phaseWon:
		if t.rest--; t.rest <= 0 {
			t.pairs, t.plain, t.code = 0, rate{}, rate{}
			t.phase = phaseNone
		}
	}
	return false
}

func (r *rate) add(w rate) {
	r.time += w.time
	r.work += w.work
}

// turn ends a compiled window if it is long enough.
func (t *trial) turn(l *life, r unsafe.Pointer) bool {
	d := l.d
	t.runs++
	if t.runs < 4 {
		return false
	}
	w := t.sofar(d, r)
	if w.work < leastWork && w.time < 10*longWindow || t.runs < leastRuns && w.time < longWindow {
		return false
	}
	t.code.add(w)
	t.pairs++
	worse := t.code.perUnit() / t.plain.perUnit()
	switch {
	case t.pairs == 1 && worse > clearlyWorse || t.pairs >= turns && worse > 0.97:
		d.logf("given up: %.0f ns compiled, %.0f ns plain\n", t.code.perUnit(), t.plain.perUnit())
		t.over = true
		l.abandon()
		return true
	case t.pairs >= turns:
		t.phase, t.rest = phaseWon, t.backoff
		t.backoff *= 8
		return false
	}
	t.open(phasePlain, d, r)
	l.counter.Set(plainTicks)
	return true
}

// With links there are no trials: what a region goes on in is not its own. Instead, code is not had that does nothing but call
// Go functions (the interpreter's dispatch costs less than a call from compiled code), and code is given up that is left too
// often for the plain interpreter.

// The limits of that, and what a link to code that is given up counts in calls.
const (
	mostCalls    = 40  // calls per hundred merge points
	slowArrivals = 500 // links to code that is not compiled
	fewExits     = 64  // exits and slow links of code while nothing more may be spent
)

// economical reports whether code has to be worth having.
func (d *door) economical() bool { return d.opt.Within != nil && d.opt.Progress != nil && !d.opt.Eager }

// worthwhile reports whether residual code does something itself, or other compiled code leads to it: leaving that would cost more.
func (sp *spec) worthwhile() bool {
	e := sp.r.entry
	e.poor = sp.calls*100 > sp.merges*mostCalls
	return !e.poor || e.linked || !sp.d.economical() || sp.home != nil
}

// briefMerges is up to how many merge points code is brief.
const briefMerges = 24

// brief reports whether code is left again so soon that it is not worth entering from the plain interpreter: other
// compiled code may go on in it.
func (sp *spec) brief() bool {
	if !sp.d.economical() || len(sp.r.links) > 0 || sp.merges > briefMerges {
		return false
	}
	at := map[*ir.Block]int{}
	for i, b := range sp.fn.Blocks { // in reverse postorder
		at[b] = i
	}
	for i, b := range sp.fn.Blocks {
		for _, e := range b.End.Succs {
			if at[e.To] <= i {
				return false
			}
		}
	}
	return true
}

// coolTicks is how many ticks an entry stays without code the first time that its code was left too often; it doubles.
const coolTicks = 2000

// cool drops the code of an entry that is left often while nothing can be done about it, for some time.
func (d *door) cool(r *region) {
	e := r.entry
	if e.cooled++; e.cooled > 5 {
		d.giveUp(r, "it is left too often")
		return
	}
	d.logf("dropped for a while: it is left too often\n")
	d.tell(Dropped, r)
	e.r, e.count = nil, -coolTicks<<e.cooled
	e.relink()
}

// giveUp drops the code of one entry for good.
func (d *door) giveUp(r *region, why string) {
	e := r.entry
	if e.r != r {
		return
	}
	d.logf("given up: %s\n", why)
	d.tell(Abandoned, r)
	e.r, e.never = nil, true
	e.relink()
	d.stats.Abandoned++
}

// abandon drops the code of all entries of the counter and silences it.
func (l *life) abandon() {
	l.counter.Set(silence)
	for _, e := range l.entries {
		if e.r != nil {
			l.d.tell(Abandoned, e.r)
		}
		e.r, e.never = nil, true
		e.relink()
		l.d.stats.Abandoned++
	}
}
