package obj

import "martlet/ir"

// Kind is the type of a value in a location. I8..I64 and Ptr travel in general registers with undefined upper bits, Ref
// as well (and must be in a ref slot at every exit), F32 and F64 in SSE registers.
type Kind = ir.Type

// Sig is the signature of a function.
type Sig = ir.Signature

// SigKey is a string that is equal for equal signatures.
func SigKey(s Sig) string {
	b := make([]byte, 0, len(s.Params)+len(s.Results)+1)
	for _, k := range s.Params {
		b = append(b, 'a'+byte(k))
	}
	b = append(b, '>')
	for _, k := range s.Results {
		b = append(b, 'a'+byte(k))
	}
	return string(b)
}

// An ArgLoc says where one argument or result travels.
type ArgLoc struct {
	Reg     Reg   // register, if InReg
	InReg   bool  // otherwise: on the stack (Stack) or, for a ref, in the callee's ref slot (RefOrd)
	Stack   int32 // byte offset from RSP at the call instruction; [rbp+16+Stack] in a callee with a frame
	RefOrd  int32 // for a ref: its ordinal among the refs (0, 1, ...), otherwise -1
	WordOrd int32 // for a non-ref: its ordinal among the non-refs, the index in Context.Words; otherwise -1
}

// AssignParams says where the parameters of the given kinds travel, and how many bytes of outgoing stack they need
// (a multiple of 16). A ref that finds no register travels in the callee's ref slot of its ordinal.
func AssignParams(kinds []Kind) ([]ArgLoc, int32) {
	locs, stack := assign(kinds)
	return locs, (stack + 15) &^ 15
}

// AssignResults says where the results travel. ok is false if they do not fit into the result registers (nine of
// integer class, fifteen of float class), which the contract does not support.
func AssignResults(kinds []Kind) (locs []ArgLoc, ok bool) {
	locs, _ = assign(kinds)
	for _, l := range locs {
		if !l.InReg {
			return locs, false
		}
	}
	return locs, true
}

func assign(kinds []Kind) ([]ArgLoc, int32) {
	locs := make([]ArgLoc, len(kinds))
	var ints, floats int
	var refs, words, stack int32
	for i, k := range kinds {
		l := &locs[i]
		l.RefOrd, l.WordOrd = -1, -1
		if k == ir.Ref {
			l.RefOrd = refs
			refs++
		} else {
			l.WordOrd = words
			words++
		}
		switch {
		case k.IsFloat() && floats < NumFloatRegs:
			l.Reg, l.InReg = XMM0+Reg(floats), true
			floats++
		case !k.IsFloat() && ints < len(IntRegs):
			l.Reg, l.InReg = IntRegs[ints], true
			ints++
		case k != ir.Ref:
			l.Stack = stack
			stack += 8
		}
	}
	return locs, stack
}

// CountRefs is the number of refs among the kinds.
func CountRefs(kinds []Kind) int {
	n := 0
	for _, k := range kinds {
		if k == ir.Ref {
			n++
		}
	}
	return n
}
