package genext

import (
	"fmt"

	"martlet/ir"
)

// bindRefs gives the refconsts of the graphs their addresses: Go addresses
// that the interpreter's source mentions, by their names in Program.Globals.
func (m *Machine) bindRefs() error {
	for _, f := range m.mod.Funcs {
		for _, b := range f.Blocks {
			for _, v := range b.Insts {
				if v.Op != ir.OpRefconst {
					continue
				}
				c := v.Aux.(*ir.RefConst)
				if c.Ptr == nil {
					p, ok := m.globals[c.Name]
					if !ok {
						return fmt.Errorf("%s: %s: %q is not bound", m.prog.Name, f.Name, c.Name)
					}
					c.Ptr = p
				}
			}
		}
	}
	return nil
}
