//go:build linux && amd64

package native

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"os"
	"os/signal"
	"runtime"
	"runtime/debug"
	"runtime/pprof"
	"sync"
	"sync/atomic"
	"syscall"
	"testing"
	"time"
	"unsafe"

	"martlet/internal/asm/amd64"
	"martlet/internal/obj"
	"martlet/ir"
)

// swapper exchanges the pointers in two boxes n times, with the write barrier: swap(a, b *box, n).
func swapper() *code {
	c := newCode("swap", "ref ref i64 ->")
	c.RefSlots, c.FrameSize = 2, 16
	loop, poll, back := c.NewLabel(), c.NewLabel(), c.NewLabel()
	c.prologue()
	c.Bind(loop)
	c.pollTo(poll)
	c.Bind(back)
	c.MovRM(amd64.W64, amd64.RSI, amd64.At(amd64.RAX, 0))
	c.MovRM(amd64.W64, amd64.RDI, amd64.At(amd64.RBX, 0))
	storeRef(c, amd64.RAX, amd64.RDI)
	storeRef(c, amd64.RBX, amd64.RSI)
	c.AluRI(amd64.Sub, amd64.W64, amd64.RCX, 1)
	c.Jcc(amd64.NE, loop, false)
	c.epilogue()
	c.Bind(poll)
	c.MovMR(amd64.W64, refAt(0), amd64.RAX)
	c.MovMR(amd64.W64, refAt(1), amd64.RBX)
	c.exitTo(obj.ExitPoll, 0)
	c.MovRM(amd64.W64, amd64.RAX, refAt(0))
	c.MovRM(amd64.W64, amd64.RBX, refAt(1))
	c.Jmp(back, false)
	return c
}

func storeRef(c *code, addr, v amd64.Reg) {
	store := c.NewLabel()
	if *broken != "barrier" {
		c.MovRM(amd64.W64, amd64.R12, ctx(obj.CtxWBFlag))
		c.AluMI(amd64.Cmp, amd64.W32, amd64.At(amd64.R12, 0), 0)
		c.Jcc(amd64.E, store, false)
		c.CallM(ctx(obj.CtxWB2))
		c.MovMR(amd64.W64, amd64.At(amd64.R11, 0), v)
		c.MovRM(amd64.W64, amd64.R12, amd64.At(addr, 0))
		c.MovMR(amd64.W64, amd64.At(amd64.R11, 8), amd64.R12)
		c.Bind(store)
	}
	c.MovMR(amd64.W64, amd64.At(addr, 0), v)
}

type box struct{ p *payload }

func soak(short time.Duration) time.Duration {
	switch v := os.Getenv("MARTLET_SOAK"); v {
	case "":
		return short
	default:
		if d, err := time.ParseDuration(v); err == nil {
			return d // MARTLET_SOAK=90s
		}
		return 10 * time.Minute
	}
}

// TestWriteBarrier swaps payloads between old boxes while the collector marks all the time; payloads are reachable only through the
// boxes. Without the barrier, a payload that moves from an unscanned box to a scanned one is freed and its memory used again.
func TestWriteBarrier(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	m := machine(t)
	in := newEnv(m).install(t, swapper())
	const n = 20000
	boxes := make([]*box, n)
	for i := range boxes {
		boxes[i] = &box{&payload{n: int64(i) | 1<<40}}
	}
	runtime.GC()
	var stop atomic.Bool
	var wg sync.WaitGroup
	wg.Add(2)
	go func() {
		defer wg.Done()
		for !stop.Load() {
			runtime.GC()
		}
	}()
	go func() {
		defer wg.Done()
		for !stop.Load() {
			sink = &payload{n: -1}
		}
	}()
	x := context(t, m)
	r := rand.New(rand.NewPCG(1, 1))
	e := in.Entry()
	var refs [2]unsafe.Pointer
	for end := time.Now().Add(soak(time.Second)); time.Now().Before(end); {
		for range 2000 {
			refs[0], refs[1] = unsafe.Pointer(boxes[r.IntN(n)]), unsafe.Pointer(boxes[r.IntN(n)])
			x.Words[0] = 1
			if err := x.Call(e, refs[:], nil); err != nil {
				t.Fatal(err)
			}
		}
	}
	stop.Store(true)
	wg.Wait()
	m.Release(x)
	seen := make([]bool, n)
	for _, b := range boxes {
		v := b.p.n &^ (1 << 40)
		if b.p.n>>40 != 1 || v >= n || seen[v] {
			t.Fatalf("a payload was lost: found %d", b.p.n)
		}
		seen[v] = true
	}
}

// TestPanicPassesThrough: a panic in a Go function goes through JIT frames to the Go caller, at two nesting depths, and the context works after it.
func TestPanicPassesThrough(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	x := context(t, m)
	defer m.Release(x)
	var f Entry
	e.goFunc("go", &GoFunc{Name: "go", Words: 1, FrameFn: func(fr Frame, w []uint64, _ []unsafe.Pointer) error {
		if w[0] == 0 {
			panic("deep")
		}
		fr.Ctx.Words[0] = w[0] - 1
		return fr.Ctx.Call(f, nil, nil)
	}})
	c := newCode("f", "i64 -> i64")
	c.prologue()
	c.MovMR(amd64.W64, word(0), amd64.RAX)
	c.goCall("go")
	c.MovRM(amd64.W64, amd64.RAX, word(0))
	c.AluRI(amd64.Add, amd64.W64, amd64.RAX, 1)
	c.epilogue()
	f = e.install(t, c).Entry()
	for _, depth := range []uint64{0, 1, 1000} {
		func() {
			defer func() {
				if r := recover(); r != "deep" {
					t.Errorf("depth %d: recovered %v", depth, r)
				}
			}()
			x.Words[0] = depth
			t.Error("returned", x.Call(f, nil, nil))
		}()
		if x.depth != 0 {
			t.Errorf("depth %d: %d activations left", depth, x.depth)
		}
	}
	e.m.env.goFuncs.get(e.funcs["go"]).FrameFn = func(_ Frame, w []uint64, _ []unsafe.Pointer) error { return errors.New("no") }
	if err := x.Call(f, nil, nil); err == nil || err.Error() != "no" {
		t.Errorf("error from Go: %v", err)
	}
}

// TestStubsOfSignaturesAreFreed makes, calls and drops functions of a thousand signatures. Some calls collect inside, when only the frames know the
// stubs.
func TestStubsOfSignaturesAreFreed(t *testing.T) {
	m := machine(t)
	collect := func() {
		runtime.GC()
		runtime.GC()
		m.Round()
	}
	collect()
	before, most := m.mem.Stats().CodeUsed, 0
	kinds := []obj.Kind{ir.I64, ir.F64, ir.I32, ir.Ref}
	for n := range 1000 {
		s := obj.Sig{Results: []obj.Kind{ir.I64}}
		for k := n; k > 0; k /= 4 {
			s.Params = append(s.Params, kinds[k%4])
		}
		inside := func() {}
		if n%16 == 0 {
			inside = collect
		}
		if err := callOnce(m, s, inside); err != nil {
			t.Fatal(n, err)
		}
		m.sigMu.Lock()
		most = max(most, len(m.sigs))
		m.sigMu.Unlock()
	}
	used := func() uintptr { return m.mem.Stats().CodeUsed }
	for try := 0; try < 100 && used() > before+4096; try++ {
		collect()
		time.Sleep(time.Millisecond)
	}
	if used() > before+4096 {
		t.Errorf("code memory: %d bytes before, %d after, %d signatures at most", before, used(), most)
	}
}

// callOnce calls, through a lazy stub, a thunk of a Go function, all of the signature, and drops them. What compiles and the Go function run inside.
func callOnce(m *Machine, s obj.Sig, inside func()) error {
	env := &Env{}
	th, err := m.Thunk("go", s, env.AddGoFunc(&GoFunc{Name: "go", Words: 8, Fn: func([]uint64, []unsafe.Pointer) { inside() }}))
	if err != nil {
		return err
	}
	defer m.Retire(th, nil)
	cell, err := m.mem.AllocData(8)
	if err != nil {
		return err
	}
	defer m.mem.FreeData(cell, 8)
	lazy, err := m.LazyStub("lazy", s, env.AddLazy(&LazyFunc{Name: "lazy", Compile: func(*Context) (uintptr, error) {
		inside()
		SetCell(cell, uint64(th.Addr))
		return cell, nil
	}}))
	if err != nil {
		return err
	}
	defer m.Retire(lazy, nil)
	SetCell(cell, uint64(lazy.Addr))
	c, err := m.AcquireFor(env)
	if err != nil {
		return err
	}
	defer m.Release(c)
	stubs, err := m.Stubs(s)
	if err != nil {
		return err
	}
	return c.Call(Entry{Stubs: stubs, Cell: cell}, make([]unsafe.Pointer, obj.CountRefs(s.Params)), nil)
}

type handlerFunc func(Frame) (Action, error)

func (h handlerFunc) HandleExit(f Frame) (Action, error) { return h(f) }

// guarded is f(n, x, r) = g(n, x, r) where g leaves through an exit whose live values are in a register, an SSE register, a stack word, a slot and a
// constant. f adds 1 to what g returns.
func guarded(t *testing.T, e *env, kind obj.ExitKind) Entry {
	g := newCode("g", "i64 f64 ref -> i64")
	g.RefSlots, g.FrameSize = 1, 32
	g.prologue()
	g.MovMR(amd64.W64, amd64.At(amd64.RBP, -16), amd64.RAX)
	g.MovMR(amd64.W64, refAt(0), amd64.RBX)
	g.AluRI(amd64.Add, amd64.W64, amd64.RAX, 5)
	g.exitTo(kind, 0,
		obj.Loc{Kind: obj.LocReg, Type: ir.I64, Reg: obj.RAX}, obj.Loc{Kind: obj.LocReg, Type: ir.F64, Reg: obj.XMM0},
		obj.Loc{Kind: obj.LocStack, Type: ir.I64, Off: -16}, obj.Loc{Kind: obj.LocRef, Type: ir.Ref, Off: 0}, obj.Loc{Kind: obj.LocConst, Type: ir.I8, Const: 0xff})
	g.epilogue()
	e.entry(e.install(t, g), "g")
	f := newCode("f", "i64 f64 ref -> i64")
	f.RefSlots = 2
	f.prologue()
	f.call("g")
	f.AluRI(amd64.Add, amd64.W64, amd64.RAX, 1)
	f.epilogue()
	return e.entry(e.install(t, f), "f")
}

func TestExitValues(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	f := guarded(t, e, obj.ExitHot)
	other := newCode("other", "i64 f64 -> i64")
	other.AluRR(amd64.Add, amd64.W64, amd64.RAX, amd64.RAX)
	other.Ret()
	replacement := e.entry(e.install(t, other), "other")
	x := context(t, m)
	defer m.Release(x)
	p := &payload{n: 9}
	act := Resume
	x.SetEnv(&Env{Handler: handlerFunc(func(fr Frame) (Action, error) {
		if fr.In.Name != "g" || fr.Int(0) != 15 || fr.Float(1) != 2.5 || fr.Int(2) != 10 || fr.Ref(3) != unsafe.Pointer(p) || fr.Int(4) != -1 {
			t.Errorf("exit values: %d %v %d %p %d", fr.Int(0), fr.Float(1), fr.Int(2), fr.Ref(3), fr.Int(4))
		}
		var names []string
		fr.Ctx.Walk(func(in *Installed, pc, bp uintptr) { names = append(names, in.Name) })
		if len(names) < 2 || names[0] != "g" || names[1] != "f" {
			t.Errorf("frames %v", names)
		}
		x.Words[0] = 1000
		if err := fr.Ctx.Call(replacement, nil, nil); err != nil || x.Words[0] != 2000 { // nested, between exit and resume
			t.Error("nested call", err, x.Words[0])
		}
		switch act {
		case Resume:
			fr.SetValue(0, 100)
		case Leave:
			w, _ := fr.Results()
			w[0] = 200
		case Replaced:
			fr.Ctx.Words[0] = 300
			fr.Replace(replacement)
		}
		return act, nil
	})})
	for _, c := range []struct {
		act  Action
		want uint64
	}{{Resume, 101}, {Leave, 201}, {Replaced, 601}} {
		act = c.act
		x.Words[0], x.Words[1] = 10, 0x4004000000000000
		if err := x.Call(f, []unsafe.Pointer{unsafe.Pointer(p)}, nil); err != nil || x.Words[0] != c.want {
			t.Errorf("action %d: %v, %d, want %d", act, err, x.Words[0], c.want)
		}
	}
}

// TestLazyStub: the first call compiles, also with refs in registers across the compilation; the second does not come by.
func TestLazyStub(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	real := newCode("real", "i64 ref f64 -> f64 ref")
	real.MovRR(amd64.W64, amd64.RAX, amd64.RBX)
	real.Ret()
	cell, _ := e.EntryCell("real")
	compiled := 0
	id := m.env.AddLazy(&LazyFunc{Name: "real", Compile: func(c *Context) (uintptr, error) {
		compiled++
		runtime.GC()
		growStack(100)
		e.entry(e.install(t, real), "real")
		return cell, nil
	}})
	stub, err := m.LazyStub("real.lazy", real.Sig, id)
	if err != nil {
		t.Fatal(err)
	}
	SetCell(cell, uint64(stub.Addr))
	s, _ := m.Stubs(real.Sig)
	x := context(t, m)
	defer m.Release(x)
	for range 3 {
		p := &payload{n: 4}
		x.Words[0], x.Words[1] = 7, 8
		out := make([]unsafe.Pointer, 1)
		if err := x.Call(Entry{Stubs: s, Cell: cell}, []unsafe.Pointer{unsafe.Pointer(p)}, out); err != nil || x.Words[0] != 8 || out[0] != unsafe.Pointer(p) {
			t.Fatal(err, x.Words[0], out)
		}
	}
	if compiled != 1 {
		t.Errorf("compiled %d times", compiled)
	}
}

// TestRetire: code is not freed while a frame is inside it, on a goroutine that is blocked in Go or spinning in JIT code, and is freed soon after.
func TestRetire(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	hold, entered := make(chan bool), make(chan bool)
	e.goFunc("wait", &GoFunc{Name: "wait", Fn: func([]uint64, []unsafe.Pointer) { entered <- true; <-hold }})
	outer := newCode("outer", "i64 -> i64")
	outer.FrameSize = 16
	outer.prologue()
	outer.goCall("wait")
	outer.MovRI(amd64.RAX, 77)
	outer.epilogue()
	in := e.install(t, outer)
	done := make(chan uint64)
	go func() {
		x := context(t, m)
		defer m.Release(x)
		if err := x.Call(in.Entry(), nil, nil); err != nil {
			t.Error(err)
		}
		done <- x.Words[0]
	}()
	<-entered
	var freed atomic.Bool
	if *broken == "retire" {
		m.Free(in)
		freed.Store(true)
	} else {
		m.Retire(in, func() { freed.Store(true) })
		for range 3 {
			m.Round()
		}
	}
	if freed.Load() && *broken == "" {
		t.Error("freed under a blocked frame")
	}
	hold <- true
	if v := <-done; v != 77 {
		t.Errorf("returned %d", v)
	}
	m.Round()
	for i := 0; !freed.Load(); i++ {
		if i > 1000 {
			t.Fatal("not freed after the frame left")
		}
		time.Sleep(time.Millisecond)
	}
	// The same with a frame that spins: rounds must not wait for it to end.
	sp := e.install(t, spin())
	started := make(chan *Context)
	go func() {
		x := context(t, m)
		defer m.Release(x)
		x.Words[0] = 1 << 60
		started <- x
		_ = x.Call(sp.Entry(), nil, nil)
		done <- 1
	}()
	x := <-started
	time.Sleep(5 * time.Millisecond)
	freed.Store(false)
	m.Retire(sp, func() { freed.Store(true) })
	t0 := time.Now()
	for range 20 {
		m.Round()
	}
	t.Logf("a round beside a spinning loop takes %v", time.Since(t0)/20)
	if freed.Load() {
		t.Error("freed under a spinning frame")
	}
	x.Stop(errors.New("enough"))
	<-done
	for i := 0; !freed.Load(); i++ {
		if i > 1000 {
			t.Fatal("not freed after the loop was stopped")
		}
		time.Sleep(time.Millisecond)
	}
}

// TestProfileNamesCaller: samples in JIT code carry the Go caller's name.
func TestProfileNamesCaller(t *testing.T) {
	m := machine(t)
	if *broken == "profile" {
		codeLo, codeHi = 0, 0
		defer func() { codeLo, codeHi = m.lo, m.hi }()
	}
	in := newEnv(m).install(t, spin())
	var buf bytes.Buffer
	if err := pprof.StartCPUProfile(&buf); err != nil {
		t.Fatal(err)
	}
	x := context(t, m)
	defer m.Release(x)
	for t0 := time.Now(); time.Since(t0) < 300*time.Millisecond; {
		callerOfSpin(x, in)
	}
	pprof.StopCPUProfile()
	z, err := gzip.NewReader(&buf)
	if err != nil {
		t.Fatal(err)
	}
	raw, err := io.ReadAll(z)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Contains(raw, []byte("callerOfSpin")) {
		t.Error("the profile does not name the Go caller of the JIT code")
	}
}

//go:noinline
func callerOfSpin(x *Context, in *Installed) {
	x.Words[0] = 50_000_000
	_ = x.Call(in.Entry(), nil, nil)
}

// TestHostSignals: a host that listens to signals with os/signal gets its own, before, between and after faults in compiled code.
func TestHostSignals(t *testing.T) {
	m := machine(t)
	pk := newCode("peek", "ptr -> i64")
	pk.prologue()
	pk.MovRM(amd64.W64, amd64.RAX, amd64.At(amd64.RAX, 8))
	pk.epilogue()
	peek := newEnv(m).install(t, pk).Entry()
	x := context(t, m)
	defer m.Release(x)
	fault := func() {
		x.Words[0] = 0
		var trap *TrapError
		if err := x.Call(peek, nil, nil); !errors.As(err, &trap) {
			t.Error("no trap:", err)
		}
	}
	got := make(chan os.Signal, 10)
	for range 3 {
		fault()
		signal.Notify(got, syscall.SIGSEGV, syscall.SIGFPE, syscall.SIGUSR1)
		for _, s := range []syscall.Signal{syscall.SIGUSR1, syscall.SIGSEGV, syscall.SIGFPE} {
			fault()
			if err := syscall.Kill(os.Getpid(), s); err != nil {
				t.Fatal(err)
			}
			select {
			case r := <-got:
				if r != s {
					t.Errorf("got %v, sent %v", r, s)
				}
			case <-time.After(5 * time.Second):
				t.Fatalf("%v did not reach the host", s)
			}
		}
		signal.Reset()
		fault()
		if !goNilPanics() {
			t.Error("a nil dereference in Go does not panic any more")
		}
	}
}

// holder is hold(a, n) = a, which keeps a on the JIT stack while it calls Go with n.
func holder() *code {
	c := newCode("hold", "i64 i64 -> i64")
	c.FrameSize = 16
	c.prologue()
	c.MovMR(amd64.W64, amd64.At(amd64.RBP, -8), amd64.RAX)
	c.MovMR(amd64.W64, word(0), amd64.RBX)
	c.goCall("held")
	c.MovRM(amd64.W64, amd64.RAX, amd64.At(amd64.RBP, -8))
	c.epilogue()
	return c
}

// newHold installs hold. What it calls gives way to other goroutines, calls hold again, collects or panics, as n says.
func newHold(t testing.TB, e *env) *Callee {
	hold := &Callee{M: e.m, Env: &e.m.env}
	e.goFunc("held", &GoFunc{Name: "held", Words: 1, FrameFn: func(f Frame, w []uint64, _ []unsafe.Pointer) error {
		n := w[0]
		if *broken == "context" {
			local[procPin()].c = f.Ctx
			procUnpin()
		}
		switch n % 8 {
		case 0:
			panic(n)
		case 1, 2, 3:
			runtime.Gosched()
		case 4:
			growStack(int(n % 50))
		case 5:
			if r, err := hold.Invoke(n, n>>3, 0, 0); r != n || err != nil {
				return fmt.Errorf("hold(%d) in hold = %d, %v", n, r, err)
			}
		case 6:
			return errHeld
		}
		return nil
	}})
	hold.Entry = e.install(t, holder()).Entry()
	return hold
}

var errHeld = errors.New("held")

// holdOnce invokes hold with something random and checks what comes of it.
func holdOnce(hold *Callee, r *rand.Rand) (err error) {
	a, n := r.Uint64(), uint64(1+r.IntN(1<<12))
	for n%8 == 5 && (n>>3)%8 == 0 || n%8 == 5 && (n>>3)%8 > 4 {
		n++ // nested failures end the outer call in several ways
	}
	defer func() {
		if p := recover(); p != nil && (p != n || n%8 != 0) {
			err = fmt.Errorf("hold(%d, %d) panics with %v", a, n, p)
		}
	}()
	got, err := hold.Invoke(a, n, 0, 0)
	switch {
	case n%8 == 6 && err == errHeld:
		return nil
	case err != nil || n%8 == 6 || n%8 == 0 || got != a:
		return fmt.Errorf("hold(%d, %d) = %d, %v", a, n, got, err)
	}
	return nil
}

// TestInvokeBorrowsContexts: calls by Invoke from many goroutines on few processors, with and without exits, have contexts of their own.
func TestInvokeBorrowsContexts(t *testing.T) {
	m := machine(t)
	e := newEnv(m)
	hold := newHold(t, e)
	c := newCode("sub", "i64 i64 i64 i64 -> i64")
	c.AluRR(amd64.Sub, amd64.W64, amd64.RAX, amd64.RDI)
	c.Ret()
	sub := &Callee{M: m, Env: &m.env, Entry: e.install(t, c).Entry()}
	if !canInvoke {
		t.Log("runtime.procPin looks different: contexts are acquired")
	}
	var wg sync.WaitGroup
	for g := range 8 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 3))
			for range 20_000 {
				if err := holdOnce(hold, r); err != nil {
					t.Error(err)
					return
				}
				a, d := r.Uint64(), r.Uint64()
				if got, err := sub.Invoke(a, 0, 0, d); got != a-d || err != nil {
					t.Errorf("sub(%d, %d) = %d, %v", a, d, got, err)
					return
				}
			}
		})
	}
	wg.Wait()
}

// TestHammer: 8 goroutines under GOGC=1 with a profile on run everything at once: calls into Go with growing stacks, deep recursion over chained ref frames,
// swaps under the barrier, faults, preempted loops, calls in borrowed contexts, code that is made and retired.
func TestHammer(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	m := machine(t)
	e := newEnv(m)
	e.goFunc("collect", &GoFunc{Name: "collect", Words: 1, Refs: 1, Fn: func(w []uint64, r []unsafe.Pointer) {
		growStack(int(w[0] % 50))
		(*payload)(r[0]).next = &payload{n: 1}
		w[0] = 0
	}})
	chain := refChain(t, e)
	swap := e.install(t, swapper()).Entry()
	loop := e.install(t, spin()).Entry()
	pk := newCode("peek", "ptr -> i64")
	pk.prologue()
	pk.MovRM(amd64.W64, amd64.RAX, amd64.At(amd64.RAX, 8))
	pk.epilogue()
	peek := e.install(t, pk).Entry()
	hold := newHold(t, e)
	if pprof.StartCPUProfile(io.Discard) == nil {
		defer pprof.StopCPUProfile()
	}
	end := time.Now().Add(soak(3 * time.Second))
	var wg sync.WaitGroup
	var calls atomic.Int64
	for g := range 8 {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(g), 7))
			a, b := &box{&payload{n: 1}}, &box{&payload{n: 2}}
			for time.Now().Before(end) {
				x := context(t, m)
				if err := hammerOnce(m, x, r, chain, swap, loop, peek, hold, a, b); err != nil {
					t.Error(err)
					return
				}
				m.Release(x)
				calls.Add(1)
				if a.p.n+b.p.n != 3 {
					t.Error("boxes damaged")
					return
				}
			}
		})
	}
	wg.Wait()
	for range 100 {
		m.Round()
		if m.Pending() == 0 {
			break
		}
		time.Sleep(time.Millisecond)
	}
	if n := m.Pending(); n != 0 {
		t.Errorf("%d retired pieces of code were not freed", n)
	}
	t.Logf("%d rounds", calls.Load())
}

func hammerOnce(m *Machine, x *Context, r *rand.Rand, chain, swap, loop, peek Entry, hold *Callee, a, b *box) error {
	switch r.IntN(7) {
	case 0, 1:
		n := uint64(r.IntN(400))
		x.Words[0] = n
		chain.Class = uint8(r.IntN(3))
		if err := x.Call(chain, []unsafe.Pointer{unsafe.Pointer(&payload{n: 2})}, nil); err != nil {
			return err
		}
		if x.Words[0] != 2*(n+1) {
			return errors.New("wrong sum over the chain")
		}
	case 2:
		x.Words[0] = uint64(1 + r.IntN(1000))
		return x.Call(swap, []unsafe.Pointer{unsafe.Pointer(a), unsafe.Pointer(b)}, nil)
	case 3:
		x.Words[0] = 0
		var trap *TrapError
		if err := x.Call(peek, nil, nil); !errors.As(err, &trap) {
			return errors.New("no trap")
		}
		if !goNilPanics() {
			return errors.New("no panic")
		}
	case 4:
		x.Words[0] = uint64(1 + r.IntN(3_000_000))
		return x.Call(loop, nil, nil)
	case 5:
		c := newCode("temp", "i64 -> i64")
		c.AluRI(amd64.Add, amd64.W64, amd64.RAX, 3)
		c.Ret()
		if err := c.Resolve(); err != nil {
			return err
		}
		c.Text = c.Buf
		in, _, err := m.Install(&c.Code, nil)
		if err != nil {
			return err
		}
		x.Words[0] = 4
		if err := x.Call(in.Entry(), nil, nil); err != nil || x.Words[0] != 7 {
			return errors.New("temporary code is wrong")
		}
		m.Retire(in, nil)
	case 6:
		return holdOnce(hold, r)
	}
	return nil
}
