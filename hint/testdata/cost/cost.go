// Package cost has pairs of functions that are the same but for hints. The
// test of package hint has the Go compiler print their instructions and counts them.
package cost

import "martlet/hint"

type greens struct {
	code []int
	pc   int
}

type reds struct{ sum int64 }

// PlainLoop is a loop.
func PlainLoop(code []int, sum int64) int64 {
	for pc := 0; pc < len(code); pc++ {
		sum += int64(code[pc])
	}
	return sum
}

// HintedLoop is the loop with a merge point.
func HintedLoop(code []int, sum int64) int64 {
	for pc := 0; pc < len(code); pc++ {
		hint.MergePoint(greens{code, pc}, reds{sum})
		sum += int64(code[pc])
	}
	return sum
}

// PlainValue computes something.
func PlainValue(x int64, s []any) any { return s[x*x] }

// HintedValue computes it with hints about values.
func HintedValue(x int64, s []any) any {
	if hint.Known(x) {
		return nil
	}
	return hint.PromoteType(s[hint.Concrete(hint.Promote(x)*x)])
}

// PlainFrame is a struct.
type PlainFrame struct {
	R [4]int64
}

// HintedFrame is the struct as a frame.
type HintedFrame struct {
	hint.Frame
	R [4]int64 `hint:"frame"`
}

// PlainField reads a field.
func PlainField(f *PlainFrame, i int) int64 { return f.R[i&3] }

// HintedField reads a field of a frame.
func HintedField(f *HintedFrame, i int) int64 { return f.R[i&3] }

// PlainTick only branches.
func PlainTick(c *hint.Counter, b bool) int {
	if b {
		return 1
	}
	return 2
}

// HintedTick counts a back-edge.
func HintedTick(c *hint.Counter, b bool) int {
	if c.Tick() {
		return 1
	}
	return 2
}
