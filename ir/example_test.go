package ir_test

import (
	"fmt"

	"martlet/ir"
)

// A function made through the Builder, printed in the text form.
func ExampleBuilder() {
	m := ir.NewModule("example")
	f := m.AddFunc("max", ir.Signature{Params: []ir.Type{ir.I64, ir.I64}, Results: []ir.Type{ir.I64}}, ir.External)
	b := ir.NewBuilder(f)
	x, y := b.Param(0).SetName("x"), b.Param(1).SetName("y")
	then, els := b.NewBlock().SetName("then"), b.NewBlock().SetName("else")
	b.Br(b.Sgt(x, y), ir.To(then), ir.To(els))
	b.At(then)
	b.Ret(x)
	b.At(els)
	b.Ret(y)
	fmt.Println(ir.Verify(m))
	fmt.Print(f)
	// Output:
	// <nil>
	// func @max(i64, i64) -> i64 {
	// b0(%x i64, %y i64):
	//   %2 = sgt.i64 %x, %y
	//   br %2, then, else
	// then:
	//   ret %x
	// else:
	//   ret %y
	// }
}
