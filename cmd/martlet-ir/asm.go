package main

import (
	"flag"
	"fmt"
	"io"
	"strings"

	"golang.org/x/arch/x86/x86asm"

	"martlet/internal/irexec"
	"martlet/internal/obj"
	"martlet/ir"
)

func execLevel(s string) (irexec.Level, error) {
	for _, l := range []irexec.Level{irexec.Bare, irexec.Quick, irexec.Full} {
		if l.String() == s {
			return l, nil
		}
	}
	return 0, fmt.Errorf("-level must be bare, quick or full, not %q", s)
}

func runAsm(fs *flag.FlagSet, args []string, out io.Writer) error {
	level := fs.String("level", "full", "bare, quick or full")
	rest, err := parseFlags(fs, args)
	if err != nil || len(rest) < 1 || len(rest) > 2 {
		return errUsage
	}
	m, _, err := load(rest[0])
	if err != nil {
		return err
	}
	lv, err := execLevel(*level)
	if err != nil {
		return err
	}
	if len(rest) == 2 {
		if _, err := function(m, rest[1:]); err != nil {
			return err
		}
	}
	prog, err := irexec.Load(m, irexec.Options{Level: lv, OnCode: func(f *ir.Func, code *obj.Code) {
		if len(rest) == 1 || f.Name == strings.TrimPrefix(rest[1], "@") {
			printCode(out, f, code)
		}
	}})
	if err != nil {
		return err
	}
	prog.Close()
	return nil
}

// asmLine is one machine instruction.
type asmLine struct {
	Off   int    `json:"off"`
	Bytes string `json:"bytes"`
	Text  string `json:"text"`
	Value int    `json:"value"` // id of the IR value it was made for, -1 if none
	To    int    `json:"to"`    // target of a jump within the code, or -1
}

// disassemble decodes a function's text. Data in the text (there is none today) would show as bytes.
func disassemble(code *obj.Code) []asmLine {
	var out []asmLine
	value, next := -1, 0
	for off := 0; off < len(code.Text); {
		for next < len(code.Lines) && int(code.Lines[next].Off) <= off {
			value = int(code.Lines[next].Value)
			next++
		}
		inst, err := x86asm.Decode(code.Text[off:], 64)
		n, text := inst.Len, ""
		if err != nil || n == 0 {
			n, text = 1, fmt.Sprintf(".byte %#x", code.Text[off])
		} else {
			text = x86asm.IntelSyntax(inst, uint64(off), nil)
		}
		l := asmLine{Off: off, Bytes: fmt.Sprintf("%x", code.Text[off:off+n]), Text: text, Value: value, To: -1}
		if rel, ok := inst.Args[0].(x86asm.Rel); ok && err == nil {
			l.To = off + n + int(rel)
		}
		annotate(&l, code, off, n)
		out = append(out, l)
		off += n
	}
	return out
}

// annotate says what relocations and exits stand for.
func annotate(l *asmLine, code *obj.Code, off, n int) {
	for _, r := range code.Relocs {
		if int(r.Off) >= off && int(r.Off) < off+n {
			name := ""
			switch r.Kind {
			case obj.RelEntryPC32, obj.RelEntryAbs64, obj.RelDataAbs64, obj.RelGoFunc:
				name = " @" + code.Syms[r.Index]
			}
			l.Text += fmt.Sprintf("    ; %s%s", r.Kind, name)
		}
	}
	for i := range code.Exits {
		if int(code.Exits[i].Off) == off+n {
			l.Text += "    ; " + code.Exits[i].String()
		}
	}
}

// printCode prints machine code with the IR instruction it was made for above each group.
func printCode(out io.Writer, f *ir.Func, code *obj.Code) {
	text := map[int]string{}
	for _, b := range f.Blocks {
		for _, v := range b.Insts {
			text[int(v.ID)] = v.Line(ir.PrintLiterals)
		}
	}
	lines := disassemble(code)
	targets := map[int]bool{}
	for _, l := range lines {
		targets[l.To] = true
	}
	fmt.Fprintf(out, "@%s: %d bytes, frame %d, %d ref slots\n", f.Name, code.Size(), code.FrameSize, code.RefSlots)
	last := -1
	for _, l := range lines {
		if l.Value != last && text[l.Value] != "" {
			fmt.Fprintf(out, "  ; %s\n", text[l.Value])
		}
		last = l.Value
		mark := " "
		if targets[l.Off] {
			mark = ">"
		}
		fmt.Fprintf(out, "%s %5x  %-22s %s\n", mark, l.Off, l.Bytes, l.Text)
	}
	fmt.Fprintln(out)
}
