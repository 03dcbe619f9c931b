package native

import "sync"

func cpuid(leaf, sub uint32) (a, b, c, d uint32)
func xgetbv() uint32

// CPU is what the processor has of the optional instruction sets that generated code may use.
type CPU struct {
	Required               bool // SSE4.1 and POPCNT, without which there is no native code
	BMI1, BMI2, LZCNT, FMA bool
}

// HostCPU asks the processor, once: the instruction is slow under a hypervisor.
var HostCPU = sync.OnceValue(hostCPU)

// hostCPU follows the Intel SDM vol. 2A, CPUID; FMA also needs the system to save the AVX state.
func hostCPU() CPU {
	_, _, c1, _ := cpuid(1, 0)
	var f CPU
	f.Required = c1>>19&1 == 1 && c1>>23&1 == 1
	avx := c1>>27&1 == 1 && xgetbv()&6 == 6
	f.FMA = c1>>12&1 == 1 && avx
	if max, _, _, _ := cpuid(0, 0); max >= 7 {
		_, b7, _, _ := cpuid(7, 0)
		f.BMI1, f.BMI2 = b7>>3&1 == 1, b7>>8&1 == 1
	}
	if max, _, _, _ := cpuid(0x80000000, 0); max >= 0x80000001 {
		_, _, c, _ := cpuid(0x80000001, 0)
		f.LZCNT = c>>5&1 == 1
	}
	return f
}
