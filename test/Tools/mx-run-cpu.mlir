// Code for a CPU by its name has the instructions and the description of that CPU,
// whatever the host is.
// REQUIRES: x86_64
// RUN: mx-run %s --cpu=x86-64-v2 --emit=asm | FileCheck %s --check-prefix=SSE --implicit-check-not=ymm --implicit-check-not=vfmadd --implicit-check-not="{{^[[:space:]]v[a-z]}}"
// RUN: mx-run %s --cpu=haswell --emit=asm | FileCheck %s --check-prefix=AVX2 --implicit-check-not=zmm
// RUN: mx-run %s --cpu=skylake-avx512 --emit=asm | FileCheck %s --check-prefix=AVX512
// RUN: mx-run %s --cpu=x86-64-v2 --dump-after=decompose | FileCheck %s --check-prefix=SSE-TARGET
// RUN: mx-run %s --cpu=haswell --dump-after=decompose | FileCheck %s --check-prefix=AVX2-TARGET
// RUN: mx-run %s --cpu=skylake-avx512 --dump-after=decompose | FileCheck %s --check-prefix=AVX512-TARGET
// RUN: mx-run %s --cpu=cascadelake --dump-after=decompose | FileCheck %s --check-prefix=VNNI-TARGET
// RUN: mx-run %s --cpu=alderlake --dump-after=decompose | FileCheck %s --check-prefix=AVX-VNNI-TARGET
// RUN: mx-run %s --cpu=znver4 --dump-after=decompose | FileCheck %s --check-prefix=BF16-TARGET
// RUN: mx-run %s --cpu=cooperlake --dump-after=decompose | FileCheck %s --check-prefix=NO-BF16-TARGET --implicit-check-not=bf16
// RUN: mx-run %s --cpu=znver4 --emit=llvm | FileCheck %s --check-prefix=LLVM
// RUN: mx-run %s --cpu=haswell --emit=llvm | FileCheck %s --check-prefix=HALF --implicit-check-not="prefer-vector-width"

// Without fused multiply-add in hardware, libm's.
// SSE: callq fmaf
// SSE: callq
// AVX2: vfmadd{{.*}}%ymm
// AVX512: vfmadd{{.*}}%zmm

// SSE-TARGET: #mx.target<vector_bits = 128, vector_registers = 16, prefetch = 4096, caches = [{{[0-9, ]+}}], dots = [<lhs = ui8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x86.ssse3.pmadd.ub.sw.128">, <lhs = i16, rhs = i16, sum = i32, length = 2, intrinsic = "llvm.x86.sse2.pmadd.wd">]>
// AVX2-TARGET: #mx.target<vector_bits = 256, vector_registers = 16, extends = [f16], prefetch = 4096, shuffle = "llvm.x86.avx2.pshuf.b", caches = [{{[0-9, ]+}}], dots = [<lhs = ui8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x86.avx2.pmadd.ub.sw">, <lhs = i16, rhs = i16, sum = i32, length = 2, intrinsic = "llvm.x86.avx2.pmadd.wd">]>
// AVX512-TARGET: #mx.target<vector_bits = 512, vector_registers = 32, extends = [f16], prefetch = 4096, permute = "llvm.x86.avx512.permvar.sf.512", caches = [{{[0-9, ]+}}], dots = [<lhs = ui8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x86.avx512.pmaddubs.w.512">, <lhs = i16, rhs = i16, sum = i32, length = 2, intrinsic = "llvm.x86.avx512.pmaddw.d.512">]>
// VNNI-TARGET: #mx.target<vector_bits = 512, {{.*}}, extends = [f16], {{.*}}, dots = [<lhs = ui8, rhs = i8, sum = i32, length = 4, intrinsic = "llvm.x86.avx512.vpdpbusd.512">]>
// AVX-VNNI-TARGET: #mx.target<vector_bits = 256, {{.*}}, extends = [f16], {{.*}}, dots = [<lhs = ui8, rhs = i8, sum = i32, length = 4, intrinsic = "llvm.x86.avx512.vpdpbusd.256">]>

// Products of bf16 are taken where they are faster than f32 multiply-adds.
// BF16-TARGET: #mx.target<vector_bits = 512, vector_registers = 32, extends = [f16], prefetch = 4096, permute = "llvm.x86.avx512.permvar.sf.512", caches = [{{[0-9, ]+}}], dots = [{{.*}}<lhs = bf16, rhs = bf16, sum = f32, length = 2, intrinsic = "llvm.x86.avx512bf16.dpbf16ps.512">]>
// NO-BF16-TARGET: #mx.target<

// Where conversions to bf16 would flush subnormals, they are not used.
// LLVM: attributes #{{[0-9]+}} = {{.*}}"prefer-vector-width"="512" "target-cpu"="znver4" "target-features"="-avxneconvert,-avx512bf16"
// HALF: "target-cpu"="haswell"

// No name, or no name of this architecture, or of its 64-bit form.
// RUN: not mx-run %s --cpu=zen 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not mx-run %s --cpu=i486 --emit=asm 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// RUN: not mx-run %s --cpu=cortex-a72 --emit=asm 2>&1 | FileCheck %s --check-prefix=UNKNOWN
// UNKNOWN: error: expected --cpu=NAME with one of the names that --cpu=help lists, found '{{zen|i486|cortex-a72}}'
// RUN: mx-run --cpu=help | FileCheck %s --check-prefix=HELP --implicit-check-not=i486
// HELP-DAG: {{^haswell$}}
// HELP-DAG: {{^x86-64-v2$}}
// HELP-DAG: {{^znver4$}}

// Nothing runs with instructions that the machine lacks, such as those that only
// one line of CPUs, now gone, has had.
// RUN: rm -f %t.npy
// RUN: not mx-run %s --cpu=bdver4 --output=%t.npy 2>&1 | FileCheck %s --check-prefix=LACKS
// LACKS: error: --cpu=bdver4: this machine lacks fma4, {{.*}}xop: only --emit and --dump-after work
// RUN: not ls %t.npy
// RUN: mx-run %s --cpu=bdver4 --emit=asm | FileCheck %s --check-prefix=SHOWN
// SHOWN: vfm
func.func @main(%x: tensor<?x64xf32>, %w: tensor<64x48xf32>, %y: tensor<?x48xf32>) -> tensor<?x48xf32> {
  %0 = linalg.matmul ins(%x, %w : tensor<?x64xf32>, tensor<64x48xf32>) outs(%y : tensor<?x48xf32>) -> tensor<?x48xf32>
  return %0 : tensor<?x48xf32>
}
