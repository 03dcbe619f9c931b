package jit

import (
	"context"
	"errors"
	"fmt"
	"os"
	"runtime"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"
	"unsafe"

	"martlet/internal/native"
	"martlet/ir"
)

// both runs a test with machine code and with the interpreter alone: the API is the same.
func both(t *testing.T, opts Options, test func(t *testing.T, e *Engine)) {
	for _, tiers := range []Tiers{Tiered, QuickOnly, FullOnly, Interpret} {
		o := opts
		o.Tiers = tiers
		t.Run([]string{"tiered", "quick", "full", "interpret"}[tiers], func(t *testing.T) {
			e := New(o)
			defer e.Close()
			if err := e.Native(); err != nil && tiers != Interpret && runtime.GOARCH == "amd64" && runtime.GOOS == "linux" {
				t.Fatal(err)
			}
			test(t, e)
			if s := e.Stats(); s.Failed > 0 {
				t.Errorf("%d compilations failed", s.Failed)
			}
		})
	}
}

func parse(t testing.TB, text string) *ir.Module {
	t.Helper()
	m, err := ir.Parse(t.Name(), text)
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func add(t testing.TB, l *Library, text string) *Module {
	t.Helper()
	m, err := l.Add(parse(t, text))
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func lookup[F any](t testing.TB, l *Library, name string) F {
	t.Helper()
	f, err := Lookup[F](l, name)
	if err != nil {
		t.Fatal(err)
	}
	return f.Call
}

const addText = `module "add"
func @add(i64, i64) -> i64 {
entry(%a i64, %b i64):
  %c = add.i64 %a, %b
  ret %c
}
`

const fibText = `module "fib"
func @fib(i64) -> i64 {
entry(%n i64):
  %c = slt.i64 %n, 2
  br %c, base, rec
base:
  ret %n
rec:
  %a = sub.i64 %n, 1
  %b = sub.i64 %n, 2
  %x = call @fib(%a)
  %y = call @fib(%b)
  %r = add.i64 %x, %y
  ret %r
}
`

const loopText = `module "loop"
func @sum(i64) -> i64 {
entry(%n i64):
  jump loop(0, 0)
loop(%i i64, %s i64):
  %c = slt.i64 %i, %n
  br %c, body, done
body:
  %t = add.i64 %s, %i
  %j = add.i64 %i, 1
  jump loop(%j, %t)
done:
  ret %s
}
`

func TestCall(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		add(t, l, addText)
		add(t, l, fibText)
		add(t, l, loopText)
		if f := lookup[func(int64, int64) int64](t, l, "add"); f(40, 2) != 42 {
			t.Error("40 + 2 =", f(40, 2))
		}
		if f := lookup[func(int64) int64](t, l, "fib"); f(20) != 6765 {
			t.Error("fib(20) =", f(20))
		}
		if f := lookup[func(int64) (int64, error)](t, l, "sum"); true {
			if s, err := f(1000); s != 499500 || err != nil {
				t.Error(s, err)
			}
		}
	})
}

// TestLinkOrderWins: the first library in the order that defines a symbol supplies it.
func TestLinkOrderWins(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		text := func(k int) string {
			return fmt.Sprintf("module \"m%d\"\nfunc @k() -> i64 {\nentry:\n  ret %d\n}\n", k, k)
		}
		a, b := e.NewLibrary("a"), e.NewLibrary("b")
		add(t, a, text(1))
		add(t, b, text(2))
		user := "module \"user\"\ndeclare @k() -> i64\nfunc @get() -> i64 {\nentry:\n  %x = call @k()\n  ret %x\n}\n"
		for i, links := range [][]*Library{{a, b}, {b, a}} {
			l := e.NewLibrary(fmt.Sprint("user", i), links...)
			add(t, l, user)
			if got := lookup[func() int64](t, l, "get")(); got != int64(i+1) {
				t.Errorf("order %d: got %d", i, got)
			}
		}
		own := e.NewLibrary("own", a)
		add(t, own, text(3))
		add(t, own, user)
		if got := lookup[func() int64](t, own, "get")(); got != 3 {
			t.Errorf("the own library comes first: got %d", got)
		}
	})
}

// TestDuplicateInOneLibrary is an error that names symbol, library and module.
func TestDuplicateInOneLibrary(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("lib")
		add(t, l, addText)
		_, err := l.Add(parse(t, strings.Replace(addText, `"add"`, `"again"`, 1)))
		var dup *DuplicateError
		if !errors.As(err, &dup) || dup.Symbol != "add" || dup.Library != "lib" || dup.Module != "again" {
			t.Errorf("%v", err)
		}
		if f := lookup[func(int64, int64) int64](t, l, "add"); f(1, 2) != 3 {
			t.Error("the first definition is damaged")
		}
	})
}

// TestMutualRecursionAcrossModules.
func TestMutualRecursionAcrossModules(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		for _, p := range [][2]string{{"even", "odd"}, {"odd", "even"}} {
			k := 0
			if p[0] == "even" {
				k = 1
			}
			add(t, l, fmt.Sprintf(`module "%[1]s"
declare @%[2]s(i64) -> i64
func @%[1]s(i64) -> i64 {
entry(%%n i64):
  %%z = eq.i64 %%n, 0
  br %%z, yes, no
yes:
  ret %[3]d
no:
  %%m = sub.i64 %%n, 1
  %%r = call @%[2]s(%%m)
  ret %%r
}
`, p[0], p[1], k))
		}
		even := lookup[func(int64) int64](t, l, "even")
		if even(10) != 1 || even(11) != 0 || even(1000) != 1 {
			t.Error("even(10), even(11), even(1000) =", even(10), even(11), even(1000))
		}
	})
}

// TestMissingSymbolsSuppliedOnDemand: a function and a datum that nobody defines are supplied by a generator; what it does not know is an
// error that names the symbol and who was asked.
func TestMissingSymbolsSuppliedOnDemand(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		datum := int64(17)
		asked := 0
		l.AddGenerator("test", GeneratorFunc(func(l *Library, name string) (bool, error) {
			asked++
			switch name {
			case "twice":
				return true, l.DefineGo("twice", func(x int64) int64 { return 2 * x })
			case "thrice":
				_, err := l.Add(parse(t, "module \"thrice\"\nfunc @thrice(i64) -> i64 {\nentry(%x i64):\n  %y = mul.i64 %x, 3\n  ret %y\n}\n"))
				return true, err
			case "datum":
				return true, l.DefineData("datum", unsafe.Pointer(&datum), 8, &datum)
			}
			return false, nil
		}))
		add(t, l, `module "user"
declare @twice(i64) -> i64
declare @thrice(i64) -> i64
declare global @datum size 8
func @f(i64) -> i64 {
entry(%x i64):
  %a = call @twice(%x)
  %b = call @thrice(%a)
  %p = symaddr @datum
  %d = load.i64 %p + 0
  %r = add.i64 %b, %d
  ret %r
}
`)
		add(t, l, `module "broken"
declare @nowhere(i64) -> i64
func @g(i64) -> i64 {
entry(%x i64):
  %a = call @nowhere(%x)
  ret %a
}
`)
		f := lookup[func(int64) int64](t, l, "f")
		if f(1) != 23 || f(2) != 29 {
			t.Error("f(1), f(2) =", f(1), f(2))
		}
		if asked != 3 {
			t.Errorf("the generator was asked %d times for 3 symbols", asked)
		}
		_, err := lookup[func(int64) (int64, error)](t, l, "g")(1)
		var miss *MissingError
		if !errors.As(err, &miss) || miss.Symbol != "nowhere" || miss.Module != "broken" || miss.Library != "main" || !strings.Contains(err.Error(), "generator test") {
			t.Errorf("%v", err)
		}
		if _, err := Lookup[func()](l, "nobody"); !errors.As(err, &miss) || miss.Symbol != "nobody" {
			t.Errorf("%v", err)
		}
		if f(1) != 23 {
			t.Error("the engine is damaged by the failure")
		}
	})
}

// TestTenOfTwoThousandCompiled: a module of 2,000 functions of which 10 are called compiles exactly 10, and reads the bodies of no others.
func TestTenOfTwoThousandCompiled(t *testing.T) {
	var b strings.Builder
	b.WriteString("module \"many\"\n")
	for i := range 2000 {
		fmt.Fprintf(&b, "func @f%d(i64) -> i64 {\nentry(%%x i64):\n  %%y = add.i64 %%x, %d\n  ret %%y\n}\n", i, i)
	}
	m, err := ir.ParseLazy("many.ir", b.String())
	if err != nil {
		t.Fatal(err)
	}
	e := New(Options{Tiers: QuickOnly})
	defer e.Close()
	if e.Native() != nil {
		t.Skip("counts compilations to machine code, which this platform has not")
	}
	l := e.NewLibrary("main")
	if _, err := l.Add(m); err != nil {
		t.Fatal(err)
	}
	for i := range 10 {
		if f := lookup[func(int64) int64](t, l, fmt.Sprint("f", 200*i)); f(1) != int64(200*i+1) {
			t.Error("f", i, "=", f(1))
		}
	}
	if s := e.Stats(); s.Quick != 10 || s.Full != 0 {
		t.Errorf("compiled %d quick, %d full", s.Quick, s.Full)
	}
	read := 0
	for _, f := range m.Funcs {
		if len(f.Blocks) > 0 {
			read++
		}
	}
	if read != 10 {
		t.Errorf("%d bodies were read", read)
	}
}

// TestLazyText: what is wrong in a body of ir.ParseLazy is the error of the calls that need it, with its place; other functions work, also when
// goroutines come to them at the same time, and a broken callee is not inlined.
func TestLazyText(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		bad := "module \"m\"\nfunc @nonsense() -> i64 {\nentry:\n  ret %x\n}\n" +
			"func @mistyped(f64) -> i64 {\nentry(%x f64):\n  ret %x\n}\n" +
			"func @calls() -> i64 {\nentry:\n  %x = call @nonsense()\n  ret %x\n}\n"
		for _, text := range []string{bad, strings.Replace(fibText, `"fib"`, `"f"`, 1)} {
			m, err := ir.ParseLazy("lazy.ir", text)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := l.Add(m); err != nil {
				t.Fatal(err)
			}
		}
		for _, c := range []struct{ name, want string }{{"nonsense", "lazy.ir:4:7: %x is not defined"}, {"calls", "lazy.ir:4:7: %x is not defined"}} {
			for range 2 {
				if v, err := lookup[func() (int64, error)](t, l, c.name)(); err == nil || !strings.Contains(err.Error(), c.want) {
					t.Errorf("%s() = %d, %v; want %s", c.name, v, err, c.want)
				}
			}
		}
		_, err := lookup[func(float64) (int64, error)](t, l, "mistyped")(1)
		if want := "lazy.ir:8:3: "; err == nil || e.opts.Tiers != Interpret && !strings.Contains(err.Error(), want) {
			t.Errorf("mistyped: %v, want %s", err, want)
		}
		fib := lookup[func(int64) (int64, error)](t, l, "fib")
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				if v, err := fib(10); v != 55 || err != nil {
					t.Error(v, err)
				}
			})
		}
		wg.Wait()
	})
}

// TestConcurrentFirstCallsCompileOnce.
func TestConcurrentFirstCallsCompileOnce(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		if e.Native() != nil {
			return
		}
		l := e.NewLibrary("main")
		add(t, l, fibText)
		f := lookup[func(int64) int64](t, l, "fib")
		var wg sync.WaitGroup
		for range 16 {
			wg.Go(func() {
				if f(10) != 55 {
					t.Error("fib(10) =", f(10))
				}
			})
		}
		wg.Wait()
		e.Wait()
		if s := e.Stats(); s.Quick > 1 || s.Full > 1 {
			t.Errorf("compiled %d times quickly and %d fully", s.Quick, s.Full)
		}
	})
}

func constText(k int) string {
	return fmt.Sprintf("module \"const\"\nfunc @k() -> i64 {\nentry:\n  ret %d\n}\n", k)
}

// TestRedefinitionWhileFramesAreLive: a frame inside the old code finishes with the old meaning, new calls (also from compiled code, also on
// another goroutine) are new.
func TestRedefinitionWhileFramesAreLive(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		inside, goOn := make(chan bool), make(chan bool)
		if err := l.DefineGo("pause", func() { inside <- true; <-goOn }); err != nil {
			t.Fatal(err)
		}
		text := func(k int, pause string) string {
			return fmt.Sprintf("module \"m\"\ndeclare go @pause()\nfunc @f() -> i64 {\nentry:\n  %s\n  ret %d\n}\n", pause, k)
		}
		m := add(t, l, text(1, "call @pause()"))
		add(t, l, "module \"caller\"\ndeclare @f() -> i64\nfunc @g() -> i64 {\nentry:\n  %x = call @f()\n  %y = add.i64 %x, 100\n  ret %y\n}\n")
		g := lookup[func() int64](t, l, "g")
		old := make(chan int64)
		go func() { old <- g() }()
		<-inside
		if err := m.Replace(parse(t, text(2, ""))); err != nil {
			t.Fatal(err)
		}
		if got := g(); got != 102 {
			t.Errorf("new call while the old frame lives: %d", got)
		}
		other := make(chan int64)
		go func() { other <- g() }()
		if got := <-other; got != 102 {
			t.Errorf("new call on another goroutine: %d", got)
		}
		goOn <- true
		if got := <-old; got != 101 {
			t.Errorf("old frame: %d", got)
		}
	})
}

// flat runs step n times and checks that code memory and the Go heap stay flat over the second half.
func flat(t *testing.T, e *Engine, n int, step func(i int)) {
	t.Helper()
	measure := func() (touched int64, heap uint64) {
		for range 50 {
			e.Wait()
			if e.Stats().PendingFree == 0 {
				break
			}
		}
		runtime.GC()
		runtime.GC()
		var ms runtime.MemStats
		runtime.ReadMemStats(&ms)
		return e.Stats().MappedTouched, ms.HeapAlloc
	}
	for i := range n / 2 {
		step(i)
	}
	t0, h0 := measure()
	for i := n / 2; i < n; i++ {
		step(i)
	}
	t1, h1 := measure()
	t.Logf("%d steps: touched code memory %d -> %d bytes, Go heap %d -> %d bytes", n, t0, t1, h0, h1)
	if t1 > t0+(1<<20) {
		t.Errorf("code memory grew from %d to %d bytes", t0, t1)
	}
	if h1 > h0+(4<<20) {
		t.Errorf("the Go heap grew from %d to %d bytes", h0, h1)
	}
}

// TestAddCallRemoveCyclesAreFlat: 100,000 cycles in the soak form, 3,000 otherwise.
func TestAddCallRemoveCyclesAreFlat(t *testing.T) {
	e := New(Options{})
	defer e.Close()
	l := e.NewLibrary("main")
	mods := []*ir.Module{parse(t, constText(0)), parse(t, constText(1)), parse(t, constText(2))}
	flat(t, e, soakCount(3000, 100_000), func(i int) {
		m, err := l.Add(mods[i%3])
		if err != nil {
			t.Fatal(err)
		}
		f, err := Lookup[func() int64](l, "k")
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Call(); got != int64(i%3) {
			t.Fatalf("cycle %d: got %d", i, got)
		}
		if err := m.Remove(); err != nil {
			t.Fatal(err)
		}
	})
}

// TestRedefinitionsAreFlat: 1,000,000 redefinitions in the soak form, 10,000 otherwise.
func TestRedefinitionsAreFlat(t *testing.T) {
	e := New(Options{})
	defer e.Close()
	l := e.NewLibrary("main")
	mods := []*ir.Module{parse(t, constText(0)), parse(t, constText(1)), parse(t, constText(2))}
	m := add(t, l, constText(0))
	f := lookup[func() int64](t, l, "k")
	flat(t, e, soakCount(10_000, 1_000_000), func(i int) {
		if err := m.Replace(mods[i%3]); err != nil {
			t.Fatal(err)
		}
		if got := f(); got != int64(i%3) {
			t.Fatalf("redefinition %d: got %d", i, got)
		}
	})
}

// TestRemovalFreesMemory: removing a module gives all code and cells back, also with callers that still refer to it; they get an error that names
// the symbol, and work again when it is defined again.
func TestRemovalFreesMemory(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		m := add(t, l, constText(5))
		add(t, l, "module \"caller\"\ndeclare @k() -> i64\nfunc @g() -> i64 {\nentry:\n  %x = call @k()\n  ret %x\n}\n")
		g := lookup[func() (int64, error)](t, l, "g")
		if v, err := g(); v != 5 || err != nil {
			t.Fatal(v, err)
		}
		if err := m.Remove(); err != nil {
			t.Fatal(err)
		}
		var miss *MissingError
		if _, err := g(); !errors.As(err, &miss) || miss.Symbol != "k" {
			t.Errorf("call of a removed function: %v", err)
		}
		add(t, l, constText(6))
		if v, err := g(); v != 6 || err != nil {
			t.Error(v, err)
		}
		if e.Native() != nil {
			return
		}
		used := e.m.Memory().Stats()
		e.Close()
		for i := 0; e.Stats().CodeBytes > 300 && i < 1000; i++ {
			e.Wait()
			time.Sleep(time.Millisecond)
		}
		now := e.m.Memory().Stats()
		if s := e.Stats(); s.CodeBytes > 300 || now.CodeUsed >= used.CodeUsed {
			t.Errorf("after Close: %d bytes of code left; process %d -> %d", s.CodeBytes, used.CodeUsed, now.CodeUsed)
		}
	})
}

// TestPlacement: with HotApart, full code lies in another range than quick code, and its memory comes back too.
func TestPlacement(t *testing.T) {
	e := New(Options{HotCount: 10, Placement: HotApart})
	defer e.Close()
	if e.Native() != nil {
		t.Skip("about machine code, which this platform has not")
	}
	l := e.NewLibrary("main")
	add(t, l, fibText)
	add(t, l, addText)
	lookup[func(int64, int64) int64](t, l, "add")(1, 2)
	if v := lookup[func(int64) int64](t, l, "fib")(15); v != 610 {
		t.Error(v)
	}
	e.Wait()
	at := map[string]uintptr{}
	e.mu.Lock()
	for fn := range e.funcs {
		at[fn.f.Name+" "+fn.code.level.String()] = fn.code.in.Addr
	}
	e.mu.Unlock()
	if cold, hot := at["add quick"], at["fib full"]; cold == 0 || hot < cold+(1<<20) {
		t.Errorf("placed at %#x", at)
	}
	e.Close()
	for i := 0; e.Stats().CodeBytes > 400 && i < 1000; i++ {
		e.Wait()
		time.Sleep(time.Millisecond)
	}
	if n := e.Stats().CodeBytes; n > 400 { // some stubs
		t.Errorf("%d bytes of code are left", n)
	}
}

// TestRemovalOfOneFunction: a module that is replaced by one without a function gives that function's memory back; its callers get an error that names it,
// the other functions go on.
func TestRemovalOfOneFunction(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		keep := "module \"m\"\nfunc @keep() -> i64 {\nentry:\n  ret 1\n}\n"
		m := add(t, l, keep+"func @go() -> i64 {\nentry:\n  ret 2\n}\n")
		kept, gone := lookup[func() (int64, error)](t, l, "keep"), lookup[func() (int64, error)](t, l, "go")
		if a, err := kept(); a != 1 || err != nil {
			t.Error(a, err)
		}
		e.Wait()
		one := e.Stats().CodeBytes
		if a, err := gone(); a != 2 || err != nil {
			t.Error(a, err)
		}
		if err := m.Replace(parse(t, keep)); err != nil {
			t.Fatal(err)
		}
		var miss *MissingError
		if _, err := gone(); !errors.As(err, &miss) || miss.Symbol != "go" {
			t.Errorf("call of a removed function: %v", err)
		}
		if a, err := kept(); a != 1 || err != nil {
			t.Error(a, err)
		}
		for i := 0; e.Stats().CodeBytes > one && i < 1000; i++ {
			e.Wait()
			time.Sleep(time.Millisecond)
		}
		if now := e.Stats().CodeBytes; now > one {
			t.Errorf("%d bytes of code with both functions gone or back; %d before the one was called", now, one)
		}
	})
}

// TestCodeWithinReach: code of many modules with large gaps links, since all code memory is one range.
func TestCodeWithinReach(t *testing.T) {
	e := New(Options{Tiers: QuickOnly})
	defer e.Close()
	if e.Native() != nil {
		t.Skip("about machine code, which this platform has not")
	}
	lo, hi := e.m.Memory().CodeRange()
	dlo, dhi := e.m.Memory().DataRange()
	if max(hi, dhi)-min(lo, dlo) >= 1<<31 {
		t.Errorf("code [%#x, %#x) and data [%#x, %#x) are too far apart", lo, hi, dlo, dhi)
	}
}

func TestGoFunctions(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		type node struct{ v int64 }
		boom := errors.New("boom")
		for name, fn := range map[string]any{
			"mix": func(a int64, x float64, p unsafe.Pointer, b int32) float64 {
				return float64(a) + x + float64((*node)(p).v) + float64(b)
			},
			"same": func(p unsafe.Pointer) unsafe.Pointer { runtime.GC(); return p },
			"fail": func(a int64) (int64, error) {
				if a < 0 {
					return 0, boom
				}
				return a, nil
			},
			"panics": func() { panic("as ordered") },
		} {
			if err := l.DefineGo(name, fn); err != nil {
				t.Fatal(err)
			}
		}
		add(t, l, `module "m"
declare go @mix(i64, f64, ref, i32) -> f64
declare @same(ref) -> ref
declare go @fail(i64) -> i64
declare go @panics()
func @f(i64, f64, ref, i32) -> f64 {
entry(%a i64, %x f64, %p ref, %b i32):
  %q = call @same(%p)
  %r = call @mix(%a, %x, %q, %b)
  ret %r
}
func @g(i64) -> i64 {
entry(%a i64):
  %r = call @fail(%a)
  ret %r
}
func @h() {
entry:
  call @panics()
  ret
}
`)
		f := lookup[func(int64, float64, *node, int32) float64](t, l, "f")
		if got := f(1, 2.5, &node{10}, -4); got != 9.5 {
			t.Error("f =", got)
		}
		g := lookup[func(int64) (int64, error)](t, l, "g")
		if v, err := g(3); v != 3 || err != nil {
			t.Error(v, err)
		}
		if _, err := g(-1); !errors.Is(err, boom) {
			t.Error(err)
		}
		h := lookup[func()](t, l, "h")
		for range 100 {
			func() {
				defer func() {
					if r := recover(); r != "as ordered" {
						t.Error("recovered", r)
					}
				}()
				h()
			}()
		}
		if v, err := g(4); v != 4 || err != nil {
			t.Error("after the panics:", v, err)
		}
	})
}

func TestContextCancelsLoop(t *testing.T) {
	both(t, Options{}, testContextCancelsLoop)
}

func testContextCancelsLoop(t *testing.T, e *Engine) {
	l := e.NewLibrary("main")
	add(t, l, loopText)
	f, err := Lookup[func(int64) (int64, error)](l, "sum")
	if err != nil {
		t.Fatal(err)
	}
	for range 5 {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		t0 := time.Now()
		_, err = f.WithContext(ctx)(1 << 60)
		cancel()
		if !errors.Is(err, context.DeadlineExceeded) || time.Since(t0) > 2*time.Second {
			t.Errorf("after %v: %v", time.Since(t0), err)
		}
	}
	if v, err := f.WithContext(context.Background())(10); v != 45 || err != nil {
		t.Error(v, err)
	}
	canceled, cancel := context.WithCancel(context.Background())
	cancel()
	if _, err := f.WithContext(canceled)(10); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
}

// TestTokenInvalidatedOnce: invalidating unlinks dependents and what inlined them, exactly once, also while they run.
func TestTokenInvalidatedOnce(t *testing.T) {
	e := New(Options{Tiers: FullOnly})
	defer e.Close()
	if e.Native() != nil {
		t.Skip("about machine code, which this platform has not")
	}
	l := e.NewLibrary("main")
	inside, goOn := make(chan bool), make(chan bool)
	var pausing atomic.Bool
	if err := l.DefineGo("pause", func() {
		if pausing.Load() {
			inside <- true
			<-goOn
		}
	}); err != nil {
		t.Fatal(err)
	}
	m := add(t, l, `module "m"
declare go @pause()
func @small(i64) -> i64 {
entry(%a i64):
  %b = add.i64 %a, 1
  ret %b
}
func @user(i64) -> i64 {
entry(%a i64):
  call @pause()
  %b = call @small(%a)
  ret %b
}
`)
	tok := e.NewToken("small stays small")
	if err := m.Depend("small", tok); err != nil {
		t.Fatal(err)
	}
	user := lookup[func(int64) int64](t, l, "user")
	small := lookup[func(int64) int64](t, l, "small")
	if user(1) != 2 || small(1) != 2 {
		t.Error("wrong before")
	}
	before := e.Stats()
	pausing.Store(true)
	done := make(chan int64)
	go func() { done <- user(10) }()
	<-inside
	pausing.Store(false)
	if n := tok.Invalidate(); n != 1 {
		t.Errorf("%d dependents", n)
	}
	if n := tok.Invalidate(); n != 0 {
		t.Errorf("second invalidation found %d dependents", n)
	}
	after := e.Stats()
	if got := after.Invalidated - before.Invalidated; got != 2 {
		t.Errorf("%d functions invalidated, want small and its user", got)
	}
	goOn <- true
	if v := <-done; v != 11 {
		t.Errorf("the running frame returned %d", v)
	}
	if user(1) != 2 || small(1) != 2 {
		t.Error("wrong after")
	}
	if s := e.Stats(); s.Full != before.Full+2 {
		t.Errorf("compiled %d again", s.Full-before.Full)
	}
}

// TestTierUp: hot code is compiled fully in the background and entered.
func TestTierUp(t *testing.T) {
	var events []string
	var mu sync.Mutex
	e := New(Options{HotCount: 100, Events: func(ev Event) { mu.Lock(); events = append(events, ev.String()); mu.Unlock() }})
	defer e.Close()
	if e.Native() != nil {
		t.Skip("about machine code, which this platform has not")
	}
	l := e.NewLibrary("main")
	add(t, l, fibText)
	f := lookup[func(int64) int64](t, l, "fib")
	if f(5) != 5 {
		t.Error(f(5))
	}
	if s := e.Stats(); s.Full != 0 {
		t.Error("compiled fully while cold")
	}
	if f(15) != 610 {
		t.Error(f(15))
	}
	e.Wait()
	if s := e.Stats(); s.Quick != 1 || s.Full != 1 {
		t.Errorf("%d quick, %d full; events %v", s.Quick, s.Full, events)
	}
	if f(20) != 6765 {
		t.Error(f(20))
	}
}

// TestOSR: a loop that was entered in quick code goes on in full code.
func TestOSR(t *testing.T) {
	e := New(Options{HotCount: 1000})
	defer e.Close()
	if e.Native() != nil {
		t.Skip("about machine code, which this platform has not")
	}
	l := e.NewLibrary("main")
	add(t, l, loopText)
	add(t, l, `module "nest"
func @nest(i64, i64) -> i64 {
entry(%n i64, %m i64):
  %k = mul.i64 %m, 3
  jump outer(0, 0)
outer(%i i64, %s i64):
  %c = slt.i64 %i, %n
  br %c, pre, done
pre:
  jump inner(0, %s)
inner(%j i64, %t i64):
  %d = slt.i64 %j, %m
  br %d, body, next
body:
  %u = add.i64 %t, %k
  %v = xor.i64 %u, %i
  %j2 = add.i64 %j, 1
  jump inner(%j2, %v)
next:
  %i2 = add.i64 %i, 1
  jump outer(%i2, %t)
done:
  ret %s
}
`)
	nest := func(n, m int64) int64 {
		s := int64(0)
		for i := range n {
			for range m {
				s = (s + 3*m) ^ i
			}
		}
		return s
	}
	if v := lookup[func(int64) int64](t, l, "sum")(200_000_000); v != 200_000_000*(200_000_000-1)/2 {
		t.Errorf("sum = %d", v)
	}
	if v := lookup[func(int64, int64) int64](t, l, "nest")(30_000, 1000); v != nest(30_000, 1000) {
		t.Errorf("nest = %d, want %d", v, nest(30_000, 1000))
	}
	if s := e.Stats(); s.OSR != 2 || s.Failed != 0 {
		t.Errorf("%+v", s)
	}
}

// TestBudgetEvicts: above the budget the oldest code goes and comes back when called.
func TestBudgetEvicts(t *testing.T) {
	e := New(Options{Tiers: QuickOnly, CodeBudget: 500})
	defer e.Close()
	if e.Native() != nil {
		t.Skip("about machine code, which this platform has not")
	}
	l := e.NewLibrary("main")
	var fs []func(int64) int64
	for i := range 200 {
		add(t, l, fmt.Sprintf("module \"m%d\"\nfunc @f%d(i64) -> i64 {\nentry(%%x i64):\n  %%y = add.i64 %%x, %d\n  ret %%y\n}\n", i, i, i))
		fs = append(fs, lookup[func(int64) int64](t, l, fmt.Sprint("f", i)))
	}
	for range 3 {
		for i, f := range fs {
			if f(1) != int64(i+1) {
				t.Fatal(i, f(1))
			}
			e.mu.Lock()
			if e.codeLen > 500 {
				t.Fatalf("%d bytes of code with a budget of 500", e.codeLen)
			}
			e.mu.Unlock()
		}
	}
	if s := e.Stats(); s.Evicted == 0 {
		t.Error("nothing was evicted")
	}
}

// TestEvictionSparesWhatIsCalled: with a budget for a few of two hundred functions, one that is called again and again stays compiled.
func TestEvictionSparesWhatIsCalled(t *testing.T) {
	compiled := 0
	e := New(Options{Tiers: QuickOnly, CodeBudget: 500, Events: func(ev Event) {
		if ev.Kind == Compiled && ev.Func == "often" {
			compiled++
		}
	}})
	defer e.Close()
	if e.Native() != nil {
		t.Skip("about machine code, which this platform has not")
	}
	l := e.NewLibrary("main")
	text := "module %[1]q\nfunc @%[1]s(i64) -> i64 {\nentry(%%x i64):\n  %%y = add.i64 %%x, %[2]d\n  ret %%y\n}\n"
	add(t, l, fmt.Sprintf(text, "often", 1000))
	often := lookup[func(int64) int64](t, l, "often")
	for i := range 200 {
		name := fmt.Sprint("f", i)
		add(t, l, fmt.Sprintf(text, name, i))
		if v := lookup[func(int64) int64](t, l, name)(1); v != int64(i+1) || often(1) != 1001 {
			t.Fatal(i, v, often(1))
		}
	}
	if s := e.Stats(); s.Evicted < 40 || compiled != 1 {
		t.Errorf("%d evictions; the function that is in use was compiled %d times", s.Evicted, compiled)
	}
}

// TestDroppedEngineIsCollected: an engine that nothing refers to gives its code back, and Go objects that only its code kept are collected,
// although they refer to a handle.
func TestDroppedEngineIsCollected(t *testing.T) {
	type object struct {
		f   *Func[func() unsafe.Pointer]
		pad [100]byte
	}
	gone := make(chan bool, 1)
	func() {
		e := New(Options{Tiers: QuickOnly})
		o := new(object)
		mod := ir.NewModule("m")
		f := mod.AddFunc("get", ir.Signature{Results: []ir.Type{ir.Ref}}, ir.External)
		b := ir.NewBuilder(f)
		b.Ret(b.RefConst(&ir.RefConst{Name: "o", Ptr: unsafe.Pointer(o)}))
		l := e.NewLibrary("main")
		if _, err := l.Add(mod); err != nil {
			t.Fatal(err)
		}
		h, err := Lookup[func() unsafe.Pointer](l, "get")
		if err != nil {
			t.Fatal(err)
		}
		o.f = h
		if h.Call() != unsafe.Pointer(o) {
			t.Error("the constant is wrong")
		}
		runtime.AddCleanup(o, func(bool) { gone <- true }, true)
	}()
	for i := 0; ; i++ {
		runtime.GC()
		select {
		case <-gone:
			return
		case <-time.After(10 * time.Millisecond):
		}
		if i > 200 {
			t.Fatal("an object that only compiled code referred to was never collected")
		}
	}
}

func TestTraps(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		add(t, l, `module "m"
func @div(i64, i64) -> i64 {
entry(%a i64, %b i64):
  %c = sdiv.i64 %a, %b
  ret %c
}
func @deep(i64) -> i64 {
entry(%n i64):
  %m = add.i64 %n, 1
  %r = call @deep(%m)
  %s = add.i64 %r, %m
  ret %s
}
func @guarded(i64) -> i64 {
entry(%n i64):
  %c = slt.i64 %n, 10
  guard %c, 7(%n, -1)
  ret %n
}
`)
		div := lookup[func(int64, int64) (int64, error)](t, l, "div")
		var trap *native.TrapError
		if _, err := div(1, 0); !errors.As(err, &trap) || trap.Code != ir.TrapDivide || trap.Func != "div" {
			t.Error(err)
		}
		if v, err := div(7, -2); v != -3 || err != nil {
			t.Error(v, err)
		}
		deep := lookup[func(int64) (int64, error)](t, l, "deep")
		if _, err := deep(0); !errors.Is(err, native.ErrStackOverflow) {
			t.Error(err)
		}
		guarded := lookup[func(int64) (int64, error)](t, l, "guarded")
		var exit *ExitError
		if _, err := guarded(20); !errors.As(err, &exit) || exit.Number != 7 || len(exit.Values) != 2 || exit.Values[0] != 20 || int64(exit.Values[1]) != -1 {
			t.Error(err)
		}
		if v, err := guarded(3); v != 3 || err != nil {
			t.Error(v, err)
		}
	})
}

// noRWX fails if the process has a mapping that is writable and executable.
func noRWX(t *testing.T) {
	maps, err := os.ReadFile("/proc/self/maps")
	if err != nil {
		return // no such file on this platform
	}
	for line := range strings.Lines(string(maps)) {
		if f := strings.Fields(line); len(f) > 1 && strings.Contains(f[1], "wx") {
			t.Errorf("writable and executable: %s", line)
		}
	}
}

// TestTightLoopLetsOthersRun: beside a tight loop in compiled code, at GOMAXPROCS 1 and 2, another goroutine and the collector make progress: the
// slowest of five hand-overs, and of five collections, takes at most three times as long as beside a tight loop in Go, plus 300 ms (for the noise of
// a busy machine; a loop without safepoints would take the full minute).
func TestTightLoopLetsOthersRun(t *testing.T) {
	e := New(Options{})
	defer e.Close()
	if e.Native() != nil {
		t.Skip("about machine code, which this platform has not")
	}
	l := e.NewLibrary("main")
	add(t, l, loopText)
	f, err := Lookup[func(int64) (int64, error)](l, "sum")
	if err != nil {
		t.Fatal(err)
	}
	for _, procs := range []int{1, 2} {
		old := runtime.GOMAXPROCS(procs)
		goHand, goCollect := besideLoop(func(ctx context.Context) {
			var done atomic.Bool
			context.AfterFunc(ctx, func() { done.Store(true) })
			for !done.Load() {
			}
		})
		hand, collect := besideLoop(func(ctx context.Context) {
			if _, err := f.WithContext(ctx)(1 << 60); !errors.Is(err, context.Canceled) {
				t.Error(err)
			}
		})
		runtime.GOMAXPROCS(old)
		t.Logf("GOMAXPROCS=%d: hand-over %v (Go loop: %v), collection %v (%v)", procs, hand, goHand, collect, goCollect)
		if hand > 3*goHand+300*time.Millisecond || collect > 3*goCollect+300*time.Millisecond {
			t.Errorf("GOMAXPROCS=%d: hand-over %v (Go loop: %v), collection %v (%v)", procs, hand, goHand, collect, goCollect)
		}
	}
}

// besideLoop measures the slowest of five hand-overs to another goroutine and of five collections while spin runs.
func besideLoop(spin func(ctx context.Context)) (hand, collect time.Duration) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	done := make(chan bool)
	go func() { spin(ctx); close(done) }()
	ping, pong := make(chan bool), make(chan bool)
	go func() {
		for range ping {
			pong <- true
		}
	}()
	time.Sleep(10 * time.Millisecond)
	for range 5 {
		t0 := time.Now()
		ping <- true
		<-pong
		hand = max(hand, time.Since(t0))
		t0 = time.Now()
		runtime.GC()
		collect = max(collect, time.Since(t0))
	}
	cancel()
	<-done
	close(ping)
	return hand, collect
}

// TestModulePasses: modules joined and optimised as a whole lose what nobody can reach, keep what is external or used, call nothing that was
// inlined, and leave the originals as they were.
func TestModulePasses(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		a := parse(t, `module "a"
declare @square(i64) -> i64
global @k const internal size 8 { i64 5 }
func @f(i64) -> i64 {
entry(%x i64):
  %y = call @square(%x)
  %p = symaddr @k
  %k = load.i64 %p + 0
  %z = add.i64 %y, %k
  ret %z
}
func @dead(i64) -> i64 internal {
entry(%x i64):
  ret %x
}
func @pinned(i64) -> i64 internal used {
entry(%x i64):
  ret %x
}
`)
		b := parse(t, "module \"b\"\nfunc @square(i64) -> i64 {\nentry(%x i64):\n  %y = mul.i64 %x, %x\n  ret %y\n}\n")
		before := a.String() + b.String()
		l := e.NewLibrary("main")
		mod, err := l.AddOptimized("ab", a, b)
		if err != nil {
			t.Fatal(err)
		}
		if a.String()+b.String() != before {
			t.Error("the originals were changed")
		}
		text := mod.v.ir.String()
		if strings.Contains(text, "@dead") || !strings.Contains(text, "@pinned") || !strings.Contains(text, "@square") || strings.Contains(text, "call") {
			t.Errorf("module after its passes:\n%s", text)
		}
		if f := lookup[func(int64) int64](t, l, "f"); f(6) != 41 {
			t.Error("f(6) =", f(6))
		}
		if f := lookup[func(int64) int64](t, l, "square"); f(6) != 36 {
			t.Error("square(6) =", f(6))
		}
	})
}

// TestOnExit: a handler gives the results of a function that left, with refs.
func TestOnExit(t *testing.T) {
	type obj struct{ v int64 }
	given := &obj{5}
	both(t, Options{OnExit: func(x *Exit) (Answer, error) {
		if x.Func != "f" || x.Number != 3 || x.Values[0] != 20 || x.Refs[1] == nil {
			return Answer{}, fmt.Errorf("exit %+v", x)
		}
		(*obj)(x.Refs[1]).v++
		return Answer{Words: []uint64{77}, Refs: []unsafe.Pointer{unsafe.Pointer(given)}}, nil
	}}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		add(t, l, `module "m"
func @f(i64, ref) -> ref, i64 {
entry(%n i64, %p ref):
  %c = slt.i64 %n, 10
  guard %c, 3(%n, %p)
  ret %p, %n
}
func @g(i64, ref) -> ref, i64 {
entry(%n i64, %p ref):
  %q, %m = call @f(%n, %p)
  %k = add.i64 %m, 1
  ret %q, %k
}
`)
		g := lookup[func(int64, *obj) (*obj, int64, error)](t, l, "g")
		mine := &obj{1}
		if q, n, err := g(3, mine); q != mine || n != 4 || err != nil {
			t.Error(q, n, err)
		}
		if q, n, err := g(20, mine); q != given || n != 78 || err != nil || mine.v != 2 {
			t.Error(q, n, err, mine.v)
		}
	})
}

func BenchmarkCallHandle(b *testing.B) {
	e := New(Options{Tiers: FullOnly})
	defer e.Close()
	l := e.NewLibrary("main")
	add(b, l, addText)
	add(b, l, "module \"a4\"\nfunc @add4(i64, i64, i64, i64) -> i64 {\nentry(%a i64, %b i64, %c i64, %d i64):\n  %x = add.i64 %a, %b\n  %y = add.i64 %c, %d\n  %z = add.i64 %x, %y\n  ret %z\n}\n")
	f2 := lookup[func(int64, int64) int64](b, l, "add")
	f4 := lookup[func(int64, int64, int64, int64) int64](b, l, "add4")
	b.Run("2", func(b *testing.B) {
		for b.Loop() {
			f2(1, 2)
		}
	})
	b.Run("4", func(b *testing.B) {
		for b.Loop() {
			f4(1, 2, 3, 4)
		}
	})
}

func BenchmarkFib(b *testing.B) {
	e := New(Options{Tiers: FullOnly})
	defer e.Close()
	l := e.NewLibrary("main")
	add(b, l, fibText)
	f := lookup[func(int64) int64](b, l, "fib")
	for b.Loop() {
		f(27)
	}
}
