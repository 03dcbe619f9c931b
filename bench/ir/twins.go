package ir

import "runtime"

// The Go twins of the two kernels that work on Go's heap.

type node struct{ left, right *node }

func makeTree(d int64) *node {
	n := &node{}
	if d != 0 {
		n.left = makeTree(d - 1)
		n.right = makeTree(d - 1)
	}
	return n
}

func (n *node) check() int64 {
	if n.left == nil {
		return 1
	}
	return n.left.check() + n.right.check() + 1
}

// Trees is the twin of testdata/kernels/trees.ir.
func Trees(n int64) int64 {
	long := makeTree(n)
	s := int64(0)
	for d := int64(4); d <= n; d += 2 {
		for range int64(1) << (n - d + 2) {
			s += makeTree(d).check()
		}
	}
	return s + long.check()
}

type cell struct {
	next    *cell
	payload *box
}

type box struct{ value int64 }

// Linked is the twin of testdata/kernels/linked.ir.
func Linked(n int64) int64 {
	cells := make([]*cell, 4096)
	var list *cell
	for i := range int64(4096) {
		c := &cell{next: list, payload: &box{i}}
		cells[i] = c
		list = c
	}
	x := uint64(1)
	for k := range n {
		x = x*6364136223846793005 + 1442695040888963407
		a, b := cells[x>>52], cells[x>>40&4095]
		a.payload, b.payload = b.payload, a.payload
		if k&15 == 0 {
			a.payload = &box{a.payload.value + 1}
		}
		if k&65535 == 65535 {
			runtime.GC()
		}
	}
	s := int64(0)
	for p := list; p != nil; p = p.next {
		s = s*31 + p.payload.value
	}
	return s
}
