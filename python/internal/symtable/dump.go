package symtable

import (
	"fmt"
	"strings"
)

// String shows the table as an indented list of blocks and their names.
func (t *Table) String() string {
	var b strings.Builder
	t.Top.list(&b, 0)
	return b.String()
}

var kindNames = [...]string{"module", "class", "function", "annotation", "type parameters", "type alias", "type variable"}

var scopeNames = [...]string{"unknown", "local", "global explicit", "global implicit", "free", "cell"}

var flagNames = [...]string{"global", "local", "parameter", "nonlocal", "use", "free in class", "import", "annotated", "comprehension target", "type parameter", "named", "deleted"}

func (b *Block) list(w *strings.Builder, depth int) {
	indent := strings.Repeat("  ", depth)
	fmt.Fprintf(w, "%s%s %s line %d%s\n", indent, kindNames[b.Kind], b.Name, b.Pos.Line, b.marks())
	for _, s := range b.Order {
		var flags []string
		for i, name := range flagNames {
			if s.Flags&(1<<i) != 0 {
				flags = append(flags, name)
			}
		}
		fmt.Fprintf(w, "%s  %s: %s (%s)\n", indent, s.Name, scopeNames[s.Scope], strings.Join(flags, ", "))
	}
	for _, c := range b.Children {
		c.list(w, depth+1)
	}
}

// marks lists a block's properties.
func (b *Block) marks() string {
	var s string
	for _, m := range []struct {
		on   bool
		name string
	}{{b.Nested, "nested"}, {b.Inlined, "inlined"}, {b.Generator, "generator"}, {b.Coroutine, "coroutine"}, {b.NeedsClassCell, "needs __class__"}, {b.NeedsClassDict, "needs __classdict__"}, {b.CanSeeClassScope, "sees class"}} {
		if m.on {
			s += ", " + m.name
		}
	}
	return s
}
