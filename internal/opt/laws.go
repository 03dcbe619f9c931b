package opt

import "strings"

// laws are the algebraic laws of the optimiser, each written once as
//
//	pattern => result [; condition variable]...
//
// A pattern is a variable (x, y, z: any value; c, d: constants; b: a value known
// to be 0 or 1), an integer or float literal, or (op operand...). Ops stand for
// every type they allow; commutative ops match in both orders. In a result, an
// expression of constants only is evaluated at once. The test TestLaws checks
// each law against ir.Eval on random and extreme operands of every type, so a
// wrong law cannot stay. rules.go compiles and applies them.
var laws = strings.Split(strings.TrimSpace(`
(add x 0) => x
(add (add x c) d) => (add x (add c d))
(add (add x c) y) => (add (add x y) c) ; var y
(add (sub c x) d) => (sub (add c d) x)
(add (sub x y) y) => x
(add (neg x) y) => (sub y x)
(sub x 0) => x
(sub x x) => 0
(sub 0 x) => (neg x)
(sub x c) => (add x (neg c))
(sub (add x y) x) => y
(sub x (sub x y)) => y
(sub x (neg y)) => (add x y)
(sub c (add x d)) => (sub (sub c d) x)
(sub (add x c) y) => (add (sub x y) c) ; var y
(neg (neg x)) => x
(neg (sub x y)) => (sub y x)
(mul x 0) => 0
(mul x 1) => x
(mul x -1) => (neg x)
(mul (mul x c) d) => (mul x (mul c d))
(mul (shl x c) d) => (mul x (shl d c))
(mul (neg x) c) => (mul x (neg c))
(mul x c) => (shl x (log2 c)) ; pow2 c
(and x 0) => 0
(and x -1) => x
(and x x) => x
(and (and x c) d) => (and x (and c d))
(and x (not x)) => 0
(and (or x y) y) => y
(and b 1) => b
(or x 0) => x
(or x -1) => -1
(or x x) => x
(or (or x c) d) => (or x (or c d))
(or x (not x)) => -1
(or (and x y) y) => y
(xor x 0) => x
(xor x -1) => (not x)
(xor x x) => 0
(xor (xor x c) d) => (xor x (xor c d))
(xor (xor x y) y) => x
(not (not x)) => x
(shl x 0) => x
(shl 0 x) => 0
(shl (shl x c) d) => (shl x (add c d)) ; inwidth c d
(lshr x 0) => x
(lshr 0 x) => 0
(lshr (lshr x c) d) => (lshr x (add c d)) ; inwidth c d
(ashr x 0) => x
(ashr 0 x) => 0
(ashr (ashr x c) d) => (ashr x (add c d)) ; inwidth c d
(rotl x 0) => x
(rotr x 0) => x
(rotl x c) => (rotr x (neg c))
(udiv x 1) => x
(udiv x c) => (lshr x (log2 c)) ; pow2 c
(urem x 1) => 0
(urem x c) => (and x (sub c 1)) ; pow2 c
(sdiv x 1) => x
(sdiv x -1) => (neg x)
(srem x 1) => 0
(srem x -1) => 0
(smin x x) => x
(smax x x) => x
(umin x x) => x
(umax x x) => x
(bswap (bswap x)) => x
(eq x x) => 1
(eq (xor x y) 0) => (eq x y)
(eq (sub x y) 0) => (eq x y)
(eq (add x c) d) => (eq x (sub d c))
(eq (xor x c) d) => (eq x (xor d c))
(ne x x) => 0
(ne (xor x y) 0) => (ne x y)
(ne (sub x y) 0) => (ne x y)
(ne (add x c) d) => (ne x (sub d c))
(ne (xor x c) d) => (ne x (xor d c))
(ne b 0) => b
(eq b 1) => b
(slt x x) => 0
(sgt x x) => 0
(sle x x) => 1
(sge x x) => 1
(ult x x) => 0
(ugt x x) => 0
(ule x x) => 1
(uge x x) => 1
(ult x 0) => 0
(uge x 0) => 1
(ult x 1) => (eq x 0)
(uge x 1) => (ne x 0)
(ugt x 0) => (ne x 0)
(ule x 0) => (eq x 0)
(select x y y) => y
(select b 1 0) => b
(select (eq x 0) y z) => (select x z y) ; byte x
(select (ne x 0) y z) => (select x y z) ; byte x
(fneg (fneg x)) => x
(fabs (fneg x)) => (fabs x)
(fabs (fabs x)) => (fabs x)
(fadd x -0.0) => x
(fadd x (fneg y)) => (fsub x y)
(fsub x 0.0) => x
(fsub x (fneg y)) => (fadd x y)
(fmul x 1.0) => x
(fmul x -1.0) => (fneg x)
(fmul x 2.0) => (fadd x x)
(fmul (fneg x) (fneg y)) => (fmul x y)
(fdiv x 1.0) => x
(fdiv x -1.0) => (fneg x)
(fdiv x c) => (fmul x (fdiv 1.0 c)) ; fpow2 c
`), "\n")
