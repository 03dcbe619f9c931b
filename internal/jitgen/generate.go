package jitgen

import (
	"fmt"
	"path/filepath"

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
	pc := &packages.Config{Mode: packages.NeedName | packages.NeedFiles, Dir: cfg.Load.Dir}
	ps, err := packages.Load(pc, cfg.Load.Patterns...)
	if err != nil || len(ps) != 1 || ps[0].Dir == "" {
		return nil, fmt.Errorf("jitgen: finding %v: want one package: %w", cfg.Load.Patterns, err)
	}
	text := fmt.Sprintf("package %s\n\nimport \"martlet/genext\"\n\nvar %s genext.Program\n", ps[0].Name, cfg.Var)
	return map[string][]byte{filepath.Join(ps[0].Dir, file): []byte(text)}, nil
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
