// Package accept has one opcode for each behaviour that earlier generated
// compilers were tested for: binding times, merges, kinds of calls, promotion,
// frames, virtual objects, errors, partial data. A program is a loop around one
// of them; the tests count what is left of it in compiled code.
package accept

import (
	"errors"

	"martlet/hint"
)

// Op is an operation.
type Op uint8

// The operations. Registers: 0 is the bound of the loop, 1 its counter (the red
// value that most operations read), 2 the sum that they add to.
const (
	GreenLoop    Op = iota // a loop over a green
	RedLoop                // a loop over a red
	GreenSplit             // a green stays green across a red split
	RedConstants           // three constants meet at a merge
	Yellow                 // a call whose green results differ
	Residual               // a call of an opaque function
	Elidable               // a call of an elidable function with green arguments
	OverGreen              // overflow-checked addition of greens
	OverRed                // overflow-checked addition of reds
	Recursive              // recursion that ends when a red says so
	GreenString            // a switch on a green string
	BigSwitch              // a switch with 11 cases on a red
	KnownNonNil            // a pointer that has been tested before
	PromoteOne             // a promotion
	PromoteTwo             // two promotions of different values
	PromoteInner           // a promotion inside a call, and one after it
	PromoteMerge           // a merge, then a promotion
	PromoteKeeps           // a virtual object across a promotion
	Virtual                // a virtual object across a split
	Aliases                // two names of a virtual object across a merge
	SelfRef                // a virtual object that points to itself
	List                   // a virtual list
	Dict                   // a virtual dictionary with green keys
	RaiseCatch             // an error made and looked at
	RaiseEscape            // an error that leaves the portal at the end
	Partial                // an object that has escaped, with an immutable field
	Locals                 // a call that reads and writes the frame
	Method                 // two calls of a method of an unknown receiver
	MethodKnown            // the same with the type promoted
	MayPanic               // a call that panics in the end
	Loop                   // the end of the loop
	Ret                    // the result is the sum
)

// Instr is an instruction. Its fields are tagged for the functions that get a
// pointer to it: that it lies below a deep field is known in run only.
type Instr struct {
	Op  Op     `hint:"immutable"`
	Arg int64  `hint:"immutable"`
	Str string `hint:"immutable"`
}

// Code is a program.
type Code struct {
	Instrs []Instr `hint:"deep"`
	hot    hint.Counter
}

// Frame is the state of a running program.
type Frame struct {
	hint.Frame
	R     [4]int64
	Kind  int64
	Kind2 int64
	Shape Shape
	Seen  *Pair // the last object that escaped
	Err   error
	jit   *Driver
}

// Pair is an object.
type Pair struct {
	A    int64 `hint:"immutable"`
	B    int64
	Next *Pair
}

// Shape is something with a method.
type Shape interface{ Area() int64 }

// Square is a shape.
type Square struct {
	Side int64 `hint:"immutable"`
}

// Area is the square's.
func (s *Square) Area() int64 { return s.Side * s.Side }

// Line is a shape without area.
type Line struct{}

// Area is 0.
func (*Line) Area() int64 { return 0 }

// ErrOdd is what RaiseEscape ends with.
var ErrOdd = errors.New("accept: odd")

type greens struct {
	code *Code
	pc   int
}

type reds struct {
	f *Frame `hint:"frame"`
}

// Driver enters compiled code.
type Driver = hint.Driver[greens, reds, int64]

// Run executes a program.
func Run(code *Code, f *Frame, jit *Driver) int64 {
	f.jit = jit
	return run(code, 0, f)
}

func run(code *Code, pc int, f *Frame) int64 {
	for {
		hint.MergePoint(greens{code, pc}, reds{f})
		in := &code.Instrs[pc]
		pc++
		x := f.R[1]
		switch in.Op {
		case Loop:
			f.R[1] = x + 1
			if x+1 < f.R[0] {
				pc = 0
				if code.hot.Tick() {
					g, r, v, done := f.jit.Enter(&code.hot, greens{code, pc}, reds{f})
					if done {
						return v
					}
					code, pc, f = g.code, g.pc, r.f
				}
			}
		case Ret:
			return f.R[2]
		case Residual:
			residual(f, x)
		case Locals:
			f.R[3] = x
			changes(f)
			f.R[2] += f.R[3]
		case RaiseEscape:
			if err := check(x, in.Arg); err != nil {
				f.Err = err
				return -1
			}
		case Partial:
			p := &Pair{A: in.Arg, B: x}
			publish(f, p)
			f.R[2] += p.A*p.A + p.B
		default:
			v := behave(in, f, x)
			f.R[2] += v
		}
	}
}

// behave is one level of call below the loop.
func behave(in *Instr, f *Frame, x int64) int64 {
	switch in.Op {
	case GreenLoop:
		return triangle(in.Arg)
	case RedLoop:
		return triangle(x & 7)
	case GreenSplit:
		return greenSplit(in.Arg, x)
	case RedConstants:
		return redConstants(x)
	case Yellow:
		return power(pick(x))
	case Elidable:
		return slowly(in.Arg)
	case OverGreen:
		return saturated(in.Arg, in.Arg)
	case OverRed:
		return saturated(in.Arg, x)
	case Recursive:
		return factorial(x % 6)
	case GreenString:
		return length(in.Str)
	case BigSwitch:
		return bigSwitch(x % 13)
	case KnownNonNil:
		return twice(f.Seen)
	default:
		return objects(in, f, x)
	}
}

func objects(in *Instr, f *Frame, x int64) int64 {
	switch in.Op {
	case PromoteOne:
		return power(hint.Promote(f.Kind))
	case PromoteTwo:
		return power(hint.Promote(f.Kind)) + power(hint.Promote(f.Kind2))
	case PromoteInner:
		return promoted(f) + power(hint.Promote(f.Kind2))
	case PromoteMerge:
		return promoteMerge(f, x)
	case PromoteKeeps:
		p := &Pair{A: x, B: 1}
		p.B += power(hint.Promote(f.Kind))
		return p.A + p.B
	case Virtual:
		p := &Pair{A: 3, B: x}
		if x&1 == 0 {
			p.B++
		}
		return p.A * p.B
	case Aliases:
		return aliases(x)
	case SelfRef:
		p := &Pair{A: 2, B: x}
		p.Next = p
		return p.Next.Next.B + p.Next.A
	case List:
		return list(x)
	case Dict:
		return dict(x)
	case RaiseCatch:
		if err := check(x, 2); err != nil {
			return 7
		}
		return 1
	case Method:
		return f.Shape.Area() + f.Shape.Area()
	case MethodKnown:
		return area(f.Shape) + area(f.Shape)
	case MayPanic:
		return limited(x, in.Arg)
	}
	return 0
}

func triangle(n int64) (sum int64) {
	for i := int64(0); i < n; i++ {
		sum += i
	}
	return sum
}

func greenSplit(k, x int64) int64 {
	y := x
	if x > 20 {
		y = x + 100
	}
	return k*k*k + y
}

func redConstants(x int64) int64 {
	k := int64(3)
	if x&3 == 0 {
		k = 11
	} else if x&3 == 1 {
		k = 5
	}
	return k
}

func pick(x int64) int64 {
	if x&1 == 0 {
		return 3
	}
	return 4
}

func power(k int64) int64 { return k*k*k*k + k }

//martlet:opaque
func residual(f *Frame, x int64) { f.R[2] += x * 3 }

//martlet:opaque
//martlet:elidable
func slowly(n int64) int64 { return triangle(n) }

// limited panics at a limit.
//
//martlet:opaque
func limited(x, limit int64) int64 {
	if x == limit {
		panic(ErrOdd)
	}
	return x
}

func saturated(x, y int64) int64 {
	if sum, over := hint.AddOverflow(x, y); !over {
		return sum
	}
	return -1
}

func factorial(n int64) int64 {
	if n <= 1 {
		return 1
	}
	return n * factorial(n-1)
}

func length(s string) int64 {
	switch s {
	case "one":
		return 1
	case "two", "three":
		return int64(len(s))
	}
	return 0
}

func bigSwitch(x int64) int64 {
	switch x {
	case 0:
		return 31
	case 1:
		return 17
	case 2:
		return 5
	case 3:
		return 88
	case 4:
		return 41
	case 5:
		return 2
	case 6:
		return 63
	case 7:
		return 9
	case 8:
		return 70
	case 9:
		return 12
	case 10:
		return 55
	}
	return -1
}

func twice(p *Pair) int64 {
	if p == nil {
		return 0
	}
	return p.A + p.B
}

func promoted(f *Frame) int64 { return power(hint.Promote(f.Kind)) }

func promoteMerge(f *Frame, x int64) int64 {
	k := f.Kind
	if x&1 == 0 {
		k = f.Kind2
	}
	return power(hint.Promote(k))
}

func aliases(x int64) int64 {
	p := &Pair{A: 1, B: x}
	q := p
	if x&1 == 0 {
		q.B = 4
	}
	p.B += 10
	return q.B
}

func list(x int64) int64 {
	l := make([]int64, 4)
	l[0], l[1], l[2] = x, 2, x+1
	l[3] = l[0] + l[2]
	return l[3] + int64(len(l))
}

// table is a dictionary in the subset: keys in insertion order.
type table struct {
	keys, values [4]int64
	n            int
}

//martlet:unroll
func (t *table) find(k int64) int {
	for i := 0; i < t.n; i++ {
		if t.keys[i] == k {
			return i
		}
	}
	return -1
}

func (t *table) set(k, v int64) {
	i := t.find(k)
	if i < 0 {
		i = t.n
		t.n++
	}
	t.keys[i&3], t.values[i&3] = k, v
}

func dict(x int64) int64 {
	t := &table{}
	t.set(70, x)
	t.set(80, 5)
	t.set(70, x+1)
	return t.values[t.find(70)&3] + t.values[t.find(80)&3] + int64(t.n)
}

type oddError struct{ x int64 }

// Error says what is odd.
func (e *oddError) Error() string { return ErrOdd.Error() }

// Unwrap is ErrOdd.
func (e *oddError) Unwrap() error { return ErrOdd }

func check(x, limit int64) error {
	if x > limit && x&1 == 1 {
		return &oddError{x}
	}
	return nil
}

//martlet:opaque
func publish(f *Frame, p *Pair) {
	f.Seen = p
	p.B++
}

// changes reads and writes the frame of its caller.
//
//martlet:opaque
func changes(f *Frame) { f.R[3] = f.R[3]*2 + f.R[1] }

func area(s Shape) int64 {
	if q, ok := hint.PromoteType(s).(*Square); ok {
		return q.Area()
	}
	return 0
}

// Count runs a portal that returns nothing: it adds up the arguments of a
// program's instructions, for ever from the start, until the total is large enough.
func Count(code *Code, total *int64, limit int64, jit *CountDriver) {
	count(code, 0, limit, total, jit)
}

type countReds struct {
	total *int64
	limit int64
	jit   *CountDriver
}

// CountDriver enters compiled code.
type CountDriver = hint.Driver[greens, countReds, struct{}]

func count(code *Code, pc int, limit int64, total *int64, jit *CountDriver) {
	for {
		hint.MergePoint(greens{code, pc}, countReds{total, limit, jit})
		*total += code.Instrs[pc].Arg
		pc++
		if *total > limit {
			return
		}
		if pc == len(code.Instrs) {
			pc = 0
			if code.hot.Tick() {
				g, r, _, done := jit.Enter(&code.hot, greens{code, pc}, countReds{total, limit, jit})
				if done {
					return
				}
				code, pc, total, limit, jit = g.code, g.pc, r.total, r.limit, r.jit
			}
		}
	}
}
