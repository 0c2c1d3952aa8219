// Blocks of 128x128 in the weight: which dimensions they span, tiles included.
// RUN: mx-opt %s --mx-quantize-matmul=weights=deepseek_fp8 --split-input-file --verify-diagnostics | FileCheck %s

// A tile of K is a block; 8 tiles of 16 rows share a scale.
// CHECK-DAG: #[[$WS:.*]] = affine_map<(d0, d1, d2, d3, d4, d5) -> (d1 floordiv 8, d2)>
// CHECK-LABEL: func.func @tile_is_block(
// CHECK: mx.contract indexing_maps = [#{{.*}}, #{{.*}}, #{{.*}}, #[[$WS]], #{{.*}}] lhs({{.*}} tensor<2x8x4xf8E8M0FNU>) rhs({{.*}} tensor<2x8xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @tile_is_block(%x: tensor<2x8x4x128xf32>, %w: tensor<9x8x16x128xf32>, %z: tensor<2x9x4x16xf32>) -> tensor<2x9x4x16xf32> {
  // expected-remark @below {{rewritten: weight on the right, blocks along d2}}
  %0 = linalg.mmt4d ins(%x, %w : tensor<2x8x4x128xf32>, tensor<9x8x16x128xf32>) outs(%z : tensor<2x9x4x16xf32>) -> tensor<2x9x4x16xf32>
  return %0 : tensor<2x9x4x16xf32>
}

// CHECK-LABEL: func.func @tile_inside_block(
// CHECK: mx.contract {{.*}} lhs({{.*}} tensor<2x2x2x4xf8E8M0FNU>) rhs({{.*}} tensor<2x2x2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @tile_inside_block(%x: tensor<2x2x8x4x32xf32>, %w: tensor<2x5x8x32x32xf32>, %z: tensor<2x2x5x4x32xf32>) -> tensor<2x2x5x4x32xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_mmt4d ins(%x, %w : tensor<2x2x8x4x32xf32>, tensor<2x5x8x32x32xf32>) outs(%z : tensor<2x2x5x4x32xf32>) -> tensor<2x2x5x4x32xf32>
  return %0 : tensor<2x2x5x4x32xf32>
}

// Two blocks to a tile of rows.
// CHECK-LABEL: func.func @rows_inside_tile(
// CHECK: mx.contract {{.*}} rhs({{.*}} tensor<3x2x2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @rows_inside_tile(%x: tensor<2x8x4x32xf32>, %w: tensor<3x8x256x32xf32>, %z: tensor<2x3x4x256xf32>) -> tensor<2x3x4x256xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.mmt4d ins(%x, %w : tensor<2x8x4x32xf32>, tensor<3x8x256x32xf32>) outs(%z : tensor<2x3x4x256xf32>) -> tensor<2x3x4x256xf32>
  return %0 : tensor<2x3x4x256xf32>
}

// CHECK-LABEL: func.func @ragged_rows(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @ragged_rows(%x: tensor<2x8x4x32xf32>, %w: tensor<3x8x48x32xf32>, %z: tensor<2x3x4x48xf32>) -> tensor<2x3x4x48xf32> {
  // expected-remark @below {{left alone: its inner tile of the weight's rows does not divide the 128 that share a scale}}
  %0 = linalg.mmt4d ins(%x, %w : tensor<2x8x4x32xf32>, tensor<3x8x48x32xf32>) outs(%z : tensor<2x3x4x48xf32>) -> tensor<2x3x4x48xf32>
  return %0 : tensor<2x3x4x48xf32>
}

// The tiles of K have become one dimension, those of the rows have not.
// CHECK-LABEL: func.func @packed_by_transpose(
// CHECK: mx.contract {{.*}} rhs({{.*}} tensor<2x1xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @packed_by_transpose(%x: tensor<2x4x8x8xf32>, %w: tensor<9x16x8x8xf32>, %z: tensor<2x9x4x16xf32>) -> tensor<2x9x4x16xf32> {
  %e = tensor.empty() : tensor<2x8x4x8xf32>
  %xt = linalg.transpose ins(%x : tensor<2x4x8x8xf32>) outs(%e : tensor<2x8x4x8xf32>) permutation = [0, 2, 1, 3]
  %f = tensor.empty() : tensor<9x8x16x8xf32>
  %wt = linalg.transpose ins(%w : tensor<9x16x8x8xf32>) outs(%f : tensor<9x8x16x8xf32>) permutation = [0, 2, 1, 3]
  // expected-remark @below {{rewritten}}
  %0 = linalg.mmt4d ins(%xt, %wt : tensor<2x8x4x8xf32>, tensor<9x8x16x8xf32>) outs(%z : tensor<2x9x4x16xf32>) -> tensor<2x9x4x16xf32>
  return %0 : tensor<2x9x4x16xf32>
}

// -----

// Rows are no batch, even where that is the innermost.
// CHECK-LABEL: func.func @batch_inside_rows(
// CHECK: mx.contract {{.*}} rhs({{.*}} : tensor<200x16x64xf8E4M3FN>, tensor<2x16x1xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @batch_inside_rows(%x: tensor<4x16x64xf32>, %w: tensor<200x16x64xf32>, %z: tensor<16x4x200xf32>) -> tensor<16x4x200xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.contract indexing_maps = [affine_map<(b, m, n, k) -> (m, b, k)>, affine_map<(b, m, n, k) -> (n, b, k)>, affine_map<(b, m, n, k) -> (b, m, n)>]
    ins(%x, %w : tensor<4x16x64xf32>, tensor<200x16x64xf32>) outs(%z : tensor<16x4x200xf32>) -> tensor<16x4x200xf32>
  return %0 : tensor<16x4x200xf32>
}

// One row to each of the batch.
// CHECK-LABEL: func.func @no_rows(
// CHECK: mx.contract {{.*}} rhs({{.*}} : tensor<16x64xf8E4M3FN>, tensor<16x1xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @no_rows(%x: tensor<16x4x64xf32>, %w: tensor<16x64xf32>, %z: tensor<16x4xf32>) -> tensor<16x4xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_matvec ins(%x, %w : tensor<16x4x64xf32>, tensor<16x64xf32>) outs(%z : tensor<16x4xf32>) -> tensor<16x4xf32>
  return %0 : tensor<16x4xf32>
}
