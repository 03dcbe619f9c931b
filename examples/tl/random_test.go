package tl

import (
	"math/rand/v2"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
)

// generator makes random terminating programs: loops count up in variables 6
// and 7, everything else works on 0 to 5. Statements may stand on a
// stack that is not empty.
type generator struct {
	r    *rand.Rand
	out  []Instr
	sp   int
	size int
}

func random(seed uint64) []Instr {
	g := &generator{r: rand.New(rand.NewPCG(seed, 4)), size: genexttest.Size(seed, 16, 7)}
	g.loop(0)
	g.expr(2)
	g.emit(Ret, 0)
	return g.out
}

func (g *generator) emit(op Op, arg int64) {
	g.out = append(g.out, Instr{op, arg})
	g.sp += effects[op].push - effects[op].pop
}

func (g *generator) expr(depth int) {
	switch k := g.r.IntN(4); {
	case k == 0:
		g.emit(Push, int64(g.r.IntN(9)-4))
	case k == 1 || depth == 0:
		g.emit(Get, int64(g.r.IntN(8)))
	default:
		g.expr(depth - 1)
		g.expr(depth - 1)
		g.emit([]Op{Add, Sub, Mul, Less}[g.r.IntN(4)], 0)
	}
}

func (g *generator) stmts(depth int) {
	for range 1 + g.r.IntN(3) {
		g.size--
		switch k := g.r.IntN(8); {
		case k == 0 && depth < 2 && g.size > 0:
			g.loop(depth)
		case k <= 2 && g.size > 0:
			g.expr(2)
			at := len(g.out)
			g.emit(JumpIf, 0)
			g.stmts(depth)
			g.out[at].Arg = int64(len(g.out))
		case k == 3 && g.sp < 6:
			g.expr(1)
			g.stmts(depth)
			g.emit(Set, int64(g.r.IntN(6)))
		default:
			g.expr(2)
			g.emit(Set, int64(g.r.IntN(6)))
		}
	}
}

func (g *generator) loop(depth int) {
	i := int64(6 + depth)
	g.emit(Push, 0)
	g.emit(Set, i)
	top := int64(len(g.out))
	g.stmts(depth + 1)
	g.emit(Get, i)
	g.emit(Push, 1)
	g.emit(Add, 0)
	g.emit(Set, i)
	g.emit(Get, i)
	g.emit(Push, int64(2+g.r.IntN(8)))
	g.emit(Less, 0)
	g.emit(JumpIf, top)
}

type outcome struct {
	result int64
	vars   [8]int64
}

func TestRandomPrograms(t *testing.T) {
	same := func(a, b outcome) bool { return a == b }
	genexttest.Random(t, 40, same, func(t testing.TB, seed uint64, o *genext.Options) outcome {
		v, f, _ := execute(t, random(seed), int64(seed%100), o)
		return outcome{v, f.Vars}
	})
}
