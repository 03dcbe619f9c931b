package jit

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"testing"
)

// linkModel is what linking shall do, beside an engine that does it: libraries with definitions of a few names, and in each library a function that
// calls each function and one that reads each global. A definition is a value; a function with a value below zero has another signature.
type linkModel struct {
	t     *testing.T
	r     *rand.Rand
	libs  []*Library
	links [][]int          // by library, itself first
	defs  []map[string]def // by library and name
	calls []map[string]func() (int64, error)
	next  int64
}

type def struct {
	mod   *Module
	value int64
}

var linkNames = []string{"f0", "f1", "g0", "g1"} // functions and globals

func newLinkModel(t *testing.T, e *Engine, seed uint64) *linkModel {
	m := &linkModel{t: t, r: rand.New(rand.NewPCG(seed, 5))}
	for i := range 4 {
		var links []*Library
		order := []int{i}
		for _, k := range m.r.Perm(i) {
			links, order = append(links, m.libs[k]), append(order, k)
		}
		l := e.NewLibrary(fmt.Sprint("l", i), links...)
		m.libs, m.links, m.defs = append(m.libs, l), append(m.links, order), append(m.defs, map[string]def{})
		m.calls = append(m.calls, map[string]func() (int64, error){})
		for _, name := range linkNames {
			add(t, l, userText(name))
			m.calls[i][name] = lookup[func() (int64, error)](t, l, "use_"+name)
		}
	}
	return m
}

func userText(name string) string {
	head := fmt.Sprintf("module \"use_%[1]s\"\nfunc @use_%[1]s() -> i64 {\nentry:\n", name)
	if name[0] == 'f' {
		return fmt.Sprintf("%s  %%v = call @%[2]s()\n  ret %%v\n}\ndeclare @%[2]s() -> i64\n", head, name)
	}
	return fmt.Sprintf("%s  %%p = symaddr @%[2]s\n  %%v = load.i64 %%p + 0\n  ret %%v\n}\ndeclare global @%[2]s size 8\n", head, name)
}

// define is a module with a definition of a value.
func (m *linkModel) define(name string, value int64) string {
	switch {
	case name[0] == 'g':
		return fmt.Sprintf("module \"def\"\nglobal @%s size 8 { i64 %d }\n", name, value)
	case value < 0:
		return fmt.Sprintf("module \"def\"\nfunc @%s(i64) -> i64 {\nentry(%%x i64):\n  ret %%x\n}\n", name)
	}
	return fmt.Sprintf("module \"def\"\nfunc @%s() -> i64 {\nentry:\n  ret %d\n}\n", name, value)
}

// change adds, replaces or removes a definition.
func (m *linkModel) change() {
	i, name := m.r.IntN(len(m.libs)), linkNames[m.r.IntN(len(linkNames))]
	d, have := m.defs[i][name]
	m.next++
	value := m.next
	if name[0] == 'f' && m.r.IntN(6) == 0 {
		value = -value
	}
	switch {
	case !have:
		m.defs[i][name] = def{add(m.t, m.libs[i], m.define(name, value)), value}
	case m.r.IntN(2) == 0:
		if err := d.mod.Replace(parse(m.t, m.define(name, value))); err != nil {
			m.t.Error(err)
		}
		m.defs[i][name] = def{d.mod, value}
	default:
		if err := d.mod.Remove(); err != nil {
			m.t.Error(err)
		}
		delete(m.defs[i], name)
	}
}

// check uses a name in a library, and compares.
func (m *linkModel) check() {
	i, name := m.r.IntN(len(m.libs)), linkNames[m.r.IntN(len(linkNames))]
	got, err := m.calls[i][name]()
	for _, k := range m.links[i] {
		d, ok := m.defs[k][name]
		if !ok {
			continue
		}
		var sig *SignatureError
		if d.value < 0 {
			if !errors.As(err, &sig) || sig.Symbol != name {
				m.t.Errorf("@%s in library %d is %d, %v; want a signature error for that of library %d", name, i, got, err, k)
			}
		} else if err != nil || got != d.value {
			m.t.Errorf("@%s in library %d is %d, %v; want %d of library %d", name, i, got, err, d.value, k)
		}
		return
	}
	var miss *MissingError
	if !errors.As(err, &miss) || miss.Symbol != name {
		m.t.Errorf("@%s in library %d is %d, %v; want an error that it is missing", name, i, got, err)
	}
}

// TestRandomLinking: in any order of additions, replacements and removals, each use of a name means what the link order says at that moment.
func TestRandomLinking(t *testing.T) {
	for seed := range uint64(soakCount(6, 500)) {
		both(t, Options{HotCount: 20}, func(t *testing.T, e *Engine) {
			m := newLinkModel(t, e, seed)
			for range 400 {
				if m.r.IntN(3) == 0 {
					m.change()
				} else {
					m.check()
				}
				if t.Failed() {
					t.Fatal("seed", seed)
				}
			}
		})
	}
}
