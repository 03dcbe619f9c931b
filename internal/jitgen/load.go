package jitgen

import (
	"errors"
	"fmt"
	"go/types"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// Source is a type-checked Go program in SSA form, with the syntax of every package.
type Source struct {
	Prog  *ssa.Program
	Roots []*packages.Package          // the packages that were asked for
	Pkgs  map[string]*packages.Package // every package by path
	rt    *ssa.Package
	files map[string]string // file name -> import path/base name
}

// LoadConfig says what to load.
type LoadConfig struct {
	Dir      string   // where the go command runs; "" is the current directory
	Patterns []string // packages, as for the go command
	Tags     []string // build tags; "purego" selects the generic Go of crypto and hash packages

	overlay map[string][]byte // contents in the place of files
}

const rtPath = "martlet/internal/jitgen/rt"

// HintPath is the import path of the hints package.
const HintPath = "martlet/hint"

const loadMode = packages.NeedName | packages.NeedFiles | packages.NeedCompiledGoFiles | packages.NeedImports |
	packages.NeedDeps | packages.NeedTypes | packages.NeedSyntax | packages.NeedTypesInfo | packages.NeedTypesSizes | packages.NeedModule

// Load reads packages and everything they import from source. Nothing is
// built yet: the lowering builds the SSA of a package when it first needs it.
func Load(cfg LoadConfig) (*Source, error) {
	pc := &packages.Config{Mode: loadMode, Dir: cfg.Dir, Overlay: cfg.overlay}
	// CGO is off: a file that needs it has no Go source to read.
	pc.Env = append(os.Environ(), "CGO_ENABLED=0")
	if len(cfg.Tags) > 0 {
		pc.BuildFlags = []string{"-tags=" + strings.Join(cfg.Tags, ",")}
	}
	all, err := packages.Load(pc, append([]string{rtPath}, cfg.Patterns...)...)
	if err != nil {
		return nil, fmt.Errorf("jitgen: loading %s: %w", strings.Join(cfg.Patterns, " "), err)
	}
	if err := loadErrors(all); err != nil {
		return nil, err
	}
	return newSource(all), nil
}

func newSource(all []*packages.Package) *Source {
	s := &Source{Pkgs: map[string]*packages.Package{}, files: map[string]string{}}
	packages.Visit(all, nil, func(p *packages.Package) {
		s.Pkgs[p.PkgPath] = p
		for _, f := range p.CompiledGoFiles {
			s.files[f] = p.PkgPath + "/" + filepath.Base(f)
		}
	})
	s.Prog, _ = ssautil.AllPackages(all, ssa.InstantiateGenerics|ssa.GlobalDebug)
	for _, p := range all {
		if p.PkgPath != rtPath {
			s.Roots = append(s.Roots, p)
		}
	}
	s.rt = s.Prog.ImportedPackage(rtPath)
	return s
}

// fileName is how a module names a source file: by import path, wherever it lies.
func (s *Source) fileName(f string) string {
	if n := s.files[f]; n != "" {
		return n
	}
	return filepath.Base(f)
}

func loadErrors(all []*packages.Package) error {
	var errs []error
	packages.Visit(all, nil, func(p *packages.Package) {
		for _, e := range p.Errors {
			errs = append(errs, e)
		}
	})
	return errors.Join(errs...)
}

// Func finds a function by the name that go/ssa prints, or by its short form
// (package name instead of path, "(*T).M" without package for a root's method).
func (s *Source) Func(name string) *ssa.Function {
	for _, p := range s.Roots {
		pkg := s.Prog.Package(p.Types)
		pkg.Build()
		if f := findIn(pkg, name); f != nil {
			return f
		}
	}
	return nil
}

func findIn(pkg *ssa.Package, name string) *ssa.Function {
	short := strings.TrimPrefix(strings.TrimPrefix(name, pkg.Pkg.Path()+"."), pkg.Pkg.Name()+".")
	if f := pkg.Func(short); f != nil {
		return f
	}
	for _, f := range PackageFuncs(pkg) {
		if f.String() == name || f.RelString(pkg.Pkg) == short {
			return f
		}
	}
	return nil
}

// PackageFuncs returns the functions and methods that a package declares,
// without generic ones and without init.
func PackageFuncs(pkg *ssa.Package) []*ssa.Function {
	var fs []*ssa.Function
	scope := pkg.Pkg.Scope()
	for _, name := range scope.Names() {
		switch o := scope.Lookup(name).(type) {
		case *types.Func:
			if f := pkg.Func(name); f != nil && f.TypeParams() == nil {
				fs = append(fs, f)
			}
		case *types.TypeName:
			fs = append(fs, typeMethods(pkg, o)...)
		}
	}
	return fs
}

func typeMethods(pkg *ssa.Package, o *types.TypeName) []*ssa.Function {
	named, ok := o.Type().(*types.Named)
	if !ok || o.IsAlias() || named.TypeParams() != nil {
		return nil
	}
	var fs []*ssa.Function
	for i := range named.NumMethods() {
		if f := pkg.Prog.FuncValue(named.Method(i)); f != nil {
			fs = append(fs, f)
		}
	}
	return fs
}
