// A module's own description of the target is not replaced by the CPU's.
// RUN: mx-run %s --dump-after=decompose | FileCheck %s
// CHECK: mx.target = #mx.target<vector_bits = 128, vector_registers = 8, caches = [4096]>
module attributes {mx.target = #mx.target<vector_bits = 128, vector_registers = 8, caches = [4096]>} {
  func.func @main(%x: tensor<4xf32>) -> tensor<4xf32> {
    return %x : tensor<4xf32>
  }
}
