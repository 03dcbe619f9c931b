package jit

import (
	"fmt"
	"math/rand/v2"
	"runtime"
	"runtime/debug"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"martlet/ir"
)

// hammerText is version v of the hammered module: inner and a global differ from version to version, twice and its caller do not.
func hammerText(v int) string {
	return fmt.Sprintf(`module "m"
global @version size 8 { i64 %[1]d }
func @inner(i64) -> i64 {
entry(%%a i64):
  %%b = add.i64 %%a, %[1]d
  ret %%b
}
func @outer(i64) -> i64 {
entry(%%n i64):
  jump loop(0, 0)
loop(%%i i64, %%s i64):
  %%t = call @inner(%%s)
  %%j = add.i64 %%i, 1
  %%c = slt.i64 %%j, %%n
  br %%c, loop(%%j, %%t), done(%%t)
done(%%r i64):
  ret %%r
}
func @twice(i64) -> i64 {
entry(%%a i64):
  %%b = mul.i64 %%a, 2
  ret %%b
}
func @same(i64) -> i64 {
entry(%%n i64):
  jump loop(0, 0)
loop(%%i i64, %%s i64):
  %%t = call @twice(%%i)
  %%u = add.i64 %%s, %%t
  %%j = add.i64 %%i, 1
  %%c = slt.i64 %%j, %%n
  br %%c, loop(%%j, %%u), done(%%u)
done(%%r i64):
  ret %%r
}
`, v+1)
}

// hammer is an engine that many goroutines work on at once.
type hammer struct {
	t           *testing.T
	e           *Engine
	own         [8]*Library // of each goroutine
	m           *Module
	mods        []*ir.Module
	outer, same func(int64) (int64, error)
	hosted      [8]func(int64) (int64, error) // of each goroutine
	both, plugs [8]func() (int64, error)      // of each goroutine
	plug        *Library
	plugMu      sync.Mutex
	plugIn      *Module
	calls       atomic.Int64
}

func newHammer(t *testing.T) *hammer {
	h := &hammer{t: t, e: New(Options{HotCount: 50, CodeBudget: 800, Workers: 2})}
	l := h.e.NewLibrary("main")
	h.plug = h.e.NewLibrary("plug")
	socket := h.e.NewLibrary("socket")
	add(t, socket, plugText(1))
	for id := range h.own {
		h.own[id] = h.e.NewLibrary(fmt.Sprint("own", id), l, h.plug, socket)
		add(t, h.own[id], "module \"plugged\"\ndeclare @plug() -> i64\ndeclare global @plugged size 8\nfunc @both() -> i64 {\nentry:\n  %p = symaddr @plugged\n"+
			"  %v = load.i64 %p + 0\n  %x = call @plug()\n  %y = mul.i64 %x, 10\n  %z = add.i64 %y, %v\n  ret %z\n}\n")
		h.both[id] = lookup[func() (int64, error)](t, h.own[id], "both")
		h.plugs[id] = lookup[func() (int64, error)](t, h.own[id], "plug")
	}
	for v := range 4 {
		h.mods = append(h.mods, parse(t, hammerText(v)))
	}
	var err error
	if h.m, err = l.Add(h.mods[0]); err != nil {
		t.Fatal(err)
	}
	h.outer = lookup[func(int64) (int64, error)](t, l, "outer")
	h.same = lookup[func(int64) (int64, error)](t, l, "same")
	return h
}

// plugText defines a function and a global of a value.
func plugText(v int) string {
	return fmt.Sprintf("module \"plug\"\nglobal @plugged size 8 { i64 %[1]d }\nfunc @plug() -> i64 {\nentry:\n  ret %[1]d\n}\n", v)
}

// pull puts a module into a library that comes before another with the same names, or takes it out again.
func (h *hammer) pull() {
	h.plugMu.Lock()
	defer h.plugMu.Unlock()
	var err error
	if h.plugIn == nil {
		h.plugIn, err = h.plug.Add(parse(h.t, plugText(2)))
	} else {
		err, h.plugIn = h.plugIn.Remove(), nil
	}
	h.check("plug", err)
}

// callPlugged gets the values of either.
func (h *hammer) callPlugged(id int) {
	if v, err := h.both[id](); err != nil || v%10 != 1 && v%10 != 2 || v/10 != 1 && v/10 != 2 {
		h.t.Errorf("both() = %d, %v", v, err)
	}
	if v, err := h.plugs[id](); err != nil || v != 1 && v != 2 {
		h.t.Errorf("plug() = %d, %v", v, err)
	}
}

// step does one thing to the common functions, then calls them.
func (h *hammer) step(id int, r *rand.Rand) {
	switch r.IntN(24) {
	case 0, 1:
		h.check("replace", h.m.Replace(h.mods[r.IntN(4)]))
	case 2, 3:
		tok := h.e.NewToken("t")
		h.check("depend", h.m.Depend([]string{"inner", "twice"}[r.IntN(2)], tok))
		tok.Invalidate()
	case 4, 5:
		h.check("compile", h.m.Compile())
	case 6, 7:
		h.comeAndGo(id, r.Int64N(1000))
	case 8:
		runtime.GC()
	case 9:
		h.redefineGo(id, r.Int64N(1000))
	case 10:
		h.pull()
	}
	n := 1 + r.Int64N(100)
	if v, err := h.outer(n); err != nil || v < n || v > 4*n {
		h.t.Errorf("outer(%d) = %d, %v", n, v, err)
	}
	if v, err := h.same(n); err != nil || v != n*(n-1) {
		h.t.Errorf("same(%d) = %d, %v", n, v, err)
	}
	h.callPlugged(id)
	h.calls.Add(4)
}

func (h *hammer) check(what string, err error) {
	if err != nil {
		h.t.Errorf("%s: %v", what, err)
	}
}

// redefineGo gives the goroutine's own library another Go function of the same name, and calls it from a function that was compiled for the last one.
func (h *hammer) redefineGo(id int, k int64) {
	l := h.own[id]
	_ = l.Undefine("host") // there is none at first
	if err := l.DefineGo("host", func(x int64) int64 { return x + k }); err != nil {
		h.t.Error(err)
		return
	}
	if h.hosted[id] == nil {
		if _, err := l.Add(parse(h.t, "module \"host\"\ndeclare go @host(i64) -> i64\nfunc @hosted(i64) -> i64 {\nentry(%x i64):\n  %y = call @host(%x)\n  ret %y\n}\n")); err != nil {
			h.t.Error(err)
			return
		}
		h.hosted[id] = lookup[func(int64) (int64, error)](h.t, l, "hosted")
	}
	if v, err := h.hosted[id](1); v != k+1 || err != nil {
		h.t.Errorf("hosted(1) = %d, %v; want %d", v, err, k+1)
	}
}

// comeAndGo adds a module to the goroutine's own library, calls its function, which calls a common one and reads a common global, and removes it.
func (h *hammer) comeAndGo(id int, k int64) {
	l := h.own[id]
	m, err := l.Add(parse(h.t, fmt.Sprintf("module \"k\"\ndeclare @twice(i64) -> i64\ndeclare global @version size 8\n"+
		"func @k() -> i64 {\nentry:\n  %%p = symaddr @version\n  %%v = load.i64 %%p + 0\n  %%x = call @twice(%d)\n  %%y = mul.i64 %%x, 10\n  %%z = add.i64 %%y, %%v\n  ret %%z\n}\n", k)))
	if err != nil {
		h.t.Error(err)
		return
	}
	f, err := Lookup[func() (int64, error)](l, "k")
	if err != nil {
		h.t.Error(err)
		return
	}
	for range 3 {
		if v, err := f.Call(); err != nil || v/10 != 2*k || v%10 < 1 || v%10 > 4 {
			h.t.Errorf("k() = %d, %v; want %d and a version", v, err, 20*k)
		}
	}
	h.check("remove", m.Remove())
}

// heap returns the live bytes of Go's heap, and code memory ever touched, when all that was retired has been freed.
func (h *hammer) heap() (live uint64, touched int64) {
	for i := 0; i < 1000 && (i == 0 || h.e.Stats().PendingFree > 0); i++ {
		h.e.Wait()
		time.Sleep(time.Millisecond)
	}
	runtime.GC()
	runtime.GC()
	var ms runtime.MemStats
	runtime.ReadMemStats(&ms)
	return ms.HeapAlloc, h.e.Stats().MappedTouched
}

// run lets 8 goroutines hammer for a time.
func (h *hammer) run(d time.Duration) {
	end := time.Now().Add(d)
	var wg sync.WaitGroup
	for id := range h.own {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(id), uint64(d)))
			for time.Now().Before(end) && !h.t.Failed() {
				h.step(id, r)
			}
		})
	}
	wg.Wait()
}

// TestHammer: under GOGC=1, 8 goroutines call, redefine, invalidate, recompile, evict and remove the same functions: no result is wrong, no mapping is
// writable and executable, and in the second half neither the Go heap nor code memory grows. MARTLET_SOAK=10m makes it ten minutes.
func TestHammer(t *testing.T) {
	defer debug.SetGCPercent(debug.SetGCPercent(1))
	h := newHammer(t)
	stop := make(chan bool)
	defer close(stop)
	go func() {
		for {
			select {
			case <-stop:
				return
			case <-time.After(5 * time.Millisecond):
				noRWX(t)
			}
		}
	}()
	half := soakTime(2*time.Second) / 2
	h.run(half)
	heap0, touched0 := h.heap()
	h.run(half)
	heap1, touched1 := h.heap()
	if heap1 > heap0+(2<<20) || touched1 > touched0+(1<<20) {
		t.Errorf("memory grew: Go heap %d -> %d, code %d -> %d bytes", heap0, heap1, touched0, touched1)
	}
	t.Logf("%d calls; Go heap %d -> %d, code touched %d -> %d bytes; %+v", h.calls.Load(), heap0, heap1, touched0, touched1, h.e.Stats())
	if s := h.e.Stats(); s.Evicted == 0 || s.Full == 0 || s.Redefined == 0 || s.Invalidated == 0 {
		t.Errorf("something did not happen: %+v", s)
	}
	h.e.Close()
	h.heap()
	if s := h.e.Stats(); s.PendingFree != 0 || s.Functions != 0 {
		t.Errorf("after Close: %+v", s)
	}
}
