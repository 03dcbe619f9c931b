package govm

import (
	"math/rand/v2"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
)

// generator makes random terminating programs: loops count in locals 6 and 7,
// 0 to 2 hold ints, 3 and 4 floats, 5 a string. Now and then an operand has the wrong
// type, which ends the program.
type generator struct {
	r   *rand.Rand
	out []Instr
	n   int
}

var constants = []any{int64(0), int64(1), int64(-3), int64(7), 0.5, -1.25, "a", "xy"}

// kinds of values: their constants and locals.
var kinds = [3]struct{ constant, constants, local, locals int }{{0, 4, 0, 3}, {4, 2, 3, 2}, {6, 2, 5, 1}}

func (g *generator) emit(op Op, arg int) { g.out = append(g.out, Instr{op, arg}) }

func (g *generator) expr(kind, depth int) {
	if g.r.IntN(60) == 0 {
		kind = g.r.IntN(3)
	}
	k := kinds[kind]
	switch c := g.r.IntN(5); {
	case c == 0:
		g.emit(OpConst, k.constant+g.r.IntN(k.constants))
	case c == 1 || depth == 0:
		g.emit(OpLocal, k.local+g.r.IntN(k.locals))
	case kind == 2: // strings grow by constants only
		g.emit(OpLocal, 5)
		g.emit(OpConst, 6+g.r.IntN(2))
		g.emit(OpAdd, 0)
	default:
		g.expr(kind, depth-1)
		g.expr(kind, depth-1)
		g.emit(OpAdd+Op(g.r.IntN(2)), 0)
	}
}

func (g *generator) stmts(depth int) {
	for range 1 + g.r.IntN(4) {
		g.n--
		switch c := g.r.IntN(8); {
		case c == 0 && depth < 2 && g.n > 0:
			g.loop(depth)
		case c <= 2 && g.n > 0:
			kind := g.r.IntN(2)
			g.expr(kind, 1)
			g.expr(kind, 1)
			g.emit(OpLess, 0)
			at := len(g.out)
			g.emit(OpIf, 0)
			g.stmts(depth)
			g.out[at].Arg = len(g.out)
		default:
			kind := g.r.IntN(3)
			g.expr(kind, 2)
			g.emit(OpSet, kinds[kind].local+g.r.IntN(kinds[kind].locals))
		}
	}
}

func (g *generator) loop(depth int) {
	i := 6 + depth
	g.emit(OpConst, 0)
	g.emit(OpSet, i)
	top := len(g.out)
	g.stmts(depth + 1)
	g.emit(OpLocal, i)
	g.emit(OpConst, 1)
	g.emit(OpAdd, 0)
	g.emit(OpSet, i)
	g.emit(OpLocal, i)
	g.emit(OpConst, 3)
	g.emit(OpLess, 0)
	g.emit(OpIf, top)
}

func random(seed uint64) *Function {
	g := &generator{r: rand.New(rand.NewPCG(seed, 6)), n: genexttest.Size(seed, 14, 6)}
	for local, constant := range []int{1, 2, 3, 4, 5, 6} {
		g.emit(OpConst, constant)
		g.emit(OpSet, local)
	}
	g.loop(0)
	g.emit(OpLocal, g.r.IntN(8))
	g.emit(OpReturn, 0)
	return &Function{Code: g.out, Constants: constants}
}

type outcome struct {
	result any
	locals [8]any
}

// same compares outcomes; all NaNs are one.
func same(a, b outcome) bool {
	for i := range a.locals {
		if !sameValue(a.locals[i], b.locals[i]) {
			return false
		}
	}
	return sameValue(a.result, b.result)
}

func sameValue(a, b any) bool {
	x, okx := a.(float64)
	y, oky := b.(float64)
	return a == b || okx && oky && x != x && y != y
}

func TestRandomPrograms(t *testing.T) {
	genexttest.Random(t, 15, same, func(t testing.TB, seed uint64, o *genext.Options) outcome {
		var jit *Driver
		if o != nil {
			jit, _ = driver(t, *o)
		}
		vm := &VM{}
		v := vm.Run(random(seed), jit)
		return outcome{v, vm.Locals}
	})
}
