package disasm

import "testing"

func TestText(t *testing.T) {
	// add rax, rbx; jmp back to it; a byte that begins no instruction in 64-bit mode
	got := Text([]byte{0x48, 0x01, 0xd8, 0xeb, 0xfb, 0x06})
	want := []Inst{{0, 3, "add rax, rbx", -1}, {3, 2, "jmp 0x0", 0}, {5, 1, ".byte 0x6", -1}}
	if len(got) != len(want) {
		t.Fatalf("got %v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("instruction %d: got %v, want %v", i, got[i], want[i])
		}
	}
}
