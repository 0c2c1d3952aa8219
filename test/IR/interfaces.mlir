// RUN: mx-opt %s --resolve-shaped-type-result-dims --canonicalize | FileCheck %s
// RUN: mx-opt %s --cse | FileCheck %s --check-prefix=CSE
// Shape reification and memory effects of the structured ops.

#k32 = affine_map<(m, k) -> (m, k floordiv 32)>

// An extent of a result is that of its destination.
// CHECK-LABEL: func.func @extents
// CHECK-SAME: (%[[X:.*]]: tensor<?x64xf32>, %[[Q:.*]]: tensor<?x64xf8E4M3FN>, %[[S:.*]]: tensor<?x2xf8E8M0FNU>, %[[C:.*]]: tensor<?x?xf32>)
// CHECK-DAG: %[[DQ:.*]] = tensor.dim %[[Q]], %c0
// CHECK-DAG: %[[DS:.*]] = tensor.dim %[[S]], %c0
// CHECK-DAG: %[[DX:.*]] = tensor.dim %[[X]], %c0
// CHECK-DAG: %[[DC:.*]] = tensor.dim %[[C]], %c1
// CHECK: return %[[DQ]], %[[DS]], %[[DX]], %[[DC]]
func.func @extents(%x: tensor<?x64xf32>, %q0: tensor<?x64xf8E4M3FN>, %s0: tensor<?x2xf8E8M0FNU>, %c: tensor<?x?xf32>) -> (index, index, index, index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %q, %s = mx.quantize scale_map = #k32 rule = floor ins(%x : tensor<?x64xf32>) outs(%q0, %s0 : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) -> tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>
  %y = mx.dequantize scale_maps = [#k32] ins(%q0 scaled %s0 : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) outs(%x : tensor<?x64xf32>) -> tensor<?x64xf32>
  %d = mx.contract indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>]
    lhs(%x : tensor<?x64xf32>) rhs(%x : tensor<?x64xf32>) outs(%c : tensor<?x?xf32>) -> tensor<?x?xf32>
  %dq = tensor.dim %q, %c0 : tensor<?x64xf8E4M3FN>
  %ds = tensor.dim %s, %c0 : tensor<?x2xf8E8M0FNU>
  %dy = tensor.dim %y, %c0 : tensor<?x64xf32>
  %dd = tensor.dim %d, %c1 : tensor<?x?xf32>
  return %dq, %ds, %dy, %dd : index, index, index, index
}

// On tensors the ops have no effects: the second one is the first one.
// CSE-LABEL: func.func @pure
// CSE: mx.dequantize
// CSE-NOT: mx.dequantize
// CSE: return
func.func @pure(%q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>, %y: tensor<4x64xf32>) -> (tensor<4x64xf32>, tensor<4x64xf32>) {
  %0 = mx.dequantize scale_maps = [#k32] ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) outs(%y : tensor<4x64xf32>) -> tensor<4x64xf32>
  %1 = mx.dequantize scale_maps = [#k32] ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) outs(%y : tensor<4x64xf32>) -> tensor<4x64xf32>
  return %0, %1 : tensor<4x64xf32>, tensor<4x64xf32>
}

// On memrefs they write: a load before is not the load after.
// CSE-LABEL: func.func @writes
// CSE: memref.load
// CSE: mx.dequantize
// CSE: memref.load
func.func @writes(%q: memref<4x64xf8E4M3FN>, %s: memref<4x2xf8E8M0FNU>, %y: memref<4x64xf32>) -> (f32, f32) {
  %c0 = arith.constant 0 : index
  %0 = memref.load %y[%c0, %c0] : memref<4x64xf32>
  mx.dequantize scale_maps = [#k32] ins(%q scaled %s : memref<4x64xf8E4M3FN>, memref<4x2xf8E8M0FNU>) outs(%y : memref<4x64xf32>)
  %1 = memref.load %y[%c0, %c0] : memref<4x64xf32>
  return %0, %1 : f32, f32
}
