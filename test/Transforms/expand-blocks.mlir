// RUN: mx-opt %s --mx-expand-blocks --canonicalize --split-input-file | FileCheck %s

// CHECK-DAG: #[[$MAP:.*]] = affine_map<(d0, d1, d2) -> (d0, d1)>
// CHECK-LABEL: func.func @whole
// CHECK: %[[X:.*]] = tensor.expand_shape %arg0 {{\[\[}}0], [1, 2]] output_shape [%{{.*}}, 2, 32] : tensor<?x64xf32> into tensor<?x2x32xf32>
// CHECK: %[[Q0:.*]] = tensor.expand_shape %arg1
// CHECK: %[[Q:.*]]:2 = mx.quantize scale_map = #[[$MAP]] rule = floor ins(%[[X]] : tensor<?x2x32xf32>) outs(%[[Q0]], %arg2 : tensor<?x2x32xf8E4M3FN>, tensor<?x2xf8E8M0FNU>)
// CHECK: %[[R:.*]] = tensor.collapse_shape %[[Q]]#0
// CHECK: return %[[R]], %[[Q]]#1
func.func @whole(%x: tensor<?x64xf32>, %q: tensor<?x64xf8E4M3FN>, %s: tensor<?x2xf8E8M0FNU>) -> (tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) {
  %0:2 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor ins(%x : tensor<?x64xf32>) outs(%q, %s : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>)
    -> tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>
  return %0#0, %0#1 : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>
}

// -----

// The last block has 4 elements, and one of 128 rows is longer than the dimension.
// CHECK-DAG: #[[$MAIN:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d2)>
// CHECK-DAG: #[[$REST:.*]] = affine_map<(d0, d1) -> (d0 floordiv 128, d1 floordiv 16)>
// CHECK-LABEL: func.func @short
// CHECK: mx.quantize scale_map = #[[$MAIN]] rule = floor fraction_bits = 6 ins(%{{.*}} : tensor<1x9x2x16xf32>) outs(%{{.*}} : tensor<1x9x2x16xi8>, tensor<1x2xf8E8M0FNU>)
// CHECK: %[[X:.*]] = tensor.extract_slice %arg0[0, 32] [9, 4] [1, 1]
// CHECK: mx.quantize scale_map = #[[$REST]] rule = floor fraction_bits = 6 ins(%[[X]] : tensor<9x4xf32>) outs(%{{.*}} : tensor<9x4xi8>, tensor<1x1xf8E8M0FNU>)
func.func @short(%x: tensor<9x36xf32>, %q: tensor<9x36xi8>, %s: tensor<1x3xf8E8M0FNU>) -> (tensor<9x36xi8>, tensor<1x3xf8E8M0FNU>) {
  %0:2 = mx.quantize scale_map = affine_map<(m, k) -> (m floordiv 128, k floordiv 16)> rule = floor fraction_bits = 6 ins(%x : tensor<9x36xf32>) outs(%q, %s : tensor<9x36xi8>, tensor<1x3xf8E8M0FNU>)
    -> tensor<9x36xi8>, tensor<1x3xf8E8M0FNU>
  return %0#0, %0#1 : tensor<9x36xi8>, tensor<1x3xf8E8M0FNU>
}

// -----

// What is not known to be whole blocks is so but for a rest of up to one.
// CHECK-LABEL: func.func @dynamic
// CHECK: mx.quantize {{.*}} ins(%{{.*}} global %arg1 : tensor<?x16x8xf32>, tensor<f32>) outs(%{{.*}} : tensor<?x16x8xf4E2M1FN>, tensor<?x8xf8E4M3FN>)
// CHECK: mx.quantize {{.*}} ins(%{{.*}} global %arg1 : tensor<?x8xf32>, tensor<f32>) outs(%{{.*}} : tensor<?x8xf4E2M1FN>, tensor<?x8xf8E4M3FN>)
func.func @dynamic(%x: tensor<?x8xf32>, %g: tensor<f32>, %q: tensor<?x8xf4E2M1FN>, %s: tensor<?x8xf8E4M3FN>) -> (tensor<?x8xf4E2M1FN>, tensor<?x8xf8E4M3FN>) {
  %0:2 = mx.quantize scale_map = affine_map<(k, n) -> (k floordiv 16, n)> ins(%x global %g : tensor<?x8xf32>, tensor<f32>) outs(%q, %s : tensor<?x8xf4E2M1FN>, tensor<?x8xf8E4M3FN>)
    -> tensor<?x8xf4E2M1FN>, tensor<?x8xf8E4M3FN>
  return %0#0, %0#1 : tensor<?x8xf4E2M1FN>, tensor<?x8xf8E4M3FN>
}

// -----

// No blocks along a dimension: as it is.
// CHECK-LABEL: func.func @rows
// CHECK-NOT: tensor.expand_shape
func.func @rows(%x: tensor<4x64xf32>, %q: tensor<4x64xf8E4M3FN>, %s: tensor<4xf8E8M0FNU>) -> (tensor<4x64xf8E4M3FN>, tensor<4xf8E8M0FNU>) {
  %0:2 = mx.quantize scale_map = affine_map<(m, k) -> (m)> rule = floor ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xf8E4M3FN>, tensor<4xf8E8M0FNU>)
    -> tensor<4x64xf8E4M3FN>, tensor<4xf8E8M0FNU>
  return %0#0, %0#1 : tensor<4x64xf8E4M3FN>, tensor<4xf8E8M0FNU>
}

// -----

// Nothing to quantize.
// CHECK-LABEL: func.func @empty
// CHECK-NOT: tensor.expand_shape
func.func @empty(%x: tensor<0x70xf32>, %q: tensor<0x70xf8E4M3FN>, %s: tensor<0x3xf8E8M0FNU>, %y: tensor<4x0xf32>, %r: tensor<4x0xf8E4M3FN>, %t: tensor<4x0xf8E8M0FNU>)
    -> (tensor<0x70xf8E4M3FN>, tensor<0x3xf8E8M0FNU>, tensor<4x0xf8E4M3FN>, tensor<4x0xf8E8M0FNU>) {
  %0:2 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor ins(%x : tensor<0x70xf32>) outs(%q, %s : tensor<0x70xf8E4M3FN>, tensor<0x3xf8E8M0FNU>)
    -> tensor<0x70xf8E4M3FN>, tensor<0x3xf8E8M0FNU>
  %1:2 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor ins(%y : tensor<4x0xf32>) outs(%r, %t : tensor<4x0xf8E4M3FN>, tensor<4x0xf8E8M0FNU>)
    -> tensor<4x0xf8E4M3FN>, tensor<4x0xf8E8M0FNU>
  return %0#0, %0#1, %1#0, %1#1 : tensor<0x70xf8E4M3FN>, tensor<0x3xf8E8M0FNU>, tensor<4x0xf8E4M3FN>, tensor<4x0xf8E8M0FNU>
}
