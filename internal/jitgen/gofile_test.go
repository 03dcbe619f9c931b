package jitgen

import (
	"bytes"
	"martlet/ir"
	"martlet/ir/interp"
	"math/rand/v2"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
	"unsafe"

	"martlet/genext"
	"martlet/internal/jitgen/internal/toy"
)

// TestGeneratedFileIsFresh: the file of the toy interpreter is what is generated now, twice the same.
func TestGeneratedFileIsFresh(t *testing.T) {
	cfg := GenerateConfig{Load: LoadConfig{Patterns: []string{"./internal/toy"}}, Funcs: []string{"Checksum"}}
	src, err := loadPackage(&cfg)
	if err != nil {
		t.Fatal(err)
	}
	g, err := generate(src, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if len(g.Warnings) > 0 {
		t.Errorf("warnings: %v", g.Warnings)
	}
	old, err := os.ReadFile(filepath.Join("internal", "toy", DefaultFile))
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(old, g.GoFile.Source) {
		t.Error("internal/toy: the generated file is stale: run go generate")
	}
	again, err := generate(src, cfg)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(again.GoFile.Source, g.GoFile.Source) {
		t.Error("two generations differ")
	}
}

// TestFirstGeneration: a package that refers to the program's variable can be read
// before there is a generated file.
func TestFirstGeneration(t *testing.T) {
	g, err := Generate(GenerateConfig{Load: LoadConfig{Patterns: []string{"./testdata/first"}}})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := os.Stat(filepath.Join("testdata", "first", DefaultFile)); err == nil {
		t.Fatal("the test is about a package without generated file, and there is one")
	}
	for _, part := range []string{"package first", "var martletProgram", "hint.MergePoint"} {
		if !bytes.Contains(g.GoFile.Source, []byte(part)) {
			t.Errorf("the file has no %q", part)
		}
	}
}

// TestMachineTakesProgram: genext can decode what the file holds, and everything in it is bound.
func TestMachineTakesProgram(t *testing.T) {
	if _, err := genext.NewMachine(toy.Program()); err != nil {
		t.Fatal(err)
	}
}

// bound runs a generated program in the reference interpreter, on real Go
// objects and with the file's own thunks, types and addresses.
func bound(t *testing.T, p *genext.Program) *interp.Machine {
	mod, err := ir.Parse(p.Name, p.IR)
	if err != nil {
		t.Fatal(err)
	}
	if err := ir.Verify(mod); err != nil {
		t.Fatal(err)
	}
	funcs := map[string]ir.GoFunc{"hint.Tick": func(w []uint64, _ []unsafe.Pointer) { w[0] = 0 }}
	for _, f := range p.Funcs {
		funcs[f.Name] = f.Fn
	}
	addrs := map[string]unsafe.Pointer{}
	for _, g := range p.Globals {
		addrs[g.Name] = g.Addr
	}
	for _, b := range p.Types {
		typ := b.Type
		mod.Type(b.Name).GoType = (*[2]unsafe.Pointer)(unsafe.Pointer(&typ))[1]
	}
	m, err := interp.New(mod, interp.Options{
		MaxSteps: 1_000_000,
		RefConst: func(name string) unsafe.Pointer { return addrs[name] },
		Go: func(name string) ir.GoFunc {
			if strings.HasPrefix(name, "hint.") && funcs[name] == nil {
				return func([]uint64, []unsafe.Pointer) {}
			}
			return funcs[name]
		},
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// TestGeneratedProgramRuns: the graphs with the file's bindings do what the interpreter does as Go compiled it.
func TestGeneratedProgramRuns(t *testing.T) {
	m := bound(t, toy.Program())
	for seed := range uint64(150) {
		code := toy.Random(rand.New(rand.NewPCG(seed, 1)))
		want, wantLog, failed := runToy(code)
		vm := toy.New()
		res, err := m.Call("(*martlet/internal/jitgen/internal/toy.VM).Run", interp.Ref(unsafe.Pointer(vm)), interp.Ref(unsafe.Pointer(code)))
		if failed {
			if err == nil {
				t.Fatalf("seed %d: Go panics, the graphs do not", seed)
			}
			continue
		}
		if err != nil {
			t.Fatalf("seed %d: %v\n%v", seed, err, code)
		}
		var got any
		*(*[2]unsafe.Pointer)(unsafe.Pointer(&got)) = [2]unsafe.Pointer{res.Values[0].Ref, res.Values[1].Ref}
		if !reflect.DeepEqual(got, want) || !reflect.DeepEqual(vm.Log(), wantLog) {
			t.Fatalf("seed %d: got %v %q, want %v %q\n%v", seed, got, vm.Log(), want, wantLog, code)
		}
	}
}

func runToy(code *toy.Code) (result any, log []string, failed bool) {
	vm := toy.New()
	defer func() {
		if recover() != nil {
			failed = true
		}
	}()
	result = vm.Run(code)
	return result, vm.Log(), false
}
