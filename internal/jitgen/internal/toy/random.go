package toy

import "math/rand/v2"

// New makes a machine.
func New() *VM {
	vm := &VM{Hook: func(n int) int { return 3*n + 1 }}
	vm.Unit.Set(text2{"ab", "c", 5})
	return vm
}

// Random makes a program that ends, though possibly in a panic: a counted loop
// around random instructions that leave the stack as it was.
func Random(r *rand.Rand) *Code {
	c := &Code{}
	add := func(op Op, arg int) { c.Ops, c.Args = append(c.Ops, op), append(c.Args, arg) }
	add(Push, 0)
	for range 1 + r.IntN(3) {
		start := len(c.Ops)
		body(r, add)
		add(Push, 1)
		add(Add, 0)
		add(Dup, 0)
		add(Push, 1+r.IntN(6))
		add(Less, 0)
		add(Loop, start)
	}
	body(r, add)
	if r.IntN(2) == 0 {
		add(Text, 0)
		add(Trace, 0)
	}
	add(Ret, 0)
	return c
}

func body(r *rand.Rand, add func(op Op, arg int)) {
	for range r.IntN(6) {
		add(Push, r.IntN(9)-3)
		for range r.IntN(4) {
			add([]Op{Text, Len, Trace, Hook, Unit}[r.IntN(5)], 0)
		}
		if r.IntN(3) == 0 {
			add(Dup, 0)
			add(Add, 0)
		}
		add(Len, 0)
		add([]Op{Trace, Hook}[r.IntN(2)], 0)
		add(Drop, 0)
	}
}
