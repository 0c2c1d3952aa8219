// Code for machines of other architectures has their instructions and descriptions.
// RUN: mx-run %s --triple=aarch64-linux-gnu --emit=asm | FileCheck %s --check-prefix=NEON
// RUN: mx-run %s --triple=riscv64-linux-gnu --cpu=sifive-x280 --emit=asm | FileCheck %s --check-prefix=VECTOR
// RUN: mx-run %s --triple=aarch64-linux-gnu --dump-after=decompose | FileCheck %s --check-prefix=NEON-TARGET
// RUN: mx-run %s --triple=aarch64-linux-gnu --cpu=neoverse-n2 --dump-after=decompose | FileCheck %s --check-prefix=DOT-TARGET
// RUN: mx-run %s --triple=riscv64-linux-gnu --cpu=sifive-x280 --dump-after=decompose | FileCheck %s --check-prefix=X280-TARGET
// RUN: mx-run %s --triple=riscv64-linux-gnu --cpu=spacemit-x60 --dump-after=decompose | FileCheck %s --check-prefix=X60-TARGET
// RUN: mx-run %s --triple=riscv64-linux-gnu --cpu=sifive-p670 --dump-after=decompose | FileCheck %s --check-prefix=P670-TARGET
// RUN: mx-run %s --triple=riscv64-linux-gnu --dump-after=decompose | FileCheck %s --check-prefix=SCALAR-TARGET
// RUN: mx-run %s --triple=riscv64-linux-gnu --emit=asm | FileCheck %s --check-prefix=SCALAR --implicit-check-not=vsetvli

// NEON: fmla v{{[0-9]+}}.4s, v{{[0-9]+}}.4s, v{{[0-9]+}}.s[0]
// VECTOR: vfmacc.vf v{{[0-9]+}}, f{{.*}}, v{{[0-9]+}}
// SCALAR: fmadd.s
// NEON-TARGET: #mx.target<vector_bits = 128, vector_registers = 28, extends = [f16], caches = [32768, 262144]>
// DOT-TARGET: #mx.target<vector_bits = 128, vector_registers = 28, extends = [f16], {{.*}}, dots = [<lhs = i8, rhs = i8, sum = i32, length = 4, intrinsic = "llvm.aarch64.neon.sdot.v4i32.v16i8">]>
// X280-TARGET: #mx.target<vector_bits = 512, vector_registers = 24, extends = [f16], caches = [32768, 262144]>
// X60-TARGET: #mx.target<vector_bits = 256, vector_registers = 24, extends = [f16], caches = [32768, 262144]>
// P670-TARGET: #mx.target<vector_bits = 128, vector_registers = 24, caches = [32768, 262144]
// SCALAR-TARGET: #mx.target<vector_bits = 128, vector_registers = 16, caches = [32768, 262144]>

// RUN: mx-run --triple=aarch64-linux-gnu --cpu=help | FileCheck %s --check-prefix=HELP --implicit-check-not=haswell
// HELP: {{^neoverse-n2$}}

// A library for one thread needs no OpenMP, for any machine.
// RUN: rm -rf %t && mkdir %t
// RUN: mx-run %s --threads=1 --emit=shared -o %t/one
// RUN: mx-run %s --emit=shared -o %t/many
// RUN: llvm-nm -D %t/one/*.so | FileCheck %s --check-prefix=ONE --implicit-check-not=kmpc --implicit-check-not=omp_
// RUN: llvm-nm -D %t/many/*.so | FileCheck %s --check-prefix=MANY
// ONE: _run{{$}}
// MANY: __kmpc_fork_call
func.func @main(%x: tensor<?x64xf32>, %w: tensor<64x96xf32>, %y: tensor<?x96xf32>) -> tensor<?x96xf32> {
  %0 = linalg.matmul ins(%x, %w : tensor<?x64xf32>, tensor<64x96xf32>) outs(%y : tensor<?x96xf32>) -> tensor<?x96xf32>
  return %0 : tensor<?x96xf32>
}
