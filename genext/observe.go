package genext

import (
	"runtime"
	"time"
	"unsafe"

	"martlet/hint"
	"martlet/internal/disasm"
	"martlet/internal/obj"
	"martlet/internal/opt"
	"martlet/ir"
)

// What a driver shows of itself: counters, events, and the regions with their
// residual code, machine code and exits.

// Stats are a driver's counters.
type Stats struct {
	Enters        int // calls from the plain interpreter
	Runs          int // executions of compiled code
	Compiles      int // of regions
	Bridges       int // compilations of exits
	Failures      int // compile failures
	Ops           int // residual ops emitted
	Guards        int // guards and exits in compiled code
	Switches      int // promotion switches
	Exits         int // guards that failed, exits taken
	Invalidations int
	ProfileRuns   int
	Abandoned     int            // entries given up because their code did not pay
	Spent         time.Duration  // in profile runs and compilations, while the program waited
	Pause         time.Duration  // the longest of these waits
	Background    time.Duration  // in compilations while the program ran
	Inside        time.Duration  // in compiled code and what it calls; with Options.Clock
	Regions       int            // alive
	Bytes         int            // machine code of those
	Made          int            // bytes of machine code made so far
	Mapped        int            // bytes of executable memory in use by the whole process
	Causes        map[string]int // exits by cause
}

// Stats returns the counters so far.
func (h *Handle) Stats() Stats {
	d := h.d
	d.mu.Lock()
	defer d.mu.Unlock()
	st := d.stats
	st.Spent, st.Background = d.waited, d.background
	st.Causes = map[string]int{}
	for why, n := range d.causes {
		if *n > 0 {
			st.Causes[why] = *n
		}
	}
	d.each(func(e *entry) {
		if e.r != nil {
			st.Regions++
			_, n := e.r.machine()
			st.Bytes += n
		}
	})
	st.Mapped = mapped()
	return st
}

// cause returns the counter of a cause of exits.
func (d *door) cause(why string) *int {
	n := d.causes[why]
	if n == nil {
		n = new(int)
		d.causes[why] = n
	}
	return n
}

// compiling notes that the program waits for the compiler, and returns what notes the end of that. The caller holds the lock.
func (d *door) compiling() (done func()) {
	runtime.LockOSThread()
	start, cpu := d.now(), cpuTime()
	return func() {
		d.spent += cpuTime() - cpu
		runtime.UnlockOSThread()
		d.waitedFor(d.now() - start)
	}
}

func (d *door) waitedFor(t time.Duration) {
	d.waited += t
	d.stats.Pause = max(d.stats.Pause, t)
}

// timed runs code, and measures it if that is wanted: with all that it calls, and calls of compiled code in that not twice.
func (d *door) timed(reg *region, code Code, words []uint64, refs []unsafe.Pointer) (*region, int64, []uint64, []unsafe.Pointer) {
	if !d.opt.Clock {
		return d.run(reg, code, words, refs)
	}
	defer d.clock(reg)()
	return d.run(reg, code, words, refs)
}

// clock notes that compiled code is entered, and returns what notes that it is left.
func (d *door) clock(reg *region) (leave func()) {
	d.step(+1)
	outer := d.running.Swap(reg)
	return func() {
		d.running.Store(outer)
		d.step(-1)
	}
}

// Running returns the region that was entered last and has not been left, with Options.Clock. Any goroutine may ask.
func (h *Handle) Running() (r Region, ok bool) {
	reg := h.d.running.Load()
	return Region{reg}, reg != nil
}

// At is the place of the region's merge point.
func (g Region) At() Place { return g.r.at }

// step goes into compiled code (+1) or out of it (-1).
func (d *door) step(n int) {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.depth > 0 {
		d.stats.Inside += d.now() - d.since
	}
	d.depth += n
	d.since = d.now()
}

// EventKind says what happened to a region.
type EventKind uint8

// The events.
const (
	Compiled    EventKind = iota // it got code to run, or better code
	Replaced                     // its greens were compiled again
	Invalidated                  // an assumption changed
	Abandoned                    // it did not pay
	Dropped                      // on demand
)

func (k EventKind) String() string {
	return [...]string{"compiled", "replaced", "invalidated", "abandoned", "dropped"}[k]
}

// Event is something that happened to a region.
type Event struct {
	Kind   EventKind
	Region Region
}

func (d *door) tell(k EventKind, r *region) {
	if d.opt.Observe != nil {
		d.opt.Observe(Event{k, Region{r}})
	}
}

// Region is compiled code of one merge point with particular greens. It keeps
// the code alive. Two Regions of the same code are equal.
type Region struct{ r *region }

// Exit is where a region can leave to the interpreter.
type Exit struct {
	Why   string
	Place Place // in the interpreted program
	Taken int
}

// AsmLine is one machine instruction.
type AsmLine struct {
	Off   int
	Text  string
	To    int       // target of a jump within the code, or -1
	Exit  int       // number of the exit that begins here, or -1
	Value *ir.Value // the residual value it belongs to, or nil
	Place Place     // of the value
}

func (g Region) lock() func() {
	d := g.r.entry.life.d
	d.mu.Lock()
	return d.mu.Unlock
}

// Greens calls f with the greens in their Go type.
func (g Region) Greens(f func(g unsafe.Pointer)) {
	defer g.lock()()
	g.r.entry.life.d.withGreens(g.r.entry.words, g.r.entry.refs, f)
}

// Name is the name of the code for perf and gdb.
func (g Region) Name() string { return g.r.name }

// Func returns the residual code, as far as it has been optimised for the code that runs.
func (g Region) Func() *ir.Func {
	defer g.lock()()
	return g.r.fn
}

// Text is the residual code as text.
func (g Region) Text() string { return g.Func().String() }

// Invalid reports whether an assumption of the code has changed.
func (g Region) Invalid() bool {
	defer g.lock()()
	return g.r.invalid != 0
}

// Level says what there is of the region.
func (g Region) Level() Level {
	defer g.lock()()
	return g.r.level
}

// Ops returns the number of residual ops as specialised.
func (g Region) Ops() int { return g.r.ops }

// Tries tells how often its greens had been compiled.
func (g Region) Tries() int { return g.r.try }

// Runs tells how often the region was entered.
func (g Region) Runs() int {
	defer g.lock()()
	return g.r.runs
}

// Place returns the place of a position in the residual code.
func (g Region) Place(pos ir.Pos) Place { return g.r.place(pos) }

// Exits returns the exits, in the order of their numbers.
func (g Region) Exits() []Exit {
	defer g.lock()()
	es := make([]Exit, len(g.r.exits))
	for i, sn := range g.r.exits {
		es[i] = Exit{sn.why, g.r.place(sn.place), sn.fails}
	}
	return es
}

// Size is the number of bytes of machine code.
func (g Region) Size() int {
	defer g.lock()()
	_, in := g.r.machine()
	return in
}

// Assembly is the machine code, disassembled; nil if there is none.
func (g Region) Assembly() []AsmLine {
	unlock := g.lock()
	code, values := g.r.code, g.r.values()
	unlock()
	c, ok := code.(*nativeCode)
	if !ok {
		return nil
	}
	oc := c.body.Code
	text := c.text()
	exits := map[int]int{}
	for i := range oc.Exits {
		if x := &oc.Exits[i]; x.Kind == obj.ExitGuard {
			exits[int(x.Off)] = int(x.ID)
		}
	}
	var out []AsmLine
	var v *ir.Value
	next := 0
	for _, in := range disasm.Text(text[:len(oc.Text)]) {
		for ; next < len(oc.Lines) && int(oc.Lines[next].Off) <= in.Off; next++ {
			v = values[ir.ID(oc.Lines[next].Value)]
		}
		l := AsmLine{Off: in.Off, Text: in.Text, To: in.To, Exit: -1, Value: v}
		if v != nil {
			l.Place = g.r.place(v.Pos)
		}
		if n, ok := exits[in.Off+in.Len]; ok {
			l.Exit = n
		}
		out = append(out, l)
	}
	return out
}

// values are those of the residual code by number.
func (r *region) values() map[ir.ID]*ir.Value {
	m := map[ir.ID]*ir.Value{}
	for _, b := range r.fn.Blocks {
		for _, v := range b.Insts {
			m[v.ID] = v
		}
	}
	return m
}

// machine is where the machine code is and its size; 0, 0 if there is none.
func (r *region) machine() (addr uintptr, size int) {
	if c, ok := r.code.(*nativeCode); ok {
		return c.body.Addr, int(c.body.Size)
	}
	return 0, 0
}

// Handle is a driver seen from outside: counters and inspection.
type Handle struct{ d *door }

// Regions returns the residual functions in use.
func (h *Handle) Regions() []*ir.Func {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	var fs []*ir.Func
	h.d.each(func(e *entry) {
		if e.r != nil {
			fs = append(fs, e.r.fn)
		}
	})
	return fs
}

// CodeStats are the counters of one code object.
type CodeStats struct {
	Compiles, Invalidations int
	Level                   Level // the highest of its regions
}

// Of returns what the driver knows of the code with a counter, and its regions.
func (h *Handle) Of(c *hint.Counter) (CodeStats, []Region) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	st := CodeStats{Level: LevelNone}
	l, ok := c.Kept().(*life)
	if !ok || l.d != h.d {
		return st, nil
	}
	st.Compiles, st.Invalidations = l.compiles, l.invalidations
	var rs []Region
	for _, e := range l.entries {
		if e.r != nil {
			st.Level = max(st.Level, e.r.level)
			rs = append(rs, Region{e.r})
		}
	}
	return st, rs
}

// Drop drops the code of a counter: it is interpreted until it is hot anew. The regions
// of other counters that inlined it are left through an exit at their next call.
func (h *Handle) Drop(c *hint.Counter) {
	h.d.mu.Lock()
	defer h.d.mu.Unlock()
	l, ok := c.Kept().(*life)
	if !ok || l.d != h.d {
		return
	}
	for _, e := range l.entries {
		if e.r != nil {
			h.d.tell(Dropped, e.r)
			e.r.invalid = 1
		}
		*e = entry{words: e.words, refs: e.refs, life: l, cell: e.cell}
		e.relink()
	}
	l.trial = nil
	c.Set(0)
}

// Wait waits for compilations in the background.
func (h *Handle) Wait() {
	if w := h.d.opt.Background; w != nil {
		w.Wait()
	}
}

// Prepare brings the code for greens (of the Go type G of the driver) to a level at
// once, without having run it: specialised without a profile, it stops at the first value or
// branch that depends on data. When it is run it learns there how to go on. LevelLearned
// specialises anew with what has been learnt since. It returns the level reached.
func (h *Handle) Prepare(c *hint.Counter, greens unsafe.Pointer, level Level) (Level, error) {
	d := h.d
	d.mu.Lock()
	defer d.mu.Unlock()
	words, refs := readWords(greens, d.greens)
	e := d.lookup(d.lifeOf(c), words, refs)
	defer d.compiling()()
	if e.r == nil || level == LevelLearned {
		e.head, e.never = true, false
		if err := d.prepare(e); err != nil {
			return LevelNone, err
		}
	}
	if level <= e.r.level || level <= LevelIR {
		return e.r.level, nil
	}
	l := opt.Quick
	if level >= LevelFull {
		l = opt.Full
	}
	err := d.compile(e.r, e.r.fn, l)
	return e.r.level, err
}
