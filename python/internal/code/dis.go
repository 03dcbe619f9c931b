package code

import (
	"fmt"
	"strings"
)

// String returns the listing of the code and the code nested in it.
func (c *Code) String() string {
	var b strings.Builder
	c.list(&b)
	return b.String()
}

func (c *Code) list(b *strings.Builder) {
	fmt.Fprintf(b, "code %s (%s:%d) args %d+%d posonly %d flags %#x regs %d\n", c.QualName, c.Filename, c.FirstLine, c.ArgCount, c.KwOnly, c.PosOnly, uint32(c.Flags), c.NRegs)
	fmt.Fprintf(b, "  locals %v cells %v free %v\n", c.VarNames, c.CellVars, c.FreeVars)
	targets := map[int]bool{}
	for pc, i := range c.Instrs {
		if t, ok := i.Target(pc); ok {
			targets[t] = true
		}
	}
	for _, e := range c.Exc {
		targets[int(e.Handler)] = true
	}
	line := int32(-1)
	for pc, i := range c.Instrs {
		mark, lineText := " ", ""
		if targets[pc] {
			mark = ">"
		}
		if p := c.Positions[pc]; p.Line != line {
			line = p.Line
			lineText = fmt.Sprint(line)
		}
		fmt.Fprintf(b, "%5s %s%4d  %s\n", lineText, mark, pc, c.Dis(pc, i))
	}
	for _, e := range c.Exc {
		fmt.Fprintf(b, "  exc %d..%d -> %d in %s\n", e.Start, e.End, e.Handler, c.regName(int(e.Reg)))
	}
	for _, k := range c.Consts {
		if sub, ok := k.(*Code); ok {
			b.WriteByte('\n')
			sub.list(b)
		}
	}
}

// regName shows a register: a local's or cell's name, or its number.
func (c *Code) regName(r int) string {
	switch {
	case r < len(c.VarNames):
		return c.VarNames[r]
	case r < c.TempBase():
		return "&" + c.CellVars[r-c.CellBase()]
	}
	return fmt.Sprintf("r%d", r)
}

// Dis returns the text of the instruction i at pc.
func (c *Code) Dis(pc int, i Instr) string {
	info := i.Op().Info()
	parts := []string{}
	vals := [4]int{i.A(), i.B(), i.C(), i.D()}
	for k := range 4 {
		if s := c.operand(info.Kinds[k], k, vals[k], i, pc); s != "" {
			parts = append(parts, s)
		}
	}
	return fmt.Sprintf("%-12s%s", info.Name, strings.Join(parts, ", "))
}

// operand shows one operand.
func (c *Code) operand(kind byte, k, v int, i Instr, pc int) string {
	at := func(l []string, n int) string {
		if n < len(l) {
			return l[n]
		}
		return fmt.Sprint("?", n)
	}
	switch kind {
	case 'w', 'r', 'x', 'u', '?', 'v', 'o', 'c':
		return c.regName(v)
	case 'k', 'K':
		if kind == 'K' {
			v = i.Bx()
		}
		if v < len(c.Consts) {
			return constText(c.Consts[v])
		}
	case 'I':
		return fmt.Sprint(i.SBx())
	case 'i':
		return fmt.Sprint(int16(v))
	case 'n':
		return at(c.Names, v)
	case 'N':
		if k == 2 {
			return at(c.Names, i.Cx())
		}
		return at(c.Names, i.Bx())
	case 's', 'S':
		if kind == 'S' {
			v = i.Cx()
		}
		if v < len(c.Sites) {
			return "." + at(c.Names, int(c.Sites[v]))
		}
	case 'f':
		return at(c.FreeVars, v)
	case 'q':
		if v < len(c.KwSites) {
			return fmt.Sprintf("%d%v", c.KwSites[v].NPos, c.KwSites[v].Names)
		}
	case 'M':
		if n := i.Cx(); n < len(c.FuncSites) {
			s := c.FuncSites[n]
			return fmt.Sprintf("%s flags %d captures %v", constText(c.Consts[s.Code]), s.Flags, s.Captures)
		}
	case 'j', 'J':
		t, _ := i.Target(pc)
		return fmt.Sprintf("to %d", t)
	case '#':
		return fmt.Sprint(v)
	default:
		return ""
	}
	return fmt.Sprint("?", v)
}

func constText(k Const) string {
	switch k := k.(type) {
	case *Code:
		return "<code " + k.Name + ">"
	case string:
		return fmt.Sprintf("%q", k)
	}
	return fmt.Sprint(k)
}
