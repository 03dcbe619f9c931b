// Package execmem provides memory for machine code and for the data cells beside it.
//
//	Memory   one reserved address range: code first, data cells behind it, all within ±2 GB of each other
//	space    the allocator of each half: segregated free lists of spans with coalescing (space.go)
//
// No address is ever writable and executable at once. The code half is shared memory mapped twice: an executable, read-only view at
// the addresses that the code runs at, and a writable view elsewhere through which it is written, so that writing never
// disturbs code that runs on the same page. Where executable shared mappings are denied, code gets whole pages of its own and mprotect
// flips them between writable and executable before anything can run there. Freed pages give their memory back to the system.
//
// The package knows nothing of what the bytes mean (internal/obj) or when they may be freed (internal/native, jit).
package execmem
