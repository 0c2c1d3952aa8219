// A module's own description of the target is not replaced by the CPU's.
// RUN: mx-run %s --dump-after=decompose | FileCheck %s
// REQUIRES: x86_64
// RUN: sed 's/caches = .4096./caches = [4096], dots = [<lhs = bf16, rhs = bf16, sum = f32, length = 2, intrinsic = "llvm.x86.avx512bf16.dpbf16ps.512">]/' %s > %t.mlir
// RUN: not mx-run %t.mlir --cpu=haswell --emit=asm 2>&1 | FileCheck %s --check-prefix=LACKS
// RUN: not mx-run %t.mlir --cpu=cooperlake --emit=asm 2>&1 | FileCheck %s --check-prefix=WIDTH
// WIDTH: error: the program's mx.target has a dot product by llvm.x86.avx512bf16.dpbf16ps.512, which takes vectors of 512 bits, but its vector_bits is 128
// RUN: sed 's/vector_bits = 128/vector_bits = 512/' %t.mlir > %t.wide.mlir
// RUN: mx-run %t.wide.mlir --cpu=cooperlake --emit=asm
// LACKS: error: the program's mx.target has a dot product by llvm.x86.avx512bf16.dpbf16ps.512, for which haswell lacks avx512bf16
// RUN: sed 's/caches = .4096./permute = "llvm.x86.avx512.permvar.sf.512", caches = [4096]/' %s > %t.mlir
// RUN: not mx-run %t.mlir --cpu=haswell --emit=asm 2>&1 | FileCheck %s --check-prefix=PERMUTE
// PERMUTE: error: the program's mx.target has a permutation by llvm.x86.avx512.permvar.sf.512, for which haswell lacks avx512f
// RUN: sed 's/caches = .4096./shuffle = "llvm.x86.avx2.pshuf.b", caches = [4096]/' %s > %t.mlir
// RUN: not mx-run %t.mlir --cpu=ivybridge --emit=asm 2>&1 | FileCheck %s --check-prefix=SHUFFLE
// RUN: not mx-run %t.mlir --cpu=haswell --emit=asm 2>&1 | FileCheck %s --check-prefix=SHUFFLE-WIDTH
// SHUFFLE-WIDTH: error: the program's mx.target has a shuffle by llvm.x86.avx2.pshuf.b, which takes vectors of 256 bits, but its vector_bits is 128
// SHUFFLE: error: the program's mx.target has a shuffle by llvm.x86.avx2.pshuf.b, for which ivybridge lacks avx2
// CHECK: mx.target = #mx.target<vector_bits = 128, vector_registers = 8, caches = [4096]>
module attributes {mx.target = #mx.target<vector_bits = 128, vector_registers = 8, caches = [4096]>} {
  func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}
