//go:build unix

package jit

import (
	"fmt"
	"os"
	"syscall"
)

// trusted checks that a directory belongs to the user and is writable by nobody else.
func trusted(dir string) error {
	st, err := os.Lstat(dir)
	if err != nil {
		return err
	}
	if !st.IsDir() {
		return fmt.Errorf("object cache %s is not a directory", dir)
	}
	if sys, ok := st.Sys().(*syscall.Stat_t); !ok || int(sys.Uid) != os.Geteuid() {
		return fmt.Errorf("object cache %s belongs to another user", dir)
	}
	if st.Mode().Perm()&0o022 != 0 {
		return fmt.Errorf("object cache %s can be written by other users (mode %o)", dir, st.Mode().Perm())
	}
	return nil
}
