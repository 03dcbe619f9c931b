// Command martlet-gen derives a JIT compiler from an interpreter written in Go.
//
//	martlet-gen generate [-o file] [-func F,G] [-var name] [-check] [package]
//	        writes the Go file of an interpreter's package; -check only compares it
//	martlet-gen ir [-func F] [-tags t,u] [-init] package
//	        prints the flow graphs of a package's functions, or of one and all it calls
//	martlet-gen colour [-o page.html] [-func F,G] package
//	        writes a page that shows the binding time of every expression, and why
//	martlet-gen check [-func F] package
//	        lists the functions that are outside the subset, with place and reason,
//	        and the expressions whose order of evaluation Go leaves open
//
// It is meant for go:generate lines; it is the only command that links
// golang.org/x/tools.
package main

import (
	"bytes"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/ssa"

	"martlet/internal/jitgen"
	"martlet/ir"
)

func main() {
	if err := run(os.Args[1:], os.Stdout); err != nil {
		fmt.Fprintln(os.Stderr, "martlet-gen:", err)
		os.Exit(1)
	}
}

const usage = "usage: martlet-gen generate|colour|ir|check [flags] package (martlet-gen ir -h lists the flags)"

func run(args []string, out io.Writer) error {
	if len(args) == 0 {
		return errors.New(usage)
	}
	commands := map[string]func([]string, io.Writer) error{"generate": generate, "colour": colour, "ir": printIR, "check": check}
	cmd := commands[args[0]]
	if cmd == nil {
		return fmt.Errorf("unknown command %q; %s", args[0], usage)
	}
	return cmd(args[1:], out)
}

// input is what the flags and arguments of a command select.
type input struct {
	fn, tags string
	all      bool
}

func (in *input) parse(name string, args []string) (*jitgen.Result, error) {
	fs := flag.NewFlagSet("martlet-gen "+name, flag.ContinueOnError)
	fs.StringVar(&in.fn, "func", "", "only this `function` and what it calls")
	fs.StringVar(&in.tags, "tags", "", "build `tags`, comma-separated")
	fs.BoolVar(&in.all, "deps", false, "look into every package that is called, not only into those of the module")
	if err := fs.Parse(args); err != nil {
		return nil, err
	}
	if fs.NArg() != 1 {
		return nil, fmt.Errorf("%s wants one package", name)
	}
	return in.lower(fs.Arg(0))
}

func (in *input) lower(pkg string) (*jitgen.Result, error) {
	cfg := jitgen.LoadConfig{Patterns: []string{pkg}}
	if in.tags != "" {
		cfg.Tags = strings.Split(in.tags, ",")
	}
	src, err := jitgen.Load(cfg)
	if err != nil {
		return nil, err
	}
	opt := src.FileOptions()
	if in.all {
		opt = jitgen.Options{}
	}
	roots, err := in.roots(src)
	if err != nil {
		return nil, err
	}
	res := jitgen.Lower(src, opt, roots...)
	return res, ir.Verify(res.Module)
}

func (in *input) roots(src *jitgen.Source) ([]*ssa.Function, error) {
	if in.fn != "" {
		f := src.Func(in.fn)
		if f == nil {
			return nil, fmt.Errorf("no function %s in %s", in.fn, src.Roots[0].PkgPath)
		}
		return []*ssa.Function{f}, nil
	}
	pkg := src.Prog.Package(src.Roots[0].Types)
	pkg.Build()
	return jitgen.PackageFuncs(pkg), nil
}

func printIR(args []string, out io.Writer) error {
	var in input
	res, err := in.parse("ir", args)
	if res != nil {
		io.WriteString(out, res.Module.String())
	}
	return err
}

func check(args []string, out io.Writer) error {
	var in input
	res, err := in.parse("check", args)
	if err != nil {
		return err
	}
	for _, f := range res.Module.Funcs {
		if why := res.Opaque[f.Name]; why != nil {
			fmt.Fprintf(out, "%s: %s: opaque: %s\n", why.Pos, f.Name, why.What)
		}
	}
	return res.CheckOrder()
}

func generate(args []string, out io.Writer) error {
	fs := flag.NewFlagSet("martlet-gen generate", flag.ContinueOnError)
	file := fs.String("o", jitgen.DefaultFile, "the `file` to write, in the package's directory")
	fns := fs.String("func", "", "further `functions` to lower, comma-separated")
	name := fs.String("var", "", "`name` of the program's variable (martletProgram)")
	tags := fs.String("tags", "", "build `tags`, comma-separated")
	check := fs.Bool("check", false, "write nothing; fail if the file is not what would be written")
	if err := fs.Parse(args); err != nil {
		return err
	}
	cfg := jitgen.GenerateConfig{Var: *name, File: *file, Load: jitgen.LoadConfig{Patterns: []string{"."}}}
	if fs.NArg() > 0 {
		cfg.Load.Patterns = fs.Args()
	}
	if *fns != "" {
		cfg.Funcs = strings.Split(*fns, ",")
	}
	if *tags != "" {
		cfg.Load.Tags = strings.Split(*tags, ",")
	}
	g, err := jitgen.Generate(cfg)
	if err != nil {
		return err
	}
	for _, w := range g.Warnings {
		fmt.Fprintln(os.Stderr, "martlet-gen: warning:", w)
	}
	return put(g, *file, *check)
}

// put writes or checks the file in the directory of the package.
func put(g *jitgen.Generated, file string, check bool) error {
	path := filepath.Join(g.Result.Source.Roots[0].Dir, file)
	if !check {
		return os.WriteFile(path, g.GoFile.Source, 0o644)
	}
	old, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	if !bytes.Equal(old, g.GoFile.Source) {
		return fmt.Errorf("%s is stale: run go generate", file)
	}
	return nil
}

func colour(args []string, out io.Writer) error {
	fs := flag.NewFlagSet("martlet-gen colour", flag.ContinueOnError)
	file := fs.String("o", "", "the page's `file`; standard output if empty")
	fns := fs.String("func", "", "further `functions` to lower, comma-separated")
	if err := fs.Parse(args); err != nil {
		return err
	}
	cfg := jitgen.GenerateConfig{Load: jitgen.LoadConfig{Patterns: []string{"."}}}
	if fs.NArg() > 0 {
		cfg.Load.Patterns = fs.Args()
	}
	if *fns != "" {
		cfg.Funcs = strings.Split(*fns, ",")
	}
	colours, err := jitgen.ColourPackage(cfg)
	if err != nil {
		return err
	}
	page, err := colours.HTML()
	if err != nil {
		return err
	}
	if *file == "" {
		_, err = out.Write(page)
		return err
	}
	return os.WriteFile(*file, page, 0o644)
}
