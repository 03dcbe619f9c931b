// Package first is an interpreter whose compiler has never been generated: it
// does not compile before martlet-gen has run.
package first

import (
	"martlet/genext"
	"martlet/hint"
)

type code struct {
	ops []byte `hint:"deep"`
	hot hint.Counter
}

type greens struct {
	c  *code
	pc int
}

type reds struct{ acc int }

func run(c *code, pc, acc int) int {
	for {
		hint.MergePoint(greens{c, pc}, reds{acc})
		acc += int(c.ops[pc])
		pc++
		if pc == len(c.ops) {
			return acc
		}
	}
}

// Program is what martlet-gen makes.
func Program() *genext.Program { return &martletProgram }
