package jitgen

import (
	"errors"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/go/ssa"

	"martlet/ir"
)

// GenerateConfig says what to generate.
type GenerateConfig struct {
	Load  LoadConfig
	Funcs []string // further functions to lower, besides those with a merge point
	Var   string   // the Program's variable; "" is martletProgram
	File  string   // the generated file's name; "" is DefaultFile
}

// Generated is what Generate made.
type Generated struct {
	*Result
	*GoFile
	Roots []*ssa.Function
}

// Generate makes the Go file of an interpreter's package: flow graphs of all
// functions with a merge point and of what they call. It reports, as an error,
// every expression whose order of evaluation Go leaves open, and every hint that
// cannot be kept.
func Generate(cfg GenerateConfig) (*Generated, error) {
	src, err := loadPackage(&cfg)
	if err != nil {
		return nil, err
	}
	return generate(src, cfg)
}

func generate(src *Source, cfg GenerateConfig) (*Generated, error) {
	res, roots, err := lowerPackage(src, cfg)
	if err != nil {
		return nil, err
	}
	if err := res.CheckOrder(); err != nil {
		return nil, err
	}
	if err := res.ColourProgram(roots).Err(); err != nil {
		return nil, err
	}
	pkg := res.Source.Roots[0]
	file, err := res.WriteGo(pkg.PkgPath, pkg.Name, cfg.Var)
	if err != nil {
		return nil, err
	}
	return &Generated{res, file, roots}, nil
}

// ColourPackage analyses the binding times of an interpreter's package. Hints that
// cannot be kept are in the result's Errors.
func ColourPackage(cfg GenerateConfig) (*Colours, error) {
	src, err := loadPackage(&cfg)
	if err != nil {
		return nil, err
	}
	res, roots, err := lowerPackage(src, cfg)
	if err != nil {
		return nil, err
	}
	return res.ColourProgram(roots), nil
}

func loadPackage(cfg *GenerateConfig) (*Source, error) {
	if cfg.Var == "" {
		cfg.Var = "martletProgram"
	}
	overlay, err := stubFile(cfg)
	if err != nil {
		return nil, err
	}
	cfg.Load.overlay = overlay
	src, err := Load(cfg.Load)
	if err == nil && len(src.Roots) != 1 {
		err = fmt.Errorf("jitgen: %d packages match, want one", len(src.Roots))
	}
	return src, err
}

func lowerPackage(src *Source, cfg GenerateConfig) (*Result, []*ssa.Function, error) {
	pkg := src.Roots[0]
	roots, err := generateRoots(src, cfg.Funcs)
	if err != nil {
		return nil, nil, err
	}
	res := Lower(src, src.FileOptions(), roots...)
	if err := ir.Verify(res.Module); err != nil {
		return nil, nil, fmt.Errorf("jitgen: the graphs of %s are not sound: %w", pkg.PkgPath, err)
	}
	return res, roots, nil
}

// stubFile puts an empty program in the place of the generated file while the
// package is read: a stale file, whose assertions fail, or none at all must not
// stand in the way of a new one.
func stubFile(cfg *GenerateConfig) (map[string][]byte, error) {
	file := cfg.File
	if file == "" {
		file = DefaultFile
	}
	p, err := findPackage(cfg.Load)
	if err != nil {
		return nil, err
	}
	text := fmt.Sprintf("package %s\n\nimport \"martlet/genext\"\n\nvar %s genext.Program\n", p.Name, cfg.Var)
	return map[string][]byte{filepath.Join(p.Dir, file): []byte(text)}, nil
}

// findPackage finds the one package that is asked for, without reading it.
func findPackage(cfg LoadConfig) (*packages.Package, error) {
	what := strings.Join(cfg.Patterns, " ")
	pc := &packages.Config{Mode: packages.NeedName | packages.NeedFiles, Dir: cfg.Dir}
	ps, err := packages.Load(pc, cfg.Patterns...)
	switch {
	case err != nil && strings.Contains(err.Error(), "go.mod file not found"):
		return nil, errors.New("jitgen: there is no go.mod in this directory or above: run the generator in the module of the interpreter")
	case err != nil:
		return nil, fmt.Errorf("jitgen: finding the package %s: %w", what, err)
	case len(ps) != 1:
		return nil, fmt.Errorf("jitgen: one package is wanted, but %s stands for %d", what, len(ps))
	case ps[0].Dir == "" || ps[0].Name == "":
		why := "it has no Go files"
		if len(ps[0].Errors) > 0 {
			why = ps[0].Errors[0].Msg
		}
		return nil, fmt.Errorf("jitgen: %s is not a Go package: %s", what, why)
	}
	return ps[0], nil
}

// DefaultFile is the name of the generated file.
const DefaultFile = "zz_martlet.go"

func generateRoots(src *Source, names []string) ([]*ssa.Function, error) {
	roots := Roots(src)
	for _, n := range names {
		f := src.Func(n)
		if f == nil {
			return nil, fmt.Errorf("jitgen: no function %s in %s", n, src.Roots[0].PkgPath)
		}
		roots = append(roots, f)
	}
	if len(roots) == 0 {
		return nil, fmt.Errorf("jitgen: %s has no function with a hint.MergePoint, and none was named", src.Roots[0].PkgPath)
	}
	return roots, nil
}

// FileOptions are the options with which Generate lowers a package.
func (s *Source) FileOptions() Options {
	return Options{Package: s.Roots[0].PkgPath, Inside: s.sameModule}
}

// sameModule reports whether a package belongs to the module of the first root.
func (s *Source) sameModule(path string) bool {
	p, root := s.Pkgs[path], s.Roots[0]
	if p == nil || p.Module == nil || root.Module == nil {
		return path == root.PkgPath
	}
	return p.Module.Path == root.Module.Path
}
