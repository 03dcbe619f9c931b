package brainfuck

import (
	"bytes"
	"math/rand/v2"
	"strings"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
)

// nested multiplies in three nested loops, and prints the product.
var nested = strings.Repeat("+", 50) + "[>" + strings.Repeat("+", 100) + "[>" + strings.Repeat("+", 100) + "[>+>+<<-]<-]<-]>>>."

const hello = "++++++++[>++++[>++>+++>+++>+<<<<-]>+>+>->>+[<]<-]>>.>---.+++++++..+++.>>.<-.<.+++.------.--------.>>+.>++."

type outcome struct {
	tape [TapeLen]byte
	out  string
	err  error
}

func execute(t testing.TB, src, in string, jit *Driver) outcome {
	t.Helper()
	c, err := Parse(src)
	if err != nil {
		t.Fatal(err)
	}
	m := &Machine{In: []byte(in)}
	err = Run(c, m, jit)
	return outcome{m.Tape, string(m.Out), err}
}

func driver(t testing.TB, o genext.Options) (*Driver, *genext.Handle) {
	jit, h, err := NewDriver(o)
	if err != nil {
		t.Fatal(err)
	}
	return jit, h
}

func TestHello(t *testing.T) {
	if got := execute(t, hello, "", nil); got.out != "Hello World!\n" {
		t.Fatalf("interpreted: %q", got.out)
	}
	for name, o := range genexttest.Configs() {
		jit, _ := driver(t, o)
		if got := execute(t, hello, "", jit); got.out != "Hello World!\n" {
			t.Errorf("%s: %q", name, got.out)
		}
	}
}

func TestParseErrors(t *testing.T) {
	for _, src := range []string{"[", "]", "[]]", "[[]"} {
		if _, err := Parse(src); err != ErrBrackets {
			t.Errorf("%s: %v", src, err)
		}
	}
}

// random makes terminating programs: loops count a cell of their own down and come back to it.
func random(seed uint64) string {
	r := rand.New(rand.NewPCG(seed, 3))
	var b bytes.Buffer
	size := genexttest.Size(seed, 400, 40)
	var body func(depth int)
	body = func(depth int) {
		for range 2 + r.IntN(genexttest.Size(seed, 5, 2)) {
			n := 1 + r.IntN(4)
			switch k := r.IntN(7); {
			case k == 0 && depth < 3 && b.Len() < size:
				b.WriteString(strings.Repeat(">", 8) + "[-]" + strings.Repeat("+", n+genexttest.Size(seed, 2, 1)) + "[" + strings.Repeat(">", 8))
				body(depth + 1)
				b.WriteString(strings.Repeat("<", 8) + "-]" + strings.Repeat("<", 8))
			case k == 1:
				b.WriteString(">[-]<[->+>+<<]>>[-<<+>>]<<")
			case k == 2:
				b.WriteString(".,"[r.IntN(2):][:1])
			case k == 3:
				b.WriteString(strings.Repeat(">", n) + "+" + strings.Repeat("<", n))
			default:
				b.WriteString(strings.Repeat("+-"[r.IntN(2):][:1], n))
			}
		}
	}
	b.WriteString(strings.Repeat("+", genexttest.Size(seed, 7, 4)) + "[>")
	body(0)
	b.WriteString("<-]")
	return b.String()
}

func TestRandomPrograms(t *testing.T) {
	same := func(a, b outcome) bool { return a == b }
	genexttest.Random(t, 6, same, func(t testing.TB, seed uint64, o *genext.Options) outcome {
		var jit *Driver
		if o != nil {
			jit, _ = driver(t, *o)
		}
		return execute(t, random(seed), "input of the program", jit)
	})
}

func TestGuardFailures(t *testing.T) {
	want := execute(t, hello, "", nil)
	n := genexttest.FailEveryGuard(t, 150, func(o genext.Options) bool {
		jit, _ := driver(t, o)
		return execute(t, hello, "", jit) == want
	})
	t.Logf("%d guard executions made to fail", n)
}

func BenchmarkInterpreter(b *testing.B) {
	genexttest.Best(b, func() {
		execute(b, nested, "", nil)
	})
}

func BenchmarkCompiled(b *testing.B) {
	jit, _ := driver(b, genext.Options{Level: genext.Full, Executor: genext.Best()})
	c, _ := Parse(nested)
	genexttest.Best(b, func() {
		Run(c, &Machine{}, jit)
	})
}
