package lib

import (
	"sort"
	"testing"

	"martlet/python/object"
)

// TestNatives checks the order of the table, which Find searches, and that every native module can be filled.
func TestNatives(t *testing.T) {
	if !sort.SliceIsSorted(natives[:], func(i, j int) bool { return natives[i].name < natives[j].name }) {
		t.Error("the table is out of order")
	}
	th := object.NewInterp().Main
	for _, n := range natives {
		m := object.NewModule(th, n.name, n.doc)
		if e := n.init(th, m); e != nil {
			s, _ := object.ToStr(th, e.Value())
			t.Errorf("%s: %s", n.name, s.S)
		}
		if m.Dict.Len() <= 5 {
			t.Errorf("%s has no content", n.name)
		}
		if found, ok := Find(n.name); !ok || found.Init == nil {
			t.Errorf("Find(%q) does not find the native module", n.name)
		}
	}
}

func TestFind(t *testing.T) {
	if m, ok := Find("collections"); !ok || !m.Package || m.Source == "" {
		t.Error("collections is no package with source")
	}
	if _, ok := Find("no_such_module"); ok {
		t.Error("found a module that does not exist")
	}
}
