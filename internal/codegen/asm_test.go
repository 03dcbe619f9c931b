package codegen_test

import (
	"fmt"
	"strings"

	"golang.org/x/arch/x86/x86asm"

	"martlet/internal/obj"
)

// disassemble prints the text of a code; bytes that the disassembler does not know are printed as such.
func disassemble(c *obj.Code) string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s: frame %d, refs %d\n", c.Name, c.FrameSize, c.RefSlots)
	for at := 0; at < len(c.Text); {
		in, err := x86asm.Decode(c.Text[at:], 64)
		if err != nil {
			fmt.Fprintf(&b, "%5x  .byte %#x\n", at, c.Text[at])
			at++
			continue
		}
		fmt.Fprintf(&b, "%5x  %s\n", at, x86asm.IntelSyntax(in, uint64(at), nil))
		at += in.Len
	}
	for i := range c.Exits {
		fmt.Fprintf(&b, "exit %d: %s\n", i, &c.Exits[i])
	}
	return b.String()
}
