package tlc

import (
	"math/rand/v2"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
)

// generator makes random terminating programs. Variable 0 counts the loop down,
// 1 and 3 hold numbers, 2 a pair. Methods return numbers, or throw some.
type generator struct {
	r       *rand.Rand
	out     []Instr
	classes int
	methods int // 0: no calls
}

func (g *generator) emit(op Op, arg int) { g.out = append(g.out, Instr{op, arg}) }

func (g *generator) number(depth int) {
	switch k := g.r.IntN(8); {
	case k == 0:
		g.emit(Push, g.r.IntN(7)-3)
	case k <= 2 || depth == 0:
		g.emit(Get, []int{0, 1, 3}[g.r.IntN(3)])
	case k == 3:
		g.pair(depth - 1)
		g.emit(First+Op(g.r.IntN(2)), 0)
	case k == 4 && g.methods > 0:
		g.pair(depth - 1)
		g.number(depth - 1)
		g.emit(Send, g.r.IntN(g.methods+1)) // one more than there are: it throws
	default:
		g.number(depth - 1)
		g.number(depth - 1)
		g.emit(Add+Op(g.r.IntN(2)), 0)
	}
}

func (g *generator) pair(depth int) {
	if depth <= 0 || g.r.IntN(3) == 0 {
		g.emit(Get, 2)
		return
	}
	g.number(depth - 1)
	g.number(depth - 1)
	g.emit(Cons, g.r.IntN(g.classes))
}

func (g *generator) stmts(n int) {
	for range n {
		switch g.r.IntN(6) {
		case 0:
			g.number(1)
			g.number(1)
			at := len(g.out)
			g.emit(IfLess, 0)
			g.stmts(1)
			g.out[at].Arg = len(g.out)
		case 1, 2:
			g.pair(3)
			g.emit(Set, 2)
		case 3:
			if g.r.IntN(6) == 0 {
				g.number(1)
				g.emit(Throw, 0)
				return
			}
			fallthrough
		default:
			g.number(3)
			g.emit(Set, 1+2*g.r.IntN(2))
		}
	}
}

// body is a loop around statements, with a handler that stores what it catches.
func (g *generator) body(size int) *Code {
	g.emit(Push, 0)
	g.emit(Set, 1)
	g.emit(Push, 1)
	g.emit(Set, 3)
	g.emit(Get, 1)
	g.emit(Get, 3)
	g.emit(Cons, 0)
	g.emit(Set, 2)
	top := len(g.out)
	g.stmts(1 + g.r.IntN(size))
	next := len(g.out)
	g.emit(Get, 0)
	g.emit(Push, -1)
	g.emit(Add, 0)
	g.emit(Set, 0)
	g.emit(Push, 0)
	g.emit(Get, 0)
	g.emit(IfLess, top)
	g.emit(Get, 1)
	g.emit(Return, 0)
	catch := len(g.out)
	g.emit(Set, 1)
	g.emit(Push, 0)
	g.emit(Push, 1)
	g.emit(IfLess, next)
	return &Code{Instrs: g.out, Catch: catch}
}

func random(seed uint64) *Code {
	r := rand.New(rand.NewPCG(seed, 5))
	classes := []*Class{{Name: "a"}, {Name: "b"}}
	for _, c := range classes {
		for m := range 2 {
			// In a method variable 0 is the receiver, 1 the argument.
			g := &generator{r: r, classes: 2}
			for _, in := range []Instr{{Get, 0}, {Set, 2}, {Push, m}, {Set, 0}, {Push, 2}, {Set, 3}} {
				g.emit(in.Op, in.Arg)
			}
			g.stmts(1 + r.IntN(2))
			g.number(2)
			g.emit(Return, 0)
			c.Methods = append(c.Methods, &Method{&Code{Instrs: g.out, Classes: classes, Catch: -1}})
		}
	}
	g := &generator{r: r, classes: 2, methods: 2}
	c := g.body(genexttest.Size(seed, 4, 2))
	c.Classes = classes
	return c
}

func rounds(seed uint64) int64 { return int64(5 + seed%uint64(genexttest.Size(seed, 20, 5))) }

func TestRandomPrograms(t *testing.T) {
	same := func(a, b outcome) bool { return a == b }
	genexttest.Random(t, 25, same, func(t testing.TB, seed uint64, o *genext.Options) outcome {
		if o == nil {
			return execute(random(seed), rounds(seed), nil)
		}
		jit, _ := driver(t, *o)
		return execute(random(seed), rounds(seed), jit)
	})
}
