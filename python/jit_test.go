package python_test

import (
	"os"
	"strings"
	"testing"

	"martlet/python"
)

// script runs a program whose asserts are the test.
func script(t *testing.T, o python.Options, lines ...string) {
	t.Helper()
	var out strings.Builder
	o.Stdout, o.Stderr = &out, &out
	in, err := python.New(o)
	if err != nil {
		t.Fatal(err)
	}
	if code := in.RunString(strings.Join(lines, "\n")+"\n", "<test>"); code != 0 {
		t.Errorf("exit code %d\n%s", code, out.String())
	}
}

// hotness are the functions of TestHotness: what is called, and the co_hotness afterwards of f.
var hotness = []struct {
	name, def, call string
	want            int
}{
	{"a call counts 10", "def f(): pass", "f()", 10},
	{"calls add up", "def f(): pass", "f(); f(); f()", 30},
	{"a for loop counts its iterations", "def f():\n  for i in range(20): pass", "f()", 10 + 20},
	{"a while loop counts its iterations", "def f(n):\n  while n: n -= 1", "f(7)", 10 + 7},
	{"nested loops", "def f(n):\n  for i in range(n):\n    for j in range(n): pass", "f(5)", 10 + 5 + 25},
	{"an early exit from a for loop", "def f():\n  for i in range(100):\n    if i == 3: break", "f()", 10 + 4},
	{"an early exit from a while loop", "def f(n):\n  while True:\n    n -= 1\n    if n == 0: return", "f(5)", 10 + 4},
	{"continue", "def f():\n  for i in range(9):\n    if i & 1: continue", "f()", 10 + 9},
	{"an empty loop", "def f():\n  for i in (): pass", "f()", 10},
	{"a generator is one call however often it is resumed", "def f(n):\n  for i in range(n): yield i", "list(f(6))", 10 + 6},
	{"an unstarted generator", "def f():\n  yield 1", "f()", 0},
	{"recursion", "def f(n):\n  if n: f(n - 1)", "f(4)", 50},
	{"a method", "class C:\n  def f(self): pass\nf = C.f", "C().f(); C.f(C())", 20},
	{"keyword arguments", "def f(a, *, b): pass", "f(1, b=2)", 10},
	{"a call from Go", "def f(a): return a", "list(map(f, [1, 2, 3]))", 30},
	{"an exception leaves the count", "def f():\n  for i in range(5):\n    if i == 2: raise KeyError", "try: f()\nexcept KeyError: pass", 10 + 3},
}

// TestHotness checks the exact numbers: +10 a call, +1 a taken back-edge.
func TestHotness(t *testing.T) {
	for _, h := range hotness {
		t.Run(h.name, func(t *testing.T) {
			script(t, python.Options{}, h.def, "assert f.__code__.co_hotness == 0", h.call,
				"got = f.__code__.co_hotness", "assert got == "+itoa(h.want)+", got")
		})
	}
}

func itoa(n int) string { // the tests need nothing else of strconv
	if n < 10 {
		return string(rune('0' + n))
	}
	return itoa(n/10) + itoa(n%10)
}

func TestControlModes(t *testing.T) {
	for _, mode := range []string{"", "never", "whenhot", "always"} {
		want := mode
		if want == "" {
			want = "never"
		}
		script(t, python.Options{JIT: mode}, "import _jit", "assert _jit.get_mode() == '"+want+"'", "assert _jit.stats()['mode'] == '"+want+"'")
	}
	for _, o := range []python.Options{{JIT: "sometimes"}, {JITLevel: "3"}, {JITExecutor: "wasm"}, {JITThreshold: -1}} {
		if _, err := python.New(o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
}

func TestControlWrongValues(t *testing.T) {
	script(t, python.Options{}, `
import _jit
def f(): pass
def fails(kind, text, g, *a):
    try: g(*a)
    except kind as e: assert text in str(e), e
    else: assert False, (g, a)
fails(ValueError, "never, whenhot or always, not 'sometimes'", _jit.set_mode, 'sometimes')
fails(ValueError, "not ''", _jit.set_mode, '')
fails(TypeError, "must be a str, not int", _jit.set_mode, 1)
fails(ValueError, "from 1 to", _jit.set_threshold, 0)
fails(TypeError, "", _jit.set_threshold, 'x')
fails(ValueError, "level must be from 0 to 3, not 4", _jit.compile, f, 4)
fails(ValueError, "level must be from 0 to 3, not -1", _jit.compile, f, -1)
fails(TypeError, "a code object or Python function is required, not int", _jit.compile, 1)
fails(TypeError, "must be a bool, not int", setattr, f.__code__, 'co_use_jit', 1)
fails(AttributeError, "", setattr, f.__code__, 'co_hotness', 1)
assert _jit.get_mode() == 'never' and _jit.get_threshold() == 40 and f.__code__.co_use_jit is True
f.__code__.co_use_jit = False
fails(RuntimeError, "co_use_jit of f is false", _jit.compile, f)
`)
}

// TestLevels goes through the levels of one function.
func TestLevels(t *testing.T) {
	script(t, python.Options{}, `
import _jit
def f(n):
    s = 0
    for i in range(n):
        s += i
    return s
c = f.__code__
assert (c.co_optimization, c.co_ir, c.co_native, c.co_invalidations) == (-1, '', '', 0)
assert _jit.compile(f, 0) == 0 == c.co_optimization
assert c.co_ir.startswith('func @"py::f:<test>:'), c.co_ir
assert c.co_native == ''
assert _jit.compile(f, 1) == 1 == c.co_optimization
machine = c.co_native
assert f(10) == 45
assert _jit.compile(f, 2) == 2 == c.co_optimization
assert f(10) == 45
assert _jit.compile(f, 3) == 3 == c.co_optimization
assert _jit.ir(f) == c.co_ir and _jit.native(c) == c.co_native
if machine:
    assert 'ret' in c.co_native or 'jmp' in c.co_native
c.co_use_jit = False
assert (c.co_optimization, c.co_ir, c.co_native) == (-1, '', '')
c.co_use_jit = True
_jit.compile(f)
_jit.reset()
assert c.co_optimization == -1 and f(10) == 45
`)
}

// TestAlwaysMakesIR: in mode always a code object has IR when it is made and machine code after its first call.
func TestAlwaysMakesIR(t *testing.T) {
	script(t, python.Options{JIT: "always"}, `
def f(a, b):
    return a + b
c = f.__code__
assert c.co_optimization == 0 and c.co_ir and c.co_hotness == 0
assert f(1, 2) == 3
assert c.co_optimization >= 1
for i in range(100): assert f(i, 'x' * 0 or 1) == i + 1
assert f('a', 'b') == 'ab' and f(1.5, 2) == 3.5
`)
}

func TestNotToBeCompiled(t *testing.T) {
	script(t, python.Options{JIT: "always"}, `
import _jit
def f(n):
    for i in range(n): pass
f.__code__.co_use_jit = False
f(100); f(100)
_jit.wait()
assert f.__code__.co_optimization == -1, f.__code__.co_optimization
f.__code__.co_use_jit = True
assert f.__code__.co_optimization == 0
assert _jit.compile(f, 1) == 1
f(100)
`)
}

// TestModeChanges switches the mode while a loop is hot.
func TestModeChanges(t *testing.T) {
	script(t, python.Options{}, `
import _jit
def f(n):
    s = 0
    for i in range(n): s += i & 3
    return s
want = f(50000)
for mode in 'always', 'never', 'whenhot', 'always':
    _jit.set_mode(mode)
    assert f(50000) == want
    _jit.wait()
    assert f(50000) == want
    assert (f.__code__.co_optimization >= 1) == (mode == 'always'), (mode, f.__code__.co_optimization)
assert _jit.stats()['compiles'] >= 2
`)
}

// TestBackground: full code arrives while the program runs, and wait waits for it.
func TestBackground(t *testing.T) {
	script(t, python.Options{JIT: "always"}, `
import _jit
def f(n):
    s = 0
    for i in range(n): s += i & 3
    return s
for k in range(20): f(30) # too little to be measured and given up
_jit.wait()
st = _jit.stats()
assert f.__code__.co_optimization >= 2, f.__code__.co_optimization
assert st['background_ns'] > 0 and 0 < st['longest_pause_ns'] <= st['waited_ns']
`)
}

// TestDeath makes and drops functions; their code and what the driver knows of them must go with them. With
// MARTLET_SOAK it is 100,000.
func TestDeath(t *testing.T) {
	n := "400"
	if testing.Short() {
		n = "150"
	}
	if os.Getenv("MARTLET_SOAK") != "" {
		n = "100000"
	}
	script(t, python.Options{JIT: "always"}, "n = "+n, `
import _jit, gc
def live():
    gc.collect(); _jit.wait(); gc.collect(); gc.collect()
    st = _jit.stats()
    return st['regions'], st['machine_bytes'], st['machine_mapped'], st['compiles']
def make(i):
    ns = {}
    exec("class C:\n  def m(self): return 1\ndef f(x):\n  s = 0\n  for i in range(x):\n    s += C().m()\n  return lambda: s + %d\nr = f(9)()" % i, ns)
    assert ns['r'] == 9 + i
for i in range(100): make(i)
before = live()
for i in range(n): make(i)
after = live()
print(before, after)
assert after[3] - before[3] >= n, 'nothing was compiled'
assert after[0] <= before[0] + 100, (before, after)
assert after[1] <= before[1] + 400000, (before, after) # all of it would be some megabytes
assert after[2] <= before[2] + 2000000, (before, after)
`)
}
