package interp_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"unsafe"

	"martlet/ir"
	"martlet/ir/interp"
)

func machine(t *testing.T, src string, opt interp.Options) *interp.Machine {
	t.Helper()
	m, err := ir.Parse("test.ir", src)
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	mc, err := interp.New(m, opt)
	if err != nil {
		t.Fatal(err)
	}
	return mc
}

// A function made through ir.Builder and run: code generation without text.
func Example() {
	m := ir.NewModule("example")
	sig := ir.Signature{Params: []ir.Type{ir.I64}, Results: []ir.Type{ir.I64}}
	f := m.AddFunc("triangle", sig, ir.External)
	b := ir.NewBuilder(f)
	loop, done := b.NewBlock(ir.I64, ir.I64), b.NewBlock()
	b.Jump(loop, b.Int(0), b.Int(0))
	b.At(loop)
	i, sum := loop.Params[0], loop.Params[1]
	next := b.Add(i, b.Int(1))
	b.Br(b.Slt(i, b.Param(0)), ir.To(loop, next, b.Add(sum, next)), ir.To(done))
	b.At(done)
	b.Ret(sum)
	if err := ir.Verify(m); err != nil {
		fmt.Println(err)
		return
	}
	mc, err := interp.New(m, interp.Options{MaxSteps: 1000})
	if err != nil {
		fmt.Println(err)
		return
	}
	res, err := mc.Call("triangle", interp.I64(10))
	fmt.Println(res.Values, err)
	// Output: [55] <nil>
}

func TestStepLimit(t *testing.T) {
	mc := machine(t, "func @f() {\nentry:\n  jump on\non:\n  jump on\n}\n", interp.Options{MaxSteps: 100})
	_, err := mc.Call("f")
	var limit *interp.ErrSteps
	if !errors.As(err, &limit) || mc.Steps < 100 || mc.Steps > 102 {
		t.Errorf("%v after %d steps", err, mc.Steps)
	}
}

func TestMemoryIsChecked(t *testing.T) {
	src := `
type @T size 16 ptrs 0
global @g size 8
global @c const size 8
func @f(i64) {
entry(%k i64):
  %s = stackaddr 8
  %g = symaddr @g
  %c = symaddr @c
  %t = alloc @T
  switch %k [0: past, 1: before, 2: global, 3: konst, 4: object, 5: number, 6: word, 7: wild, 8: good] default good
past:
  store.i8 %s + 8, 1
  ret
before:
  %x1 = load.i8 %s - 1
  ret
global:
  %x2 = load.i64 %g + 1
  ret
konst:
  store.i8 %c, 1
  ret
object:
  %x3 = load.i64 %t + 16
  ret
number:
  %x4 = load.i64 %t
  ret
word:
  store.ref %t + 8, nil
  ret
wild:
  memzero %g, 9
  ret
good:
  store.i64 %s, 1
  store.i64 %t + 8, 1
  store.ref %t, %t
  memmove %g, %s, 8
  ret
}
`
	mc := machine(t, src, interp.Options{CheckRefs: true})
	for k := range int64(9) {
		_, err := mc.Call("f", interp.I64(k))
		var trap *interp.Trap
		if k == 8 && err != nil || k < 8 && (!errors.As(err, &trap) || trap.Code != ir.TrapMemory) {
			t.Errorf("case %d: %v", k, err)
		}
		if k < 8 && !strings.HasPrefix(err.Error(), "test.ir:") {
			t.Errorf("no place in %v", err)
		}
	}
}

func TestHostMemoryAndGo(t *testing.T) {
	src := `
declare go @sum(i64, ref, f64) -> f64, ref
declare global @shared size 8
func @f(ptr, ref) -> f64, ref {
entry(%p ptr, %r ref):
  %x = load.i64 %p + 8
  %y = mul.i64 %x, 2
  store.i64 %p, %y
  %g = symaddr @shared
  store.i64 %g, %x
  %s, %q = call @sum(%y, %r, 0.5)
  ret %s, %q
}
`
	shared, obj := new(int64), new(int)
	mc := machine(t, src, interp.Options{
		Global: func(string) (unsafe.Pointer, int) { return unsafe.Pointer(shared), 8 },
		Go: func(name string) ir.GoFunc {
			return func(w []uint64, r []unsafe.Pointer) {
				if name != "sum" || r[0] != unsafe.Pointer(obj) {
					t.Errorf("called %s with %v", name, r)
				}
				w[0] = uint64(interp.F64(float64(w[0]) + interp.Val{Type: ir.F64, Bits: int64(w[1])}.Float()).Bits)
				r[0] = nil
			}
		},
	})
	buf := []int64{0, 21}
	if _, err := mc.Call("f", interp.Ptr(unsafe.Pointer(&buf[0])), interp.Ref(unsafe.Pointer(obj))); err == nil {
		t.Error("memory that was not handed out is readable")
	}
	mc.AddRegion(unsafe.Pointer(&buf[0]), 16)
	res, err := mc.Call("f", interp.Ptr(unsafe.Pointer(&buf[0])), interp.Ref(unsafe.Pointer(obj)))
	if err != nil || res.Values[0].Float() != 42.5 || res.Values[1].Ref != nil || buf[0] != 42 || *shared != 21 {
		t.Error(res, err, buf, *shared)
	}
}

// TestExitHandler lets a handler finish the function that left, as the
// interpreter of a language would, and its compiled caller go on.
func TestExitHandler(t *testing.T) {
	src := `
func @inner(i64) -> i64 {
entry(%x i64):
  %ok = slt.i64 %x, 10
  guard %ok, 4(%x)
  ret %x
}
func @outer(i64) -> i64 {
entry(%x i64):
  %y = call @inner(%x)
  %z = add.i64 %y, 1
  ret %z
}
`
	opt := interp.Options{OnExit: func(m *interp.Machine, e *interp.Exit) ([]interp.Val, error) {
		if e.Number != 4 || e.Func.Name != "inner" {
			t.Errorf("exit %d of %s", e.Number, e.Func.Name)
		}
		res, err := m.Call("inner", interp.I64(e.Values[0].Bits/10)) // calls may nest
		return []interp.Val{interp.I64(100 * res.Values[0].Bits)}, err
	}}
	mc := machine(t, src, opt)
	res, err := mc.Call("outer", interp.I64(35))
	if err != nil || res.Values[0].Bits != 301 {
		t.Error(res, err)
	}
}

func TestDeepRecursion(t *testing.T) {
	src := "func @f(i64) -> i64 {\nentry(%n i64):\n  %s = stackaddr 40\n  store.i64 %s, %n\n  %c = eq.i64 %n, 0\n  br %c, done, more\nmore:\n  %m = sub.i64 %n, 1\n  %r = call @f(%m)\n  %o = load.i64 %s\n  %t = add.i64 %o, %r\n  ret %t\ndone:\n  ret 0\n}\n"
	mc := machine(t, src, interp.Options{MaxDepth: 5000})
	if res, err := mc.Call("f", interp.I64(4000)); err != nil || res.Values[0].Bits != 4000*4001/2 {
		t.Error(res, err)
	}
	_, err := mc.Call("f", interp.I64(6000))
	var trap *interp.Trap
	if !errors.As(err, &trap) || trap.Code != ir.TrapOverflow {
		t.Error(err)
	}
	if res, err := mc.Call("f", interp.I64(10)); err != nil || res.Values[0].Bits != 55 {
		t.Error("after an overflow:", res, err)
	}
}
