package irtest

import (
	"fmt"
	"os"
	"testing"

	"martlet/ir"
	"martlet/ir/interp"
)

const powerText = `
func @power(i64, i64) -> i64 {
entry(%x i64, %n i64):
  jump loop(1, %x, %n)
loop(%p i64, %b i64, %k i64):
  %c = ne.i64 %k, 0
  br %c, body, done
body:
  %odd = and.i64 %k, 1
  %q = mul.i64 %p, %b
  %r = select.i64 1, %q, %p
  %isodd = trunc.i8 %odd
  br %isodd, multiply, skip(%p)
multiply:
  jump skip(%q)
skip(%p1 i64):
  %b1 = mul.i64 %b, %b
  %k1 = lshr.i64 %k, 1
  jump loop(%p1, %b1, %k1)
done:
  ret %p
}
`

// A power function with a constant exponent becomes straight-line multiplications.
func ExampleExecutor_specialize() {
	m := ir.MustParse("power.ir", powerText)
	f := ir.Specialize(m.Func("power"), []ir.Fixed{{Param: 1, Value: 5}}, ir.SpecializeOptions{Name: "fifth"})
	fmt.Print(f)
	fmt.Println(Interp{}.Run(m, f, []interp.Val{interp.I64(3)}))
	// Output:
	// func @fifth(i64) -> i64 {
	// b0(%x i64):
	//   %4 = mul.i64 1, %x
	//   %9 = mul.i64 %x, %x
	//   %17 = mul.i64 %9, %9
	//   %22 = mul.i64 %4, %17
	//   ret %22
	// }
	// == 243
}

// TestFutamura specialises an interpreter to a program: the program's own loop is what is left.
func TestFutamura(t *testing.T) {
	// Opcodes: 0 halt with acc, 1 acc += arg, 2 acc *= arg, 3 n--, 4 jump to arg if n > 0.
	src := `
global @program const size 10 { i8 1 7 2 3 3 0 4 0 0 0 }
func @run(ptr, i64, i64) -> i64 {
entry(%code ptr, %acc0 i64, %n0 i64):
  jump loop(0, %acc0, %n0)
loop(%pc i64, %acc i64, %n i64):
  %a = addrof.ptr %code, %pc
  %op = load.i8 %a
  %arg8 = load.i8 %a + 1
  %arg = sext.i64 %arg8
  %next = add.i64 %pc, 2
  switch %op [1: plus, 2: times, 3: down, 4: again] default halt
plus:
  %p = add.i64 %acc, %arg
  jump loop(%next, %p, %n)
times:
  %q = mul.i64 %acc, %arg
  jump loop(%next, %q, %n)
down:
  %m = sub.i64 %n, 1
  jump loop(%next, %acc, %m)
again:
  %c = sgt.i64 %n, 0
  br %c, taken, loop(%next, %acc, %n)
taken:
  jump loop(%arg, %acc, %n)
halt:
  ret %acc
}
`
	m := ir.MustParse("futamura.ir", src)
	f := ir.Specialize(m.Func("run"), []ir.Fixed{{Param: 0, Sym: m.Global("program")}}, ir.SpecializeOptions{Name: "compiled"})
	if err := ir.Verify(m); err != nil {
		t.Fatal(err, f)
	}
	count := map[ir.Op]int{}
	for _, b := range f.Blocks {
		count[b.End.Op]++
		for _, v := range b.Insts {
			count[v.Op]++
		}
	}
	if count[ir.OpLoad]+count[ir.OpSwitch] != 0 || count[ir.OpMul] > 2 || count[ir.OpBr] > 2 {
		t.Errorf("the interpreter is still there: %v\n%s", count, f)
	}
	want := Interp{}.Run(m, m.Func("compiled"), []interp.Val{interp.I64(2), interp.I64(4)})
	if want.Values[0].Bits != 1002 { // ((((2+7)*3+7)*3+7)*3+7)*3
		t.Errorf("%s\n%s", want, f)
	}
}

// TestSpecializeFolds follows a recursion with known arguments to its end.
func TestSpecializeFolds(t *testing.T) {
	src := "func @fib(i64) -> i64 {\nentry(%n i64):\n  %c = slt.i64 %n, 2\n  br %c, small, big\nsmall:\n  ret %n\nbig:\n  %a = sub.i64 %n, 1\n  %x = call @fib(%a)\n  %b = sub.i64 %n, 2\n  %y = call @fib(%b)\n  %s = add.i64 %x, %y\n  ret %s\n}\n"
	m := ir.MustParse("fib.ir", src)
	f := ir.Specialize(m.Func("fib"), []ir.Fixed{{Param: 0, Value: 30}}, ir.SpecializeOptions{})
	if err := ir.Verify(m); err != nil {
		t.Fatal(err)
	}
	if r := f.Entry().End.Args[0]; len(f.Blocks) != 1 || r.Op != ir.OpConst || r.Imm != 832040 {
		t.Errorf("fib(30) did not fold:\n%s", f)
	}
}

// TestSpecializeStops gives it programs that would unroll or clone for ever.
func TestSpecializeStops(t *testing.T) {
	for _, src := range []string{
		"func @f(i64, i64) -> i64 {\nentry(%n i64, %k i64):\n  jump loop(%k)\nloop(%i i64):\n  %c = slt.i64 %i, %n\n  %j = add.i64 %i, 1\n  br %c, loop(%j), done\ndone:\n  ret %i\n}\n",
		"func @f(i64, i64) -> i64 {\nentry(%n i64, %k i64):\n  jump loop(%k)\nloop(%i i64):\n  %j = add.i64 %i, 1\n  jump loop(%j)\n}\n",
		"func @f(i64, i64) -> i64 {\nentry(%n i64, %k i64):\n  %k1 = add.i64 %k, 1\n  %r = call @f(%n, %k1)\n  ret %r\n}\n",
		"func @f(i64, i64) -> i64 {\nentry(%n i64, %k i64):\n  %s = slt.i64 %n, 0\n  br %s, a(%k), b(%k)\na(%x i64):\n  %x1 = add.i64 %x, 1\n  %c = slt.i64 %x, %n\n  br %c, b(%x1), done(%x)\nb(%y i64):\n  %y1 = mul.i64 %y, 3\n  jump a(%y1)\ndone(%z i64):\n  ret %z\n}\n",
	} {
		m := ir.MustParse("stop.ir", src)
		f := ir.Specialize(m.Func("f"), []ir.Fixed{{Param: 1, Value: 1}}, ir.SpecializeOptions{MaxValues: 500, MaxClones: 20})
		if err := ir.Verify(m); err != nil {
			t.Errorf("%v\n%s", err, f)
		}
		if n := countInsts(f); n > 1000 || len(m.Funcs) > 30 {
			t.Errorf("%d instructions, %d functions from\n%s", n, len(m.Funcs), src)
		}
	}
}

// TestSpecializeRandom compares functions with their specialised versions.
func TestSpecializeRandom(t *testing.T) {
	n := uint64(300)
	if os.Getenv("MARTLET_SOAK") != "" {
		n = 50000
	}
	for seed := range n {
		if diff := specializedDiffers(Generate(seed, Config{}), seed); diff != "" {
			small := Reduce(Generate(seed, Config{}), 2000, func(m *ir.Module) bool { return specializedDiffers(m, seed) != "" })
			t.Fatalf("seed %d: %s\n%s", seed, specializedDiffers(small, seed), small)
		}
	}
}

func specializedDiffers(m *ir.Module, seed uint64) (diff string) {
	defer func() {
		if r := recover(); r != nil {
			diff = fmt.Sprint("panic: ", r)
		}
	}()
	f := m.Func("f")
	args := Inputs(seed, 1, f.Sig)
	run := Interp{MaxSteps: 100000}
	want := run.Run(m, f, args)
	for _, all := range []bool{false, true} {
		c := copyModule(m)
		var fixed []ir.Fixed
		var rest []interp.Val
		for i, a := range args {
			if a.Type != ir.Ref && (all || (seed>>i)&1 == 0) {
				fixed = append(fixed, ir.Fixed{Param: i, Value: a.Bits})
			} else {
				rest = append(rest, a)
			}
		}
		g := ir.Specialize(c.Func("f"), fixed, ir.SpecializeOptions{MaxValues: 3000, MaxClones: 30})
		if err := ir.Verify(c); err != nil {
			return err.Error()
		}
		if got := run.Run(c, g, rest); want.Err == nil && !want.Same(got) {
			return "want " + want.String() + ", got " + got.String() + "\n" + g.String()
		}
	}
	return ""
}
