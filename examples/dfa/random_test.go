package dfa

import (
	"math/rand/v2"
	"testing"

	"martlet/genext"
	"martlet/genext/genexttest"
)

// random makes an automaton over the letters a to f, whose transitions may overlap.
func random(r *rand.Rand) *Automaton {
	a := &Automaton{States: make([]State, 2+r.IntN(5))}
	for i := range a.States {
		s := &a.States[i]
		s.Accept = r.IntN(2) == 0
		for range 1 + r.IntN(4) {
			lo := 'a' + byte(r.IntN(6))
			s.Edges = append(s.Edges, Range{lo, min('f', lo+byte(r.IntN(3))), r.IntN(len(a.States))})
		}
		if r.IntN(3) > 0 {
			s.Edges = append(s.Edges, Range{'a', 'f', r.IntN(len(a.States))})
		}
	}
	return a
}

func TestRandomPrograms(t *testing.T) {
	same := func(a, b uint64) bool { return a == b }
	genexttest.Random(t, 30, same, func(t testing.TB, seed uint64, o *genext.Options) (accepted uint64) {
		r := rand.New(rand.NewPCG(seed, 7))
		a := random(r)
		if o != nil {
			jit, _, err := NewDriver(*o)
			if err != nil {
				t.Fatal(err)
			}
			a.JIT = jit
		}
		for i := range genexttest.Size(seed, 5, 3) {
			text := make([]byte, r.IntN(40))
			for k := range text {
				text[k] = 'a' + byte(r.IntN(6))
			}
			if a.Match(string(text)) {
				accepted |= 1 << i
			}
		}
		return accepted
	})
}
