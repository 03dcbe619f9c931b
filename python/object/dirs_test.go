package object

import (
	"os"
	"sort"
	"strings"
	"testing"
)

// names is what dir() shows of a type: the names along its order of resolution.
func names(tp *Type) string {
	seen := map[string]bool{}
	for _, x := range tp.MRO {
		for _, k := range x.Dict.Keys() {
			seen[StrText(k)] = true
		}
	}
	out := make([]string, 0, len(seen))
	for n := range seen {
		out = append(out, n)
	}
	sort.Strings(out)
	return strings.Join(out, " ")
}

// TestNamesOfTypes holds the builtin data types to exactly the attributes that CPython's have.
func TestNamesOfTypes(t *testing.T) {
	types := map[string]*Type{}
	for _, tp := range []*Type{&IntType, &FloatType, &ComplexType, &BoolType, &StrType, &BytesType, &ByteArrayType, &MemoryViewType,
		&ListType, &TupleType, &DictType, &SetType, &FrozenSetType, &RangeType, &SliceType, &EnumerateType, &ZipType, &MapType,
		&FilterType, &ReversedType, &DictKeysType, &DictValuesType, &DictItemsType, &ListIterType, &TupleIterType, &StrASCIIIterType,
		&DictKeyIterType, &SetIterType, &RangeIterType} {
		types[tp.Name] = tp
	}
	data, err := os.ReadFile("testdata/dirs.txt")
	if err != nil {
		t.Fatal(err)
	}
	n := 0
	for _, line := range strings.Split(strings.TrimSpace(string(data)), "\n") {
		name, want, _ := strings.Cut(line, " ")
		if name == "#" {
			continue
		}
		n++
		tp := types[name]
		if tp == nil {
			t.Errorf("no type %s", name)
			continue
		}
		if got := names(tp); got != want {
			t.Errorf("dir(%s) is\n%s\nCPython has\n%s", name, got, want)
		}
	}
	if n != len(types) {
		t.Errorf("%d types in the file, %d here", n, len(types))
	}
}

// TestTableAgainstMap drives the hash table with a fixed sequence of changes beside a Go map and a list of keys in order.
func TestTableAgainstMap(t *testing.T) {
	th := NewInterp().Main
	d := NewDict()
	ref := map[int64]int64{}
	var order []int64
	state := uint64(1)
	for step := range 200000 {
		state = state*6364136223846793005 + 1442695040888963407
		k := int64(state>>33) % 500
		key := Int(k)
		if k%3 == 0 {
			key = StrVal(IntString(Int(k)))
		}
		if state>>20&3 == 0 {
			ok, e := d.Del(th, key)
			if _, had := ref[k]; e != nil || ok != had {
				t.Fatalf("step %d: deleting %d gave %v, %v", step, k, ok, e)
			}
			if ok {
				delete(ref, k)
				for i, x := range order {
					if x == k {
						order = append(order[:i], order[i+1:]...)
						break
					}
				}
			}
			continue
		}
		if e := d.Set(th, key, Int(int64(step))); e != nil {
			t.Fatal(e)
		}
		if _, had := ref[k]; !had {
			order = append(order, k)
		}
		ref[k] = int64(step)
	}
	if d.Len() != len(ref) {
		t.Fatalf("%d keys, want %d", d.Len(), len(ref))
	}
	pos := 0
	for _, k := range order {
		_, v, ok := d.Next(&pos)
		if !ok || v.Int64() != ref[k] {
			t.Fatalf("key %d out of order or with a wrong value", k)
		}
	}
}

func BenchmarkDictGetStr(b *testing.B) {
	th := NewInterp().Main
	d := NewDict()
	var keys []*Str
	for i := range 40 {
		k := th.Intern("name" + IntString(Int(int64(i))))
		keys = append(keys, k)
		d.SetStr(th, k, Int(int64(i)))
	}
	for i := 0; b.Loop(); i++ {
		if d.GetStr(keys[i%40]).Ref == nil {
			b.Fatal("key lost")
		}
	}
}

func BenchmarkListAppend(b *testing.B) {
	th := NewInterp().Main
	l := As[List](NewList(nil))
	for i := 0; b.Loop(); i++ {
		l.Append(th, Int(int64(i)))
		if len(l.Items) > 1<<20 {
			l.Items = nil
		}
	}
}

func BenchmarkIntAdd(b *testing.B) {
	th := NewInterp().Main
	v := Int(0)
	for b.Loop() {
		v, _ = BinaryOp(th, OpAdd, v, Int(3))
	}
	if v.Int64() == 0 {
		b.Fatal("nothing added")
	}
}
