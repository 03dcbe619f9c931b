// Command astgen writes nodes_gen.go of package ast from nodes.txt. Run it through go generate.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"os"
	"strings"
)

type field struct{ name, goName, typ string }

type class struct {
	name, goName, sum string
	positions         bool
	fields            []field
}

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: astgen nodes.txt nodes_gen.go")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	out, err := format.Source(generate(parse(string(text))))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[2], out, 0o644); err != nil {
		log.Fatal(err)
	}
}

// camel turns a_b into AB.
func camel(s string) string {
	var b strings.Builder
	for _, w := range strings.Split(s, "_") {
		if w != "" {
			b.WriteString(strings.ToUpper(w[:1]) + w[1:])
		}
	}
	return b.String()
}

func parse(text string) (classes []class) {
	sum, positions := "", false
	for _, line := range strings.Split(text, "\n") {
		switch open := strings.IndexByte(line, '('); {
		case line == "" || line[0] == '#':
		case open < 0:
			sum, positions = strings.CutSuffix(line, "+")
		default:
			classes = append(classes, parseClass(line[:open], strings.TrimSuffix(line[open+1:], ")"), sum, positions))
		}
	}
	return classes
}

func parseClass(name, fields, sum string, positions bool) class {
	c := class{sum: sum, positions: positions}
	var renamed bool
	if c.name, c.goName, renamed = strings.Cut(name, ":"); !renamed {
		c.goName = camel(c.name)
	}
	for _, f := range strings.Split(fields, ", ") {
		if f == "" {
			continue
		}
		n, t, _ := strings.Cut(f, " ")
		c.fields = append(c.fields, field{n, camel(n), t})
	}
	return c
}

// scalars are the Go types of what is no node.
var scalars = map[string]string{"id": "string", "id?": "string", "str": "string", "str?": "string", "int": "int", "const": "any", "ids": "[]string",
	"boolop": "BoolOperator", "operator": "Operator", "unaryop": "UnaryOperator", "cmpop*": "[]CmpOperator", "expr_context": "Context"}

// sums are the Go names of the types that are interfaces.
var sums = map[string]string{"mod": "Mod", "stmt": "Stmt", "expr": "Expr", "pattern": "Pattern", "type_param": "TypeParam"}

// node gives the Go type of a node type without its quantifier.
func node(t string, classes []class) string {
	if g, ok := sums[t]; ok {
		return g
	}
	for _, c := range classes {
		if c.sum == t {
			return "*" + c.goName
		}
	}
	log.Fatalf("unknown type %q", t)
	return ""
}

func goType(t string, classes []class) string {
	if g, ok := scalars[t]; ok {
		return g
	}
	if e, ok := strings.CutSuffix(t, "*"); ok {
		return "[]" + node(e, classes)
	}
	return node(strings.TrimSuffix(t, "?"), classes)
}

func generate(classes []class) []byte {
	var b bytes.Buffer
	b.WriteString("// Code generated from nodes.txt by astgen; DO NOT EDIT.\n\npackage ast\n\n")
	for i := range classes {
		writeClass(&b, &classes[i], classes)
	}
	b.WriteString("// Classes are the node classes in the order of the grammar.\nvar Classes = [...]*Class{\n")
	for _, c := range classes {
		fmt.Fprintf(&b, "\t&class%s,\n", c.goName)
	}
	b.WriteString("}\n")
	return b.Bytes()
}

func writeClass(b *bytes.Buffer, c *class, classes []class) {
	fmt.Fprintf(b, "// %s is the node class %s.\ntype %s struct {\n", c.goName, c.name, c.goName)
	if c.positions {
		b.WriteString("\tPos\n")
	}
	for _, f := range c.fields {
		fmt.Fprintf(b, "\t%s %s\n", f.goName, goType(f.typ, classes))
	}
	b.WriteString("}\n\n")
	fmt.Fprintf(b, "var class%s = Class{Name: %q, Sum: %q, Positions: %v, Fields: []Field{", c.goName, c.name, c.sum, c.positions)
	for _, f := range c.fields {
		fmt.Fprintf(b, "{%q, %q},", f.name, f.typ)
	}
	fmt.Fprintf(b, "}, New: func() Node { return new(%s) }}\n\n", c.goName)
	fmt.Fprintf(b, "// Class returns the description of the node's class.\nfunc (*%s) Class() *Class { return &class%s }\n", c.goName, c.goName)
	if !c.positions {
		fmt.Fprintf(b, "// Span returns nil: the class has no positions.\nfunc (*%s) Span() *Pos { return nil }\n", c.goName)
	}
	if s, ok := sums[c.sum]; ok {
		fmt.Fprintf(b, "func (*%s) is%s() {}\n", c.goName, s)
	}
	writeAccess(b, c, classes)
}

// writeAccess writes the two generic accessors of a class.
func writeAccess(b *bytes.Buffer, c *class, classes []class) {
	fmt.Fprintf(b, "// Get returns field i; see Node.\nfunc (n *%s) Get(i int) any {\nswitch i {\n", c.goName)
	for i, f := range c.fields {
		get := "n." + f.goName
		if _, scalar := scalars[f.typ]; !scalar {
			if strings.HasSuffix(f.typ, "*") {
				get = "list(" + get + ")"
			} else {
				get = "one(" + get + ")"
			}
		}
		fmt.Fprintf(b, "case %d: return %s\n", i, get)
	}
	b.WriteString("}\nreturn nil\n}\n\n")
	fmt.Fprintf(b, "// Set stores v in field i; see Node.\nfunc (n *%s) Set(i int, v any) bool {\nswitch i {\n", c.goName)
	for i, f := range c.fields {
		set := "put"
		if _, scalar := scalars[f.typ]; !scalar {
			set = "putOne"
			if strings.HasSuffix(f.typ, "*") {
				set = "putList"
			}
		} else if f.typ == "const" {
			fmt.Fprintf(b, "case %d: n.%s = v; return true\n", i, f.goName)
			continue
		}
		fmt.Fprintf(b, "case %d: return %s(&n.%s, v)\n", i, set, f.goName)
	}
	b.WriteString("}\nreturn false\n}\n\n")
}
