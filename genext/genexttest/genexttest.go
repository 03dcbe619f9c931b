// Package genexttest tests interpreters with generated compilers: residual code
// against the plain interpreter, with every guard made to fail in turn, and
// with small budgets. It also counts the ops of residual loops.
package genexttest

import (
	"testing"

	"martlet/genext"
	"martlet/internal/codegen"
	"martlet/internal/opt"
	"martlet/ir"
)

// Configs are the ways in which every program should be run.
func Configs() map[string]genext.Options {
	return map[string]genext.Options{
		"quick":       {Threshold: 2, Profile: 1},
		"full":        {Threshold: 2, Profile: 2, Level: opt.Full},
		"lazy":        {Threshold: 1, Lazy: true},
		"one version": {Threshold: 1, Limits: genext.Limits{Versions: 1}},
		"tiny":        {Threshold: 1, Limits: genext.Limits{Ops: 20, Steps: 400}},
		"bridges":     {Threshold: 1, Profile: 1, Retries: 50},
		"machine":     {Threshold: 2, Profile: 1, Executor: machine(codegen.Quick)},
		"best":        {Threshold: 2, Profile: 2, Level: opt.Full, Executor: machine(codegen.Full)},
	}
}

// machine is native execution where there is any.
func machine(l codegen.Level) genext.Executor {
	if n, ok := genext.Best().(genext.Native); ok {
		n.Level, n.Check = l, true
		return n
	}
	return genext.Graphs{}
}

// FailEveryGuard runs a program again and again: in run n the n-th guard that is
// executed fails. It stops when a run has fewer guards, or after limit runs.
// The function run executes the program with the options and compares.
func FailEveryGuard(t testing.TB, limit int, run func(o genext.Options) bool) int {
	for n := 1; n <= limit; n++ {
		count, failed := 0, false
		fail := func(int64) bool {
			count++
			failed = failed || count == n
			return count == n
		}
		o := genext.Options{Threshold: 1, Profile: 1, Exact: true, Executor: genext.Graphs{Fail: fail}}
		if !run(o) {
			t.Fatalf("wrong when guard execution %d fails", n)
		}
		if !failed {
			return n - 1
		}
	}
	return limit
}

// Count is how many ops of each kind a piece of residual code has.
type Count map[ir.Op]int

// Loop counts the ops of the innermost loops of a function: blocks from which
// control can come back to themselves, constants left out.
func Loop(f *ir.Func) Count {
	c := Count{}
	for _, b := range f.Blocks {
		if !reaches(b, b) {
			continue
		}
		for _, v := range b.Insts {
			switch v.Op {
			case ir.OpConst, ir.OpRefconst, ir.OpResult:
			default:
				c[v.Op]++
			}
		}
		if b.End.Op != ir.OpJump {
			c[b.End.Op]++
		}
	}
	return c
}

// All counts the ops of a function.
func All(f *ir.Func) Count {
	c := Count{}
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			c[v.Op]++
		}
		c[b.End.Op]++
	}
	return c
}

func reaches(from, to *ir.Block) bool {
	seen := map[*ir.Block]bool{}
	var walk func(b *ir.Block) bool
	walk = func(b *ir.Block) bool {
		for _, e := range b.End.Succs {
			if e.To == to {
				return true
			}
			if !seen[e.To] {
				seen[e.To] = true
				if walk(e.To) {
					return true
				}
			}
		}
		return false
	}
	return walk(from)
}
