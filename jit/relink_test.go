package jit

import (
	"errors"
	"fmt"
	"runtime"
	"sync"
	"testing"
	"time"
)

// dataModule defines a global @x and a function @pick, both of a value.
func dataModule(value int) string {
	return fmt.Sprintf("module \"data%[1]d\"\nglobal @x size 8 { i64 %[1]d }\nfunc @pick() -> i64 {\nentry:\n  ret %[1]d\n}\n", value)
}

const dataUser = `module "user"
declare global @x size 8
declare @pick() -> i64
declare go @pause(i64) -> i64
func @get() -> i64 {
entry:
  %p = symaddr @x
  %v = load.i64 %p + 0
  ret %v
}
func @set(i64) {
entry(%v i64):
  %p = symaddr @x
  store.i64 %p, %v
  ret
}
func @twice() -> i64 {
entry:
  %p = symaddr @x
  %v = load.i64 %p + 0
  %z = call @pause(%v)
  %w = load.i64 %p + 0
  %s = add.i64 %v, %w
  ret %s
}
func @picked() -> i64 {
entry:
  %v = call @pick()
  ret %v
}
`

// churn collects, and fills what was freed.
func churn() {
	for range 3 {
		runtime.GC()
		for range 10_000 {
			churned = make([]uint64, 3)
			churned[0], churned[1], churned[2] = 77, 77, 77
		}
	}
}

var churned []uint64

// TestDataOfAnotherModuleIsReplaced: code that contains the address of a global of another module uses the new global once that module has been
// replaced; a frame inside the old code still has the old one.
func TestDataOfAnotherModuleIsReplaced(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		m := add(t, l, dataModule(1))
		next := 0
		if err := l.DefineGo("pause", func(x int64) int64 {
			if next++; next == 1 {
				if err := m.Replace(parse(t, dataModule(2))); err != nil {
					t.Error(err)
				}
				churn()
			}
			return 0
		}); err != nil {
			t.Fatal(err)
		}
		add(t, l, dataUser)
		get, set := lookup[func() (int64, error)](t, l, "get"), lookup[func(int64) error](t, l, "set")
		check := func(want int64) {
			t.Helper()
			if v, err := get(); v != want || err != nil {
				t.Errorf("x = %d, %v; want %d", v, err, want)
			}
		}
		check(1)
		if err := set(5); err != nil {
			t.Error(err)
		}
		check(5)
		if v, err := lookup[func() (int64, error)](t, l, "twice")(); v != 10 || err != nil {
			t.Errorf("a frame over the replacement: %d, %v; want 10", v, err)
		}
		check(2)
		if err := m.Remove(); err != nil {
			t.Fatal(err)
		}
		churn()
		var miss *MissingError
		if v, err := get(); !errors.As(err, &miss) || miss.Symbol != "x" || miss.Module != "user" {
			t.Errorf("a removed global: %d, %v", v, err)
		}
		add(t, l, dataModule(3))
		check(3)
	})
}

// TestRemovalRevealsTheNext: when the definition that won by link order is removed, the next one counts, for compiled callers and handles; when a
// symbol comes back to a library that has an importance before another's, code that is compiled from then on gets it.
func TestRemovalRevealsTheNext(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		first, second := e.NewLibrary("first"), e.NewLibrary("second")
		l := e.NewLibrary("main", first, second)
		if err := l.DefineGo("pause", func(x int64) int64 { return 0 }); err != nil {
			t.Fatal(err)
		}
		m := add(t, first, dataModule(1))
		add(t, second, dataModule(2))
		add(t, l, dataUser)
		get, picked, pick := lookup[func() (int64, error)](t, l, "get"), lookup[func() (int64, error)](t, l, "picked"), lookup[func() (int64, error)](t, l, "pick")
		check := func(what string, call func() (int64, error), want int64) {
			t.Helper()
			if v, err := call(); v != want || err != nil {
				t.Errorf("%s = %d, %v; want %d", what, v, err, want)
			}
		}
		check("x", get, 1)
		check("the callee", picked, 1)
		check("the handle", pick, 1)
		if err := m.Remove(); err != nil {
			t.Fatal(err)
		}
		churn()
		check("x", get, 2)
		check("the callee", picked, 2)
		check("the handle", pick, 2)
	})
}

// TestGoFunctionIsRedefined: code that calls a Go function directly calls the new one after a redefinition, gets an error while there is none, and
// keeps what the old one refers to no longer than frames that may call it.
func TestGoFunctionIsRedefined(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		define := func(k int64) <-chan bool {
			kept := &[100]int64{k}
			gone := make(chan bool)
			runtime.AddCleanup(kept, func(c chan bool) { close(c) }, gone)
			if err := l.DefineGo("pause", func(x int64) int64 { return x + kept[0] }); err != nil {
				t.Fatal(err)
			}
			return gone
		}
		first := define(10)
		add(t, l, "module \"user\"\ndeclare go @pause(i64) -> i64\nfunc @f(i64) -> i64 {\nentry(%x i64):\n  %y = call @pause(%x)\n  ret %y\n}\n")
		f := lookup[func(int64) (int64, error)](t, l, "f")
		if v, err := f(1); v != 11 || err != nil {
			t.Error(v, err)
		}
		if err := l.Undefine("pause"); err != nil {
			t.Fatal(err)
		}
		var miss *MissingError
		if v, err := f(1); !errors.As(err, &miss) || miss.Symbol != "pause" {
			t.Errorf("an undefined Go function: %d, %v", v, err)
		}
		for range 100 {
			runtime.GC()
			e.Wait()
			select {
			case <-first:
				goto collected
			case <-time.After(time.Millisecond):
			}
		}
		t.Error("what the Go function referred to was not collected")
	collected:
		define(20)
		if v, err := f(1); v != 21 || err != nil {
			t.Errorf("a redefined Go function: %d, %v; want 21", v, err)
		}
	})
}

// TestEvents: everything that happens to functions is told, with the reason.
func TestEvents(t *testing.T) {
	var mu sync.Mutex
	seen := map[string]bool{}
	e := New(Options{HotCount: 100, CodeBudget: 1500, Events: func(ev Event) {
		mu.Lock()
		defer mu.Unlock()
		if s := ev.Kind.String() + " " + ev.Func; ev.Reason != "" {
			seen[s+": "+ev.Reason] = true
		} else {
			seen[s+" "+ev.Level] = true
		}
		if (ev.Kind == Compiled || ev.Kind == Invalidated || ev.Kind == Evicted || ev.Kind == EnteredOSR) && ev.Bytes == 0 || ev.Kind == Compiled && ev.Time == 0 {
			t.Errorf("%v lacks the size or time", ev)
		}
	}})
	if e.Native() != nil {
		t.Skip("about machine code, which this platform has not")
	}
	l := e.NewLibrary("main")
	add(t, l, loopText)
	if _, err := lookup[func(int64) (int64, error)](t, l, "sum")(100_000_000); err != nil {
		t.Fatal(err)
	}
	m := add(t, l, dataModule(1))
	if err := l.DefineGo("pause", func(int64) int64 { return 0 }); err != nil {
		t.Fatal(err)
	}
	user := add(t, l, dataUser)
	get := lookup[func() (int64, error)](t, l, "get")
	call := func() {
		t.Helper()
		if _, err := get(); err != nil {
			t.Error(err)
		}
	}
	call()
	if err := m.Replace(parse(t, dataModule(2))); err != nil {
		t.Error(err)
	}
	call()
	tok := e.NewToken("weather")
	if err := user.Depend("get", tok); err != nil {
		t.Error(err)
	}
	tok.Invalidate()
	for i := range 100 {
		add(t, l, fmt.Sprintf("module \"m%d\"\nfunc @f%d(i64) -> i64 {\nentry(%%x i64):\n  %%y = add.i64 %%x, %d\n  ret %%y\n}\n", i, i, i))
		lookup[func(int64) int64](t, l, fmt.Sprint("f", i))(1)
	}
	if err := user.Remove(); err != nil {
		t.Error(err)
	}
	e.Close()
	for _, want := range []string{"created sum ", "compiled sum quick", "compiled sum full", "osr sum full", "created get ", "compiled get quick",
		"invalidated get: @x is redefined or removed", "invalidated get: assumption weather", "redefined get: removed", "redefined pick: replaced",
		"evicted f0 quick", "freed f0 "} {
		mu.Lock()
		if !seen[want] {
			t.Errorf("no event %q", want)
		}
		mu.Unlock()
	}
	if t.Failed() {
		t.Log(seen)
	}
}

// TestReplaceChangesSignature: callers that were compiled for the old signature get an error, new ones the new function; what was a function may become a
// global.
func TestReplaceChangesSignature(t *testing.T) {
	both(t, Options{}, func(t *testing.T, e *Engine) {
		l := e.NewLibrary("main")
		m := add(t, l, "module \"m\"\nfunc @f(i64) -> i64 {\nentry(%x i64):\n  ret %x\n}\n")
		add(t, l, "module \"user\"\ndeclare @f(i64) -> i64\nfunc @g(i64) -> i64 {\nentry(%x i64):\n  %y = call @f(%x)\n  ret %y\n}\n")
		f, g := lookup[func(int64) (int64, error)](t, l, "f"), lookup[func(int64) (int64, error)](t, l, "g")
		for _, call := range []func(int64) (int64, error){f, g} {
			if v, err := call(7); v != 7 || err != nil {
				t.Error(v, err)
			}
		}
		if err := m.Replace(parse(t, "module \"m\"\nfunc @f(i64, i64) -> i64 {\nentry(%x i64, %y i64):\n  %z = add.i64 %x, %y\n  ret %z\n}\n")); err != nil {
			t.Fatal(err)
		}
		var sig *SignatureError
		for _, call := range []func(int64) (int64, error){f, g} {
			if v, err := call(7); !errors.As(err, &sig) || sig.Symbol != "f" {
				t.Errorf("a call with the old signature: %d, %v", v, err)
			}
		}
		if v, err := lookup[func(int64, int64) (int64, error)](t, l, "f")(40, 2); v != 42 || err != nil {
			t.Errorf("the new function: %d, %v", v, err)
		}
		if err := m.Replace(parse(t, "module \"m\"\nglobal @f size 8 { i64 5 }\n")); err != nil {
			t.Fatal(err)
		}
		if v, err := g(7); !errors.As(err, &sig) || sig.Symbol != "f" {
			t.Errorf("a call of a global: %d, %v", v, err)
		}
		if d, err := l.Data("f"); err != nil || d[0] != 5 {
			t.Errorf("the global: %v, %v", d, err)
		}
		if err := m.Replace(parse(t, "module \"m\"\nfunc @f(i64) -> i64 {\nentry(%x i64):\n  ret %x\n}\n")); err != nil {
			t.Fatal(err)
		}
		if v, err := g(7); v != 7 || err != nil {
			t.Errorf("the first function again: %d, %v", v, err)
		}
	})
}
