// Package dfa matches text with deterministic automata. The automaton is
// green, the text red: compiled code is the automaton written out as branches,
// the machine that a lexer generator would have made.
package dfa

import "martlet/hint"

// Range is a transition on the bytes from Lo to Hi.
type Range struct {
	Lo, Hi byte
	To     int
}

// State is a state.
type State struct {
	Accept bool
	Edges  []Range `hint:"deep"`
}

// Automaton is a DFA that starts in state 0. A byte without transition rejects.
type Automaton struct {
	States []State `hint:"deep"`
	hot    hint.Counter
	JIT    *Driver // nil interprets
}

type greens struct {
	a     *Automaton
	state int
}

type reds struct {
	text string
	at   int
}

// Driver enters compiled code.
type Driver = hint.Driver[greens, reds, bool]

// Match reports whether the automaton accepts the text.
func (a *Automaton) Match(text string) bool { return match(a, 0, text, 0) }

func match(a *Automaton, state int, text string, at int) bool {
	for {
		hint.MergePoint(greens{a, state}, reds{text, at})
		s := &a.States[state]
		if at >= len(text) {
			return s.Accept
		}
		state = next(s, text[at])
		if state < 0 {
			return false
		}
		state = hint.Promote(state)
		at++
		if a.hot.Tick() {
			g, r, v, done := a.JIT.Enter(&a.hot, greens{a, state}, reds{text, at})
			if done {
				return v
			}
			a, state, text, at = g.a, g.state, r.text, r.at
		}
	}
}

// next runs over the known edges of a known state.
//
//martlet:unroll
func next(s *State, c byte) int {
	for i := range s.Edges {
		if e := &s.Edges[i]; e.Lo <= c && c <= e.Hi {
			return e.To
		}
	}
	return -1
}
