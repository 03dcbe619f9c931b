// Package randprog writes random Python programs for comparing executions: martlet with and without its JIT, and CPython.
//
// A program is a few classes, generators and functions followed by calls of them, each inside try, whose results are printed. What
// keeps it comparable and finite:
//
//   - every loop is over a range or a bounded container, or counts a variable of its own (named k and a number) down;
//   - a function calls only functions and generators defined above it, so there is no recursion; a budget of calls (the function
//     tick, called at every function's head and loop's turn) raises Stop when a nest of loops grows too long;
//   - values are kept small by the function cut, which every assignment inside a loop goes through;
//   - sets are printed sorted, no address or hash is printed, and floats come only from + - * / and comparisons, which are
//     exact in IEEE arithmetic.
//
// Expressions are not typed: what does not fit raises an exception, which the program prints with its message.
package randprog

import (
	"fmt"
	"math/rand/v2"
	"strings"
)

const prelude = `class Stop(BaseException): pass
budget = [20000]
def tick():
    budget[0] -= 1
    if budget[0] < 0: raise Stop
def cut(v):
    t = type(v)
    if t is int: return v if -(1 << 200) < v < 1 << 200 else v % 1000003
    if t is str or t is list or t is tuple: return v[:12]
    if t is dict or t is set: return v if len(v) < 12 else t()
    return v
def show(v, depth=0):
    t = type(v)
    if depth > 4: return '...'
    if t is list: return '[' + ', '.join([show(x, depth + 1) for x in v]) + ']'
    if t is tuple: return '(' + ', '.join([show(x, depth + 1) for x in v]) + ',)'
    if t is dict: return '{' + ', '.join([show(k, depth + 1) + ': ' + show(x, depth + 1) for k, x in v.items()]) + '}'
    if t is set: return 'set' + show(sorted([show(x, depth + 1) for x in v]), depth + 1)
    if t in (int, float, str, bool, bytes, complex, type(None), range): return repr(v)
    if isinstance(v, Base): return t.__name__ + show(v.a, depth + 1) + show(v.b, depth + 1)
    return t.__name__
class Base:
    def __init__(self, a=0, b=None): self.a = a; self.b = b
`

// maker writes one program.
type maker struct {
	r       *rand.Rand
	out     strings.Builder
	indent  int
	vars    []string   // variables that may be read here, most of them bound
	funcs   []callable // what may be called here
	classes []string
	next    int
	loop    int  // nesting of loops, comprehensions included
	inLoop  bool // break and continue are allowed
	gen     bool // yield is allowed
	method  bool // self is allowed
}

type callable struct {
	name   string
	params int
	gen    bool
}

// Program gives the program of a seed. Equal seeds give equal programs.
func Program(seed uint64) string {
	m := &maker{r: rand.New(rand.NewPCG(seed, 0x9e3779b97f4a7c15))}
	m.out.WriteString(prelude)
	m.vars = []string{"g0", "g1", "g2"}
	m.line("g0 = %s", m.literal())
	m.line("g1 = %s", m.literal())
	m.line("g2 = [%s, %s]", m.number(), m.number())
	for range 1 + m.r.IntN(2) {
		m.class()
	}
	for range 2 + m.r.IntN(3) {
		m.function()
	}
	for _, f := range m.funcs {
		m.calls(f)
	}
	m.line("print(show(g0), show(g1), show(g2))")
	return m.out.String()
}

func (m *maker) line(format string, args ...any) {
	m.out.WriteString(strings.Repeat("    ", m.indent))
	fmt.Fprintf(&m.out, format, args...)
	m.out.WriteByte('\n')
}

// fresh gives a name that the program does not use yet.
func (m *maker) fresh(prefix string) string {
	m.next++
	return fmt.Sprintf("%s%d", prefix, m.next)
}

func (m *maker) pick(list ...string) string { return list[m.r.IntN(len(list))] }

// calls prints results of a function for some arguments, often enough for a JIT to compile it.
func (m *maker) calls(f callable) {
	i := m.fresh("i")
	m.line("for %s in range(%d):", i, 3+m.r.IntN(30))
	m.indent++
	m.line("budget[0] = 3000")
	args := make([]string, f.params)
	for j := range args {
		args[j] = m.pick(i, i, i+" * 0.5", "str("+i+")", m.literal())
	}
	call := f.name + "(" + strings.Join(args, ", ") + ")"
	if f.gen {
		call = "list(" + call + ")"
	}
	m.line("try: print(%q, show(%s))", f.name, call)
	m.line("except Exception as e: print(%q, type(e).__name__, e)", f.name)
	m.line("except Stop: print(%q, 'stopped')", f.name)
	m.indent--
}

// body writes a block of up to n statements in a scope of its own for names.
func (m *maker) body(n int) {
	m.indent++
	keep := len(m.vars)
	for range 1 + m.r.IntN(n) {
		m.statement()
	}
	m.vars = m.vars[:keep]
	m.indent--
}

func (m *maker) class() {
	name := m.fresh("C")
	base := m.pick(append([]string{"Base"}, m.classes...)...)
	m.line("class %s(%s):", name, base)
	m.indent++
	if m.r.IntN(3) == 0 {
		m.line("__slots__ = ('s',)")
	}
	m.line("c = %s", m.literal())
	for _, head := range []string{"__add__(self, o)", "__eq__(self, o)", "__lt__(self, o)", "__getitem__(self, o)", "__len__(self)", "__bool__(self)", "meth(self, o)", "__call__(self, o)"} {
		if m.r.IntN(2) == 0 {
			m.methodOf(head)
		}
	}
	if m.r.IntN(2) == 0 {
		m.line("@property")
		m.methodOf("prop(self)")
	}
	m.line("__hash__ = None")
	m.indent--
	m.classes = append(m.classes, name)
}

func (m *maker) methodOf(head string) {
	m.line("def %s:", head)
	keep := m.vars
	m.vars = append([]string{"self.a", "self.b", "self.c"}, m.vars...)
	if strings.Contains(head, "o)") {
		m.vars = append(m.vars, "o", "o")
	}
	m.indent++
	m.line("tick()")
	m.method = true
	if m.r.IntN(2) == 0 {
		m.line("self.%s = cut(%s)", m.pick("a", "b"), m.expr(2))
	}
	switch {
	case strings.HasPrefix(head, "__len__"):
		m.line("return %s", m.pick("3", "0", "self.a", "-1"))
	case strings.HasPrefix(head, "__bool__"):
		m.line("return %s", m.pick("True", "False", "self.a == 0", "1"))
	default:
		m.line("return %s", m.expr(2))
	}
	m.method = false
	m.indent--
	m.vars = keep
}

func (m *maker) function() {
	f := callable{name: m.fresh("f"), params: 1 + m.r.IntN(3), gen: m.r.IntN(4) == 0}
	keep := m.vars
	params := make([]string, f.params)
	heads := make([]string, f.params)
	for i := range params {
		params[i] = m.fresh("p")
		heads[i] = params[i] + "=" + m.literal()
	}
	m.line("def %s(%s):", f.name, strings.Join(heads, ", "))
	m.vars = append(append([]string{}, m.vars...), params...)
	m.vars = append(m.vars, params...)
	m.indent++
	m.line("tick()")
	if m.r.IntN(3) == 0 {
		m.line("global g0")
	}
	m.gen = f.gen
	for range 3 + m.r.IntN(5) {
		m.statement()
	}
	if f.gen {
		m.line("yield %s", m.expr(2))
	}
	m.line("return %s", m.expr(3))
	m.gen = false
	m.indent--
	m.vars = keep
	m.funcs = append(m.funcs, f)
}

func (m *maker) statement() {
	if m.indent > 5 {
		m.assign()
		return
	}
	choices := []func(){
		m.assign, m.assign, m.assign, m.augment, m.augment, m.augment, m.store, m.ifs, m.ifs, m.forLoop, m.forLoop, m.whileLoop,
		m.tryBlock, m.raise, m.unpack, m.mutate, m.closure, m.yield, m.jump, m.match, m.with,
	}
	s := choices[m.r.IntN(len(choices))]
	if m.r.IntN(3) > 0 || m.indent > 3 {
		s()
		return
	}
	// What follows an exception is worth running too.
	m.line("try:")
	m.indent++
	s()
	m.indent--
	m.line("except (TypeError, AttributeError, LookupError): %s = %s", m.target(), m.number())
}

func (m *maker) assign() {
	e := m.expr(3)
	name := m.target()
	m.line("%s = cut(%s)", name, e)
	m.vars = append(m.vars, name)
}

// target is a local name to assign to; parameters and loop variables are left alone so that loops end.
func (m *maker) target() string { return fmt.Sprintf("v%d", m.r.IntN(5)) }

func (m *maker) local() (string, bool) {
	var list []string
	for _, v := range m.vars {
		if v[0] == 'v' || v[0] == 'p' {
			list = append(list, v)
		}
	}
	if len(list) == 0 {
		return "", false
	}
	return m.pick(list...), true
}

func (m *maker) augment() {
	v, ok := m.local()
	if !ok {
		m.assign()
		return
	}
	m.line("%s %s= %s", v, m.pick("+", "+", "+", "-", "*", "//", "%", "&", "|", "^", ">>", "/"), m.expr(2))
	m.line("%s = cut(%s)", v, v)
}

func (m *maker) store() {
	switch m.r.IntN(4) {
	case 0:
		m.line("%s.%s = cut(%s)", m.value(), m.pick("a", "b", "s", "z"), m.expr(2))
	case 1:
		m.line("del %s[%s]", m.value(), m.expr(1))
	default:
		m.line("%s[%s] = cut(%s)", m.value(), m.expr(1), m.expr(2))
	}
}

func (m *maker) ifs() {
	m.line("if %s:", m.cond())
	m.body(3)
	if m.r.IntN(3) == 0 {
		m.line("elif %s:", m.cond())
		m.body(2)
	}
	if m.r.IntN(2) == 0 {
		m.line("else:")
		m.body(2)
	}
}

func (m *maker) looped(names ...string) {
	keep, was := m.vars, m.inLoop
	m.vars = append(append([]string{}, m.vars...), names...)
	m.inLoop = true
	m.loop++
	m.indent++
	m.line("tick()")
	m.indent--
	m.body(4)
	m.loop--
	m.inLoop = was
	m.vars = keep
	if m.r.IntN(6) == 0 {
		m.line("else:")
		m.body(1)
	}
}

func (m *maker) forLoop() {
	i := m.fresh("i")
	switch m.r.IntN(6) {
	case 0:
		m.line("for %s in %s:", i, m.expr(1))
	case 1:
		j := m.fresh("i")
		m.line("for %s, %s in enumerate(%s):", i, j, m.expr(1))
		m.looped(i, j)
		return
	default:
		m.line("for %s in range(%d):", i, 2+m.r.IntN(25))
	}
	m.looped(i, i)
}

func (m *maker) whileLoop() {
	k := m.fresh("k")
	m.line("%s = %d", k, 2+m.r.IntN(30))
	m.line("while %s > 0%s:", k, m.pick("", "", " and "+m.cond()))
	m.indent++
	m.line("%s -= %s", k, m.pick("1", "1", "2", "1.5", "True"))
	m.indent--
	m.looped(k)
}

func (m *maker) tryBlock() {
	m.line("try:")
	m.body(3)
	if m.r.IntN(5) > 0 {
		x := m.fresh("x")
		m.line("except %s as %s:", m.pick("Exception", "TypeError", "(TypeError, ValueError)", "LookupError", "ZeroDivisionError", "Exception"), x)
		keep := m.vars
		m.vars = append(append([]string{}, m.vars...), "str("+x+")")
		m.body(2)
		m.vars = keep
		if m.r.IntN(4) == 0 {
			m.line("else:")
			m.body(2)
		}
		if m.r.IntN(3) > 0 {
			return
		}
	}
	m.line("finally:")
	jump := m.inLoop
	m.inLoop = false // a break here draws a SyntaxWarning in later versions
	m.body(2)
	m.inLoop = jump
}

func (m *maker) raise() {
	m.line("if %s: raise %s(%s)", m.cond(), m.pick("ValueError", "TypeError", "KeyError", "IndexError", "ZeroDivisionError"), m.literal())
}

func (m *maker) unpack() {
	a, b := m.target(), m.target()
	e := m.pick(fmt.Sprintf("%s, %s", m.expr(2), m.expr(2)), m.value())
	m.line("%s, %s%s = %s", a, m.pick("", "*"), b, e)
	m.vars = append(m.vars, a, b)
}

func (m *maker) mutate() {
	m.line("%s.%s", m.value(), m.pick(
		"append(cut("+m.expr(2)+"))", "add("+m.literal()+")", "pop()", "extend("+m.expr(1)+")", "update("+m.expr(1)+")", "insert(0, 1)",
		"reverse()", "sort()", "clear()", "setdefault("+m.literal()+", "+m.literal()+")", "discard(1)", "remove("+m.literal()+")"))
}

func (m *maker) closure() {
	name, p := m.fresh("v_"), m.fresh("p")
	keep, loop, gen := m.vars, m.inLoop, m.gen
	m.inLoop, m.gen = false, false
	m.line("def %s(%s):", name, p)
	m.vars = append(append([]string{}, m.vars...), p)
	m.indent++
	m.line("tick()")
	if v, ok := m.local(); ok && v[0] == 'v' && !strings.HasPrefix(v, "v_") && m.r.IntN(2) == 0 && m.indent == 2 {
		m.line("nonlocal %s", v)
		m.line("%s = cut(%s)", v, m.expr(1))
	}
	m.line("return %s", m.expr(2))
	m.indent--
	m.vars, m.inLoop, m.gen = keep, loop, gen
	t := m.target()
	m.line("%s = cut(%s(%s))", t, name, m.expr(1))
	m.vars = append(m.vars, t)
}

func (m *maker) yield() {
	if !m.gen {
		m.line("print(show(%s))", m.expr(2))
		return
	}
	if m.r.IntN(4) == 0 {
		m.line("yield from %s", m.expr(1))
		return
	}
	m.line("yield cut(%s)", m.expr(2))
}

func (m *maker) jump() {
	switch {
	case m.inLoop && m.r.IntN(2) == 0:
		m.line("if %s: %s", m.cond(), m.pick("break", "continue"))
	default:
		m.line("if %s: return %s", m.cond(), m.expr(2))
	}
}

func (m *maker) match() {
	m.line("match %s:", m.expr(1))
	m.indent++
	x := m.fresh("v_")
	for range 1 + m.r.IntN(2) {
		m.line("case %s:", m.pick("0 | 1 | True", "[_, *_]", "{'a': _}", "str()", "Base(a=0)", "int("+x+") if "+x+" > 3", "(1, "+x+")", "None", "-1.5"))
		m.body(2)
	}
	m.line("case _:")
	m.body(1)
	m.indent--
}

func (m *maker) with() {
	// A context manager without an import: a memoryview.
	x := m.fresh("v_")
	m.line("with memoryview(b'abc') as %s:", x)
	m.body(2)
}

func (m *maker) cond() string {
	switch m.r.IntN(5) {
	case 0:
		return m.expr(2)
	case 1:
		return fmt.Sprintf("isinstance(%s, %s)", m.value(), m.pick("int", "str", "list", "Base", "(float, dict)"))
	case 2:
		return fmt.Sprintf("%s %s %s", m.expr(1), m.pick("and", "or"), m.expr(1))
	default:
		return fmt.Sprintf("%s %s %s", m.value(), m.pick("<", "<=", ">", ">=", "==", "!="), m.pick(m.value(), m.number()))
	}
}

// value is something to operate on: mostly a variable.
func (m *maker) value() string {
	if m.r.IntN(12) == 0 {
		return "(" + m.literal() + ")"
	}
	// The later ones are the more local.
	n := len(m.vars)
	if m.r.IntN(3) > 0 && n > 6 {
		return m.vars[n-6+m.r.IntN(6)]
	}
	return m.vars[m.r.IntN(n)]
}

func (m *maker) number() string {
	return m.pick("0", "1", "-1", "2", "3", "7", "10", "255", "1.5", "-0.25", "0.1", "2.0", "1e300", "True", "9223372036854775807", "-9223372036854775808", "4611686018427387904", "1 << 70", "-(3 ** 50)", "1000000007")
}

func (m *maker) literal() string {
	switch m.r.IntN(10) {
	case 0:
		return m.pick("'a'", "'é€'", "''", "'spam spam'", "'12'")
	case 1:
		return m.pick("None", "True", "False", "b'ab'", "2j")
	case 2:
		return m.pick("[1, 2, 3]", "[]", "['a', 1.5]", "[[1], [2]]", "[0.5, 1.5]", "[0] * 5")
	case 3:
		return m.pick("(1, 2)", "()", "('a',)", "{'a': 1, 'b': 2}", "{}", "{1: 'x', 2.5: 'y'}", "{1, 2, 3}", "range(5)")
	default:
		return m.number()
	}
}

func (m *maker) expr(depth int) string {
	if depth <= 0 || m.r.IntN(6) == 0 {
		return m.pick(m.value(), m.value(), m.value(), m.literal())
	}
	choices := []func(int) string{m.binary, m.binary, m.binary, m.binary, m.binary, m.index, m.compare, m.call, m.call, m.builtin, m.display, m.unary, m.ternary, m.attribute, m.comprehension, m.lambda}
	return choices[m.r.IntN(len(choices))](depth - 1)
}

func (m *maker) binary(d int) string {
	op := m.pick("+", "+", "+", "-", "-", "*", "//", "%", "/", "&", "|", "^", ">>")
	return fmt.Sprintf("(%s %s %s)", m.expr(d), op, m.expr(d))
}

func (m *maker) index(d int) string {
	if m.r.IntN(3) == 0 {
		return fmt.Sprintf("%s[%s:%s]", m.value(), m.pick("", "1", "-2"), m.pick("", "2", "-1", ":2", ":-1"))
	}
	return fmt.Sprintf("%s[%s]", m.value(), m.pick(m.expr(d), "0", "-1", "'a'"))
}

func (m *maker) compare(d int) string {
	op := m.pick("<", "<=", ">", ">=", "==", "!=", "in", "not in")
	if m.r.IntN(4) == 0 {
		return fmt.Sprintf("(%s < %s <= %s)", m.expr(d), m.expr(d), m.expr(d))
	}
	return fmt.Sprintf("(%s %s %s)", m.expr(d), op, m.expr(d))
}

func (m *maker) call(d int) string {
	if m.method || len(m.funcs) == 0 || m.r.IntN(3) == 0 {
		if len(m.classes) == 0 || m.method {
			return m.binary(d)
		}
		c := m.pick(m.classes...)
		return m.pick(fmt.Sprintf("%s(%s)", c, m.expr(d)), fmt.Sprintf("%s(%s, b=%s)", c, m.expr(d), m.expr(d)), fmt.Sprintf("%s(%s).meth(%s)", c, m.expr(d), m.expr(d)))
	}
	f := m.funcs[m.r.IntN(len(m.funcs))]
	args := make([]string, m.r.IntN(f.params+1))
	for i := range args {
		args[i] = m.expr(d - 1)
	}
	call := f.name + "(" + strings.Join(args, ", ") + ")"
	if f.gen {
		return m.pick("list("+call+")", "next("+call+")", "sum("+call+")", "[*"+call+"]")
	}
	return call
}

func (m *maker) builtin(d int) string { return m.apply(m.expr(d)) }

// apply puts an expression into a call of a builtin or a method.
func (m *maker) apply(e string) string {
	form := m.pick("len(@)", "abs(@)", "int(@)", "str(show(@))", "bool(@)", "float(@)", "list(@)", "tuple(@)", "sorted(@)", "sum(@)", "min(@)", "max(@)",
		"show(@)", "divmod(@, 7)", "(@).upper()", "(@).get('a')", "(@).split()", "(@).count(1)", "isinstance(@, int)", "type(@).__name__",
		"list(zip(@, range(3)))", "any(@)", "round(@)", "(@).meth(1)", "(@)(1)", "sorted(@, key=show)", "set(@)", "dict(a=@)", "list(map(show, @))", "f'{show(@)}!'", "''.join(@)", "next(iter(@))")
	return strings.ReplaceAll(form, "@", e)
}

func (m *maker) display(d int) string {
	switch m.r.IntN(4) {
	case 0:
		return fmt.Sprintf("(%s, %s)", m.expr(d), m.expr(d))
	case 1:
		return fmt.Sprintf("{%s: %s}", m.literal(), m.expr(d))
	case 2:
		return fmt.Sprintf("[*%s, %s]", m.value(), m.expr(d))
	default:
		return fmt.Sprintf("[%s, %s]", m.expr(d), m.expr(d))
	}
}

func (m *maker) unary(d int) string {
	return "(" + m.pick("-", "not ", "+", "~") + m.expr(d) + ")"
}

func (m *maker) ternary(d int) string {
	return fmt.Sprintf("(%s if %s else %s)", m.expr(d), m.cond(), m.expr(d))
}

func (m *maker) attribute(int) string {
	return m.value() + "." + m.pick("a", "a", "b", "c", "s", "z", "prop", "real")
}

func (m *maker) comprehension(d int) string {
	x := m.fresh("c")
	keep := m.vars
	over := m.pick(m.expr(0), "range(6)")
	m.vars = append(append([]string{}, m.vars...), x, x)
	e, c := m.expr(d), m.expr(0)
	m.vars = keep
	switch m.r.IntN(4) {
	case 0:
		return fmt.Sprintf("{%s: %s for %s in %s}", x, e, x, over)
	case 1:
		return fmt.Sprintf("sum(%s for %s in %s)", e, x, over)
	default:
		return fmt.Sprintf("[%s for %s in %s if %s]", e, x, over, c)
	}
}

func (m *maker) lambda(d int) string {
	x := m.fresh("l")
	keep := m.vars
	m.vars = append(append([]string{}, m.vars...), x)
	e := m.expr(d)
	m.vars = keep
	return fmt.Sprintf("(lambda %s: %s)(%s)", x, e, m.expr(0))
}
