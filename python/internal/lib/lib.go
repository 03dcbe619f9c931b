// Package lib is the table of the standard modules that are part of the program: native ones, each a package here, and
// those written in Python (package pylib).
package lib

import (
	"sort"

	"martlet/python/internal/lib/array"
	"martlet/python/internal/lib/binascii"
	"martlet/python/internal/lib/binstruct"
	"martlet/python/internal/lib/bisect"
	"martlet/python/internal/lib/cmath"
	"martlet/python/internal/lib/collections"
	"martlet/python/internal/lib/errno"
	"martlet/python/internal/lib/functools"
	"martlet/python/internal/lib/hashes"
	"martlet/python/internal/lib/heapq"
	"martlet/python/internal/lib/io"
	"martlet/python/internal/lib/itertools"
	"martlet/python/internal/lib/json"
	"martlet/python/internal/lib/marshal"
	"martlet/python/internal/lib/math"
	"martlet/python/internal/lib/operator"
	"martlet/python/internal/lib/posix"
	"martlet/python/internal/lib/pylib"
	"martlet/python/internal/lib/random"
	"martlet/python/internal/lib/re"
	"martlet/python/internal/lib/time"
	"martlet/python/internal/lib/unicodedata"
	"martlet/python/object"
)

// Init fills a freshly made module.
type Init func(t *object.Thread, m *object.Module) *object.Exception

// Module is a standard module: native (Init) or Python source.
type Module struct {
	Init    Init
	Doc     string
	Source  string
	Package bool // a package, for Python source
}

type native struct {
	name string
	init Init
	doc  string
}

// natives is in alphabetical order; a test holds that.
var natives = [...]native{
	{"_bisect", bisect.Init, "Bisection algorithms."},
	{"_collections", collections.Init, "High performance data structures."},
	{"_functools", functools.Init, "Tools that operate on functions."},
	{"_heapq", heapq.Init, "Heap queue algorithm (a.k.a. priority queue)."},
	{"_io", io.Init, "The io module provides the Python interfaces to stream handling."},
	{"_json", json.Init, "JSON speedups."},
	{"_martlet_hash", hashes.Init, "Digests below hashlib."},
	{"_operator", operator.Init, "Operator interface."},
	{"_random", random.Init, "Module implements the Mersenne Twister random number generator."},
	{"_sre", re.Init, ""},
	{"_struct", binstruct.Init, "Functions to convert between Python values and C structs."},
	{"array", array.Init, "This module defines an object type which can efficiently represent\nan array of basic values: characters, integers, floating-point\nnumbers."},
	{"binascii", binascii.Init, "Conversion between binary data and ASCII"},
	{"bisect", bisect.Init, "Bisection algorithms."},
	{"cmath", cmath.Init, "This module provides access to mathematical functions for complex\nnumbers."},
	{"errno", errno.Init, "This module makes available standard errno system symbols."},
	{"heapq", heapq.Init, "Heap queue algorithm (a.k.a. priority queue)."},
	{"io", io.Init, "The io module provides the Python interfaces to stream handling."},
	{"itertools", itertools.Init, "Functional tools for creating and using iterators."},
	{"marshal", marshal.Init, "This module contains functions that can read and write Python values in\na binary format."},
	{"math", math.Init, "This module provides access to the mathematical functions\ndefined by the C standard."},
	{"operator", operator.Init, "Operator interface."},
	{"posix", posix.Init, "This module provides access to operating system functionality that is\nstandardized by the C Standard and the POSIX standard."},
	{"struct", binstruct.Init, "Functions to convert between Python values and C structs."},
	{"time", time.Init, "This module provides various functions to manipulate time values."},
	{"unicodedata", unicodedata.Init, "This module provides access to the Unicode Character Database."},
}

// Find gives the standard module of that full name.
func Find(name string) (Module, bool) {
	i := sort.Search(len(natives), func(i int) bool { return natives[i].name >= name })
	if i < len(natives) && natives[i].name == name {
		return Module{Init: natives[i].init, Doc: natives[i].doc}, true
	}
	for _, n := range hosts {
		if n.name == name {
			return Module{Init: n.init, Doc: n.doc}, true
		}
	}
	if text, pkg, ok := pylib.Source(name); ok {
		return Module{Source: text, Package: pkg}, true
	}
	return Module{}, false
}

// Names lists all modules, native ones first.
func Names() []string {
	out := make([]string, 0, len(natives))
	for _, n := range append(natives[:], hosts...) {
		out = append(out, n.name)
	}
	return append(out, pylib.Names()...)
}
