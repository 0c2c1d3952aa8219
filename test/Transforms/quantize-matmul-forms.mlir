// The forms of contractions: one remark each, and what the contract's operands are.
// RUN: mx-opt %s --mx-quantize-matmul --split-input-file --verify-diagnostics | FileCheck %s

// CHECK-LABEL: func.func @batch_matmul(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<?x4x64xf8E4M3FN>, tensor<?x4x2xf8E8M0FNU>) rhs({{.*}} : tensor<?x64x8xf8E4M3FN>, tensor<?x2x8xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @batch_matmul(%x: tensor<?x4x64xf32>, %w: tensor<?x64x8xf32>, %z: tensor<?x4x8xf32>) -> tensor<?x4x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_matmul ins(%x, %w : tensor<?x4x64xf32>, tensor<?x64x8xf32>) outs(%z : tensor<?x4x8xf32>) -> tensor<?x4x8xf32>
  return %0 : tensor<?x4x8xf32>
}

// CHECK-LABEL: func.func @matmul_transpose_b(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs({{.*}} : tensor<8x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @matmul_transpose_b(%x: tensor<4x64xf32>, %w: tensor<8x64xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<4x64xf32>, tensor<8x64xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @matmul_broadcast(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<64xf8E4M3FN>, tensor<2xf8E8M0FNU>) rhs({{.*}} : tensor<64x8xf8E4M3FN>, tensor<2x8xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @matmul_broadcast(%x: tensor<64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.matmul indexing_maps = [affine_map<(m, n, k) -> (k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>] ins(%x, %w : tensor<64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @batch_reduce_matmul(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<3x4x64xf8E4M3FN>, tensor<3x4x2xf8E8M0FNU>) rhs({{.*}} : tensor<3x64x8xf8E4M3FN>, tensor<3x2x8xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @batch_reduce_matmul(%x: tensor<3x4x64xf32>, %w: tensor<3x64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_reduce_matmul ins(%x, %w : tensor<3x4x64xf32>, tensor<3x64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @matvec(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs({{.*}} : tensor<64xf8E4M3FN>, tensor<2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @matvec(%x: tensor<4x64xf32>, %w: tensor<64xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.matvec ins(%x, %w : tensor<4x64xf32>, tensor<64xf32>) outs(%z : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @vecmat(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<64xf8E4M3FN>, tensor<2xf8E8M0FNU>) rhs({{.*}} : tensor<64x4xf8E4M3FN>, tensor<2x4xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @vecmat(%x: tensor<64xf32>, %w: tensor<64x4xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.vecmat ins(%x, %w : tensor<64xf32>, tensor<64x4xf32>) outs(%z : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @batch_matvec(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<2x4x64xf8E4M3FN>, tensor<2x4x2xf8E8M0FNU>) rhs({{.*}} : tensor<2x64xf8E4M3FN>, tensor<2x2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @batch_matvec(%x: tensor<2x4x64xf32>, %w: tensor<2x64xf32>, %z: tensor<2x4xf32>) -> tensor<2x4xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_matvec ins(%x, %w : tensor<2x4x64xf32>, tensor<2x64xf32>) outs(%z : tensor<2x4xf32>) -> tensor<2x4xf32>
  return %0 : tensor<2x4xf32>
}

// CHECK-LABEL: func.func @dot(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<64xf8E4M3FN>, tensor<2xf8E8M0FNU>) rhs({{.*}} : tensor<64xf8E4M3FN>, tensor<2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @dot(%x: tensor<64xf32>, %w: tensor<64xf32>, %z: tensor<f32>) -> tensor<f32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.dot ins(%x, %w : tensor<64xf32>, tensor<64xf32>) outs(%z : tensor<f32>) -> tensor<f32>
  return %0 : tensor<f32>
}

// CHECK-LABEL: func.func @batch_mmt4d(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<2x2x8x4x8xf8E4M3FN>, tensor<2x2x2x4xf8E8M0FNU>) rhs({{.*}} : tensor<2x3x8x16x8xf8E4M3FN>, tensor<2x3x2x16xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @batch_mmt4d(%x: tensor<2x2x8x4x8xf32>, %w: tensor<2x3x8x16x8xf32>, %z: tensor<2x2x3x4x16xf32>) -> tensor<2x2x3x4x16xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_mmt4d ins(%x, %w : tensor<2x2x8x4x8xf32>, tensor<2x3x8x16x8xf32>) outs(%z : tensor<2x2x3x4x16xf32>) -> tensor<2x2x3x4x16xf32>
  return %0 : tensor<2x2x3x4x16xf32>
}

// CHECK-LABEL: func.func @mmt4d_wide_tile(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @mmt4d_wide_tile(%x: tensor<2x8x4x48xf32>, %w: tensor<3x8x16x48xf32>, %z: tensor<2x3x4x16xf32>) -> tensor<2x3x4x16xf32> {
  // expected-remark @below {{left alone: its inner tile does not divide the block of 32}}
  %0 = linalg.mmt4d ins(%x, %w : tensor<2x8x4x48xf32>, tensor<3x8x16x48xf32>) outs(%z : tensor<2x3x4x16xf32>) -> tensor<2x3x4x16xf32>
  return %0 : tensor<2x3x4x16xf32>
}

// What jax.numpy.einsum makes: odd orders, several free dimensions.
// CHECK-LABEL: func.func @several_free(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<2x4x64xf8E4M3FN>, tensor<2x4x2xf8E8M0FNU>) rhs({{.*}} : tensor<64x8x3xf8E4M3FN>, tensor<2x8x3xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @several_free(%x: tensor<2x4x64xf32>, %w: tensor<64x8x3xf32>, %z: tensor<2x4x8x3xf32>) -> tensor<2x4x8x3xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.contract indexing_maps = [affine_map<(a, b, c, d, k) -> (a, b, k)>, affine_map<(a, b, c, d, k) -> (k, c, d)>, affine_map<(a, b, c, d, k) -> (a, b, c, d)>] ins(%x, %w : tensor<2x4x64xf32>, tensor<64x8x3xf32>) outs(%z : tensor<2x4x8x3xf32>) -> tensor<2x4x8x3xf32>
  return %0 : tensor<2x4x8x3xf32>
}

// Attention with a 4-D batch, permuted.
// CHECK-LABEL: func.func @batch_4d(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<?x?x12x32xf8E4M3FN>, tensor<?x?x12x1xf8E8M0FNU>) rhs({{.*}} : tensor<?x?x12x32xf8E4M3FN>, tensor<?x?x12x1xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @batch_4d(%x: tensor<?x?x12x32xf32>, %w: tensor<?x?x12x32xf32>, %z: tensor<?x12x?x?xf32>) -> tensor<?x12x?x?xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.contract indexing_maps = [affine_map<(b, h, m, n, k) -> (b, m, h, k)>, affine_map<(b, h, m, n, k) -> (b, n, h, k)>, affine_map<(b, h, m, n, k) -> (b, h, m, n)>] ins(%x, %w : tensor<?x?x12x32xf32>, tensor<?x?x12x32xf32>) outs(%z : tensor<?x12x?x?xf32>) -> tensor<?x12x?x?xf32>
  return %0 : tensor<?x12x?x?xf32>
}

// Not adjacent in the weight: blocks along the largest, of equal ones along the
// innermost in the weight.
// CHECK-LABEL: func.func @largest(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<4x32x64xf8E4M3FN>, tensor<4x32x2xf8E8M0FNU>) rhs({{.*}} : tensor<64x8x32xf8E4M3FN>, tensor<2x8x32xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @largest(%x: tensor<4x32x64xf32>, %w: tensor<64x8x32xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{rewritten: weight on the right, blocks along d3}}
  %0 = linalg.contract indexing_maps = [affine_map<(m, n, j, k) -> (m, j, k)>, affine_map<(m, n, j, k) -> (k, n, j)>, affine_map<(m, n, j, k) -> (m, n)>] ins(%x, %w : tensor<4x32x64xf32>, tensor<64x8x32xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @tie(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<4x64x64xf8E4M3FN>, tensor<4x2x64xf8E8M0FNU>) rhs({{.*}} : tensor<64x8x64xf8E4M3FN>, tensor<64x8x2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @tie(%x: tensor<4x64x64xf32>, %w: tensor<64x8x64xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{rewritten: weight on the right, blocks along d2}}
  %0 = linalg.contract indexing_maps = [affine_map<(m, n, j, k) -> (m, j, k)>, affine_map<(m, n, j, k) -> (k, n, j)>, affine_map<(m, n, j, k) -> (m, n)>] ins(%x, %w : tensor<4x64x64xf32>, tensor<64x8x64xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @conv_1d_ncw_fcw(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<2x64x11xf8E4M3FN>, tensor<2x2x11xf8E8M0FNU>) rhs({{.*}} : tensor<8x64x3xf8E4M3FN>, tensor<8x2x3xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @conv_1d_ncw_fcw(%x: tensor<2x64x11xf32>, %w: tensor<8x64x3xf32>, %z: tensor<2x8x5xf32>) -> tensor<2x8x5xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.conv_1d_ncw_fcw {dilations = dense<1> : vector<1xi64>, strides = dense<2> : vector<1xi64>} ins(%x, %w : tensor<2x64x11xf32>, tensor<8x64x3xf32>) outs(%z : tensor<2x8x5xf32>) -> tensor<2x8x5xf32>
  return %0 : tensor<2x8x5xf32>
}

// CHECK-LABEL: func.func @conv_1d_nwc_wcf(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<2x11x64xf8E4M3FN>, tensor<2x11x2xf8E8M0FNU>) rhs({{.*}} : tensor<3x64x8xf8E4M3FN>, tensor<3x2x8xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @conv_1d_nwc_wcf(%x: tensor<2x11x64xf32>, %w: tensor<3x64x8xf32>, %z: tensor<2x5x8xf32>) -> tensor<2x5x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.conv_1d_nwc_wcf {dilations = dense<1> : vector<1xi64>, strides = dense<2> : vector<1xi64>} ins(%x, %w : tensor<2x11x64xf32>, tensor<3x64x8xf32>) outs(%z : tensor<2x5x8xf32>) -> tensor<2x5x8xf32>
  return %0 : tensor<2x5x8xf32>
}

// CHECK-LABEL: func.func @conv_2d_nhwc_hwcf(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<2x9x9x64xf8E4M3FN>, tensor<2x9x9x2xf8E8M0FNU>) rhs({{.*}} : tensor<3x3x64x8xf8E4M3FN>, tensor<3x3x2x8xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @conv_2d_nhwc_hwcf(%x: tensor<2x9x9x64xf32>, %w: tensor<3x3x64x8xf32>, %z: tensor<2x5x5x8xf32>) -> tensor<2x5x5x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.conv_2d_nhwc_hwcf {dilations = dense<2> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%x, %w : tensor<2x9x9x64xf32>, tensor<3x3x64x8xf32>) outs(%z : tensor<2x5x5x8xf32>) -> tensor<2x5x5x8xf32>
  return %0 : tensor<2x5x5x8xf32>
}

// CHECK-LABEL: func.func @conv_2d_nhwc_fhwc(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<2x9x9x64xf8E4M3FN>, tensor<2x9x9x2xf8E8M0FNU>) rhs({{.*}} : tensor<8x3x3x64xf8E4M3FN>, tensor<8x3x3x2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @conv_2d_nhwc_fhwc(%x: tensor<2x9x9x64xf32>, %w: tensor<8x3x3x64xf32>, %z: tensor<2x5x5x8xf32>) -> tensor<2x5x5x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.conv_2d_nhwc_fhwc {dilations = dense<2> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%x, %w : tensor<2x9x9x64xf32>, tensor<8x3x3x64xf32>) outs(%z : tensor<2x5x5x8xf32>) -> tensor<2x5x5x8xf32>
  return %0 : tensor<2x5x5x8xf32>
}

// CHECK-LABEL: func.func @grouped(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<2x4x64x9x9xf8E4M3FN>, tensor<2x4x2x9x9xf8E8M0FNU>) rhs({{.*}} : tensor<8x4x64x3x3xf8E4M3FN>, tensor<8x4x2x3x3xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @grouped(%x: tensor<2x4x64x9x9xf32>, %w: tensor<8x4x64x3x3xf32>, %z: tensor<2x4x8x5x5xf32>) -> tensor<2x4x8x5x5xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.conv_2d_ngchw_fgchw {dilations = dense<2> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%x, %w : tensor<2x4x64x9x9xf32>, tensor<8x4x64x3x3xf32>) outs(%z : tensor<2x4x8x5x5xf32>) -> tensor<2x4x8x5x5xf32>
  return %0 : tensor<2x4x8x5x5xf32>
}

// CHECK-LABEL: func.func @no_channels(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 2 contractions}}
func.func @no_channels(%x: tensor<100xf32>, %w: tensor<33xf32>, %z: tensor<68xf32>, %y: tensor<40x40xf32>, %v: tensor<20x20xf32>, %u: tensor<21x21xf32>) -> (tensor<68xf32>, tensor<21x21xf32>) {
  // expected-remark @below {{left alone: no contracted dimension stands alone in both operands (a convolution without channels)}}
  %0 = linalg.conv_1d ins(%x, %w : tensor<100xf32>, tensor<33xf32>) outs(%z : tensor<68xf32>) -> tensor<68xf32>
  // expected-remark @below {{left alone: no contracted dimension stands alone in both operands (a convolution without channels)}}
  %1 = linalg.conv_2d ins(%y, %v : tensor<40x40xf32>, tensor<20x20xf32>) outs(%u : tensor<21x21xf32>) -> tensor<21x21xf32>
  return %0, %1 : tensor<68xf32>, tensor<21x21xf32>
}

// CHECK-LABEL: func.func @few_channels(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @few_channels(%x: tensor<2x9x9x3xf32>, %w: tensor<3x3x3x8xf32>, %z: tensor<2x5x5x8xf32>) -> tensor<2x5x5x8xf32> {
  // expected-remark @below {{left alone: its contracted dimension has 3 elements, below 16}}
  %0 = linalg.conv_2d_nhwc_hwcf {dilations = dense<2> : vector<2xi64>, strides = dense<1> : vector<2xi64>} ins(%x, %w : tensor<2x9x9x3xf32>, tensor<3x3x3x8xf32>) outs(%z : tensor<2x5x5x8xf32>) -> tensor<2x5x5x8xf32>
  return %0 : tensor<2x5x5x8xf32>
}

// CHECK-LABEL: func.func @narrow_inputs(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs({{.*}} : tensor<64x8xf8E4M3FN>, tensor<2x8xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @narrow_inputs(%x: tensor<4x64xf16>, %w: tensor<64x8xf16>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xf16>, tensor<64x8xf16>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @narrow_result(
// CHECK: mx.contract {{.*}} lhs({{.*}} : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs({{.*}} : tensor<64x8xf8E4M3FN>, tensor<2x8xf8E8M0FNU>) outs(%{{.*}} : tensor<4x8xbf16>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @narrow_result(%x: tensor<4x64xbf16>, %w: tensor<64x8xbf16>, %z: tensor<4x8xbf16>) -> tensor<4x8xbf16> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xbf16>, tensor<64x8xbf16>) outs(%z : tensor<4x8xbf16>) -> tensor<4x8xbf16>
  return %0 : tensor<4x8xbf16>
}

// The inputs are rounded to f16 first: not what mx.contract does.
// CHECK-LABEL: func.func @narrowing(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @narrowing(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf16>) -> tensor<4x8xf16> {
  // expected-remark @below {{left alone: its body is not a product added to the accumulator}}
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf16>) -> tensor<4x8xf16>
  return %0 : tensor<4x8xf16>
}

// CHECK-LABEL: func.func @on_memrefs(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @on_memrefs(%x: memref<4x64xf32>, %w: memref<64x8xf32>, %z: memref<4x8xf32>) {
  // expected-remark @below {{left alone: it is not on tensors}}
  linalg.matmul ins(%x, %w : memref<4x64xf32>, memref<64x8xf32>) outs(%z : memref<4x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>

// CHECK-LABEL: func.func @extended(
// CHECK: mx.contract
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @extended(%x: tensor<4x64xbf16>, %w: tensor<64x8xbf16>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xbf16>, tensor<64x8xbf16>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: bf16, %b: bf16, %c: f32):
    %d = arith.extf %a : bf16 to f32
    %e = arith.extf %b : bf16 to f32
    %p = arith.mulf %e, %d : f32
    %s = arith.addf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @fused(
// CHECK: mx.contract
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @fused(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %s = math.fma %a, %b, %c : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @fused_with_itself(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @fused_with_itself(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{left alone: its body is not a product added to the accumulator}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %s = math.fma %a, %c, %b : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// A product and a sum of one input.
// CHECK-LABEL: func.func @one_input(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @one_input(%x: tensor<4x64xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  // expected-remark @below {{left alone: it has other than two inputs and one result}}
  %0 = linalg.reduce ins(%x : tensor<4x64xf32>) outs(%z : tensor<4xf32>) dimensions = [1] (%in: f32, %acc: f32) {
    %p = arith.mulf %in, %in : f32
    %s = arith.addf %p, %acc : f32
    linalg.yield %s : f32
  }
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @complex(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @complex(%x: tensor<4x64xcomplex<f32>>, %w: tensor<64x8xcomplex<f32>>, %z: tensor<4x8xcomplex<f32>>) -> tensor<4x8xcomplex<f32>> {
  // expected-remark @below {{left alone: an operand of type tensor<4x64xcomplex<f32>> is not of f32, f16 or bf16}}
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xcomplex<f32>>, tensor<64x8xcomplex<f32>>) outs(%z : tensor<4x8xcomplex<f32>>) -> tensor<4x8xcomplex<f32>>
  return %0 : tensor<4x8xcomplex<f32>>
}

// CHECK-LABEL: func.func @extended_product(
// CHECK: mx.contract
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @extended_product(%x: tensor<4x64xf16>, %w: tensor<64x8xf16>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf16>, tensor<64x8xf16>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: f16, %b: f16, %c: f32):
    %p = arith.mulf %a, %b : f16
    %e = arith.extf %p : f16 to f32
    %s = arith.addf %e, %c : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @rounded_sum(
// CHECK: mx.contract
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @rounded_sum(%x: tensor<4x64xf16>, %w: tensor<64x8xf16>, %z: tensor<4x8xf16>) -> tensor<4x8xf16> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf16>, tensor<64x8xf16>) outs(%z : tensor<4x8xf16>) {
  ^bb0(%a: f16, %b: f16, %c: f16):
    %p = arith.mulf %a, %b : f16
    %e = arith.extf %p : f16 to f32
    %d = arith.extf %c : f16 to f32
    %s = arith.addf %e, %d : f32
    %t = arith.truncf %s : f32 to f16
    linalg.yield %t : f16
  } -> tensor<4x8xf16>
  return %0 : tensor<4x8xf16>
}

// CHECK-LABEL: func.func @exponential(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @exponential(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{left alone: its body is not a product added to the accumulator}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %e = math.exp %a : f32
    %p = arith.mulf %e, %b : f32
    %s = arith.addf %p, %c : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @negated(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @negated(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{left alone: its body is not a product added to the accumulator}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %e = arith.negf %p : f32
    %s = arith.addf %e, %c : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @squared(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @squared(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{left alone: its body is not a product added to the accumulator}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %a : f32
    %s = arith.addf %p, %c : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @subtracted(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @subtracted(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{left alone: its body is not a product added to the accumulator}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.subf %c, %p : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @without_accumulator(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @without_accumulator(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{left alone: its body is not a product added to the accumulator}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %p, %p : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// CHECK-LABEL: func.func @after_activation(
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @after_activation(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{left alone: its body is not a product added to the accumulator}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.addf %p, %c : f32
    %t = math.tanh %s : f32
    linalg.yield %t : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}
