package govm

import (
	"sync"

	"martlet/genext"
)

//go:generate go run martlet/cmd/martlet-gen generate -o zz_martlet.go .

// machine is decoded once; all drivers share it.
var machine = sync.OnceValues(func() (*genext.Machine, error) { return genext.NewMachine(&martletProgram) })

// NewDriver makes a driver for VM.Run.
func NewDriver(o genext.Options) (*Driver, *genext.Handle, error) {
	m, err := machine()
	if err != nil {
		return nil, nil, err
	}
	return genext.Bind[greens, reds, any](m, "martlet/examples/govm.run", o)
}
