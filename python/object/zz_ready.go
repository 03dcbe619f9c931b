package object

// This file's init runs last in the package: all builtin types have been declared.
func init() { readyAll() }
