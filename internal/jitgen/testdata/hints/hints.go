// Package hints has hints that cannot be kept. Each error is expected at the
// line with the comment.
package hints

import "martlet/hint"

type code struct {
	ops  []byte `hint:"deep"`
	data []byte
	hot  hint.Counter
}

type greens struct {
	c  *code
	pc int
}

type reds struct{ acc int }

func redGreen(c *code, acc int) int {
	pc := 0
	for {
		hint.MergePoint(greens{c, pc}, reds{acc})
		switch c.ops[pc] {
		case 0:
			pc++
		case 1:
			pc += acc // want "the green pc .* becomes red here"
		case 2:
			return acc
		}
		acc++
	}
}

func redMemory(c *code, acc int) int {
	pc := 0
	for {
		hint.MergePoint(greens{c, pc}, reds{acc})
		switch c.ops[pc] {
		case 0:
			pc = int(c.data[pc]) // want "the green pc .* becomes red here(.|\n)*reads the field .*code.data, which may change"
		case 1:
			acc += hint.Concrete(acc) // want "hint.Concrete of a red value"
			pc++
		case 2:
			return acc
		}
	}
}

func concreteInHelper(c *code, acc int) int {
	pc := 0
	for {
		hint.MergePoint(greens{c, pc}, reds{acc})
		if c.ops[pc] == 9 {
			return acc
		}
		acc = helper(acc, pc)
		pc++
	}
}

func helper(x, y int) int {
	return x + hint.Concrete(y) + hint.Concrete(x) // want "hint.Concrete of a red value(.|\n)*passed as x of helper"
}

func missing(c *code, acc, step int) int {
	pc := 0
	for {
		hint.MergePoint(greens{c, pc}, reds{acc}) // want "step is used in the loop, but the merge point names it neither"
		if c.ops[pc] == 9 {
			return acc
		}
		acc += step
		pc++
	}
}

func twice(c *code, acc int) int {
	pc := 0
	for {
		hint.MergePoint(greens{c, pc}, reds{acc})
		if c.ops[pc] == 9 {
			return acc
		}
		pc++
		hint.MergePoint(greens{c, pc}, reds{acc}) // want "twice has 2 merge points"
	}
}

func promoted(c *code, acc int) int {
	pc := 0
	for {
		hint.MergePoint(greens{c, pc}, reds{acc})
		switch c.ops[pc] {
		case 0:
			pc = hint.Promote(acc) // allowed: a promoted value is green
		case 1:
			if c.hot.Tick() {
				pc = int(c.data[0]) // allowed: the specialiser never comes here
			}
			pc++
		case 2:
			return acc
		}
	}
}

var _ = []any{redGreen, redMemory, concreteInHelper, missing, twice, promoted}
