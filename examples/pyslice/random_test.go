package pyslice

import (
	"math/rand/v2"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
)

// generator makes random terminating main functions: a loop, counted in register 2,
// around statements that each show a piece of the language. Registers 3, 10
// and 11 hold ints that everything works on, 4 is 1, the others are temporary.
type generator struct {
	r        *rand.Rand
	out      []Instr
	handlers []Handler
}

// The globals of random programs.
const (
	gAdd = iota
	gThrow
	gCounter
	gCount
	gNumber
	gDown
)

func (g *generator) emit(op Op, a, b uint8, c int32) int {
	g.out = append(g.out, Instr{op, a, b, c})
	return len(g.out) - 1
}

func (g *generator) num() uint8 { return []uint8{2, 3, 4, 10, 11}[g.r.IntN(5)] }

func (g *generator) acc() uint8 { return []uint8{3, 10, 11}[g.r.IntN(3)] }

func (g *generator) here() int32 { return int32(len(g.out)) }

// call calls a global function with two numbers; the result goes to register 8.
func (g *generator) call(global int32) {
	g.emit(LoadGlobal, 5, 0, global)
	g.emit(Mov, 6, g.num(), 0)
	g.emit(Mov, 7, g.num(), 0)
	g.emit(Call, 8, 5, 6)
}

func (g *generator) stmt(depth int) {
	switch g.r.IntN(12) {
	case 0:
		g.call(gAdd)
		g.emit(Mov, g.acc(), 8, 0)
	case 1: // an exception, caught
		start := int(g.here())
		g.call(gThrow)
		g.emit(Mov, g.acc(), 8, 0)
		jump := g.emit(Jump, 0, 0, 0)
		g.handlers = append(g.handlers, Handler{start, jump, int(g.here()), 9})
		g.emit(Mov, g.acc(), 9, 0)
		g.out[jump].C = g.here()
	case 2:
		g.call(gCounter)
		g.emit(Mov, g.acc(), 8, 0)
	case 3: // a generator, consumed
		g.emit(LoadGlobal, 5, 0, gCount)
		g.emit(LoadK, 6, 0, 2)
		g.emit(Mov, 7, g.num(), 0)
		g.emit(MakeGen, 8, 5, 6)
		next := g.emit(Next, 9, 8, 0)
		g.emit(Mov, 10, 9, 0)
		g.emit(Jump, 0, 0, int32(next))
		g.out[next].C = g.here()
	case 4:
		g.emit(LoadGlobal, 9, 0, gNumber)
		g.emit(Mov, g.acc(), 9, 0)
	case 5:
		if g.r.IntN(3) == 0 {
			g.emit(StoreGlobal, g.num(), 0, gNumber)
		} else {
			g.emit(Callback, 0, 0, 0)
		}
	case 6: // two instances, added by __add__
		shape := int32(g.r.IntN(2))
		for _, reg := range []uint8{8, 9} {
			g.emit(New, reg, 0, shape)
			g.emit(SetAttr, reg, g.num(), 0)
		}
		g.emit(Add, 8, 8, 9)
		g.emit(GetAttr, g.acc(), 8, 0)
	case 7:
		g.emit(LoadGlobal, 5, 0, gDown)
		g.emit(LoadK, 6, 0, 2)
		g.emit(Call, 8, 5, 6)
		g.emit(Mov, g.acc(), 8, 0)
	case 8, 9:
		if depth < 3 {
			at := g.emit(Less, g.num(), g.num(), 0)
			for range 1 + g.r.IntN(2) {
				g.stmt(depth + 1)
			}
			g.out[at].C = g.here()
			return
		}
		fallthrough
	default:
		g.emit(Add, g.acc(), g.num(), int32(g.num()))
		if g.r.IntN(2) == 0 {
			g.emit(LoadK, g.acc(), 0, int32(g.r.IntN(5)))
		}
	}
}

func random(seed uint64) (*Thread, *Function) {
	g := &generator{r: rand.New(rand.NewPCG(seed, 8))}
	consts := []Value{Int(0), Int(1), Int(3), Int(-5), Int(1 << 61)}
	var shapes []*Shape
	for _, attrs := range [][]string{{"x"}, {"y", "x"}} {
		s := &Shape{Name: "vec", Attrs: attrs}
		s.Add = fn("__add__", &Code{Consts: consts, Shapes: []*Shape{s}, Names: []string{"x"}, Instrs: []Instr{
			{GetAttr, 2, 0, 0}, {GetAttr, 3, 1, 0}, {Add, 2, 2, 3}, {New, 4, 0, 0}, {SetAttr, 4, 2, 0}, {Ret, 4, 0, 0}}})
		shapes = append(shapes, s)
	}
	down := fn("down", &Code{Consts: []Value{Int(1), Int(-1), Int(0)}, Instrs: []Instr{
		{LoadK, 2, 0, 0}, {Less, 0, 2, 8}, {LoadK, 3, 0, 1}, {LoadGlobal, 4, 0, 0}, {Add, 5, 0, 3}, {Call, 7, 4, 5},
		{Add, 7, 7, 0}, {Ret, 7, 0, 0}, {LoadK, 7, 0, 2}, {Ret, 7, 0, 0}}})
	down.Code.Globals = variables(obj(down))
	globals := variables(
		obj(addFunction()),
		obj(fn("thrower", &Code{Consts: consts, Instrs: []Instr{{Less, 0, 1, 2}, {Raise, 0, 0, 0}, {Ret, 1, 0, 0}}})),
		obj(fn("counter", &Code{Consts: consts, Instrs: []Instr{{LoadCell, 2, 0, 0}, {LoadK, 3, 0, 1}, {Add, 2, 2, 3}, {StoreCell, 2, 0, 0}, {Ret, 2, 0, 0}}})),
		obj(fn("count", &Code{Consts: consts, Instrs: []Instr{
			{LoadK, 2, 0, 0}, {LoadK, 3, 0, 1}, {Yield, 2, 0, 0}, {Add, 2, 2, 3}, {Less, 2, 0, 2}, {Ret, 2, 0, 0}}})),
		Int(7), obj(down))
	g.out = append(g.out, []Instr{{LoadK, 2, 0, 0}, {LoadK, 3, 0, 0}, {LoadK, 4, 0, 1}, {LoadK, 10, 0, 2}, {LoadK, 11, 0, 3}}...)
	top := g.here()
	for range 1 + g.r.IntN(genexttest.Size(seed, 4, 2)) {
		g.stmt(0)
	}
	g.emit(Add, 2, 2, 4)
	g.emit(Less, 2, 0, top)
	g.emit(Ret, g.acc(), 0, 0)
	main := fn("main", &Code{Consts: consts, Shapes: shapes, Names: []string{"x"}, Handlers: g.handlers, Globals: globals, Instrs: g.out})
	calls := 0
	t := &Thread{Host: func(*Thread) {
		if calls++; calls%7 == 0 {
			globals[gNumber].Set(Int(int64(calls)))
		}
	}}
	return t, main
}

type outcome struct {
	bits    uint64
	raised  bool
	number  uint64
	counter uint64
}

func TestRandomPrograms(t *testing.T) {
	same := func(a, b outcome) bool { return a == b }
	genexttest.Random(t, 12, same, func(t testing.TB, seed uint64, o *genext.Options) outcome {
		var jit *Driver
		if o != nil {
			jit, _ = driver(t, *o)
		}
		th, f := random(seed)
		v, raised := Run(th, f, Int(int64(genexttest.Size(seed, 20, 8))), Int(0), jit)
		gs := f.Code.Globals
		return outcome{v.Bits, raised, gs[gNumber].Get().Bits, (*Function)(gs[gCounter].Get().Ref).Cell.V.Bits}
	})
}
