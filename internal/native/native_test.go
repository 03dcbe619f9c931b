//go:build linux && amd64

package native

import (
	"errors"
	"flag"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"
	"unsafe"

	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// broken names the one invariant that the tests' machine code (or set-up) shall break, to show that the tests can see it:
//
//	barrier   a ref is stored without its write barrier
//	poll      a loop has no preemption poll
//	slot      a ref that is live across an exit stays in a JIT stack word instead of a ref slot
//	fault     the fault handler is not installed
//	retire    retired code is freed without looking at the stacks
//	context   a context at an exit stays its processor's idle one
//	profile   profile signals are not lent a Go frame
//
// go test ./internal/native -run NAME -break=barrier must fail (or crash, where that is the failure).
var broken = flag.String("break", "", "invariant to break, to see the tests fail")

func machine(t testing.TB) *Machine {
	t.Helper()
	m, err := Open()
	if err != nil {
		t.Fatal(err)
	}
	if *broken != "fault" {
		if err := m.EnableSignals(); err != nil {
			t.Fatal(err)
		}
	}
	return m
}

func context(t testing.TB, m *Machine) *Context {
	t.Helper()
	c, err := m.Acquire()
	if err != nil {
		t.Fatal(err)
	}
	return c
}

func sig(types string) obj.Sig {
	var s obj.Sig
	into := &s.Params
	for _, f := range strings.Fields(types) {
		if f == "->" {
			into = &s.Results
			continue
		}
		k, ok := ir.ParseType(f)
		if !ok {
			panic(f)
		}
		*into = append(*into, k)
	}
	return s
}

// code is hand-assembled code under construction, with the sequences of the contract.
type code struct {
	amd64.Assembler
	obj.Code
}

func newCode(name, types string) *code {
	c := &code{Code: obj.Code{Name: name, Sig: sig(types)}}
	c.Reset()
	return c
}

func (c *code) prologue() {
	c.Push(amd64.RBP)
	c.MovRR(amd64.W64, amd64.RBP, amd64.RSP)
	if c.FrameSize > 0 {
		c.AluRI(amd64.Sub, amd64.W64, amd64.RSP, c.FrameSize)
	}
}

func (c *code) epilogue() {
	c.MovRR(amd64.W64, amd64.RSP, amd64.RBP)
	c.Pop(amd64.RBP)
	c.Ret()
}

// exitTo emits an exit sequence and its table entry.
func (c *code) exitTo(kind obj.ExitKind, arg int, live ...obj.Loc) {
	n := len(c.Exits)
	c.MovMI(amd64.W32, ctx(obj.CtxExit), int32(obj.ExitWord(kind, n)))
	if kind.SavesRegs() {
		c.CallM(ctx(obj.CtxStubExitRegs))
	} else {
		c.CallM(ctx(obj.CtxStubExit))
	}
	c.Exits = append(c.Exits, obj.Exit{Kind: kind, Arg: int32(arg), Off: int32(c.PC()), Cell: -1, Live: live})
}

// goCall emits the call of a Go function from a function with RefSlots slots.
func (c *code) goCall(name string) {
	if c.RefSlots > 0 {
		c.AluRI(amd64.Add, amd64.W64, rRefs, 8*c.RefSlots)
	}
	n := len(c.Exits)
	c.MovMI(amd64.W32, ctx(obj.CtxExit), int32(obj.ExitWord(obj.ExitGoCall, n)))
	c.MovMI(amd64.W32, ctx(obj.CtxGoFunc), 0)
	c.Relocs = append(c.Relocs, obj.Reloc{Kind: obj.RelGoFunc, Off: int32(c.PC() - 4), Index: c.sym(name)})
	next := c.NewLabel()
	c.Lea(amd64.W64, rScratch, amd64.AtLabel(next, 0))
	c.JmpM(ctx(obj.CtxStubJump))
	c.Bind(next)
	c.Exits = append(c.Exits, obj.Exit{Kind: obj.ExitGoCall, Off: int32(c.PC()), Cell: -1, RefAdvance: c.RefSlots})
	if c.RefSlots > 0 {
		c.AluRI(amd64.Sub, amd64.W64, rRefs, 8*c.RefSlots)
	}
}

func (c *code) sym(name string) int32 {
	c.Syms = append(c.Syms, name)
	return int32(len(c.Syms) - 1)
}

// call emits the call of a function through its entry cell.
func (c *code) call(name string) {
	if c.RefSlots > 0 {
		c.AluRI(amd64.Add, amd64.W64, rRefs, 8*c.RefSlots)
	}
	c.Byte(0xff, 0x15, 0, 0, 0, 0)
	c.Relocs = append(c.Relocs, obj.Reloc{Kind: obj.RelEntryPC32, Off: int32(c.PC() - 4), Index: c.sym(name)})
	c.Sites = append(c.Sites, obj.Exit{Kind: obj.ExitSite, Off: int32(c.PC()), Cell: -1})
	if c.RefSlots > 0 {
		c.AluRI(amd64.Sub, amd64.W64, rRefs, 8*c.RefSlots)
	}
}

// pollTo emits the preemption check.
func (c *code) pollTo(l amd64.Label) {
	c.AluMI(amd64.Cmp, amd64.W64, amd64.At(amd64.R14, obj.StackGuardOff), obj.StackPreempt)
	c.Jcc(amd64.E, l, false)
}

// env resolves symbols by maps.
type env struct {
	m     *Machine
	cells map[string]uintptr
	funcs map[string]uint32
}

func newEnv(m *Machine) *env {
	return &env{m, map[string]uintptr{}, map[string]uint32{}}
}

func (e *env) EntryCell(s string) (uintptr, error) {
	if e.cells[s] == 0 {
		a, err := e.m.mem.AllocData(8)
		if err != nil {
			return 0, err
		}
		e.cells[s] = a
	}
	return e.cells[s], nil
}
func (e *env) Data(s string) (uintptr, error)     { return 0, errors.New("no datum " + s) }
func (e *env) GoFunc(s string) (uint32, error)    { return e.funcs[s], nil }
func (e *env) Type(*ir.TypeDesc) (uintptr, error) { return 0, errors.New("no types") }
func (e *env) goFunc(name string, f *GoFunc)      { e.funcs[name] = e.m.env.AddGoFunc(f) }
func (e *env) entry(in *Installed, name string) Entry {
	cell, _ := e.EntryCell(name)
	SetCell(cell, uint64(in.Addr))
	return Entry{Stubs: in.stubs, Cell: cell}
}

func (e *env) install(t testing.TB, c *code) *Installed {
	t.Helper()
	if err := c.Resolve(); err != nil {
		t.Fatal(err)
	}
	c.Text = c.Buf
	in, _, err := e.m.Install(&c.Code, e)
	if err != nil {
		t.Fatal(err)
	}
	return in
}

func TestContextLayout(t *testing.T) {
	var c Context
	for name, p := range map[string][2]uintptr{
		"goSP": {unsafe.Offsetof(c.goSP), obj.CtxGoSP}, "goBP": {unsafe.Offsetof(c.goBP), obj.CtxGoBP},
		"jitSP": {unsafe.Offsetof(c.jitSP), obj.CtxJitSP}, "jitBP": {unsafe.Offsetof(c.jitBP), obj.CtxJitBP},
		"resume": {unsafe.Offsetof(c.resume), obj.CtxResume}, "stackLimit": {unsafe.Offsetof(c.stackLimit), obj.CtxStackLimit},
		"refBase": {unsafe.Offsetof(c.refBase), obj.CtxRefBase}, "refLimit": {unsafe.Offsetof(c.refLimit), obj.CtxRefLimit},
		"exit": {unsafe.Offsetof(c.exit), obj.CtxExit}, "goFunc": {unsafe.Offsetof(c.goFunc), obj.CtxGoFunc},
		"stubExit": {unsafe.Offsetof(c.stubExit), obj.CtxStubExit}, "stubExitRegs": {unsafe.Offsetof(c.stubExitRegs), obj.CtxStubExitRegs},
		"wbFlag": {unsafe.Offsetof(c.wbFlag), obj.CtxWBFlag}, "wb2": {unsafe.Offsetof(c.wb2), obj.CtxWB2},
		"stubJump": {unsafe.Offsetof(c.stubJump), obj.CtxStubJump}, "refOff": {unsafe.Offsetof(c.refOff), obj.CtxRefOff},
		"state": {unsafe.Offsetof(c.state), obj.CtxState}, "walk": {unsafe.Offsetof(c.walk), obj.CtxWalk},
		"base": {unsafe.Offsetof(c.base), obj.CtxBase}, "faultPC": {unsafe.Offsetof(c.faultPC), obj.CtxFaultPC},
		"faultAddr": {unsafe.Offsetof(c.faultAddr), obj.CtxFaultAddr}, "magic": {unsafe.Offsetof(c.magic), obj.CtxMagic},
		"target": {unsafe.Offsetof(c.target), obj.CtxTarget}, "regsPC": {unsafe.Offsetof(c.regsPC), obj.CtxRegsPC},
		"g": {unsafe.Offsetof(c.g), obj.CtxG}, "refSize": {unsafe.Offsetof(c.refSize), obj.CtxRefSize},
		"depth": {unsafe.Offsetof(c.depth), obj.CtxDepth}, "slot": {unsafe.Offsetof(c.slot), obj.CtxSlot},
		"noSlot": {unsafe.Offsetof(c.noSlot), obj.CtxNoSlot},
		"gpr":    {unsafe.Offsetof(c.gpr), obj.CtxGPR}, "xmm": {unsafe.Offsetof(c.xmm), obj.CtxXMM},
		"Words": {unsafe.Offsetof(c.Words), obj.CtxWords}, "size": {unsafe.Offsetof(c.m), obj.CtxSize},
	} {
		if p[0] != p[1] {
			t.Errorf("%s is at %#x, the contract says %#x", name, p[0], p[1])
		}
	}
}

func TestCallWords(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	c := newCode("mix", "i64 f64 i64 f64 -> f64 i64")
	// (a, x, b, y) -> (x*y, a-b)
	c.SseXX(amd64.Mulsd, 0, 1)
	c.AluRR(amd64.Sub, amd64.W64, amd64.RAX, amd64.RBX)
	c.Ret()
	in := e.install(t, c)
	defer m.Free(in)
	x := context(t, m)
	defer m.Release(x)
	x.Words[0], x.Words[1], x.Words[2], x.Words[3] = 50, math.Float64bits(1.5), 8, math.Float64bits(4)
	if err := x.Call(in.Entry(), nil, nil); err != nil {
		t.Fatal(err)
	}
	if f, d := math.Float64frombits(x.Words[0]), x.Words[1]; f != 6 || d != 42 {
		t.Errorf("got %v, %d", f, d)
	}
}

// TestHundredArguments passes 60 ints, 30 floats and 10 refs, and checks a weighted sum and one ref that travels on the slots.
func TestHundredArguments(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	types := strings.Repeat("i64 i64 f64 i64 i64 i64 f64 i64 f64 ref ", 10) + "-> i64 ref"
	c := newCode("many", types)
	locs, bytes := obj.AssignParams(c.Sig.Params)
	c.MovRR(amd64.W64, amd64.R12, amd64.RAX)
	for i, l := range locs {
		if i == 0 || l.RefOrd >= 0 {
			continue
		}
		switch {
		case l.InReg && l.Reg.IsXMM():
			c.CvtTruncRX(amd64.W64, amd64.W64, amd64.RAX, xmm(l.Reg))
			c.AluRR(amd64.Add, amd64.W64, amd64.R12, amd64.RAX)
		case l.InReg:
			c.AluRR(amd64.Add, amd64.W64, amd64.R12, gpr(l.Reg))
		case c.Sig.Params[i].IsFloat():
			c.MovXM(amd64.W64, 15, amd64.At(amd64.RSP, 8+l.Stack))
			c.CvtTruncRX(amd64.W64, amd64.W64, amd64.RAX, 15)
			c.AluRR(amd64.Add, amd64.W64, amd64.R12, amd64.RAX)
		default:
			c.AluRM(amd64.Add, amd64.W64, amd64.R12, amd64.At(amd64.RSP, 8+l.Stack))
		}
	}
	c.MovRM(amd64.W64, amd64.RBX, refAt(9))
	c.MovRR(amd64.W64, amd64.RAX, amd64.R12)
	c.Ret()
	in := e.install(t, c)
	defer m.Free(in)
	x := context(t, m)
	defer m.Release(x)
	want, w := uint64(0), 0
	refs := make([]unsafe.Pointer, 10)
	for i, k := range c.Sig.Params {
		switch {
		case k == ir.Ref:
			refs[locs[i].RefOrd] = unsafe.Pointer(new(int))
			continue
		case k.IsFloat():
			x.Words[w] = math.Float64bits(float64(i))
		default:
			x.Words[w] = uint64(i)
		}
		want += uint64(i)
		w++
	}
	out := make([]unsafe.Pointer, 1)
	if err := x.Call(in.Entry(), refs, out); err != nil {
		t.Fatal(err)
	}
	if x.Words[0] != want || out[0] != refs[9] {
		t.Errorf("sum %d, want %d; ref %p, want %p (%d stack bytes)", x.Words[0], want, out[0], refs[9], bytes)
	}
}

// TestGoCall calls Go from JIT code directly and through a thunk, with a stack that grows below.
func TestGoCall(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	e.goFunc("twice", &GoFunc{Name: "twice", Words: 1, Fn: func(w []uint64, _ []unsafe.Pointer) {
		growStack(100)
		w[0] *= 2
	}})
	c := newCode("f", "i64 -> i64")
	c.prologue()
	c.MovMR(amd64.W64, word(0), amd64.RAX)
	c.goCall("twice")
	c.MovRM(amd64.W64, amd64.RAX, word(0))
	c.call("thunk")
	c.epilogue()
	in := e.install(t, c)
	th, err := m.Thunk("thunk", sig("i64 -> i64"), e.funcs["twice"])
	if err != nil {
		t.Fatal(err)
	}
	e.entry(th, "thunk")
	x := context(t, m)
	defer m.Release(x)
	for i := range uint64(1000) {
		x.Words[0] = i
		if err := x.Call(in.Entry(), nil, nil); err != nil {
			t.Fatal(err)
		}
		if x.Words[0] != 4*i {
			t.Fatalf("f(%d) = %d", i, x.Words[0])
		}
	}
}

//go:noinline
func growStack(n int) int {
	var pad [256]byte
	if n == 0 {
		return int(pad[n])
	}
	return growStack(n-1) + int(pad[n%256])
}

// refChain is a recursive function that keeps its ref argument in a slot, calls itself n deep, calls Go at the bottom, and checks on the way back
// that the slot still holds the object: f(n, p) = n == 0 ? go(p) : f(n-1, p) + [p].
func refChain(t testing.TB, e *env) Entry {
	c := newCode("chain", "i64 ref -> i64")
	c.RefSlots, c.FrameSize = 1, 16
	grow, overflow, rec, body := c.NewLabel(), c.NewLabel(), c.NewLabel(), c.NewLabel()
	c.Lea(amd64.W64, amd64.R12, refAt(1))
	c.AluRM(amd64.Cmp, amd64.W64, amd64.R12, ctx(obj.CtxRefLimit))
	c.Jcc(amd64.A, grow, false)
	c.prologue()
	c.AluRM(amd64.Cmp, amd64.W64, amd64.RSP, ctx(obj.CtxStackLimit))
	c.Jcc(amd64.B, overflow, false)
	if *broken == "slot" {
		c.MovMR(amd64.W64, amd64.At(amd64.RBP, -8), amd64.RBX)
		c.MovMI(amd64.W64, refAt(0), 0)
	} else {
		c.MovMR(amd64.W64, refAt(0), amd64.RBX)
	}
	c.TestRR(amd64.W64, amd64.RAX, amd64.RAX)
	c.Jcc(amd64.NE, rec, false)
	c.MovMR(amd64.W64, refAt(1), amd64.RBX)
	if *broken == "slot" {
		c.MovMI(amd64.W64, refAt(1), 0)
	}
	c.goCall("collect")
	c.MovRM(amd64.W64, amd64.RAX, word(0))
	c.Jmp(body, false)
	c.Bind(rec)
	c.AluRI(amd64.Sub, amd64.W64, amd64.RAX, 1)
	if *broken == "slot" {
		c.MovRM(amd64.W64, amd64.RBX, amd64.At(amd64.RBP, -8))
	}
	c.call("chain")
	c.Bind(body)
	if *broken == "slot" {
		c.MovRM(amd64.W64, amd64.RBX, amd64.At(amd64.RBP, -8))
	} else {
		c.MovRM(amd64.W64, amd64.RBX, refAt(0))
	}
	c.AluRM(amd64.Add, amd64.W64, amd64.RAX, amd64.At(amd64.RBX, 0))
	c.epilogue()
	c.Bind(overflow)
	c.exitTo(obj.ExitStackOverflow, 0)
	c.Int3()
	c.Bind(grow)
	c.Push(amd64.RBP)
	c.MovRR(amd64.W64, amd64.RBP, amd64.RSP)
	c.MovMR(amd64.W64, word(0), amd64.RAX)
	c.MovMR(amd64.W64, refAt(0), amd64.RBX)
	c.exitTo(obj.ExitRefGrow, 0)
	c.MovRM(amd64.W64, amd64.RAX, word(0))
	c.Pop(amd64.RBP)
	c.Ret()
	return e.entry(e.install(t, c), "chain")
}

type payload struct {
	n    int64
	next *payload
}

func TestRefFramesAcrossCollections(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	e.goFunc("collect", &GoFunc{Name: "collect", Words: 1, Refs: 1, Fn: func(w []uint64, r []unsafe.Pointer) {
		dropped[0], r[0] = nil, nil
		runtime.GC()
		growStack(200)
		for range 1000 {
			sink = &payload{n: -1} // takes the place of anything freed too early
		}
		w[0] = 0
	}})
	f := refChain(t, e)
	x := context(t, m)
	defer m.Release(x)
	for _, n := range []uint64{0, 1, 2, 5, 100, 1000, 15000} {
		x.Words[0] = n
		if err := callOnFresh(x, f, 3); err != nil {
			t.Fatal(err)
		}
		if x.Words[0] != 3*(n+1) {
			t.Errorf("chain %d: %d, want %d", n, int64(x.Words[0]), 3*(n+1))
		}
	}
}

// callOnFresh calls f with a new object that nothing else refers to: not even this frame, once run0 has put it into the ref frame.
//
//go:noinline
func callOnFresh(x *Context, f Entry, n int64) error {
	in := make([]unsafe.Pointer, 1)
	in[0] = unsafe.Pointer(&payload{n: n})
	dropped = in
	return x.Call(f, in, nil)
}

// dropped is cleared by the Go function that collects.
var dropped []unsafe.Pointer

var sink *payload

func TestStackOverflow(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	e.goFunc("collect", &GoFunc{Name: "collect", Words: 1, Refs: 1, Fn: func(w []uint64, r []unsafe.Pointer) { w[0] = 0 }})
	f := refChain(t, e)
	x := context(t, m)
	defer m.Release(x)
	for range 3 {
		x.Words[0] = 10_000_000
		err := x.Call(f, []unsafe.Pointer{unsafe.Pointer(&payload{n: 1})}, nil)
		if !errors.Is(err, ErrStackOverflow) || !strings.Contains(err.Error(), "chain") {
			t.Fatalf("endless recursion: %v", err)
		}
	}
}

func TestFaults(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	c := newCode("peek", "ptr -> i64")
	c.prologue()
	c.MovRM(amd64.W64, amd64.RAX, amd64.At(amd64.RAX, 8))
	c.epilogue()
	in := e.install(t, c)
	x := context(t, m)
	defer m.Release(x)
	for i := range 2000 {
		var trap *TrapError
		x.Words[0] = 0
		if err := x.Call(in.Entry(), nil, nil); !errors.As(err, &trap) || trap.Code != ir.TrapNil || trap.Func != "peek" {
			t.Fatalf("nil: %v", err)
		}
		x.Words[0] = 1 << 46
		if err := x.Call(in.Entry(), nil, nil); !errors.As(err, &trap) || trap.Code != ir.TrapMemory {
			t.Fatalf("wild: %v", err)
		}
		if i%10 == 0 && !goNilPanics() {
			t.Fatal("an ordinary nil dereference in Go does not panic any more")
		}
	}
	v := int64(7)
	x.Words[0] = uint64(uintptr(unsafe.Pointer(&v))) - 8
	if err := x.Call(in.Entry(), nil, nil); err != nil || x.Words[0] != 7 {
		t.Errorf("after the faults: %v, %d", err, x.Words[0])
	}
}

func goNilPanics() (ok bool) {
	defer func() { ok = recover() != nil }()
	var p *payload
	return p.n == 0
}

// spin is a loop that counts its argument down, with a poll.
func spin() *code {
	c := newCode("spin", "i64 -> i64")
	loop, poll, back := c.NewLabel(), c.NewLabel(), c.NewLabel()
	c.prologue()
	c.Bind(loop)
	if *broken != "poll" {
		c.pollTo(poll)
	}
	c.Bind(back)
	c.AluRI(amd64.Sub, amd64.W64, amd64.RAX, 1)
	c.Jcc(amd64.NE, loop, false)
	c.epilogue()
	c.Bind(poll)
	c.exitTo(obj.ExitPoll, 0)
	c.Jmp(back, false)
	return c
}

// TestCollectorWithSpinningLoop: the collector must not wait for JIT loops: the slowest of a few collections beside a loop that would run
// for some ten seconds takes less than two (it is about 100 ms beside any spinning goroutine at GOMAXPROCS=1, Go's own too, on a quiet machine).
func TestCollectorWithSpinningLoop(t *testing.T) {
	m := machine(t)
	in := newEnv(m).install(t, spin())
	for _, procs := range []int{1, 2} {
		old := runtime.GOMAXPROCS(procs)
		started, done := make(chan *Context), make(chan error)
		go func() {
			x := context(t, m)
			defer m.Release(x)
			x.Words[0] = 20_000_000_000
			started <- x
			done <- x.Call(in.Entry(), nil, nil)
		}()
		x := <-started
		time.Sleep(time.Millisecond)
		worst := time.Duration(0)
		for range 5 {
			t0 := time.Now()
			runtime.GC()
			worst = max(worst, time.Since(t0))
		}
		stop := errors.New("stopped")
		x.Stop(stop)
		if err := <-done; err != stop && err != nil {
			t.Errorf("%v", err)
		}
		runtime.GOMAXPROCS(old)
		t.Logf("GOMAXPROCS=%d: slowest of five collections %v", procs, worst)
		if worst > 2*time.Second {
			t.Errorf("GOMAXPROCS=%d: a collection took %v beside a JIT loop", procs, worst)
		}
	}
}

func BenchmarkGoJITGo(b *testing.B) {
	m := machine(b)
	c := newCode("nop", "->")
	c.Ret()
	in := newEnv(m).install(b, c)
	x := context(b, m)
	defer m.Release(x)
	e := in.Entry()
	b.ResetTimer()
	for range b.N {
		_ = x.Call(e, nil, nil)
	}
}

// BenchmarkEnter is the bare switch to the JIT stack, a call there, and back.
func BenchmarkEnter(b *testing.B) {
	m := machine(b)
	c := newCode("nop", "->")
	c.Ret()
	in := newEnv(m).install(b, c)
	x := context(b, m)
	defer m.Release(x)
	e := in.Entry()
	x.enterOuter(e.Stubs.Enter, e.Cell)
	var f [slots0]unsafe.Pointer
	b.ResetTimer()
	for range b.N {
		x.resume, x.depth = e.Stubs.Enter, 1
		_ = enter(x, argument(unsafe.Pointer(&f)))
	}
	x.reset()
}

// BenchmarkExitResume is one exit and resumption, with the call of an empty Go function.
func BenchmarkExitResume(b *testing.B) {
	m := machine(b)
	e := newEnv(m)
	e.goFunc("nop", &GoFunc{Name: "nop", Fn: func([]uint64, []unsafe.Pointer) {}})
	c := newCode("loop", "i64 ->")
	c.FrameSize = 16
	loop := c.NewLabel()
	c.prologue()
	c.MovMR(amd64.W64, amd64.At(amd64.RBP, -8), amd64.RAX)
	c.Bind(loop)
	c.goCall("nop")
	c.AluMI(amd64.Sub, amd64.W64, amd64.At(amd64.RBP, -8), 1)
	c.Jcc(amd64.NE, loop, false)
	c.epilogue()
	in := e.install(b, c)
	x := context(b, m)
	defer m.Release(x)
	x.Words[0] = uint64(b.N)
	b.ResetTimer()
	if err := x.Call(in.Entry(), nil, nil); err != nil {
		b.Fatal(err)
	}
}

func BenchmarkAcquireRelease(b *testing.B) {
	m := machine(b)
	for b.Loop() {
		c, _ := m.Acquire()
		m.Release(c)
	}
}

// BenchmarkFib compares calls through an entry cell with direct calls: fib(27), 832,000 calls.
func BenchmarkFib(b *testing.B) {
	m := machine(b)
	x := context(b, m)
	defer m.Release(x)
	for _, direct := range []bool{true, false} {
		name := map[bool]string{true: "direct", false: "cell"}[direct]
		e := newEnv(m)
		c := newCode("fib", "i64 -> i64")
		c.FrameSize = 16
		self, rec := c.NewLabel(), c.NewLabel()
		call := func() {
			if direct {
				c.Call(self)
			} else {
				c.call("fib")
			}
		}
		c.Bind(self)
		c.prologue()
		c.AluRI(amd64.Cmp, amd64.W64, amd64.RAX, 2)
		c.Jcc(amd64.GE, rec, false)
		c.epilogue()
		c.Bind(rec)
		c.MovMR(amd64.W64, amd64.At(amd64.RBP, -8), amd64.RAX)
		c.AluRI(amd64.Sub, amd64.W64, amd64.RAX, 1)
		call()
		c.MovMR(amd64.W64, amd64.At(amd64.RBP, -16), amd64.RAX)
		c.MovRM(amd64.W64, amd64.RAX, amd64.At(amd64.RBP, -8))
		c.AluRI(amd64.Sub, amd64.W64, amd64.RAX, 2)
		call()
		c.AluRM(amd64.Add, amd64.W64, amd64.RAX, amd64.At(amd64.RBP, -16))
		c.epilogue()
		f := e.entry(e.install(b, c), "fib")
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				x.Words[0] = 27
				if err := x.Call(f, nil, nil); err != nil || x.Words[0] != 196418 {
					b.Fatal(err, x.Words[0])
				}
			}
		})
	}
}
