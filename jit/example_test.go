package jit_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"time"

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
