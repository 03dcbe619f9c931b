package dfa

import (
	"martlet/genext"
)

//go:generate go run martlet/cmd/martlet-gen generate -o zz_martlet.go .

// NewDriver makes a driver for Match.
func NewDriver(o genext.Options) (*Driver, *genext.Handle, error) {
	m, err := genext.NewMachine(&martletProgram)
	if err != nil {
		return nil, nil, err
	}
	return genext.Bind[greens, reds, bool](m, "martlet/examples/dfa.match", o)
}
