package genext

import (
	"reflect"
	"slices"
	"testing"
	"unsafe"

	"martlet/ir"
)

func TestLayout(t *testing.T) {
	type inner struct {
		a int8
		b float32
	}
	type outer struct {
		p    *int
		s    string
		in   inner
		list []byte `hint:"frame"`
		any  any
		arr  [2]int16
	}
	ws, err := layoutOf(reflect.TypeFor[outer]())
	if err != nil {
		t.Fatal(err)
	}
	var types []ir.Type
	for _, w := range ws {
		types = append(types, w.typ)
	}
	want := []ir.Type{ir.Ref, ir.Ref, ir.I64, ir.I8, ir.F32, ir.Ref, ir.I64, ir.I64, ir.Ref, ir.Ref, ir.I16, ir.I16}
	if !slices.Equal(types, want) {
		t.Fatalf("got %v, want %v", types, want)
	}
	if !ws[1].text || !ws[5].frame || ws[6].frame {
		t.Error("marks are wrong")
	}
	n := 7
	x := outer{p: &n, s: "text", in: inner{-3, 1.5}, list: []byte{1}, any: 4, arr: [2]int16{-1, 2}}
	words, refs := readWords(unsafe.Pointer(&x), ws)
	var y outer
	writeWords(unsafe.Pointer(&y), ws, words, refs)
	if !reflect.DeepEqual(x, y) {
		t.Errorf("got %+v, want %+v", y, x)
	}
}

func TestLayoutRejects(t *testing.T) {
	if _, err := layoutOf(reflect.TypeFor[complex128]()); err == nil {
		t.Error("complex numbers have no words")
	}
}

func TestBindNamesWhatIsMissing(t *testing.T) {
	const text = `func @f(i64, i64) -> i64 {
b0(%a i64, %b i64):
  jump b1(%a, %b)
b1(%x i64, %y i64):
  call @hint.MergePoint$0(%x)
  %z = add.i64 %x, %y
  ret %z
}
declare go @hint.MergePoint$0(i64)
`
	m, err := NewMachine(&Program{Name: "p", IR: text})
	if err != nil {
		t.Fatal(err)
	}
	if _, _, err := Bind[struct{ x int }, struct{}, int](m, "f", Options{}); err == nil {
		t.Error("a live value that is neither green nor red was accepted")
	}
	if _, _, err := Bind[struct{ x int }, struct{}, int](m, "g", Options{}); err == nil {
		t.Error("a function that is not there was accepted")
	}
	if _, err := NewMachine(&Program{Name: "p", IR: "func @f() { b0: call @g() ret }"}); err == nil {
		t.Error("bad text was accepted")
	}
}
