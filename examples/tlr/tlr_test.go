package tlr

import (
	"maps"
	"math/rand/v2"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
	"martlet/internal/opt"
	"martlet/ir"
)

// sumLoop is s += i; i += 1 while i < n.
var sumLoop = []Instr{
	{Op: Load, A: 1, C: 0}, // i
	{Op: Load, A: 2, C: 0}, // s
	{Op: Add, A: 2, B: 2, C: 1},
	{Op: AddI, A: 1, B: 1, C: 1},
	{Op: Less, A: 1, B: 0, C: 2},
	{Op: Ret, A: 2},
}

// square computes r0*r0 by adding r0 r0 times.
var square = []Instr{
	{Op: Mov, A: 1, B: 0},
	{Op: Load, A: 2},
	{Op: Zero, A: 1, C: 6},
	{Op: Add, A: 2, B: 2, C: 0},
	{Op: AddI, A: 1, B: 1, C: -1},
	{Op: Jump, C: 2},
	{Op: Ret, A: 2},
}

// outcome is all that a program leaves behind.
type outcome struct {
	result int64
	regs   [NumRegs]int64
}

func interpret(instrs []Instr, arg int64, jit *Driver) outcome {
	var f Frame
	f.R[0] = arg
	v := Run(&Code{Instrs: instrs}, &f, jit)
	return outcome{v, f.R}
}

func compiled(t testing.TB, instrs []Instr, arg int64, o genext.Options) (outcome, *genext.Handle) {
	t.Helper()
	jit, h, err := NewDriver(o)
	if err != nil {
		t.Fatal(err)
	}
	return interpret(instrs, arg, jit), h
}

// TestGate is the first thing this project had to show: the loop comes out as
// two additions and one comparison, with no access to the registers in memory.
func TestGate(t *testing.T) {
	got, h := compiled(t, sumLoop, 1000, genext.Options{Level: opt.Full})
	if got.result != 999*1000/2 {
		t.Fatalf("got %d", got.result)
	}
	if n := len(h.Regions()); n != 1 {
		t.Fatalf("%d regions", n)
	}
	c := genexttest.Loop(h.Regions()[0])
	want := genexttest.Count{ir.OpAdd: 2, ir.OpSlt: 1, ir.OpBr: 1}
	if !maps.Equal(c, want) {
		t.Errorf("loop has %v, want %v\n%s", c, want, h.Regions()[0])
	}
}

// TestSquare is tlr's classic: 1764 squared.
func TestSquare(t *testing.T) {
	for name, o := range genexttest.Configs() {
		got, h := compiled(t, square, 1764, o)
		if got != interpret(square, 1764, nil) || got.result != 3111696 {
			t.Errorf("%s: got %v", name, got)
		}
		if h.Stats().Runs == 0 {
			t.Errorf("%s: no compiled code ran: %+v", name, h.Stats())
		}
	}
}

// generator makes random terminating programs: loops count up in registers of
// their own (12 to 15), everything else works on 0 to 9.
type generator struct {
	r    *rand.Rand
	out  []Instr
	size int
}

func random(seed uint64) []Instr {
	g := &generator{r: rand.New(rand.NewPCG(seed, 1)), size: genexttest.Size(seed, 20, 8)}
	g.loop(0)
	g.out = append(g.out, Instr{Op: Ret, A: uint8(g.r.IntN(10))})
	return g.out
}

func (g *generator) reg() uint8 { return uint8(g.r.IntN(10)) }

func (g *generator) stmts(depth int) {
	for range 1 + g.r.IntN(4) {
		g.size--
		switch k := g.r.IntN(8); {
		case k == 0 && depth < 4 && g.size > 0:
			g.loop(depth)
		case k <= 2 && g.size > 0:
			g.branch(depth)
		default:
			g.simple()
		}
	}
}

func (g *generator) simple() {
	op := Op(g.r.IntN(int(AddI) + 1))
	in := Instr{Op: op, A: g.reg(), B: g.reg(), C: int32(g.r.IntN(10))}
	if op == Load || op == AddI {
		in.C = int32(g.r.IntN(7) - 3)
	}
	g.out = append(g.out, in)
}

func (g *generator) branch(depth int) {
	at := len(g.out)
	op := Less
	if g.r.IntN(3) == 0 {
		op = Zero
	}
	g.out = append(g.out, Instr{Op: op, A: g.reg(), B: g.reg()})
	g.stmts(depth)
	if g.r.IntN(2) == 0 {
		g.out[at].C = int32(len(g.out))
		return
	}
	end := len(g.out)
	g.out = append(g.out, Instr{Op: Jump})
	g.out[at].C = int32(len(g.out))
	g.stmts(depth)
	g.out[end].C = int32(len(g.out))
}

func (g *generator) loop(depth int) {
	i := uint8(12 + depth)
	limit := uint8(10 + depth%2)
	g.out = append(g.out, Instr{Op: Load, A: i})
	top := len(g.out)
	g.stmts(depth + 1)
	g.out = append(g.out, Instr{Op: AddI, A: i, B: i, C: 1}, Instr{Op: Load, A: limit, C: int32(2 + g.r.IntN(7))},
		Instr{Op: Less, A: i, B: limit, C: int32(top)})
}

// TestRandomPrograms runs random programs in all configurations.
func TestRandomPrograms(t *testing.T) {
	same := func(a, b outcome) bool { return a == b }
	genexttest.Random(t, 80, same, func(t testing.TB, seed uint64, o *genext.Options) outcome {
		p := random(seed)
		if err := (&Code{Instrs: p}).Verify(); err != nil {
			t.Fatal(err)
		}
		if o == nil {
			return interpret(p, int64(seed), nil)
		}
		got, _ := compiled(t, p, int64(seed), *o)
		return got
	})
}

// TestEqualRegistersAtMerge: two registers known to be equal share a parameter
// of a version; a state that knows only one of them must not join by loading the other.
func TestEqualRegistersAtMerge(t *testing.T) {
	p := random(383)
	want := interpret(p, 383, nil)
	for versions := 1; versions < 7; versions++ {
		o := genext.Options{Threshold: 1, Lazy: true, Limits: genext.Limits{Versions: versions}}
		if got, _ := compiled(t, p, 383, o); got != want {
			t.Errorf("%d versions: got %v, want %v", versions, got, want)
		}
	}
}
