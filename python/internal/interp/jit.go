package interp

import (
	"io"
	"time"
	"unsafe"

	"martlet/genext"
	"martlet/hint"
	"martlet/internal/opt"
)

//go:generate go run martlet/cmd/martlet-gen generate -o zz_martlet.go .

// The just-in-time compiler of the dispatch loop. It is derived from the loop's
// source by martlet-gen (zz_martlet.go); this file connects the two.

// JITMode says when code is compiled.
type JITMode uint8

// The modes.
const (
	JITNever   JITMode = iota
	JITWhenHot         // when a loop has gone round often enough
	JITAlways          // at the first round of a loop
)

func (m JITMode) String() string { return [...]string{"never", "whenhot", "always"}[m] }

// JIT is a runtime's compiler: what it is told, and once something was hot its driver.
// The fields are set before the first code runs; afterwards see jitctl.go.
type JIT struct {
	Mode      JITMode
	Threshold int                  // hotness at which code is compiled; 0: the mode's own
	Level     opt.Level            // of the optimiser in the end
	Executor  genext.Executor      // nil: the best there is
	Log       io.Writer            // what is compiled, and the residual code; nil for no log
	Observe   func(e genext.Event) // is told what happens to compiled code
	Clock     bool                 // measure the time in compiled code

	tried   bool
	driver  *driver
	handle  *genext.Handle
	waiting *waiting
	past    *JITStats // of the drivers before, nil if there were none
	workers *genext.Workers
	err     error
}

// greens are what a position in a program determines.
type greens struct {
	co     *Code
	instrs unsafe.Pointer
	pc     int
}

// reds are the rest of the loop's state.
type reds struct {
	th   *Thread        `hint:"nonnil"`
	f    *Frame         `hint:"nonnil"`
	base unsafe.Pointer `hint:"frame,nonnil"`
}

// outcome is what run returns.
type outcome struct {
	value Value
	err   *Exception
}

// driver leads from the loop into compiled code.
type driver = hint.Driver[greens, reds, outcome]

// fetch reads the instruction at pc.
//
//martlet:elidable
func fetch(instrs unsafe.Pointer, pc int) uint64 {
	return *(*uint64)(unsafe.Add(instrs, pc<<3))
}

// jit returns the runtime's driver, made when first asked for. It is nil, which
// silences the counters, if nothing is to be compiled.
//
//martlet:opaque
func (th *Thread) jit() *driver {
	j := &th.in.JIT
	if !j.tried {
		j.tried = true
		j.start()
	}
	return j.driver
}

// threshold returns how hot code must be to be compiled.
func (j *JIT) threshold() int {
	switch {
	case j.Threshold > 0:
		return j.Threshold
	case j.Mode == JITAlways:
		return 1
	}
	return 40
}

// start makes the driver. In mode whenhot it is one that waits first: reading the
// flow graphs takes longer than a short program runs.
func (j *JIT) start() {
	switch j.Mode {
	case JITAlways:
		m, err := genext.NewMachine(&martletProgram)
		j.bind(m, err, time.Now(), 0)
	case JITWhenHot:
		w := &waiting{j: j, since: time.Now(), got: make(chan reading, 1)}
		j.waiting = w
		j.driver = hint.NewDriver(w.enter)
	}
}

// bind makes the driver proper for a program that runs since a time, from the flow graphs that took some time to read.
//
//martlet:opaque
func (j *JIT) bind(m *genext.Machine, err error, since time.Time, spent time.Duration) {
	if err != nil {
		j.driver, j.err = nil, err
		return
	}
	if j.workers == nil {
		j.workers = genext.NewWorkers(1)
	}
	o := genext.Options{Level: j.Level, Executor: j.Executor, Threshold: j.threshold(), Log: j.Log, Born: since, Spent: spent,
		Valid: possible, Follows: follows, Forces: true, Permit: permitted, Observe: j.Observe, Background: j.workers, Clock: j.Clock, Within: within, Counter: counterOf}
	if o.Executor == nil {
		o.Executor = genext.Best()
	}
	if j.Log == nil || j.Observe != nil {
		o.Where = where // else the log names positions in the loop
	}
	o.Progress, o.Eager = progress, j.Mode == JITAlways
	o.Limits = genext.Limits{Ops: 3000, Steps: 150000} // they bound the pause of a compilation
	j.driver, j.handle, j.err = genext.Bind[greens, reds, outcome](m, "(*martlet/python/internal/interp.Thread).run", o)
}

// where is the place of greens in the Python source.
func where(g unsafe.Pointer) genext.Place {
	x := (*greens)(g)
	return genext.Place{Func: x.co.C.QualName, File: x.co.C.Filename, Line: x.co.line(x.pc + 1)}
}

// permitted reports whether code may be compiled at all: co_use_jit.
func permitted(g unsafe.Pointer) bool { return !(*greens)(g).co.noJIT }

// possible reports whether greens belong together, so that fetch may read the instruction.
func possible(g unsafe.Pointer) bool {
	x := (*greens)(g)
	return x.instrs == x.co.instrs && uint(x.pc) < uint(len(x.co.C.Instrs))
}

// follows reports whether an instruction comes after another one and is not reached in another way.
func follows(g, next unsafe.Pointer) bool {
	x, y := (*greens)(g), (*greens)(next)
	return x.co == y.co && x.pc+1 == y.pc && !y.co.joins(y.pc)
}

// progress counts back-edges, which compiled code counts too.
func progress(r unsafe.Pointer) int64 {
	th := (*reds)(r).th
	return int64(th.T.Steps) + int64(fuelSlice-th.fuel)
}

// waiting stands for the driver until the program has run long enough to be worth it. Then the flow graphs are
// read beside the program, which takes many times the longest pause that we allow.
type waiting struct {
	j       *JIT
	since   time.Time
	reading bool
	got     chan reading
}

// reading is the outcome of reading the flow graphs.
type reading struct {
	m     *genext.Machine
	err   error
	spent time.Duration
}

// The waiting: how long, and how many back-edges of a loop pass between looks at the clock.
const (
	waitFor   = 60 * time.Millisecond
	waitTicks = 1000
)

func (w *waiting) enter(c *hint.Counter, g *greens, r *reds, v *outcome) bool {
	switch {
	case time.Since(w.since) < waitFor:
	case !w.reading:
		w.reading = true
		go w.read()
	default:
		select {
		case x := <-w.got:
			w.j.bind(x.m, x.err, w.since, 0) // the program has not waited
			return false
		default:
		}
	}
	c.Set(waitTicks)
	return false
}

func (w *waiting) read() {
	begin := time.Now()
	m, err := genext.NewMachine(&martletProgram)
	w.got <- reading{m, err, time.Since(begin)}
}

// wait binds the driver at once.
func (w *waiting) wait() {
	if !w.reading {
		w.reading = true
		w.read()
	}
	x := <-w.got
	w.j.bind(x.m, x.err, w.since, x.spent)
}
