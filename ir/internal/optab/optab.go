// Package optab declares every op of the flow-graph language exactly once.
//
// From this table the generator in ../opgen writes the Op enum with its
// properties (ir/op_gen.go), the typed builder methods (ir/builder_gen.go) and
// the reference page (docs/ir-ops.md). The printer, the parser and the verifier
// work from the generated properties, so a new op is one entry here, its
// meaning in ir/eval.go or ir/interp, and its lowering in internal/codegen.
package optab

// Op describes one op.
//
// An op is parametrised by at most one type T, written as a suffix in the text
// form ("add.i64"). Args and Results are lists of patterns:
//
//	T        the suffix type
//	i8, i64… that very type
//	int      any integer type (the operand's own type)
//	float    f32 or f64 (the operand's own type)
//	addr     ptr or ref
//	any      any type
//	any*     any number of operands of any type (last)
type Op struct {
	Name    string
	Group   string // heading in the reference page
	On      string // permitted T: "", "int", "float", "num", "addr", "word" (int, ptr, ref), "any"
	Args    []string
	Results []string
	Props   Props
	Imm     string // meaning of Imm in the text form: "", "int", "bits", "offset", "exit", "size", "index"
	Aux     string // "", "call", "mem", "sym", "type", "switch", "ref"
	Doc     string // the full meaning, edge cases included
}

// Props is a set of properties of an op.
type Props uint32

const (
	Pure        Props = 1 << iota // result depends on operands only; may be folded, shared, moved and removed
	Commutative                   // the first two operands may be exchanged
	Trap                          // may end the function with a trap, so may not be moved above another effect or executed speculatively
	Read                          // reads memory
	Write                         // writes memory
	Call                          // transfers control to other code, which may do anything
	Term                          // ends a block
	Exit                          // may leave compiled code through the exit table
)

func bin(name, on string, p Props, doc string) Op {
	return Op{Name: name, On: on, Args: []string{"T", "T"}, Results: []string{"T"}, Props: Pure | p, Doc: doc}
}

func un(name, on, doc string) Op {
	return Op{Name: name, On: on, Args: []string{"T"}, Results: []string{"T"}, Props: Pure, Doc: doc}
}

func cmp(name, on string, p Props, doc string) Op {
	return Op{Name: name, On: on, Args: []string{"T", "T"}, Results: []string{"i8"}, Props: Pure | p, Doc: doc}
}

func conv(name, from, on, doc string) Op {
	return Op{Name: name, On: on, Args: []string{from}, Results: []string{"T"}, Props: Pure, Doc: doc}
}

func group(name string, ops ...Op) []Op {
	for i := range ops {
		ops[i].Group = name
	}
	return ops
}

// Ops returns the table, in the order of the Op enum.
func Ops() []Op {
	var all []Op
	add := func(ops []Op) { all = append(all, ops...) }
	add(group("Constants and addresses",
		Op{Name: "const", On: "any", Results: []string{"T"}, Props: Pure, Imm: "bits", Doc: "A constant: integers sign-extended into Imm, floats as their bits, nil (0) for ref, any address for ptr."},
		Op{Name: "refconst", Results: []string{"ref"}, Props: Pure, Aux: "ref", Doc: "A Go pointer fixed when the function was built. The compiled code keeps the object alive. The text form names it; only a program can supply it."},
		Op{Name: "symaddr", Results: []string{"ptr"}, Props: Pure, Aux: "sym", Doc: "The address of a global, or of a function's entry code (for icall)."},
		Op{Name: "stackaddr", Results: []string{"ptr"}, Props: Pure, Imm: "size", Doc: "The address of Imm bytes of the function's own JIT stack frame, 16-byte aligned, zero at function entry, gone when the function returns. Entry block only; every stackaddr is a slot of its own."},
	))
	add(group("Integer arithmetic",
		bin("add", "int", Commutative, "Two's-complement sum; wraps."),
		bin("sub", "int", 0, "Two's-complement difference; wraps."),
		bin("mul", "int", Commutative, "Low half of the product; wraps."),
		Op{Name: "sdiv", On: "int", Args: []string{"T", "T"}, Results: []string{"T"}, Props: Trap, Doc: "Signed quotient, truncated toward zero. A zero divisor traps (TrapDivide); the least value divided by -1 is the least value, as in Go."},
		Op{Name: "udiv", On: "int", Args: []string{"T", "T"}, Results: []string{"T"}, Props: Trap, Doc: "Unsigned quotient. A zero divisor traps (TrapDivide)."},
		Op{Name: "srem", On: "int", Args: []string{"T", "T"}, Results: []string{"T"}, Props: Trap, Doc: "Signed remainder with the sign of the dividend; x srem -1 = 0. A zero divisor traps (TrapDivide)."},
		Op{Name: "urem", On: "int", Args: []string{"T", "T"}, Results: []string{"T"}, Props: Trap, Doc: "Unsigned remainder. A zero divisor traps (TrapDivide)."},
		un("neg", "int", "0 - x; wraps."),
		bin("and", "int", Commutative, "Bitwise and."),
		bin("or", "int", Commutative, "Bitwise or."),
		bin("xor", "int", Commutative, "Bitwise exclusive or."),
		un("not", "int", "Bitwise complement."),
		Op{Name: "shl", On: "int", Args: []string{"T", "T"}, Results: []string{"T"}, Props: Pure, Doc: "x << y. The count is unsigned; a count of at least T's width gives 0, as in Go."},
		Op{Name: "lshr", On: "int", Args: []string{"T", "T"}, Results: []string{"T"}, Props: Pure, Doc: "Logical right shift. The count is unsigned; a count of at least T's width gives 0, as in Go."},
		Op{Name: "ashr", On: "int", Args: []string{"T", "T"}, Results: []string{"T"}, Props: Pure, Doc: "Arithmetic right shift. The count is unsigned; a count of at least T's width gives 0 or -1 (the sign), as in Go."},
		bin("rotl", "int", 0, "Rotate left by y modulo T's width."),
		bin("rotr", "int", 0, "Rotate right by y modulo T's width."),
		un("clz", "int", "Number of leading zero bits; T's width for 0."),
		un("ctz", "int", "Number of trailing zero bits; T's width for 0."),
		un("popcnt", "int", "Number of one bits."),
		un("bswap", "int", "Bytes in reverse order; i8 is unchanged."),
		bin("smulhi", "int", Commutative, "High half of the signed double-width product."),
		bin("umulhi", "int", Commutative, "High half of the unsigned double-width product."),
		bin("smin", "int", Commutative, "The smaller, signed."),
		bin("smax", "int", Commutative, "The larger, signed."),
		bin("umin", "int", Commutative, "The smaller, unsigned."),
		bin("umax", "int", Commutative, "The larger, unsigned."),
	))
	ov := func(name string, p Props, doc string) Op {
		return Op{Name: name, On: "int", Args: []string{"T", "T"}, Results: []string{"T", "i8"}, Props: Pure | p, Doc: doc}
	}
	add(group("Overflow-reporting arithmetic",
		ov("saddov", Commutative, "Wrapped sum, and 1 if the signed sum does not fit."),
		ov("ssubov", 0, "Wrapped difference, and 1 if the signed difference does not fit."),
		ov("smulov", Commutative, "Wrapped product, and 1 if the signed product does not fit."),
		ov("uaddov", Commutative, "Wrapped sum, and the carry out."),
		ov("usubov", 0, "Wrapped difference, and the borrow out."),
		ov("umulov", Commutative, "Wrapped product, and 1 if the unsigned product does not fit."),
		Op{Name: "addc", On: "int", Args: []string{"T", "T", "i8"}, Results: []string{"T", "i8"}, Props: Pure, Doc: "x + y + carry (the carry's lowest bit), and the carry out: bits.Add64."},
		Op{Name: "subb", On: "int", Args: []string{"T", "T", "i8"}, Results: []string{"T", "i8"}, Props: Pure, Doc: "x - y - borrow (the borrow's lowest bit), and the borrow out: bits.Sub64."},
	))
	add(group("Comparisons (the result is 0 or 1)",
		cmp("eq", "word", Commutative, "Equal. Addresses compare by value."),
		cmp("ne", "word", Commutative, "Not equal."),
		cmp("slt", "int", 0, "Signed less."),
		cmp("sle", "int", 0, "Signed less or equal."),
		cmp("sgt", "int", 0, "Signed greater."),
		cmp("sge", "int", 0, "Signed greater or equal."),
		cmp("ult", "word", 0, "Unsigned less."),
		cmp("ule", "word", 0, "Unsigned less or equal."),
		cmp("ugt", "word", 0, "Unsigned greater."),
		cmp("uge", "word", 0, "Unsigned greater or equal."),
		cmp("feq", "float", Commutative, "Equal; false if either is NaN; -0 = +0."),
		cmp("fne", "float", Commutative, "Not equal; true if either is NaN."),
		cmp("flt", "float", 0, "Less; false if either is NaN."),
		cmp("fle", "float", 0, "Less or equal; false if either is NaN."),
		cmp("fgt", "float", 0, "Greater; false if either is NaN."),
		cmp("fge", "float", 0, "Greater or equal; false if either is NaN."),
		Op{Name: "select", On: "any", Args: []string{"i8", "T", "T"}, Results: []string{"T"}, Props: Pure, Doc: "The second operand if the first is not 0, else the third. Both are evaluated."},
	))
	add(group("Floating point (IEEE 754, round to nearest even; a NaN result has an unspecified payload)",
		bin("fadd", "float", Commutative, "Sum."),
		bin("fsub", "float", 0, "Difference."),
		bin("fmul", "float", Commutative, "Product."),
		bin("fdiv", "float", 0, "Quotient; division by zero gives an infinity or NaN."),
		un("fneg", "float", "The sign bit flipped, also of NaN."),
		un("fabs", "float", "The sign bit cleared, also of NaN."),
		un("fsqrt", "float", "Square root; NaN below -0."),
		un("ffloor", "float", "Rounded toward negative infinity."),
		un("fceil", "float", "Rounded toward positive infinity."),
		un("ftrunc", "float", "Rounded toward zero."),
		un("fnearest", "float", "Rounded to the nearest integer, ties to even."),
		bin("fmin", "float", 0, "The smaller; NaN if either is NaN; -0 below +0: Go's min."),
		bin("fmax", "float", 0, "The larger; NaN if either is NaN; +0 above -0: Go's max."),
		bin("fcopysign", "float", 0, "The magnitude of the first with the sign of the second."),
		Op{Name: "fma", On: "float", Args: []string{"T", "T", "T"}, Results: []string{"T"}, Props: Pure, Doc: "x*y + z, rounded once."},
	))
	add(group("Conversions",
		conv("sext", "int", "int", "Sign extension from a narrower integer."),
		conv("zext", "int", "int", "Zero extension from a narrower integer."),
		conv("trunc", "int", "int", "The low bits of a wider integer."),
		conv("sitofp", "int", "float", "The nearest float to a signed integer."),
		conv("uitofp", "int", "float", "The nearest float to an unsigned integer."),
		conv("fptosi", "float", "int", "Truncation toward zero to a signed integer; NaN and values out of T's range give T's least value."),
		conv("fptoui", "float", "int", "Truncation toward zero to an unsigned integer; NaN and values out of T's range (-1 and below included) give the value with only T's top bit set."),
		conv("fpext", "float", "float", "f32 to f64, exact."),
		conv("fptrunc", "float", "float", "f64 to f32, rounded to nearest even."),
		conv("bitcast", "any", "any", "The same bits as another type of the same width: i32 and f32; i64, f64 and ptr; ref to i64 or ptr (the address as a number, which keeps nothing alive). Never to ref."),
		Op{Name: "addrof", On: "addr", Args: []string{"T", "i64"}, Results: []string{"T"}, Props: Pure, Imm: "offset", Doc: "Address arithmetic: base + index + Imm, in bytes. On ref the result must stay inside the object (or the base be nil and the sum unused)."},
	))
	add(group("Memory",
		Op{Name: "load", On: "any", Args: []string{"addr"}, Results: []string{"T"}, Props: Read | Trap, Imm: "offset", Aux: "mem", Doc: "Loads a T from address + Imm. Unaligned access is allowed; a nil base (an address below 4096) traps (TrapNil). The mem part has an alias class and flags: immutable (the value never changes once visible), nontrap (the address is known good)."},
		Op{Name: "store", On: "any", Args: []string{"addr", "T"}, Props: Write | Trap, Imm: "offset", Aux: "mem", Doc: "Stores a T at address + Imm. store.ref performs the garbage collector's write barrier, unless flagged nobarrier (a fresh object nobody else sees, holding nil, or memory outside Go's heap, where the value must be kept alive otherwise)."},
		Op{Name: "alloc", Results: []string{"ref"}, Props: Exit, Aux: "type", Doc: "A new zeroed Go object of the named type."},
		Op{Name: "allocarray", Args: []string{"i64"}, Results: []string{"ref"}, Props: Exit | Trap, Aux: "type", Doc: "A new zeroed array of n elements of the named type; a negative or too large n traps (TrapAlloc)."},
		Op{Name: "memmove", Args: []string{"addr", "addr", "i64"}, Props: Read | Write | Trap, Doc: "Copies n bytes (n unsigned) from the second address to the first, as if through a buffer. The memory must hold no Go pointers."},
		Op{Name: "memzero", Args: []string{"addr", "i64"}, Props: Write | Trap, Doc: "Zeroes n bytes (n unsigned). The memory must hold no Go pointers."},
	))
	add(group("Calls",
		Op{Name: "call", Args: []string{"any*"}, Results: []string{"any*"}, Props: Call | Read | Write | Exit, Aux: "call", Doc: "Calls a function by name: compiled code through its entry cell, or a Go function (through an exit)."},
		Op{Name: "icall", Args: []string{"ptr", "any*"}, Results: []string{"any*"}, Props: Call | Read | Write | Exit, Aux: "call", Doc: "Calls the entry code at an address from symaddr, with the given signature. A wrong address is undefined: the caller vouches for it."},
	))
	add(group("Guards and exits",
		Op{Name: "guard", Args: []string{"i8", "any*"}, Props: Exit, Imm: "exit", Doc: "Goes on if the first operand is not 0; else leaves compiled code through exit number Imm, handing over the other operands. Exits can be patched later to continue in a bridge."},
		Op{Name: "poll", Props: Exit, Doc: "Safepoint. The compiler puts one at every loop back-edge; authors need none. May hand control to the scheduler, the engine and the embedder, and so reads and writes no memory of the function's."},
	))
	add(group("Projections",
		Op{Name: "result", On: "any", Args: []string{"any"}, Results: []string{"T"}, Props: Pure, Imm: "index", Doc: "The second or later result of a multiple-result op. Written in the text form only as a further name on the left: %s, %o = saddov.i64 %a, %b."},
		Op{Name: "param", On: "any", Results: []string{"T"}, Props: Pure, Imm: "index", Doc: "A block parameter. Written in the text form only in the block's head."},
	))
	add(group("Block ends",
		Op{Name: "jump", Props: Term, Doc: "jump b(args)."},
		Op{Name: "br", Args: []string{"i8"}, Props: Term, Doc: "br c, b1(args), b2(args): the first target if c is not 0."},
		Op{Name: "switch", Args: []string{"int"}, Props: Term, Aux: "switch", Doc: "switch x [k1: b1(args), k2: b2(args)] default b(args): distinct constants of x's type."},
		Op{Name: "ret", Args: []string{"any*"}, Props: Term, Doc: "Returns the function's results."},
		Op{Name: "tailcall", Args: []string{"any*"}, Props: Term | Call | Read | Write | Exit, Aux: "call", Doc: "Calls with the frame of the caller reused, and returns the callee's results. The callee must have the caller's result types."},
		Op{Name: "exit", Args: []string{"any*"}, Props: Term | Exit, Imm: "exit", Doc: "Leaves compiled code through exit number Imm, handing over the operands; like a guard that always fails, and as patchable: a switch whose default is an exit is a promotion switch that can grow."},
		Op{Name: "trap", Props: Term | Trap, Imm: "int", Doc: "Ends execution with trap number Imm (see TrapCode)."},
		Op{Name: "unreachable", Props: Term, Doc: "Never executed; the optimiser may assume so. The interpreter and unoptimised code trap (TrapUnreachable)."},
	))
	return all
}
