package object

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
	"unsafe"
)

// Interp is one Python interpreter: everything mutable hangs from it. Package interp adds the machinery through
// Hooks and Ext.
type Interp struct {
	Modules     *Dict // sys.modules
	Builtins    *Dict // the dictionary of module builtins
	SysDict     *Dict
	Hooks       Hooks
	Ext         any            // package interp's part
	State       map[string]any // per-interpreter state of library modules, by module name
	Host        bool           // access to the host's files, processes and environment was granted
	Lock        sync.Mutex     // held by the running Python thread
	Main        *Thread
	IntMaxDigit int // sys.set_int_max_str_digits

	MemLimit  int64 // bytes a script may allocate in total; 0: no limit
	StepLimit int64

	allocated  int64
	lookups    [lookupCacheSize]lookupEntry
	interned   map[string]*Str
	subclasses map[*Type][]typeRef
	weakrefs   map[weakKey]*WeakRef
	version    uint64
	nextThread uint64
	Pending    atomic.Uint32 // reasons to leave the fast path at the next poll (Poll... bits)
	watched    []*WeakRef    // weak references with callbacks
	weakLimit  int

	mortals     []mortal // what is to be finalised when it is dead
	mortalLimit int
	watching    bool          // collections are reported
	finalising  bool          // finalisers are running
	wake        chan struct{} // Interrupt's, for who sleeps
}

// Poll reasons.
const (
	PollSignal uint32 = 1 << iota
	PollCancel
	PollSwitch
	PollFinal
	PollTrace
)

// Hooks are the operations that only the bytecode interpreter can do.
type Hooks struct {
	// Import imports a module by name as the import statement does.
	Import func(t *Thread, name string, globals, locals Value, fromlist Value, level int) (Value, *Exception)
	// Warn issues a warning of the category.
	Warn func(t *Thread, category *Type, msg string, stacklevel int) *Exception
	// CallerGlobals is the globals dictionary of the innermost Python frame (nil when there is none).
	CallerGlobals func(t *Thread) *Dict
	// CallerLocals is the locals mapping of the innermost Python frame.
	CallerLocals func(t *Thread) (Value, *Exception)
	// Compile is compile(): source is str, bytes or an AST object; flags and dontInherit as in Python.
	Compile func(t *Thread, source, filename Value, mode string, flags int, dontInherit bool, optimize int) (Value, *Exception)
	// RunCode runs a code object in the namespaces; closure is a tuple of cells or None.
	RunCode func(t *Thread, code Value, globals *Dict, locals, closure Value) (Value, *Exception)
	// Unraisable reports an error that cannot be raised.
	Unraisable func(t *Thread, e *Exception, msg string, obj Value)
	// SuperArgs finds __class__ and the first argument for super() without arguments.
	SuperArgs func(t *Thread) (cls, obj Value, err *Exception)
	// ClearDead drops values that lie about in the registers and are not needed any more.
	ClearDead func(t *Thread)
	// Suggest gives the one of some names that a wrong one is likely to stand for, or "".
	Suggest func(wrong string, names []string) string
}

// Thread is one Python thread: a goroutine that runs Python code while it holds Interp.Lock.
type Thread struct {
	Interp   *Interp
	Depth    int // Python frames
	Limit    int // recursion limit
	CDepth   int // nesting through Go code
	ID       uint64
	Ctx      context.Context
	Handled  *Exception // exception being handled (sys.exc_info), innermost
	Ext      any        // package interp's part
	args     []Value    // argument windows of builtin calls
	argTop   int
	Steps    int64
	InRepr   map[unsafe.Pointer]struct{}
	AsyncExc *Exception
	lastStop *Exception
}

const maxCDepth = 10000

// NewInterp makes an interpreter without modules.
func NewInterp() *Interp {
	in := &Interp{Modules: NewDict(), Builtins: NewDict(), interned: map[string]*Str{}, version: 1 << 20,
		subclasses: map[*Type][]typeRef{}, weakrefs: map[weakKey]*WeakRef{}, State: map[string]any{}, IntMaxDigit: 4300, wake: make(chan struct{}, 1)}
	in.Main = in.NewThread()
	return in
}

// Interrupt asks the main thread to handle a signal: at its next poll, or at once when it sleeps. It may be called from any goroutine.
func (in *Interp) Interrupt() {
	in.Pending.Or(PollSignal)
	select {
	case in.wake <- struct{}{}:
	default:
	}
}

// Interrupted is ready after Interrupt; only the main thread waits for it.
func (t *Thread) Interrupted() <-chan struct{} {
	if t != t.Interp.Main {
		return nil
	}
	return t.Interp.wake
}

// pollKey is where package interp leaves its poll in Interp.State.
const pollKey = "object.poll"

// SetPoll says what Poll does.
func (in *Interp) SetPoll(f func(t *Thread) *Exception) { in.State[pollKey] = f }

// Poll handles what waits for the thread: signals, cancellation. A call that slept polls before it returns.
func (t *Thread) Poll() *Exception {
	if f, ok := t.Interp.State[pollKey].(func(*Thread) *Exception); ok {
		return f(t)
	}
	return nil
}

// NewThread makes a thread state.
func (in *Interp) NewThread() *Thread {
	in.nextThread++
	return &Thread{Interp: in, Limit: 1000, ID: in.nextThread, args: make([]Value, 512), Ctx: context.Background()}
}

func (in *Interp) nextVersion() uint64 { in.version++; return in.version }

// NextVersion gives a number never given before in this interpreter (dictionary key versions, function versions).
func (in *Interp) NextVersion() uint64 { return in.nextVersion() }

// Allocated is the number of bytes charged so far.
func (in *Interp) Allocated() int64 { return in.allocated }

// Charge accounts for an allocation of n bytes and fails with MemoryError when the limit is passed. A nil thread
// (package initialisation) is not charged.
func (t *Thread) Charge(n int) *Exception {
	if t == nil {
		return nil
	}
	in := t.Interp
	in.allocated += int64(n)
	if in.MemLimit != 0 && in.allocated > in.MemLimit {
		return t.overLimit(n)
	}
	return nil
}

// overLimit looks how much is really alive when the charges pass the limit (they are not given back when objects die). A script that
// is over it gets MemoryError, and an eighth of the limit as room to handle that.
//
//martlet:opaque
func (t *Thread) overLimit(n int) *Exception {
	in := t.Interp
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	in.allocated = int64(m.HeapAlloc) + int64(n)
	if in.allocated <= in.MemLimit {
		return nil
	}
	in.allocated = in.MemLimit - in.MemLimit/8
	return NewException(t, &MemoryErrorType)
}

// Enter counts one level of nesting through Go code; where completes the message, as " in comparison".
func (t *Thread) Enter(where string) *Exception {
	t.CDepth++
	if t.CDepth > maxCDepth {
		t.CDepth--
		return NewException(t, &RecursionErrorType, StrVal("maximum recursion depth exceeded"+where))
	}
	return nil
}

// Leave ends what Enter began.
func (t *Thread) Leave() { t.CDepth-- }

// Window lends n values of thread-owned argument space; give it back with Release(n) in reverse order.
func (t *Thread) Window(n int) []Value {
	if t.argTop+n > len(t.args) {
		t.args = make([]Value, max(2*len(t.args), 2*n, 512))
		t.argTop = 0
	}
	w := t.args[t.argTop : t.argTop+n : t.argTop+n]
	t.argTop += n
	return w
}

// Release gives back a window of n values. (A window that moved to a fresh block is simply dropped.)
func (t *Thread) Release(w []Value) {
	clear(w)
	t.argTop = max(0, t.argTop-len(w))
}

// EnterRepr marks v as being printed; false when it already is (a recursive container).
func (t *Thread) EnterRepr(v Value) bool {
	if _, ok := t.InRepr[v.Ref]; ok {
		return false
	}
	if t.InRepr == nil {
		t.InRepr = map[unsafe.Pointer]struct{}{}
	}
	t.InRepr[v.Ref] = struct{}{}
	return true
}

// LeaveRepr ends EnterRepr.
func (t *Thread) LeaveRepr(v Value) { delete(t.InRepr, v.Ref) }

// Intern gives the one Str of this interpreter with the content s.
func (t *Thread) Intern(s string) *Str {
	if n, ok := wellKnown[s]; ok {
		return n
	}
	if n, ok := t.Interp.interned[s]; ok {
		return n
	}
	n := newStr(s)
	n.Interned = true
	t.Interp.interned[s] = n
	return n
}

// InternStr interns a Str.
func (t *Thread) InternStr(s *Str) *Str {
	if s.Interned {
		return s
	}
	if n, ok := wellKnown[s.S]; ok {
		return n
	}
	if n, ok := t.Interp.interned[s.S]; ok {
		return n
	}
	if s.Shape == &StrType.Root {
		s.Interned = true
		t.Interp.interned[s.S] = s
		return s
	}
	return t.Intern(s.S)
}
