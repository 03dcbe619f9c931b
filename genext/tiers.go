package genext

import (
	"fmt"
	"runtime"
	"sync"
	"time"
	"unsafe"
	"weak"

	"martlet/internal/opt"
	"martlet/ir"
)

// From residual code to code that runs.
//
// Specialising reads the interpreter's live objects, so it is done where
// the interpreter stands, and it is bounded by Limits. What follows, the optimiser and
// code generation, needs the residual function only. With
// Options.Background it is done by a worker, on a copy: until the result is
// installed, by one assignment under the driver's lock, a small region runs
// code that was made quickly, and the program of a large one stays in the plain interpreter.

// Level says what there is of a region.
type Level int8

// The levels.
const (
	LevelNone    Level = iota - 1 // not compiled
	LevelIR                       // residual code
	LevelQuick                    // machine code, made quickly
	LevelFull                     // machine code of the full optimiser
	LevelLearned                  // the same with the larger profile: compiled again after exits
)

// Workers run compilations in the background, a bounded number at a time.
type Workers struct {
	mu      sync.Mutex
	done    sync.Cond
	queue   []func()
	running int
	most    int
}

// NewWorkers makes up to n goroutines compile at a time; they exist only while there is work.
func NewWorkers(n int) *Workers {
	w := &Workers{most: max(n, 1)}
	w.done.L = &w.mu
	return w
}

func (w *Workers) do(job func()) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.queue = append(w.queue, job)
	if w.running < w.most {
		w.running++
		go w.work()
	}
}

func (w *Workers) work() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for len(w.queue) > 0 {
		job := w.queue[0]
		w.queue[0] = nil
		w.queue = w.queue[1:]
		w.mu.Unlock()
		job()
		w.mu.Lock()
	}
	w.queue = nil
	w.running--
	w.done.Broadcast()
}

// Wait returns when all compilations asked for so far, and those they caused, are installed.
func (w *Workers) Wait() {
	w.mu.Lock()
	defer w.mu.Unlock()
	for w.running > 0 {
		w.done.Wait()
	}
}

// maxFull is the size in ops beyond which a region gets only the quick optimiser.
const maxFull = 4000

// maxQuick is the size up to which the program waits for quick code.
const maxQuick = 600

// stage runs one stage of a compilation; a panic in it is a CompileError.
func (d *door) stage(name string, f func() error) (err error) {
	defer func() {
		if x := recover(); x != nil {
			if g, ok := x.(giveUp); ok {
				x = g.why
			}
			err = &CompileError{Func: d.portal.fn.Name, Pass: name, Cause: x}
		}
	}()
	if d.opt.Inject != nil {
		d.opt.Inject(name)
	}
	if err := f(); err != nil {
		return &CompileError{Func: d.portal.fn.Name, Pass: name, Cause: err}
	}
	return nil
}

// residual specialises the portal from its merge point for the greens of an entry.
func (d *door) residual(e *entry) (r *region, err error) {
	err = d.stage("specialise", func() error {
		r = d.specialise(e)
		return nil
	})
	return r, err
}

// make gives a region code to run, at once or soon.
func (d *door) make(r *region) error {
	level := d.opt.Level
	if r.ops > maxFull {
		level = opt.Quick
	}
	if d.opt.Background == nil || level == opt.Quick {
		return d.compile(r, r.fn, level)
	}
	if r.ops > maxQuick {
		d.upgradeSoon(r)
		return nil
	}
	r.unopt = r.fn.Clone(r.fn.Module, r.name+" (full)")
	if err := d.compile(r, r.fn, opt.Quick); err != nil {
		return err
	}
	if !r.entry.head {
		d.upgradeSoon(r)
	}
	return nil
}

// upgradeRuns is how often code that was compiled before it was run is run before it is worth full code.
const upgradeRuns = 4

// upgradeSoon asks a worker for full code. The request does not keep the region alive: code that has died by then is not compiled.
func (d *door) upgradeSoon(r *region) {
	w := weak.Make(r)
	d.opt.Background.do(func() {
		if r := w.Value(); r != nil {
			d.upgrade(r)
		}
	})
}

// compile optimises a region's residual code and installs what the executor makes of it.
func (d *door) compile(r *region, fn *ir.Func, level opt.Level) error {
	code, err := d.code(r, fn, level)
	if err != nil {
		return err
	}
	d.install(r, fn, code, level)
	return nil
}

func (d *door) code(r *region, fn *ir.Func, level opt.Level) (code Code, err error) {
	err = d.stage("optimise", func() error {
		opt.Func(fn, level, opt.Options{FloatExits: true})
		return nil
	})
	if err != nil {
		return nil, err
	}
	err = d.stage("code", func() (err error) {
		x := d.opt.Executor
		if t, ok := x.(tiered); ok {
			x = t.at(level)
		}
		if n, ok := x.(Native); ok && d.env != nil {
			var c *nativeCode
			if c, err = n.compile(fn, d.env, r); err == nil {
				code = c
			}
			return err
		}
		code, err = x.Compile(fn, d.m.goFunc)
		return err
	})
	return code, err
}

// tiered is an executor with levels of its own.
type tiered interface{ at(l opt.Level) Executor }

// install gives a region its code. The caller holds the lock.
func (d *door) install(r *region, fn *ir.Func, code Code, level opt.Level) {
	if d.opt.Before != nil {
		d.opt.Before(fn)
	}
	r.fn, r.code = fn, code
	_, n := r.machine()
	d.stats.Made += n
	r.level = LevelQuick
	if level == opt.Full {
		r.level = LevelFull
		if r.entry.tries > 1 {
			r.level = LevelLearned
		}
	}
	r.entry.relink()
	d.tell(Compiled, r)
}

// upgrade is a worker's job: full code for a region.
func (d *door) upgrade(r *region) {
	runtime.LockOSThread()
	defer runtime.UnlockOSThread()
	start, cpu := time.Now(), cpuTime()
	d.mu.Lock()
	fn := r.unopt
	if fn == nil { // it has no quick code
		fn = r.fn.Clone(r.fn.Module, r.name+" (full)")
	}
	r.unopt = nil
	d.mu.Unlock()
	code, err := d.code(r, fn, opt.Full)
	d.mu.Lock()
	defer d.mu.Unlock()
	d.background += cpuTime() - cpu
	switch {
	case r.entry.r != r: // dropped meanwhile
	case err != nil && r.code == nil:
		d.failed(r.entry, err)
	case err != nil:
		d.stats.Failures++
		d.logf("compile failed: %v\n", err)
	default:
		d.install(r, fn, code, opt.Full)
		d.logf("compiled %s fully in %v, %d ops, %d exits\n%s\n", r.fn.Name, time.Since(start), r.ops, len(r.exits), fn)
	}
}

// regionName is where an entry's code begins, and its name for perf and gdb.
func (d *door) regionName(e *entry) (p Place, name string) {
	if d.opt.Where == nil {
		return p, "region"
	}
	d.withGreens(e.words, e.refs, func(g unsafe.Pointer) { p = d.opt.Where(g) })
	return p, fmt.Sprintf("py::%s:%s:%d", p.Func, p.File, p.Line)
}
