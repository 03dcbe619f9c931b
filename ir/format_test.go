package ir

import (
	"os"
	"path/filepath"
	"testing"
)

func TestFormat(t *testing.T) {
	files, _ := filepath.Glob("testdata/*.ir")
	more, _ := filepath.Glob("../testdata/*/*.ir")
	for _, name := range append(files, more...) {
		src, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		got, err := Format(name, string(src))
		if err != nil {
			t.Fatal(err)
		}
		if got != string(src) {
			t.Errorf("%s is not formatted (martlet-ir fmt -w)", name)
		}
		if a, b := MustParse(name, string(src)), MustParse(name, got); a.String() != b.String() {
			t.Errorf("%s: formatting changed the meaning", name)
		}
		if again, err := Format(name, got); err != nil || again != got {
			t.Errorf("%s: formatting twice differs: %v", name, err)
		}
	}
	ugly := "func   @f( i64 )->i64{ ; head\n entry( %a   i64 ) :\n\n%b=load.i64   %a-8 ;c\n  %d , %e = saddov.i64 -1,%a\nswitch %d [ 1:x( 7:i64 ),\n -2:x(%e)] default x( 1 )\n}\n\n\n\n; end\n"
	want := "func @f(i64) -> i64 {  ; head\nentry(%a i64):\n  %b = load.i64 %a - 8  ;c\n  %d, %e = saddov.i64 -1, %a\n"
	got, err := Format("x", ugly)
	if err == nil || got != "" { // block x is not defined
		t.Errorf("accepted: %q", got)
	}
	got, err = Format("x", ugly[:len("func   @f( i64 )->i64{ ; head\n entry( %a   i64 ) :\n\n%b=load.i64   %a-8 ;c\n  %d , %e = saddov.i64 -1,%a\n")]+"ret %d\n}")
	if err != nil || got != want+"  ret %d\n}\n" {
		t.Errorf("%v\n%s", err, got)
	}
}
