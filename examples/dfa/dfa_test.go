package dfa

import (
	"math/rand/v2"
	"regexp"
	"strings"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
)

// float is [0-9]+(\.[0-9]+)?(e[0-9]+)? .
func float() *Automaton {
	return &Automaton{States: []State{
		{Edges: []Range{{'0', '9', 1}}},
		{Accept: true, Edges: []Range{{'0', '9', 1}, {'.', '.', 2}, {'e', 'e', 4}}},
		{Edges: []Range{{'0', '9', 3}}},
		{Accept: true, Edges: []Range{{'0', '9', 3}, {'e', 'e', 4}}},
		{Edges: []Range{{'0', '9', 5}}},
		{Accept: true, Edges: []Range{{'0', '9', 5}}},
	}}
}

// even is (a|b*c)* with an even number of a.
func even() *Automaton {
	return &Automaton{States: []State{
		{Accept: true, Edges: []Range{{'a', 'a', 1}, {'b', 'c', 0}}},
		{Edges: []Range{{'a', 'a', 0}, {'b', 'c', 1}}},
	}}
}

var cases = []struct {
	make   func() *Automaton
	re     string
	letter string
}{
	{float, `^[0-9]+(\.[0-9]+)?(e[0-9]+)?$`, "0123456789.e"},
	{even, `^[bc]*(a[bc]*a[bc]*)*$`, "abc"},
}

// TestAgainstRegexp compares with package regexp, interpreted and compiled.
func TestAgainstRegexp(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for _, c := range cases {
		re := regexp.MustCompile(c.re)
		for name, o := range genexttest.Configs() {
			jit, h, err := NewDriver(o)
			if err != nil {
				t.Fatal(err)
			}
			a, plain := c.make(), c.make()
			a.JIT = jit
			for range 300 {
				b := make([]byte, r.IntN(40))
				for i := range b {
					b[i] = c.letter[r.IntN(len(c.letter))]
				}
				text := string(b)
				want := re.MatchString(text)
				if plain.Match(text) != want || a.Match(text) != want {
					t.Fatalf("%s: %s on %q: want %v; %+v", name, c.re, text, want, h.Stats())
				}
			}
			if h.Stats().Runs == 0 {
				t.Errorf("%s: nothing compiled", name)
			}
		}
	}
}

func BenchmarkInterpreter(b *testing.B) { bench(b, nil) }

func BenchmarkCompiled(b *testing.B) {
	jit, _, err := NewDriver(genext.Options{Level: genext.Full, Executor: genext.Best()})
	if err != nil {
		b.Fatal(err)
	}
	bench(b, jit)
}

func bench(b *testing.B, jit *Driver) {
	a := even()
	a.JIT = jit
	text := strings.Repeat("abcacbbca", 10000)
	b.SetBytes(int64(len(text)))
	genexttest.Best(b, func() {
		a.Match(text)
	})
}
