package jit

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"sync/atomic"
	"time"
	"unsafe"

	"martlet/internal/native"
	"martlet/ir"
)

// Tiers says at which levels functions are compiled.
type Tiers uint8

const (
	// Tiered compiles quickly at first and fully, in the background, what gets hot. The default.
	Tiered Tiers = iota
	// QuickOnly never compiles fully.
	QuickOnly
	// FullOnly compiles fully at once.
	FullOnly
	// Interpret makes no machine code.
	Interpret
)

// Placement says how code is laid out in the process's code memory.
type Placement uint8

const (
	// Together puts every piece where it fits best: the least memory. The default.
	Together Placement = iota
	// HotApart puts full code in a range of its own, so that what is hot shares pages and cache lines with nothing that is not.
	HotApart
)

// Options configure an engine. The zero value is the normal one.
type Options struct {
	Tiers      Tiers
	HotCount   int32                       // calls plus loop iterations of quick code before full compilation is asked for (default 2000)
	Workers    int                         // background compilations at a time (default 1)
	Placement  Placement                   // where full code goes
	CodeBudget int64                       // bytes of machine code above which cold functions are evicted (0: no limit but the process's)
	Eager      bool                        // compile whole modules when they are added
	CacheDir   string                      // directory of the object cache; empty: none
	Perf       bool                        // write /tmp/perf-PID.map, so that perf names the functions
	GDB        bool                        // tell gdb of every function
	LazyBlocks bool                        // leave cold blocks out of a function's code until they are first reached
	NoSignals  bool                        // install no signal handlers: code checks addresses for nil itself
	Events     func(Event)                 // told of everything that happens, by any goroutine, the caller's too; it must not call the engine
	OnExit     func(*Exit) (Answer, error) // serves guards that fail; nil: the call returns an *ExitError
}

// Engine is a set of libraries and the code made from them. Its methods are safe for concurrent use. An engine that nothing refers to
// any more (no handle, library or module) gives all its memory back.
type Engine struct {
	opts Options
	m    *native.Machine // nil: interpreter only
	why  error
	env  *native.Env
	res  *resources

	mu     engineLock // symbol tables, what symbols lead to, and the states of functions
	libs   []*Library
	closed bool
	types  typeTable

	funcs     map[*function]struct{} // that have machine code, for eviction and Close
	dataEpoch atomic.Int64           // advances when a global is redefined or removed

	clock   int64 // advances with every compilation: recency for eviction
	codeLen int64

	workMu  sync.Mutex
	work    []func()
	workers int
	idle    sync.Cond // on workMu: a worker ended

	counts     counters
	hotOnce    sync.Once
	hotErr     error
	hidden     *Library                        // of the engine's own functions
	intrinsics map[string]uint32               // Go functions that the compiler calls, by name; under mu
	byCode     map[*native.Installed]codeOwner // under mu
	cache      *cache
}

type counters struct {
	quick, full, interpreted, osr, exits, invalidated, freed, redefined, evicted, failed, hits atomic.Int64
	bytesMade, nanos                                                                           atomic.Int64
}

// Stats are the numbers of an engine since its creation; CodeBytes and Functions are of now.
type Stats struct {
	Quick, Full   int64         // functions compiled at these levels
	Interpreted   int64         // functions left to the interpreter
	Failed        int64         // compilations that failed
	CacheHits     int64         // functions taken from the object cache
	OSR           int64         // running loops entered in better code
	Exits         int64         // guards and exits taken
	Invalidated   int64         // functions unlinked by a token or a change of what they inlined
	Redefined     int64         // functions replaced or removed
	Evicted       int64         // functions dropped for the budget
	Freed         int64         // pieces of machine code given back
	CodeBytes     int64         // machine code installed and not yet given back
	BytesMade     int64         // machine code ever made
	CompileTime   time.Duration // spent compiling, on all goroutines
	Functions     int           // with machine code
	PendingFree   int           // retired pieces of code, of all engines, whose frames may still be running
	MappedTouched int64         // bytes of code memory of the process that were ever handed out
}

// EventKind is the kind of an Event.
type EventKind uint8

// The kinds.
const (
	Compiled EventKind = iota
	EnteredOSR
	Invalidated
	Freed
	Redefined
	Evicted
	CompileFailed
	CacheHit
	CacheIgnored
	Created
)

var eventNames = [...]string{"compiled", "osr", "invalidated", "freed", "redefined", "evicted", "failed", "cachehit", "cacheignored", "created"}

func (k EventKind) String() string { return eventNames[k] }

// Event is one thing that happened to a function.
type Event struct {
	Kind   EventKind
	Func   string
	Level  string // "quick" or "full"
	Bytes  int
	Time   time.Duration
	Reason string
}

func (ev Event) String() string {
	s := fmt.Sprintf("%s %s", ev.Kind, ev.Func)
	if ev.Level != "" {
		s += fmt.Sprintf(" %s %d bytes %v", ev.Level, ev.Bytes, ev.Time)
	}
	if ev.Reason != "" {
		s += ": " + ev.Reason
	}
	return s
}

// New makes an engine. It works everywhere; Native tells whether with machine code.
func New(opts Options) *Engine {
	e := &Engine{opts: opts, funcs: map[*function]struct{}{}, env: new(native.Env), byCode: map[*native.Installed]codeOwner{}}
	e.idle.L = &e.workMu
	e.mu.events = opts.Events
	if e.opts.HotCount == 0 {
		e.opts.HotCount = 2000
	}
	if e.opts.Workers == 0 {
		e.opts.Workers = 1
	}
	e.env.Handler = exitHandler{e}
	e.openMachine()
	if e.m != nil {
		e.res = &resources{m: e.m, installed: map[*native.Installed]struct{}{}, cells: map[uintptr]struct{}{}}
		runtime.AddCleanup(e, func(r *resources) { r.freeAll() }, e.res)
	}
	if opts.CacheDir != "" {
		e.openCache()
	}
	return e
}

// SetExitHandler lets h serve the exits of the engine's code instead of Options.OnExit, with access to the frame: for packages of this
// module that continue compilation from exits. It must be set before any call.
func (e *Engine) SetExitHandler(h native.Handler) { e.env.Handler = h }

func (e *Engine) openMachine() {
	if e.opts.Tiers == Interpret {
		e.why = errors.New("the engine was told to interpret")
		return
	}
	m, err := native.Open()
	if err == nil && !e.opts.NoSignals {
		err = m.EnableSignals()
	}
	if err != nil {
		e.why = err
		return
	}
	e.m = m
}

// Native returns nil if the engine makes machine code, or else the reason why it only interprets.
func (e *Engine) Native() error { return e.why }

// Close removes everything. Calls through handles fail afterwards; calls that are running end normally.
func (e *Engine) Close() {
	e.mu.Lock()
	libs := e.libs
	e.closed = true
	e.mu.Unlock()
	for _, l := range libs {
		l.removeAll()
	}
	e.Wait()
}

// Stats returns the engine's numbers.
func (e *Engine) Stats() Stats {
	c := &e.counts
	s := Stats{
		Quick: c.quick.Load(), Full: c.full.Load(), Interpreted: c.interpreted.Load(), Failed: c.failed.Load(), CacheHits: c.hits.Load(),
		OSR: c.osr.Load(), Exits: c.exits.Load(), Invalidated: c.invalidated.Load(), Redefined: c.redefined.Load(), Evicted: c.evicted.Load(),
		Freed: c.freed.Load(), BytesMade: c.bytesMade.Load(), CompileTime: time.Duration(c.nanos.Load()),
	}
	e.mu.Lock()
	s.Functions = len(e.funcs)
	e.mu.Unlock()
	if e.m != nil {
		s.CodeBytes = e.res.bytes.Load()
		s.PendingFree = e.m.Pending()
		s.MappedTouched = int64(e.m.Memory().Stats().CodeTouched)
	}
	return s
}

// event tells of something. Not under e.mu: there e.mu.tell does.
func (e *Engine) event(ev Event) {
	if e.opts.Events != nil {
		e.opts.Events(ev)
	}
}

// engineLock is a mutex that tells of the events under it when it has been unlocked: what they are told to may have locks of its own, under which the
// engine is called.
type engineLock struct {
	sync.Mutex
	events func(Event) // or nil
	told   []Event
}

// tell takes an event under the lock.
func (l *engineLock) tell(ev Event) {
	if l.events != nil {
		l.told = append(l.told, ev)
	}
}

// Unlock unlocks and delivers.
func (l *engineLock) Unlock() {
	told := l.told
	l.told = nil
	l.Mutex.Unlock()
	for _, ev := range told {
		l.events(ev)
	}
}

// background runs job on one of the engine's workers.
func (e *Engine) background(job func()) {
	e.workMu.Lock()
	defer e.workMu.Unlock()
	e.work = append(e.work, job)
	if e.workers < e.opts.Workers {
		e.workers++
		go e.worker()
	}
}

func (e *Engine) worker() {
	e.workMu.Lock()
	defer e.workMu.Unlock()
	for len(e.work) > 0 {
		job := e.work[0]
		e.work = e.work[1:]
		e.workMu.Unlock()
		job()
		e.workMu.Lock()
	}
	e.workers--
	e.idle.Broadcast()
}

// Wait returns when all background compilations are done and all retired code that no frame is inside has been freed.
func (e *Engine) Wait() {
	e.workMu.Lock()
	for e.workers > 0 {
		e.idle.Wait()
	}
	e.workMu.Unlock()
	if e.m != nil {
		e.m.Round()
	}
}

// resources are the engine's pieces of code memory. They do not reach the engine, so that they can be freed when it has become garbage.
type resources struct {
	m         *native.Machine
	bytes     atomic.Int64
	mu        sync.Mutex
	installed map[*native.Installed]struct{}
	cells     map[uintptr]struct{}
}

func (r *resources) add(in *native.Installed) {
	r.mu.Lock()
	defer r.mu.Unlock()
	r.installed[in] = struct{}{}
	r.bytes.Add(int64(in.Size))
}

// retire frees in when no frame is inside, then calls after.
func (r *resources) retire(in *native.Installed, after func()) {
	r.mu.Lock()
	delete(r.installed, in)
	r.mu.Unlock()
	size := int64(in.Size)
	r.m.Retire(in, func() {
		r.bytes.Add(-size)
		if after != nil {
			after()
		}
	})
}

func (r *resources) newCell() (uintptr, error) {
	a, err := r.m.Memory().AllocData(8)
	if err == nil {
		r.mu.Lock()
		r.cells[a] = struct{}{}
		r.mu.Unlock()
	}
	return a, err
}

func (r *resources) freeCell(a uintptr) {
	r.mu.Lock()
	delete(r.cells, a)
	r.mu.Unlock()
	r.m.Memory().FreeData(a, 8)
}

// freeAll is the cleanup of an engine that became garbage: nothing can run its code.
func (r *resources) freeAll() {
	r.mu.Lock()
	defer r.mu.Unlock()
	for in := range r.installed {
		r.m.Retire(in, nil)
	}
	for a := range r.cells {
		r.m.Memory().FreeData(a, 8)
	}
	r.installed, r.cells = nil, nil
}

// CompileError is a function that could not be compiled. It is not fatal: the function is interpreted.
type CompileError struct {
	Func  string
	Pass  string // where it was noticed
	Cause error
}

func (e *CompileError) Error() string {
	return fmt.Sprintf("compile %s: %s: %v", e.Func, e.Pass, e.Cause)
}

// Unwrap returns the cause.
func (e *CompileError) Unwrap() error { return e.Cause }

// DuplicateError is a symbol that is defined twice in one library.
type DuplicateError struct{ Symbol, Library, Module, Other string }

func (e *DuplicateError) Error() string {
	return fmt.Sprintf("symbol @%s of module %q is already defined in library %q by %s", e.Symbol, e.Module, e.Library, e.Other)
}

// MissingError is a symbol that no library in the link order defines and no generator supplied.
type MissingError struct {
	Symbol, Library, Module string
	Asked                   []string // libraries and generators that were asked
	Cause                   error    // a generator's error, if one failed
}

func (e *MissingError) Error() string {
	s := fmt.Sprintf("symbol @%s is not defined", e.Symbol)
	if e.Module != "" {
		s += fmt.Sprintf(" (wanted by module %q of library %q)", e.Module, e.Library)
	} else {
		s += fmt.Sprintf(" (wanted in library %q)", e.Library)
	}
	if len(e.Asked) > 0 {
		s += fmt.Sprintf("; asked: %v", e.Asked)
	}
	if e.Cause != nil {
		s += ": " + e.Cause.Error()
	}
	return s
}

// Unwrap returns the failing generator's error.
func (e *MissingError) Unwrap() error { return e.Cause }

// SignatureError is a use of a function with another signature than it has.
type SignatureError struct {
	Symbol    string
	Want, Has string
}

func (e *SignatureError) Error() string {
	return fmt.Sprintf("@%s has signature %s, not %s", e.Symbol, e.Has, e.Want)
}

// ErrClosed is the error of using what was removed or closed.
var ErrClosed = errors.New("the function's module or engine has been removed")

// Answer is what an OnExit handler wants.
type Answer struct {
	Words []uint64         // non-ref results of the function that left, in order
	Refs  []unsafe.Pointer // its ref results
}

// Exit is a guard that failed or an exit that was reached, with its live values.
type Exit struct {
	Func   string
	Number int64
	Values []uint64         // non-refs by their bits, integers sign-extended; 0 for a ref
	Refs   []unsafe.Pointer // refs; nil for other values
	Types  []ir.Type
}

// ExitError is the error of a call whose code left through an exit that nobody serves.
type ExitError struct{ Exit }

func (e *ExitError) Error() string {
	return fmt.Sprintf("%s left through exit %d with %v", e.Func, e.Number, e.Values)
}
