package ir

import "strconv"

// Names of values and blocks are kept for people: they come from the text form
// or from SetName, and the printer uses them. A nameless value prints as
// %ID, a nameless block as bID, and the parser gives such names their numbers
// back, so that ids are stable from dump to dump.

// nameTable holds the names of one kind of entity of a function.
type nameTable struct {
	of   map[ID]string
	used map[string]bool
}

func (t *nameTable) set(id ID, name string, valid func(string) bool) {
	if t.of == nil {
		t.of, t.used = map[ID]string{}, map[string]bool{}
	}
	delete(t.used, t.of[id])
	delete(t.of, id)
	if !valid(name) {
		return
	}
	base := name
	for n := int(id); t.used[name]; n++ {
		name = base + "." + strconv.Itoa(n)
	}
	t.of[id], t.used[name] = name, true
}

func isNameByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '$' || c >= 0x80
}

func isDigits(s string) bool {
	for i := 0; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return len(s) > 0
}

func plainName(s string) bool {
	for i := 0; i < len(s); i++ {
		if !isNameByte(s[i]) {
			return false
		}
	}
	return s != ""
}

func validValueName(s string) bool {
	return plainName(s) && (s[0] < '0' || s[0] > '9' || isDigits(s) && len(s) > 5 && s[0] != '0')
}

func validBlockName(s string) bool {
	if !plainName(s) || s[0] >= '0' && s[0] <= '9' || s[0] == '.' || s[0] == '$' {
		return false
	}
	return s[0] != 'b' || !isDigits(s[1:]) || len(s) > 6 && s[1] != '0'
}

// SetName gives the value a name for the text form. A name that another value
// of the function has gets a suffix; one that the text form could not carry
// (anything but letters, digits, _ . $, or beginning with a digit) is dropped.
func (v *Value) SetName(name string) *Value {
	if v.Block != nil && v.Block.Func != nil {
		v.Block.Func.valueNames.set(v.ID, name, validValueName)
	}
	return v
}

// Name returns the name given to the value, or "".
func (v *Value) Name() string {
	if v.Block == nil || v.Block.Func == nil {
		return ""
	}
	return v.Block.Func.valueNames.of[v.ID]
}

// String returns the value as operands show it: %name or %ID.
func (v *Value) String() string {
	if v == nil {
		return "%nil"
	}
	if s := v.Name(); s != "" {
		return "%" + s
	}
	return "%" + strconv.Itoa(int(v.ID))
}

// SetName gives the block a label for the text form, under the rules of Value.SetName.
func (b *Block) SetName(name string) *Block {
	b.Func.blockNames.set(b.ID, name, validBlockName)
	return b
}

// Name returns the label given to the block, or "".
func (b *Block) Name() string { return b.Func.blockNames.of[b.ID] }

// String returns the block's label: its name or bID.
func (b *Block) String() string {
	if b == nil {
		return "b?"
	}
	if b.Func != nil {
		if s := b.Name(); s != "" {
			return s
		}
	}
	return "b" + strconv.Itoa(int(b.ID))
}

// ClassName returns the name of an alias class, or its number.
func (m *Module) ClassName(c AliasClass) string {
	if m != nil && int(c) < len(m.Classes) && m.Classes[c] != "" {
		return m.Classes[c]
	}
	return strconv.Itoa(int(c))
}

// Class returns the alias class with the given name, numbering it if it is
// new. It returns class 0, which may alias anything, when the 65,535 numbers
// are used up.
func (m *Module) Class(name string) AliasClass {
	for i, n := range m.Classes {
		if n == name {
			return AliasClass(i)
		}
	}
	if len(m.Classes) == 0 {
		m.Classes = append(m.Classes, "")
	}
	if len(m.Classes) > 0xffff || name == "" {
		return 0
	}
	m.Classes = append(m.Classes, name)
	return AliasClass(len(m.Classes) - 1)
}
