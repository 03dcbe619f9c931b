package jitgen

import (
	"fmt"

	"golang.org/x/tools/go/ssa"

	"martlet/ir"
)

// GenerateConfig says what to generate.
type GenerateConfig struct {
	Load  LoadConfig
	Funcs []string // further functions to lower, besides those with a merge point
	Var   string   // the Program's variable; "" is martletProgram
}

// Generated is what Generate made.
type Generated struct {
	*Result
	*GoFile
}

// Generate makes the Go file of an interpreter's package: flow graphs of all
// functions with a merge point and of what they call. It reports, as an error,
// every expression whose order of evaluation Go leaves open.
func Generate(cfg GenerateConfig) (*Generated, error) {
	src, err := Load(cfg.Load)
	if err != nil {
		return nil, err
	}
	if len(src.Roots) != 1 {
		return nil, fmt.Errorf("jitgen: %d packages match, want one", len(src.Roots))
	}
	pkg := src.Roots[0]
	roots, err := generateRoots(src, cfg.Funcs)
	if err != nil {
		return nil, err
	}
	res := Lower(src, Options{Package: pkg.PkgPath, Inside: src.sameModule}, roots...)
	if err := ir.Verify(res.Module); err != nil {
		return nil, fmt.Errorf("jitgen: the graphs of %s are not sound: %w", pkg.PkgPath, err)
	}
	if err := res.CheckOrder(); err != nil {
		return nil, err
	}
	name := cfg.Var
	if name == "" {
		name = "martletProgram"
	}
	file, err := res.WriteGo(pkg.PkgPath, pkg.Name, name)
	if err != nil {
		return nil, err
	}
	return &Generated{res, file}, nil
}

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

// sameModule reports whether a package belongs to the module of the first root.
func (s *Source) sameModule(path string) bool {
	p, root := s.Pkgs[path], s.Roots[0]
	if p == nil || p.Module == nil || root.Module == nil {
		return path == root.PkgPath
	}
	return p.Module.Path == root.Module.Path
}
