// Package disasm shows machine code to people, by golang.org/x/arch. It is not an assembler's inverse:
// what it cannot read it shows as bytes.
package disasm

import (
	"fmt"

	"golang.org/x/arch/x86/x86asm"
)

// Inst is one machine instruction.
type Inst struct {
	Off, Len int
	Text     string
	To       int // target of a jump or call within the text, or -1
}

// Text decodes x86-64 machine code.
func Text(text []byte) []Inst {
	var out []Inst
	for off := 0; off < len(text); {
		in := decode(text, off)
		out = append(out, in)
		off += in.Len
	}
	return out
}

func decode(text []byte, off int) Inst {
	x, err := x86asm.Decode(text[off:], 64)
	if err != nil || x.Len == 0 {
		return Inst{off, 1, fmt.Sprintf(".byte %#x", text[off]), -1}
	}
	in := Inst{off, x.Len, x86asm.IntelSyntax(x, uint64(off), nil), -1}
	if rel, ok := x.Args[0].(x86asm.Rel); ok {
		if to := off + x.Len + int(rel); to >= 0 && to < len(text) {
			in.To = to
		}
	}
	return in
}
