package pyslice

import (
	"testing"
	"unsafe"

	"martlet/genext"
	"martlet/genext/genexttest"
	"martlet/internal/opt"
	"martlet/ir"
)

// program is a way to make a fresh main function and its thread: what runs
// must not depend on what ran before.
type program struct {
	name     string
	make     func() (*Thread, *Function)
	noAllocs bool // the compiled loop allocates nothing
}

func fn(name string, code *Code) *Function {
	code.Name = name
	return &Function{Object: Object{FuncShape}, Code: code, Cell: &Cell{V: Int(0)}}
}

func obj[T any](p *T) Value { return Value{Ref: unsafe.Pointer(p)} }

// loop is i = 0; s = 0; while i < n: <body>; i += 1; return s, with n in
// register 0, i in 2, s in 3, and 1 in 4. Jumps in the body are relative to its start.
func loop(body ...Instr) []Instr {
	head := []Instr{{LoadK, 2, 0, 0}, {LoadK, 3, 0, 0}, {LoadK, 4, 0, 1}}
	for i := range body {
		switch body[i].Op {
		case Less, Jump, Next:
			body[i].C += int32(len(head))
		}
	}
	return append(append(head, body...), Instr{Add, 2, 2, 4}, Instr{Less, 2, 0, int32(len(head))}, Instr{Ret, 3, 0, 0})
}

var consts = []Value{Int(0), Int(1), Int(3)}

func addFunction() *Function {
	return fn("add", &Code{Consts: consts, Instrs: []Instr{{Add, 2, 0, 1}, {Ret, 2, 0, 0}}})
}

func variables(values ...Value) (gs []*Global) {
	for _, v := range values {
		g := &Global{}
		g.Set(v)
		gs = append(gs, g)
	}
	return gs
}

func simple(globals []Value, code *Code) (*Thread, *Function) {
	code.Consts = append(append([]Value{}, consts...), code.Consts...)
	code.Globals = variables(globals...)
	return &Thread{Host: func(*Thread) {}}, fn("main", code)
}

func calls() (*Thread, *Function) {
	return simple([]Value{obj(addFunction())}, &Code{Instrs: loop(
		Instr{LoadGlobal, 5, 0, 0}, Instr{Mov, 6, 3, 0}, Instr{Mov, 7, 2, 0}, Instr{Call, 3, 5, 6})})
}

// vectors adds instances of a class with __add__: new(x = self.x + other.x).
func vectors() (*Thread, *Function) {
	vec := &Shape{Name: "vec", Attrs: []string{"y", "x"}}
	vec.Add = fn("__add__", &Code{Consts: consts, Shapes: []*Shape{vec}, Names: []string{"x"}, Instrs: []Instr{
		{GetAttr, 2, 0, 0}, {GetAttr, 3, 1, 0}, {Add, 2, 2, 3}, {New, 4, 0, 0}, {SetAttr, 4, 2, 0}, {Ret, 4, 0, 0}}})
	return simple(nil, &Code{Shapes: []*Shape{vec}, Names: []string{"x"}, Instrs: []Instr{
		{LoadK, 2, 0, 0}, {LoadK, 4, 0, 1}, {New, 3, 0, 0}, {SetAttr, 3, 2, 0}, {New, 5, 0, 0}, {SetAttr, 5, 4, 0},
		{Add, 3, 3, 5}, {Add, 2, 2, 4}, {Less, 2, 0, 6}, {GetAttr, 3, 3, 0}, {Ret, 3, 0, 0}}})
}

// exceptions calls a function that raises its argument, and adds it in a handler.
func exceptions() (*Thread, *Function) {
	thrower := fn("thrower", &Code{Consts: consts, Instrs: []Instr{{Raise, 0, 0, 0}, {Ret, 0, 0, 0}}})
	c := &Code{Instrs: loop(
		Instr{LoadGlobal, 5, 0, 0}, Instr{Mov, 6, 2, 0}, Instr{Mov, 7, 2, 0}, Instr{Call, 8, 5, 6}, Instr{Jump, 0, 0, 6},
		Instr{Add, 3, 3, 9}), // handler
		Handlers: []Handler{{3, 8, 8, 9}}}
	return simple([]Value{obj(thrower)}, c)
}

// escaping raises out of everything at the end of its loop.
func escaping() (*Thread, *Function) {
	c := &Code{Instrs: loop(Instr{Add, 3, 3, 2})}
	c.Instrs[len(c.Instrs)-1] = Instr{Raise, 3, 0, 0}
	return simple(nil, c)
}

// generators consumes a generator that counts to 3, again and again.
func generators() (*Thread, *Function) {
	count := fn("count", &Code{Consts: consts, Instrs: []Instr{
		{LoadK, 2, 0, 0}, {LoadK, 3, 0, 1}, {Yield, 2, 0, 0}, {Add, 2, 2, 3}, {Less, 2, 0, 2}, {Ret, 2, 0, 0}}})
	return simple([]Value{obj(count), Int(3)}, &Code{Instrs: loop(
		Instr{LoadGlobal, 5, 0, 0}, Instr{LoadGlobal, 6, 0, 1}, Instr{Mov, 7, 6, 0}, Instr{MakeGen, 8, 5, 6},
		Instr{Next, 9, 8, 7}, Instr{Add, 3, 3, 9}, Instr{Jump, 0, 0, 4})})
}

func closures() (*Thread, *Function) {
	counter := fn("counter", &Code{Consts: consts, Instrs: []Instr{{LoadCell, 2, 0, 0}, {Add, 2, 2, 0}, {StoreCell, 2, 0, 0}, {Ret, 2, 0, 0}}})
	return simple([]Value{obj(counter)}, &Code{Instrs: loop(
		Instr{LoadGlobal, 5, 0, 0}, Instr{Mov, 6, 2, 0}, Instr{Mov, 7, 2, 0}, Instr{Call, 3, 5, 6})})
}

// rebinding changes the global that the loop adds in a callback of the host, every 50 calls.
func rebinding() (*Thread, *Function) {
	t, f := simple([]Value{Int(1)}, &Code{Instrs: loop(
		Instr{LoadGlobal, 5, 0, 0}, Instr{Add, 3, 3, 5}, Instr{Callback, 0, 0, 0}, Instr{LoadGlobal, 5, 0, 0}, Instr{Add, 3, 3, 5})})
	n := 0
	t.Host = func(*Thread) {
		if n++; n%50 == 0 {
			f.Code.Globals[0].Set(Int(int64(n)))
		}
	}
	return t, f
}

// storing rebinds a global in the loop itself.
func storing() (*Thread, *Function) {
	return simple([]Value{Int(1)}, &Code{Instrs: loop(
		Instr{LoadGlobal, 5, 0, 0}, Instr{Add, 3, 3, 5}, Instr{StoreGlobal, 2, 0, 0})})
}

// recursion is f(n) = n < 1 ? 0 : n + f(n - 1), called in a loop with 5.
func recursion() (*Thread, *Function) {
	f := &Code{Consts: []Value{Int(1), Int(-1), Int(0)}, Instrs: []Instr{
		{LoadK, 2, 0, 0}, {Less, 0, 2, 9}, {LoadK, 3, 0, 1}, {LoadGlobal, 4, 0, 0}, {Add, 5, 0, 3}, {Mov, 6, 5, 0}, {Call, 7, 4, 5},
		{Add, 7, 7, 0}, {Ret, 7, 0, 0}, {LoadK, 7, 0, 2}, {Ret, 7, 0, 0}}}
	fv := fn("f", f)
	f.Globals = variables(obj(fv))
	return simple([]Value{obj(fv), Int(5)}, &Code{Instrs: loop(
		Instr{LoadGlobal, 5, 0, 0}, Instr{LoadGlobal, 6, 0, 1}, Instr{Mov, 7, 6, 0}, Instr{Call, 8, 5, 6}, Instr{Add, 3, 3, 8})})
}

var programs = []program{
	{"calls", calls, true},
	{"user-defined add", vectors, true},
	{"exceptions", exceptions, true},
	{"escaping exception", escaping, true},
	{"generators", generators, false},
	{"closures", closures, true},
	{"global rebound in a callback", rebinding, true},
	{"global rebound in the loop", storing, true},
	{"recursion", recursion, false},
}

type result struct {
	bits   uint64
	raised bool
	global uint64
	cell   uint64
}

func execute(p program, n int64, jit *Driver) result {
	t, f := p.make()
	v, raised := Run(t, f, Int(n), Int(0), jit)
	r := result{bits: v.Bits, raised: raised}
	if gs := f.Code.Globals; len(gs) > 0 {
		g := gs[0].Get()
		r.global = g.Bits
		if shapeOf(g) == FuncShape {
			r.cell = (*Function)(g.Ref).Cell.V.Bits
		}
	}
	return r
}

func driver(t testing.TB, o genext.Options) (*Driver, *genext.Handle) {
	jit, h, err := NewDriver(o)
	if err != nil {
		t.Fatal(err)
	}
	return jit, h
}

// TestSlice is the gate for the wide Python core.
func TestSlice(t *testing.T) {
	for _, p := range programs {
		want := execute(p, 300, nil)
		for name, o := range genexttest.Configs() {
			t.Run(p.name+"/"+name, func(t *testing.T) {
				jit, h := driver(t, o)
				if got := execute(p, 300, jit); got != want {
					t.Errorf("got %+v, want %+v; %+v", got, want, h.Stats())
				}
				if st := h.Stats(); st.Runs == 0 || st.Failures > 0 {
					t.Errorf("compiled code did not do its part: %+v", st)
				}
			})
		}
	}
}

// TestNoAllocations: frames, instances and exceptions that do not escape are never made.
func TestNoAllocations(t *testing.T) {
	for _, p := range programs {
		jit, h := driver(t, genext.Options{Level: opt.Full})
		execute(p, 300, jit)
		t.Logf("%s: %+v", p.name, h.Stats())
		for _, f := range h.Regions() {
			if c := genexttest.Loop(f); p.noAllocs && c[ir.OpAlloc]+c[ir.OpAllocarray] > 0 {
				t.Errorf("%s: allocations in the loop: %v\n%s", p.name, c, f)
			}
		}
	}
}

// TestGuardFailures makes every guard fail in turn.
func TestGuardFailures(t *testing.T) {
	for _, p := range programs {
		want := execute(p, 8, nil)
		n := genexttest.FailEveryGuard(t, 120, func(o genext.Options) bool {
			jit, _ := driver(t, o)
			got := execute(p, 8, jit)
			if got != want {
				t.Errorf("%s: got %+v, want %+v", p.name, got, want)
			}
			return got == want
		})
		t.Logf("%s: %d guard executions made to fail", p.name, n)
	}
}

func BenchmarkCallsInterpreter(b *testing.B) {
	genexttest.Best(b, func() {
		execute(programs[0], 100_000, nil)
	})
}

func BenchmarkCallsCompiled(b *testing.B) {
	jit, _ := driver(b, genext.Options{Level: opt.Full, Executor: genext.Best()})
	t, f := calls()
	genexttest.Best(b, func() {
		Run(t, f, Int(100_000), Int(0), jit)
	})
}

// TestUnstableGlobalIsNotReliedOn: a global that keeps changing stops costing compilations.
func TestUnstableGlobalIsNotReliedOn(t *testing.T) {
	jit, h := driver(t, genext.Options{})
	execute(programs[7], 2000, jit)
	if st := h.Stats(); st.Compiles > 8 || st.Invalidations > 8 {
		t.Errorf("%+v", st)
	}
}

// TestMegamorphic: 10,000 shapes at one attribute access give bounded code and right answers.
func TestMegamorphic(t *testing.T) {
	const n = 10_000
	var objs []Value
	want := int64(0)
	for i := range n {
		o := &Instance{Object: Object{&Shape{Name: "s", Attrs: []string{"a", "b"}[i%2:]}}}
		o.Slots[0], o.Slots[1] = Int(int64(i)), Int(int64(2*i))
		objs = append(objs, obj(o))
		if i%2 == 0 {
			want += int64(2 * i)
		} else {
			want += int64(i)
		}
	}
	for _, lazy := range []bool{false, true} {
		c := &Code{Names: []string{"b"}, Instrs: loop(
			Instr{LoadGlobal, 5, 0, 0}, Instr{GetAttr, 6, 5, 0}, Instr{Add, 3, 3, 6}, Instr{Callback, 0, 0, 0})}
		th, f := simple([]Value{objs[0]}, c)
		i := 0
		th.Host = func(*Thread) {
			i++
			if i < n {
				c.Globals[0].Set(objs[i])
			}
		}
		jit, h := driver(t, genext.Options{Lazy: lazy, Threshold: 2})
		v, raised := Run(th, f, Int(n), Int(0), jit)
		if raised || int64(v.Bits) != want {
			t.Errorf("lazy %v: got %d, want %d", lazy, int64(v.Bits), want)
		}
		if st := h.Stats(); st.Ops > 5000 {
			t.Errorf("lazy %v: %+v", lazy, st)
		}
	}
}

// TestPromotionIsRemembered: a shape promoted once is known for the rest of the
// iteration, and around the loop; under lazy promotion there is one switch.
func TestPromotionIsRemembered(t *testing.T) {
	shape := &Shape{Name: "s", Attrs: []string{"x"}}
	for _, lazy := range []bool{false, true} {
		o := &Instance{Object: Object{shape}}
		o.Slots[0] = Int(2)
		c := &Code{Names: []string{"x"}, Instrs: loop(
			Instr{GetAttr, 5, 1, 0}, Instr{GetAttr, 6, 1, 0}, Instr{Add, 3, 3, 5}, Instr{Add, 3, 3, 6})}
		th, f := simple(nil, c)
		jit, h := driver(t, genext.Options{Level: opt.Full, Lazy: lazy})
		for range 5 {
			if v, _ := Run(th, f, Int(300), obj(o), jit); v.Bits != 1200 {
				t.Fatal(v.Bits)
			}
		}
		st := h.Stats()
		if n := genexttest.Loop(h.Regions()[0]); n[ir.OpLoad]+n[ir.OpEq] > 5 {
			t.Errorf("lazy %v: loop has %v\n%s", lazy, n, h.Regions()[0])
		}
		if lazy && st.Switches >= st.Compiles {
			t.Errorf("%d switches in %d compilations: one is too many", st.Switches, st.Compiles)
		}
	}
}
