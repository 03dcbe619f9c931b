package obj

import (
	"fmt"
	"strings"
)

func (l Loc) String() string {
	switch l.Kind {
	case LocReg:
		return fmt.Sprintf("%s:%s", l.Reg, l.Type)
	case LocStack:
		return fmt.Sprintf("[rbp%+d]:%s", l.Off, l.Type)
	case LocRef:
		return fmt.Sprintf("ref%d", l.Off)
	case LocConst:
		return fmt.Sprintf("$%#x:%s", l.Const, l.Type)
	case LocRefConst:
		return fmt.Sprintf("$ref%d", l.Off)
	}
	return "-"
}

func (e *Exit) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "%s off=%#x id=%d arg=%d", e.Kind, e.Off, e.ID, e.Arg)
	if e.Cell >= 0 {
		fmt.Fprintf(&b, " cell=%d", e.Cell)
	}
	if e.RefAdvance != 0 {
		fmt.Fprintf(&b, " refadvance=%d", e.RefAdvance)
	}
	b.WriteString(" live=[")
	for i, l := range e.Live {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(l.String())
	}
	b.WriteByte(']')
	return b.String()
}

func (r Reloc) describe(c *Code) string {
	switch r.Kind {
	case RelEntryPC32, RelEntryAbs64, RelDataAbs64, RelGoFunc:
		return fmt.Sprintf("%#05x %s %s%+d", r.Off, r.Kind, c.Syms[r.Index], r.Addend)
	}
	return fmt.Sprintf("%#05x %s %d%+d", r.Off, r.Kind, r.Index, r.Addend)
}

// String prints everything but the disassembly (martlet-ir asm adds that).
func (c *Code) String() string {
	var b strings.Builder
	fmt.Fprintf(&b, "code %s %s %s: text %d, pool %d, frame %d, refs %d\n", c.Name, c.Sig, c.Kind, len(c.Text), len(c.Pool), c.FrameSize, c.RefSlots)
	for i := 0; i < len(c.Text); i += 16 {
		fmt.Fprintf(&b, "  %04x  % x\n", i, c.Text[i:min(i+16, len(c.Text))])
	}
	for _, r := range c.Relocs {
		fmt.Fprintf(&b, "  reloc %s\n", r.describe(c))
	}
	for i, l := range c.Cells {
		fmt.Fprintf(&b, "  cell %d: kind %d value %#x\n", i, l.Kind, l.Value)
	}
	for i := range c.Exits {
		fmt.Fprintf(&b, "  exit %d: %s\n", i, &c.Exits[i])
	}
	for i := range c.Sites {
		fmt.Fprintf(&b, "  site %s\n", &c.Sites[i])
	}
	return b.String()
}
