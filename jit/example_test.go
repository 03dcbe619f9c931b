package jit_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"
	"unsafe"

	"martlet/ir"
	"martlet/jit"
)

func Example() {
	e := jit.New(jit.Options{})
	defer e.Close()
	lib := e.NewLibrary("main")
	_, err := lib.Add(ir.MustParse("square.ir", `
module "square"
func @square(i64) -> i64 {
entry(%x i64):
  %y = mul.i64 %x, %x
  ret %y
}
`))
	if err != nil {
		log.Fatal(err)
	}
	square, err := jit.Lookup[func(int64) int64](lib, "square")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(square.Call(12))
	// Output: 144
}

func ExampleModule_Replace() {
	e := jit.New(jit.Options{})
	defer e.Close()
	lib := e.NewLibrary("main")
	version := func(k int) *ir.Module {
		return ir.MustParse("v.ir", fmt.Sprintf("module \"v\"\nfunc @answer() -> i64 {\nentry:\n  ret %d\n}\n", k))
	}
	mod, err := lib.Add(version(41))
	if err != nil {
		log.Fatal(err)
	}
	answer, err := jit.Lookup[func() (int64, error)](lib, "answer")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Call())
	if err := mod.Replace(version(42)); err != nil {
		log.Fatal(err)
	}
	fmt.Println(answer.Call())
	if err := mod.Remove(); err != nil {
		log.Fatal(err)
	}
	_, err = answer.Call()
	fmt.Println(err)
	// Output:
	// 41 <nil>
	// 42 <nil>
	// symbol @answer is not defined (wanted in library "main"); asked: [library main]
}

func ExampleLibrary_DefineGo() {
	e := jit.New(jit.Options{})
	defer e.Close()
	lib := e.NewLibrary("main")
	if err := lib.DefineGo("print", func(x int64) { fmt.Println("compiled code says", x) }); err != nil {
		log.Fatal(err)
	}
	_, err := lib.Add(ir.MustParse("hello.ir", `
module "hello"
declare go @print(i64)
func @hello(i64) {
entry(%x i64):
  call @print(%x)
  ret
}
`))
	if err != nil {
		log.Fatal(err)
	}
	hello, err := jit.Lookup[func(int64)](lib, "hello")
	if err != nil {
		log.Fatal(err)
	}
	hello.Call(7)
	// Output: compiled code says 7
}

func ExampleLibrary_AddGenerator() {
	e := jit.New(jit.Options{})
	defer e.Close()
	lib := e.NewLibrary("main")
	lib.AddGenerator("multiples", jit.GeneratorFunc(func(l *jit.Library, name string) (bool, error) {
		var k int
		if _, err := fmt.Sscanf(name, "times%d", &k); err != nil {
			return false, nil
		}
		_, err := l.Add(ir.MustParse(name, fmt.Sprintf("module %q\nfunc @%s(i64) -> i64 {\nentry(%%x i64):\n  %%y = mul.i64 %%x, %d\n  ret %%y\n}\n", name, name, k)))
		return true, err
	}))
	times7, err := jit.Lookup[func(int64) int64](lib, "times7")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(times7.Call(6))
	_, err = jit.Lookup[func(int64) int64](lib, "plus")
	fmt.Println(err)
	// Output:
	// 42
	// symbol @plus is not defined (wanted in library "main"); asked: [library main generator multiples]
}

func ExampleFunc_WithContext() {
	e := jit.New(jit.Options{})
	defer e.Close()
	lib := e.NewLibrary("main")
	_, err := lib.Add(ir.MustParse("spin.ir", "module \"spin\"\nfunc @spin() {\nentry:\n  jump loop\nloop:\n  jump loop\n}\n"))
	if err != nil {
		log.Fatal(err)
	}
	spin, err := jit.Lookup[func() error](lib, "spin")
	if err != nil {
		log.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Millisecond)
	defer cancel()
	err = spin.WithContext(ctx)()
	fmt.Println(err, errors.Is(err, context.DeadlineExceeded))
	// Output: context deadline exceeded true
}

// A function found through a handle of a Go function type; what is wrong with the type is said at once.
func ExampleLookup() {
	e := jit.New(jit.Options{})
	defer e.Close()
	lib := e.NewLibrary("main")
	if _, err := lib.Add(ir.MustParse("div.ir", `
module "div"
func @div(i64, i64) -> i64 {
entry(%a i64, %b i64):
  %q = sdiv.i64 %a, %b
  ret %q
}
`)); err != nil {
		log.Fatal(err)
	}
	div, err := jit.Lookup[func(a, b int64) (int64, error)](lib, "div")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(div.Call(42, 6))
	_, err = div.Call(1, 0)
	fmt.Println(err != nil)
	_, err = jit.Lookup[func(float64) float64](lib, "div")
	fmt.Println(err)
	// Output:
	// 7 <nil>
	// true
	// @div has signature (i64, i64) -> i64, not (f64) -> f64
}

// Two libraries define a function; the link order decides, and the second counts when the first goes.
func ExampleModule_Remove() {
	e := jit.New(jit.Options{})
	defer e.Close()
	module := func(k int) *ir.Module {
		return ir.MustParse("who.ir", fmt.Sprintf("module \"who%d\"\nfunc @who() -> i64 {\nentry:\n  ret %d\n}\n", k, k))
	}
	first, second := e.NewLibrary("first"), e.NewLibrary("second")
	mod, err := first.Add(module(1))
	if err != nil {
		log.Fatal(err)
	}
	if _, err := second.Add(module(2)); err != nil {
		log.Fatal(err)
	}
	who, err := jit.Lookup[func() int64](e.NewLibrary("main", first, second), "who")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(who.Call())
	if err := mod.Remove(); err != nil {
		log.Fatal(err)
	}
	fmt.Println(who.Call())
	// Output:
	// 1
	// 2
}

// Code that was made while a fact held is unlinked when it does not any more: here the generator's answer, which is a constant for the compiler.
func ExampleToken_Invalidate() {
	e := jit.New(jit.Options{})
	defer e.Close()
	price := int64(3)
	lib := e.NewLibrary("main")
	module := func() *ir.Module {
		return ir.MustParse("cost.ir", fmt.Sprintf("module \"cost\"\nfunc @cost(i64) -> i64 {\nentry(%%n i64):\n  %%c = mul.i64 %%n, %d\n  ret %%c\n}\n", price))
	}
	mod, err := lib.Add(module())
	if err != nil {
		log.Fatal(err)
	}
	constant := e.NewToken("the price is constant")
	if err := mod.Depend("cost", constant); err != nil {
		log.Fatal(err)
	}
	cost, err := jit.Lookup[func(int64) int64](lib, "cost")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(cost.Call(10))
	price = 4
	fmt.Println(constant.Invalidate(), constant.Invalidate())
	if err := mod.Replace(module()); err != nil {
		log.Fatal(err)
	}
	fmt.Println(cost.Call(10))
	// Output:
	// 30
	// 1 0
	// 40
}

// Modules that are optimised as one: the internal helper is inlined and gone, what is external stays.
func ExampleLibrary_AddOptimized() {
	e := jit.New(jit.Options{})
	defer e.Close()
	lib := e.NewLibrary("main")
	square := ir.MustParse("square.ir", "module \"square\"\nfunc @square(i64) -> i64 {\nentry(%x i64):\n  %y = mul.i64 %x, %x\n  ret %y\n}\n")
	user := ir.MustParse("user.ir", "module \"user\"\ndeclare @square(i64) -> i64\nfunc @f(i64) -> i64 {\nentry(%x i64):\n  %y = call @square(%x)\n  %z = add.i64 %y, 1\n  ret %z\n}\n")
	if _, err := lib.AddOptimized("both", square, user); err != nil {
		log.Fatal(err)
	}
	f, err := jit.Lookup[func(int64) int64](lib, "f")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(f.Call(6))
	// Output: 37
}

// A Go variable as a global of compiled code, and a global of a module as bytes.
func ExampleLibrary_DefineData() {
	e := jit.New(jit.Options{})
	defer e.Close()
	lib := e.NewLibrary("main")
	counter := new(int64)
	if err := lib.DefineData("counter", unsafe.Pointer(counter), 8, counter); err != nil {
		log.Fatal(err)
	}
	if _, err := lib.Add(ir.MustParse("count.ir", `
module "count"
declare global @counter size 8
global @name size 5 { i8 104 101 108 108 111 }
func @count() {
entry:
  %p = symaddr @counter
  %n = load.i64 %p
  %m = add.i64 %n, 1
  store.i64 %p, %m
  ret
}
`)); err != nil {
		log.Fatal(err)
	}
	count, err := jit.Lookup[func()](lib, "count")
	if err != nil {
		log.Fatal(err)
	}
	count.Call()
	count.Call()
	name, err := lib.Data("name")
	fmt.Println(*counter, string(name), err)
	// Output: 2 hello <nil>
}

// What happens in an engine, as it happens, and its numbers.
func ExampleEngine_Stats() {
	e := jit.New(jit.Options{Tiers: jit.QuickOnly, Events: func(ev jit.Event) {
		if ev.Kind == jit.Created || ev.Kind == jit.Redefined {
			fmt.Println(ev)
		}
	}})
	lib := e.NewLibrary("main")
	mod, err := lib.Add(ir.MustParse("one.ir", "module \"one\"\nfunc @one() -> i64 {\nentry:\n  ret 1\n}\n"))
	if err != nil {
		log.Fatal(err)
	}
	one, err := jit.Lookup[func() int64](lib, "one")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(one.Call())
	if e.Native() == nil && e.Stats().Quick != 1 {
		fmt.Println("compiled", e.Stats().Quick, "functions instead of 1")
	}
	if err := mod.Remove(); err != nil {
		log.Fatal(err)
	}
	e.Close()
	fmt.Println(e.Stats().Functions)
	// Output:
	// created one
	// 1
	// redefined one: removed
	// 0
}

// A guard that fails in compiled code is answered by the host, which returns from the function in its place.
func ExampleOptions_onExit() {
	e := jit.New(jit.Options{OnExit: func(x *jit.Exit) (jit.Answer, error) {
		fmt.Println("exit", x.Number, "of", x.Func, "with", x.Values)
		return jit.Answer{Words: []uint64{x.Values[0] * 100}}, nil
	}})
	defer e.Close()
	lib := e.NewLibrary("main")
	if _, err := lib.Add(ir.MustParse("small.ir", `
module "small"
func @small(i64) -> i64 {
entry(%x i64):
  %c = slt.i64 %x, 10
  guard %c, 7(%x)
  %y = add.i64 %x, 1
  ret %y
}
`)); err != nil {
		log.Fatal(err)
	}
	small, err := jit.Lookup[func(int64) int64](lib, "small")
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(small.Call(5))
	fmt.Println(small.Call(50))
	// Output:
	// 6
	// exit 7 of small with [50]
	// 5000
}

// A calculator language: definitions like "f(x) = x*x + 1" are compiled, redefined while the program runs, and removed.
func Example_calculator() {
	c := newCalculator()
	defer c.e.Close()
	c.define("f(x) = x*x + 1")
	c.define("g(x) = f(x) * f(x+1)")
	fmt.Println(c.call("g", 2))
	c.define("f(x) = x + 10")
	fmt.Println(c.call("g", 2))
	c.remove("f")
	_, err := c.try("g", 2)
	fmt.Println(err)
	// Output:
	// 50
	// 156
	// symbol @f is not defined (wanted in library "calculator"); asked: [library calculator]
}

type calculator struct {
	e    *jit.Engine
	lib  *jit.Library
	mods map[string]*jit.Module
}

func newCalculator() *calculator {
	e := jit.New(jit.Options{})
	return &calculator{e, e.NewLibrary("calculator"), map[string]*jit.Module{}}
}

// define compiles "name(param) = expression" to a module of its own, and replaces an older definition.
func (c *calculator) define(text string) {
	p := &calcParser{text: text}
	name := p.word()
	p.expect('(')
	p.param = p.word()
	p.expect(')')
	p.expect('=')
	p.m = ir.NewModule(name)
	p.f = p.m.AddFunc(name, calcSig, ir.External)
	p.b = ir.NewBuilder(p.f)
	p.b.Ret(p.sum())
	if old := c.mods[name]; old != nil {
		if err := old.Replace(p.m); err != nil {
			log.Fatal(err)
		}
		return
	}
	m, err := c.lib.Add(p.m)
	if err != nil {
		log.Fatal(err)
	}
	c.mods[name] = m
}

func (c *calculator) remove(name string) {
	if err := c.mods[name].Remove(); err != nil {
		log.Fatal(err)
	}
	delete(c.mods, name)
}

func (c *calculator) try(name string, x int64) (int64, error) {
	f, err := jit.Lookup[func(int64) (int64, error)](c.lib, name)
	if err != nil {
		return 0, err
	}
	return f.Call(x)
}

func (c *calculator) call(name string, x int64) int64 {
	v, err := c.try(name, x)
	if err != nil {
		log.Fatal(err)
	}
	return v
}

var calcSig = ir.Signature{Params: []ir.Type{ir.I64}, Results: []ir.Type{ir.I64}}

// calcParser turns an expression of sums, products, calls, numbers and the parameter into IR as it reads.
type calcParser struct {
	text  string
	pos   int
	param string
	m     *ir.Module
	f     *ir.Func
	b     *ir.Builder
}

func (p *calcParser) peek() byte {
	for p.pos < len(p.text) && p.text[p.pos] == ' ' {
		p.pos++
	}
	if p.pos == len(p.text) {
		return 0
	}
	return p.text[p.pos]
}

func (p *calcParser) expect(c byte) {
	if p.peek() != c {
		log.Fatalf("%q: expected %c at %d", p.text, c, p.pos)
	}
	p.pos++
}

func (p *calcParser) word() string {
	p.peek()
	from := p.pos
	for p.pos < len(p.text) && (p.text[p.pos] >= 'a' && p.text[p.pos] <= 'z' || p.text[p.pos] >= '0' && p.text[p.pos] <= '9') {
		p.pos++
	}
	return p.text[from:p.pos]
}

func (p *calcParser) sum() *ir.Value {
	v := p.product()
	for p.peek() == '+' {
		p.pos++
		v = p.b.Add(v, p.product())
	}
	return v
}

func (p *calcParser) product() *ir.Value {
	v := p.atom()
	for p.peek() == '*' {
		p.pos++
		v = p.b.Mul(v, p.atom())
	}
	return v
}

func (p *calcParser) atom() *ir.Value {
	w := p.word()
	var n int64
	if _, err := fmt.Sscan(w, &n); err == nil {
		return p.b.Int(n)
	}
	if w == p.param {
		return p.b.Param(0)
	}
	p.expect('(')
	arg := p.sum()
	p.expect(')')
	callee := p.m.Func(w)
	if callee == nil {
		callee = p.m.AddFunc(w, calcSig, ir.Declared)
	}
	return p.b.Call(callee, arg)[0]
}
