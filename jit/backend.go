package jit

import (
	"martlet/internal/codegen"
	"martlet/internal/native"
	"martlet/internal/obj"
	"martlet/ir"
)

// level is how much work a compilation does.
type level uint8

const (
	quick level = iota
	full
)

func (l level) String() string {
	if l == quick {
		return "quick"
	}
	return "full"
}

// generateCode compiles an optimised function to machine code.
func generateCode(f *ir.Func, l level) (*obj.Code, error) {
	cpu := native.HostCPU()
	t := codegen.Target{CPU: codegen.Features{BMI1: cpu.BMI1, BMI2: cpu.BMI2, LZCNT: cpu.LZCNT, FMA: cpu.FMA}, Level: codegen.Quick}
	if l == full {
		t.Level = codegen.Full
	}
	return codegen.Compile(f, t)
}
