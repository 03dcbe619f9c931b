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

// JIT is a runtime's compiler: its mode and, once something was hot, its driver.
type JIT struct {
	Mode JITMode
	Log  io.Writer // what is compiled, and the residual code; nil for no log

	tried  bool
	driver *driver
	handle *genext.Handle
	err    error
}

// Stats returns the counters so far, and why there is no compiler if it could not be started.
func (j *JIT) Stats() (genext.Stats, error) {
	if j.handle == nil {
		return genext.Stats{}, j.err
	}
	return j.handle.Stats(), nil
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

// threshold returns how often a loop must have gone round to be compiled.
func (m JITMode) threshold() int {
	if m == JITAlways {
		return 1
	}
	return 40
}

// start makes the driver. In mode whenhot it is one that waits first: reading the
// flow graphs takes longer than a short program runs.
func (j *JIT) start() {
	switch j.Mode {
	case JITAlways:
		j.driver = j.bind(time.Now())
	case JITWhenHot:
		w := &waiting{j: j, since: time.Now()}
		j.driver = hint.NewDriver(w.enter)
	}
}

// bind makes the driver proper for a program that runs since a time; nil if that is impossible.
//
//martlet:opaque
func (j *JIT) bind(since time.Time) *driver {
	begin := time.Now()
	m, err := genext.NewMachine(&martletProgram)
	if err != nil {
		j.err = err
		return nil
	}
	o := genext.Options{Level: opt.Full, Executor: genext.Best(), Threshold: j.Mode.threshold(), Log: j.Log, Born: since, Spent: time.Since(begin),
		Valid: possible, Forces: true,
		Limits: genext.Limits{Versions: 2}}
	if j.Mode == JITWhenHot {
		o.Progress, o.Limits = progress, genext.Limits{Ops: 3000, Steps: 150000, Versions: 2}
	}
	d, h, err := genext.Bind[greens, reds, outcome](m, "(*martlet/python/internal/interp.Thread).run", o)
	j.handle, j.err = h, err
	return d
}

// possible reports whether greens belong together, so that fetch may read the instruction.
func possible(g unsafe.Pointer) bool {
	x := (*greens)(g)
	return x.instrs == x.co.instrs && uint(x.pc) < uint(len(x.co.C.Instrs))
}

// progress counts back-edges, which compiled code counts too.
func progress(r unsafe.Pointer) int64 {
	th := (*reds)(r).th
	return int64(th.T.Steps) + int64(fuelSlice-th.fuel)
}

// waiting stands for the driver until the program has run long enough to be worth it.
type waiting struct {
	j     *JIT
	since time.Time
}

// The waiting: how long, and how many back-edges of a loop pass between looks at the clock.
const (
	waitFor   = 250 * time.Millisecond
	waitTicks = 1000
)

func (w *waiting) enter(c *hint.Counter, g *greens, r *reds, v *outcome) bool {
	if time.Since(w.since) < waitFor {
		c.Set(waitTicks)
		return false
	}
	if w.j.handle == nil && w.j.err == nil {
		w.j.driver = w.j.bind(w.since)
	}
	return false
}
