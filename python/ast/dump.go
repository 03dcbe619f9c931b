package ast

import (
	"fmt"
	"strconv"
	"strings"
)

// DumpOptions are the options of ast.dump.
type DumpOptions struct {
	Attributes bool // include_attributes
	Indent     int  // spaces a level; negative: one line
}

// Dump returns the text that CPython 3.13's ast.dump gives for n.
func Dump(n Node, o DumpOptions) string {
	d := dumper{o: o}
	d.node(n, 0)
	return d.b.String()
}

type dumper struct {
	b strings.Builder
	o DumpOptions
}

// part is one argument or element of a group, to be written when the group's layout is known.
type part struct {
	label string
	value any
}

func (d *dumper) value(v any, level int) {
	switch x := v.(type) {
	case Node:
		d.node(x, level)
	case []Node:
		parts := make([]part, len(x))
		for i, e := range x {
			parts[i].value = e
		}
		d.list(parts, level)
	case []string:
		parts := make([]part, len(x))
		for i, e := range x {
			parts[i].value = e
		}
		d.list(parts, level)
	case []CmpOperator:
		parts := make([]part, len(x))
		for i, e := range x {
			parts[i].value = e
		}
		d.list(parts, level)
	case BoolOperator, Operator, UnaryOperator, CmpOperator, Context:
		fmt.Fprintf(&d.b, "%v()", x)
	case int:
		d.b.WriteString(strconv.Itoa(x))
	default:
		d.b.WriteString(Repr(v))
	}
}

func (d *dumper) list(parts []part, level int) {
	if len(parts) == 0 {
		d.b.WriteString("[]")
		return
	}
	d.b.WriteByte('[')
	d.group(parts, level+1, d.o.Indent >= 0)
	d.b.WriteByte(']')
}

// group writes parts separated by commas, each on a line of its own if lines.
func (d *dumper) group(parts []part, level int, lines bool) {
	for i, p := range parts {
		if i > 0 {
			d.b.WriteByte(',')
		}
		if lines {
			d.b.WriteString("\n" + strings.Repeat(" ", level*d.o.Indent))
		} else if i > 0 {
			d.b.WriteByte(' ')
		}
		if p.label != "" {
			d.b.WriteString(p.label + "=")
		}
		d.value(p.value, level)
	}
}

func (d *dumper) node(n Node, level int) {
	if n == nil {
		d.b.WriteString("None")
		return
	}
	parts := d.parts(n)
	d.b.WriteString(n.Class().Name + "(")
	d.group(parts, level+1, d.o.Indent >= 0 && !d.flat(parts))
	d.b.WriteByte(')')
}

// parts lists the arguments that n is written with.
func (d *dumper) parts(n Node) []part {
	c := n.Class()
	parts := make([]part, 0, len(c.Fields)+4)
	for i, f := range c.Fields {
		v := n.Get(i)
		if omitted(f, v) {
			continue
		}
		parts = append(parts, part{f.Name, v})
	}
	if p := n.Span(); d.o.Attributes && p != nil {
		parts = append(parts, part{"lineno", int(p.Line)}, part{"col_offset", int(p.Col)},
			part{"end_lineno", int(p.EndLine)}, part{"end_col_offset", int(p.EndCol)})
	}
	return parts
}

// omitted reports whether ast.dump leaves the field out: an optional one that is None, or an empty list.
func omitted(f Field, v any) bool {
	switch x := v.(type) {
	case []Node:
		return len(x) == 0
	case []string:
		return len(x) == 0
	case string:
		return x == "" && strings.HasSuffix(f.Type, "?")
	case nil:
		return strings.HasSuffix(f.Type, "?") || f.Type == "const?"
	}
	return false
}

// flat reports whether a node's arguments stay on its line: at most three, all simple.
func (d *dumper) flat(parts []part) bool {
	for _, p := range parts {
		switch x := p.value.(type) {
		case Node:
			if len(d.parts(x)) > 0 {
				return false
			}
		case []Node:
			return false
		case []string:
			if len(x) > 0 {
				return false
			}
		case []CmpOperator:
			return false
		}
	}
	return len(parts) <= 3
}
