package obj

import "strings"

// Kind is a machine-level value type, in the same order as ir's types.
type Kind uint8

// The kinds. I8..I64 and Ptr travel in general registers with undefined upper bits, Ref as well (and must be in a ref
// slot at every exit), F32 and F64 in SSE registers.
const (
	I8 Kind = iota
	I16
	I32
	I64
	F32
	F64
	Ptr
	Ref
)

var kindNames = [...]string{"i8", "i16", "i32", "i64", "f32", "f64", "ptr", "ref"}

func (k Kind) String() string { return kindNames[k] }

// IsFloat tells whether the kind travels in SSE registers.
func (k Kind) IsFloat() bool { return k == F32 || k == F64 }

// Size is the size in memory in bytes.
func (k Kind) Size() int { return int("\x01\x02\x04\x08\x04\x08\x08\x08"[k]) }

// Sig is a machine-level signature.
type Sig struct {
	Params, Results []Kind
}

// Key is a string that is equal for equal signatures.
func (s Sig) Key() string {
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

func (s Sig) String() string {
	var b strings.Builder
	writeKinds(&b, s.Params)
	b.WriteString(" -> ")
	writeKinds(&b, s.Results)
	return b.String()
}

func writeKinds(b *strings.Builder, ks []Kind) {
	b.WriteByte('(')
	for i, k := range ks {
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(k.String())
	}
	b.WriteByte(')')
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
		if k == Ref {
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
		case k != Ref:
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
		if k == Ref {
			n++
		}
	}
	return n
}
