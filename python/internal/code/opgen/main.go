// Command opgen writes ops_gen.go of package code from ops.txt. Run it through go generate.
package main

import (
	"bytes"
	"fmt"
	"go/format"
	"log"
	"os"
	"strings"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: opgen ops.txt ops_gen.go")
	}
	text, err := os.ReadFile(os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	out, err := generate(string(text))
	if err != nil {
		log.Fatal(err)
	}
	if err := os.WriteFile(os.Args[2], out, 0o644); err != nil {
		log.Fatal(err)
	}
}

// ident gives the Go name of an instruction: its text name with a capital, after "Op".
func ident(name string) string { return "Op" + strings.ToUpper(name[:1]) + name[1:] }

// generate turns the table's text into gofmt'ed Go source.
func generate(text string) ([]byte, error) {
	var enum, table bytes.Buffer
	for i, line := range strings.Split(text, "\n") {
		if line == "" || line[0] == '#' {
			continue
		}
		col := strings.SplitN(line, "|", 5)
		if len(col) != 5 {
			return nil, fmt.Errorf("ops.txt:%d: want 5 columns", i+1)
		}
		for j := range col {
			col[j] = strings.TrimSpace(col[j])
		}
		kinds := strings.ReplaceAll(col[1], " ", "")
		if len(kinds) != 4 {
			return nil, fmt.Errorf("ops.txt:%d: want 4 operand kinds, have %q", i+1, kinds)
		}
		fmt.Fprintf(&enum, "\t%s // %s\n", ident(col[0]), col[4])
		fmt.Fprintf(&table, "\t%s: {Name: %q, Kinds: %q, Spans: %q, Stop: %q, Doc: %q},\n",
			ident(col[0]), col[0], kinds, strings.Trim(col[2], "-"), strings.Trim(col[3], "-"), col[4])
	}
	var out bytes.Buffer
	out.WriteString("// Code generated from ops.txt by opgen; DO NOT EDIT.\n\npackage code\n\n")
	out.WriteString("// The instructions. See ops.txt for the notation.\nconst (\n")
	src := strings.Replace(enum.String(), "OpNop ", "OpNop Op = iota ", 1)
	out.WriteString(src)
	out.WriteString("\n\t// NumOps is the number of instructions.\n\tNumOps = iota\n)\n\nvar ops = [NumOps]Info{\n")
	out.Write(table.Bytes())
	out.WriteString("}\n")
	return format.Source(out.Bytes())
}
