// RUN: mx-opt %s --one-shot-bufferize="bufferize-function-boundaries function-boundary-type-conversion=identity-layout-map" --split-input-file | FileCheck %s

// Both destinations are written in place.
// CHECK-LABEL: func.func @quantize
// CHECK-SAME: %[[X:.*]]: memref<4x64xf32>, %[[Q:.*]]: memref<4x64xf8E4M3FN>, %[[S:.*]]: memref<4x2xf8E8M0FNU>)
// CHECK-NOT: memref.alloc
// CHECK: mx.quantize {{.*}} ins(%[[X]] : memref<4x64xf32>) outs(%[[Q]], %[[S]] : memref<4x64xf8E4M3FN>, memref<4x2xf8E8M0FNU>){{$}}
// CHECK: return %[[Q]], %[[S]]
func.func @quantize(%x: tensor<4x64xf32>, %q0: tensor<4x64xf8E4M3FN> {bufferization.writable = true}, %s0: tensor<4x2xf8E8M0FNU> {bufferization.writable = true}) -> (tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) {
  %q, %s = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<4x64xf32>) outs(%q0, %s0 : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>)
    -> tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>
  return %q, %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>
}

// -----

// CHECK-LABEL: func.func @dequantize
// CHECK-SAME: %[[Q:.*]]: memref<4x64xf8E4M3FN>, %[[S:.*]]: memref<4x2xf8E8M0FNU>, %[[Y:.*]]: memref<4x64xf32>)
// CHECK: mx.dequantize {{.*}} ins(%[[Q]] scaled %[[S]] : memref<4x64xf8E4M3FN>, memref<4x2xf8E8M0FNU>) outs(%[[Y]] : memref<4x64xf32>){{$}}
// CHECK: return %[[Y]]
func.func @dequantize(%q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>, %y: tensor<4x64xf32> {bufferization.writable = true}) -> tensor<4x64xf32> {
  %0 = mx.dequantize scale_maps = [affine_map<(m, k) -> (m, k floordiv 32)>]
    ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) outs(%y : tensor<4x64xf32>) -> tensor<4x64xf32>
  return %0 : tensor<4x64xf32>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @contract
// CHECK-SAME: %[[A:.*]]: memref<4x64xf8E4M3FN>, %[[S:.*]]: memref<4x2xf8E8M0FNU>, %[[B:.*]]: memref<8x64xf32>, %[[C:.*]]: memref<4x8xf32>)
// CHECK-NOT: memref.alloc
// CHECK: mx.contract {{.*}} lhs(%[[A]] scaled %[[S]] : memref<4x64xf8E4M3FN>, memref<4x2xf8E8M0FNU>) rhs(%[[B]] : memref<8x64xf32>) outs(%[[C]] : memref<4x8xf32>){{$}}
// CHECK: return %[[C]]
func.func @contract(%a: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32> {bufferization.writable = true}) -> tensor<4x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #mn]
    lhs(%a scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs(%b : tensor<8x64xf32>)
    outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// The init's old value is read again: the op accumulates into a copy.
// CHECK-LABEL: func.func @init_in_use
// CHECK-SAME: %[[C:[a-z0-9]+]]: memref<4x8xf32>)
// CHECK: %[[COPY:.*]] = memref.alloc
// CHECK: memref.copy %[[C]], %[[COPY]]
// CHECK: mx.contract {{.*}} outs(%[[COPY]] : memref<4x8xf32>)
// CHECK: return %[[COPY]], %[[C]]
func.func @init_in_use(%a: tensor<4x64xbf16>, %b: tensor<8x64xf8E5M2>, %c: tensor<4x8xf32> {bufferization.writable = true}) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x64xbf16>) rhs(%b : tensor<8x64xf8E5M2>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0, %c : tensor<4x8xf32>, tensor<4x8xf32>
}
