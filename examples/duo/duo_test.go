package duo

import (
	"math/rand/v2"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
	"martlet/internal/opt"
	"martlet/ir"
)

// f1 is the historical benchmark:
// i=0; x=1; while i<n: { j=0; while j<=i: { j+=1; x+=i&j }; i+=1 }; return x.
var f1 = &Code{
	Consts: []Value{IntValue(0), IntValue(1)},
	Instrs: []Instr{
		{Op: Const, A: 1, C: 0},           // i = 0
		{Op: Const, A: 2, C: 1},           // x = 1
		{Op: Const, A: 5, C: 1},           // one
		{Op: Jump, C: 11},                 //
		{Op: Const, A: 3, C: 0},           // 4: j = 0
		{Op: Jump, C: 9},                  //
		{Op: Add, A: 3, B: 3, C: 5},       // 6: j += 1
		{Op: And, A: 4, B: 1, C: 3},       // i & j
		{Op: Add, A: 2, B: 2, C: 4},       // x += i & j
		{Op: LessEqual, A: 3, B: 1, C: 6}, // 9: while j <= i
		{Op: Add, A: 1, B: 1, C: 5},       // i += 1
		{Op: Less, A: 1, B: 0, C: 4},      // 11: while i < n
		{Op: Ret, A: 2},
	},
}

// floatSum is s = s*half + i in floats, n times.
var floatSum = &Code{
	Consts: []Value{FloatValue(0), FloatValue(0.5), IntValue(1), IntValue(0)},
	Instrs: []Instr{
		{Op: Const, A: 1, C: 0}, {Op: Const, A: 2, C: 1}, {Op: Const, A: 3, C: 2}, {Op: Const, A: 4, C: 3}, {Op: Const, A: 5, C: 0}, {Op: Const, A: 6, C: 1},
		{Op: Mul, A: 1, B: 1, C: 2}, // 6: s *= 0.5
		{Op: Add, A: 1, B: 1, C: 5}, // s += t
		{Op: Add, A: 5, B: 5, C: 6}, // t += 0.5
		{Op: Add, A: 4, B: 4, C: 3}, // i += 1
		{Op: Less, A: 4, B: 0, C: 6},
		{Op: Ret, A: 1},
	},
}

type outcome struct {
	result Value
	regs   [NumRegs]Value
}

func interpret(c *Code, arg Value, jit *Driver) outcome {
	var f Frame
	f.R[0] = arg
	v := Run(&Code{Instrs: c.Instrs, Consts: c.Consts}, &f, jit)
	return outcome{v, f.R}
}

func compiled(t testing.TB, c *Code, arg Value, o genext.Options) (outcome, *genext.Handle) {
	t.Helper()
	jit, h, err := NewDriver(o)
	if err != nil {
		t.Fatal(err)
	}
	return interpret(c, arg, jit), h
}

func TestF1(t *testing.T) {
	for name, o := range genexttest.Configs() {
		got, h := compiled(t, f1, IntValue(60), o)
		if want := interpret(f1, IntValue(60), nil); got != want {
			t.Errorf("%s: %v, want %v", name, got, want)
		}
		if h.Stats().Runs == 0 {
			t.Errorf("%s: no compiled code ran", name)
		}
	}
}

// TestFloatLoopUnboxed: the float loop has no access to memory and no test of a type.
func TestFloatLoopUnboxed(t *testing.T) {
	_, h := compiled(t, floatSum, IntValue(1000), genext.Options{Level: opt.Full})
	c := genexttest.Loop(h.Regions()[0])
	if c[ir.OpLoad]+c[ir.OpStore] != 0 || c[ir.OpFadd] != 2 || c[ir.OpFmul] != 1 || c[ir.OpEq]+c[ir.OpNe] > 1 {
		t.Errorf("loop has %v\n%s", c, h.Regions()[0])
	}
}

func random(seed uint64) *Code {
	r := rand.New(rand.NewPCG(seed, 2))
	c := &Code{Consts: []Value{IntValue(0), IntValue(1), FloatValue(1.5), IntValue(3), FloatValue(-0.25), IntValue(1 << 62), IntValue(-7)}}
	emit := func(op Op, a, b, x int) { c.Instrs = append(c.Instrs, Instr{op, uint8(a), uint8(b), int32(x)}) }
	size := genexttest.Size(seed, 60, 20)
	var body func(depth int)
	body = func(depth int) {
		for range 1 + r.IntN(genexttest.Size(seed, 5, 3)) {
			switch k := r.IntN(9); {
			case k == 0 && depth < 3 && len(c.Instrs) < size:
				i := 12 + depth
				emit(Const, i, 0, 0)
				emit(Const, 10, 0, 1)
				top := len(c.Instrs)
				body(depth + 1)
				emit(Const, 10, 0, 1)
				emit(Add, i, i, 10)
				emit(Const, 11, 0, 3)
				emit(Add, 11, 11, 11)
				emit(Less, i, 11, top)
			case k <= 2 && len(c.Instrs) < size:
				at := len(c.Instrs)
				emit(Less+Op(r.IntN(2)), r.IntN(10), r.IntN(10), 0)
				body(depth)
				c.Instrs[at].C = int32(len(c.Instrs))
			case k == 3:
				emit(Const, r.IntN(10), 0, r.IntN(len(c.Consts)))
			default:
				emit(Add+Op(r.IntN(4)), r.IntN(10), r.IntN(10), r.IntN(10))
			}
		}
	}
	emit(Const, 15, 0, 0)
	top := len(c.Instrs)
	body(0)
	emit(Const, 10, 0, 1)
	emit(Add, 15, 15, 10)
	emit(Const, 11, 0, 3)
	emit(Add, 11, 11, 11)
	emit(Less, 15, 11, top)
	emit(Ret, r.IntN(10), 0, 0)
	return c
}

func TestRandomPrograms(t *testing.T) {
	genexttest.Random(t, 12, same, func(t testing.TB, seed uint64, o *genext.Options) outcome {
		c := random(seed)
		if err := c.Verify(); err != nil {
			t.Fatal(err)
		}
		if o == nil {
			return interpret(c, IntValue(int64(seed)), nil)
		}
		got, _ := compiled(t, c, IntValue(int64(seed)), *o)
		return got
	})
}

// same compares outcomes; all NaNs are one.
func same(a, b outcome) bool {
	for i := range a.regs {
		if !sameValue(a.regs[i], b.regs[i]) {
			return false
		}
	}
	return sameValue(a.result, b.result)
}

func sameValue(a, b Value) bool {
	return a == b || a.Type == Float && b.Type == Float && a.float() != a.float() && b.float() != b.float()
}

func BenchmarkF1Go(b *testing.B) {
	genexttest.Best(b, func() {
		if f1ByHand(2117) == 0 {
			b.Fatal()
		}
	})
}

//go:noinline
func f1ByHand(n int64) int64 {
	i, x := int64(0), int64(1)
	for i < n {
		j := int64(0)
		for j <= i {
			j++
			x += i & j
		}
		i++
	}
	return x
}

func BenchmarkF1Interpreter(b *testing.B) {
	genexttest.Best(b, func() {
		interpret(f1, IntValue(2117), nil)
	})
}

func BenchmarkF1Compiled(b *testing.B) { benchmark(b, f1, 2117) }

func BenchmarkFloatInterpreter(b *testing.B) {
	genexttest.Best(b, func() {
		interpret(floatSum, IntValue(1_000_000), nil)
	})
}

func BenchmarkFloatCompiled(b *testing.B) { benchmark(b, floatSum, 1_000_000) }

func BenchmarkFloatGo(b *testing.B) {
	genexttest.Best(b, func() {
		if floatByHand(1_000_000) == 0 {
			b.Fatal()
		}
	})
}

//go:noinline
func floatByHand(n int64) float64 {
	s, t := 0.0, 0.0
	for i := int64(0); i < n; i++ {
		s = s*0.5 + t
		t += 0.5
	}
	return s
}

func benchmark(b *testing.B, c *Code, n int64) {
	jit, _, err := NewDriver(genext.Options{Level: opt.Full, Executor: genext.Best()})
	if err != nil {
		b.Fatal(err)
	}
	code := &Code{Instrs: c.Instrs, Consts: c.Consts}
	genexttest.Best(b, func() {
		var f Frame
		f.R[0] = IntValue(n)
		Run(code, &f, jit)
	})
}

func BenchmarkSpecialise(b *testing.B) {
	genexttest.PerOp(b, func(o genext.Options) *genext.Handle {
		_, h := compiled(b, f1, IntValue(100), o)
		return h
	})
}
