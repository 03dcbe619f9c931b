package code_test

import (
	"testing"

	"martlet/python/internal/code"
)

func BenchmarkUnmarshal(b *testing.B) {
	data, err := code.Marshal(sample(b))
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		if _, err := code.Unmarshal(data); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkVerify(b *testing.B) {
	c := sample(b)
	for b.Loop() {
		if err := c.Verify(); err != nil {
			b.Fatal(err)
		}
	}
}
