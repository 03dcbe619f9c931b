package main

import (
	_ "embed"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"os"
	"strings"

	"martlet/internal/irexec"
	"martlet/internal/obj"
	"martlet/internal/opt"
	"martlet/ir"
)

// The page is one file: view.html with the data put in as JSON. All drawing is
// done by its script; here the graphs are only taken down, pass by pass.

//go:embed view.html
var page string

type viewPage struct {
	File  string      `json:"file"`
	Level string      `json:"level"`
	Funcs []*viewFunc `json:"funcs"`
	Note  string      `json:"note"` // why there is no machine code
}

type viewFunc struct {
	Name  string     `json:"name"`
	Sig   string     `json:"sig"`
	Steps []viewStep `json:"steps"`
	Asm   []asmLine  `json:"asm"`
	Info  string     `json:"info"`
	last  string
}

type viewStep struct {
	Pass   string      `json:"pass"`
	Blocks []viewBlock `json:"blocks"`
}

type viewBlock struct {
	ID     int        `json:"id"`
	Label  string     `json:"label"`
	Params string     `json:"params"`
	Weight float32    `json:"weight"`
	Insts  []viewInst `json:"insts"`
	Succs  []viewEdge `json:"succs"`
}

type viewInst struct {
	ID   int    `json:"id"` // of the value; -1 for a block's end
	Op   string `json:"op"`
	Text string `json:"text"`
}

type viewEdge struct {
	To   int    `json:"to"`
	Kind string `json:"kind"` // "", "then", "else", a case, "default"
}

func runView(fs *flag.FlagSet, args []string, out io.Writer) error {
	file := fs.String("o", "", "the page to write (default: standard output)")
	level := fs.String("level", "full", "quick or full")
	rest, err := parseFlags(fs, args)
	if err != nil || len(rest) < 1 || len(rest) > 2 {
		return errUsage
	}
	m, _, err := load(rest[0])
	if err != nil {
		return err
	}
	if len(rest) == 2 {
		if _, err := function(m, rest[1:]); err != nil {
			return err
		}
	}
	p, err := collect(m, rest, *level)
	if err != nil {
		return err
	}
	html, err := render(p)
	if err != nil {
		return err
	}
	if *file == "" {
		_, err = io.WriteString(out, html)
		return err
	}
	return os.WriteFile(*file, []byte(html), 0o644)
}

func render(p *viewPage) (string, error) {
	data, err := json.Marshal(p) // escapes <, > and &, so that it can stand in a script
	if err != nil {
		return "", err
	}
	return strings.Replace(page, "/*DATA*/null", string(data), 1), nil
}

// collect optimises and compiles the module and takes down every step.
func collect(m *ir.Module, rest []string, level string) (*viewPage, error) {
	lv, err := optLevel(level)
	if err != nil {
		return nil, err
	}
	p := &viewPage{File: rest[0], Level: level}
	byName := map[string]*viewFunc{}
	for _, f := range m.Funcs {
		if f.IsDecl() || len(rest) == 2 && f.Name != strings.TrimPrefix(rest[1], "@") {
			continue
		}
		v := &viewFunc{Name: f.Name, Sig: f.Sig.String()}
		v.step("input", f)
		byName[f.Name] = v
		p.Funcs = append(p.Funcs, v)
	}
	after := func(pass string, f *ir.Func) {
		if v := byName[f.Name]; v != nil {
			v.step(pass, f)
		}
	}
	onCode := func(f *ir.Func, code *obj.Code) {
		v := byName[f.Name]
		if v == nil {
			return
		}
		v.step("code generation's input", f)
		v.Asm = disassemble(code)
		v.Info = fmt.Sprintf("%d bytes, frame of %d, %d ref slots, %d exits", code.Size(), code.FrameSize, code.RefSlots, len(code.Exits))
	}
	xl := irexec.Quick
	if lv == opt.Full {
		xl = irexec.Full
	}
	prog, err := irexec.Load(m, irexec.Options{Level: xl, After: after, OnCode: onCode})
	if err != nil { // no native code here, or not for this module: show at least the passes
		p.Note = err.Error()
		again, err := ir.Link(m.Name, m)
		if err != nil {
			return nil, err
		}
		opt.Module(again, lv, opt.Options{After: after})
		return p, nil
	}
	prog.Close()
	return p, nil
}

// step takes the function down if it differs from the last step.
func (v *viewFunc) step(pass string, f *ir.Func) {
	text := f.Text(ir.PrintPlain)
	if text == v.last {
		return
	}
	v.last = text
	s := viewStep{Pass: pass}
	for _, b := range f.Blocks {
		s.Blocks = append(s.Blocks, viewOf(b))
	}
	v.Steps = append(v.Steps, s)
}

func viewOf(b *ir.Block) viewBlock {
	v := viewBlock{ID: int(b.ID), Label: b.String(), Weight: b.Weight, Succs: []viewEdge{}}
	var params []string
	for _, p := range b.Params {
		params = append(params, p.String()+" "+p.Type.String())
	}
	v.Params = strings.Join(params, ", ")
	for i := 0; i < len(b.Insts); i++ {
		x := b.Insts[i]
		if x.Op == ir.OpConst && x.Name() == "" {
			continue // shown where it is used
		}
		text := x.Line(ir.PrintLiterals)
		for i+1 < len(b.Insts) && b.Insts[i+1].Op == ir.OpResult && b.Insts[i+1].Args[0] == x {
			i++
			text = strings.Replace(text, " = ", ", "+b.Insts[i].String()+" = ", 1)
		}
		v.Insts = append(v.Insts, viewInst{int(x.ID), x.Op.String(), text})
	}
	v.Insts = append(v.Insts, viewInst{-1, b.End.Op.String(), b.End.Line(ir.PrintLiterals)})
	for i := range b.End.Succs {
		v.Succs = append(v.Succs, viewEdge{int(b.End.Succs[i].To.ID), edgeKind(&b.End, i)})
	}
	return v
}

func edgeKind(e *ir.End, i int) string {
	switch {
	case e.Op == ir.OpBr:
		return [2]string{"then", "else"}[i]
	case e.Op == ir.OpSwitch && i < len(e.Cases):
		return fmt.Sprint(e.Cases[i])
	case e.Op == ir.OpSwitch:
		return "default"
	}
	return ""
}
