// RUN: mx-opt %s --mx-quantize-matmul --canonicalize --cse --split-input-file --verify-diagnostics | FileCheck %s

// Ragged K, dynamic M; the input is quantized once for both users.
// CHECK-LABEL: func.func @shared_input
// CHECK-SAME: (%[[X:[^:]*]]: tensor<?x40xf32>
// CHECK: %[[Q:.*]]:2 = mx.quantize {{.*}} ins(%[[X]]
// CHECK: mx.contract {{.*}} lhs(%[[Q]]#0 scaled %[[Q]]#1
// CHECK: mx.contract {{.*}} lhs(%[[Q]]#0 scaled %[[Q]]#1
// expected-remark @below {{quantized 2 of 2 contractions}}
func.func @shared_input(%x: tensor<?x40xf32>, %v: tensor<40x7xf32>, %w: tensor<40x7xf32>, %z: tensor<?x7xf32>) -> (tensor<?x7xf32>, tensor<?x7xf32>) {
  // expected-remark @below {{rewritten: weight on the right, blocks along d2}}
  %0 = linalg.matmul ins(%x, %v : tensor<?x40xf32>, tensor<40x7xf32>) outs(%z : tensor<?x7xf32>) -> tensor<?x7xf32>
  // expected-remark @below {{rewritten}}
  %1 = linalg.matmul ins(%x, %w : tensor<?x40xf32>, tensor<40x7xf32>) outs(%z : tensor<?x7xf32>) -> tensor<?x7xf32>
  return %0, %1 : tensor<?x7xf32>, tensor<?x7xf32>
}

// -----

// A transposed weight, broadcast over a dynamic batch: both go into the map.
// CHECK-DAG: #[[$W:.*]] = affine_map<(d0, d1, d2, d3) -> (d2, d3)>
// CHECK-DAG: #[[$WS:.*]] = affine_map<(d0, d1, d2, d3) -> (d2, d3 floordiv 32)>
// CHECK-LABEL: func.func @broadcast_weight
// CHECK-NOT: linalg.broadcast
// CHECK: mx.contract indexing_maps = [#{{.*}}, #{{.*}}, #[[$W]], #[[$WS]], #{{.*}}] {{.*}} rhs(%{{.*}} scaled %{{.*}} : tensor<7x64xf8E4M3FN>, tensor<7x2xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @broadcast_weight(%x: tensor<?x5x64xf32>, %z: tensor<?x5x7xf32>, %b: index) -> tensor<?x5x7xf32> {
  %w = arith.constant dense<1.5> : tensor<7x64xf32>
  %e = tensor.empty() : tensor<64x7xf32>
  %t = linalg.transpose ins(%w : tensor<7x64xf32>) outs(%e : tensor<64x7xf32>) permutation = [1, 0]
  %e2 = tensor.empty(%b) : tensor<?x64x7xf32>
  %bc = linalg.broadcast ins(%t : tensor<64x7xf32>) outs(%e2 : tensor<?x64x7xf32>) dimensions = [0]
  // expected-remark @below {{rewritten}}
  %0 = linalg.batch_matmul ins(%x, %bc : tensor<?x5x64xf32>, tensor<?x64x7xf32>) outs(%z : tensor<?x5x7xf32>) -> tensor<?x5x7xf32>
  return %0 : tensor<?x5x7xf32>
}

// -----

// Blocks run along the channels.
// CHECK-LABEL: func.func @convolution
// CHECK: mx.contract {{.*}} rhs(%{{.*}} scaled %{{.*}} : tensor<8x64x3x3xf8E4M3FN>, tensor<8x2x3x3xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @convolution(%x: tensor<1x64x10x10xf32>, %w: tensor<8x64x3x3xf32>, %z: tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32> {
  // expected-remark @below {{rewritten: weight on the right, blocks along d4}}
  %0 = linalg.conv_2d_nchw_fchw {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
    ins(%x, %w : tensor<1x64x10x10xf32>, tensor<8x64x3x3xf32>) outs(%z : tensor<1x8x8x8xf32>) -> tensor<1x8x8x8xf32>
  return %0 : tensor<1x8x8x8xf32>
}

// -----

// CHECK-LABEL: func.func @depthwise
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @depthwise(%x: tensor<1x10x10x64xf32>, %w: tensor<3x3x64xf32>, %z: tensor<1x8x8x64xf32>) -> tensor<1x8x8x64xf32> {
  // expected-remark @below {{left alone: no contracted dimension stands alone in both operands}}
  %0 = linalg.depthwise_conv_2d_nhwc_hwc {dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
    ins(%x, %w : tensor<1x10x10x64xf32>, tensor<3x3x64xf32>) outs(%z : tensor<1x8x8x64xf32>) -> tensor<1x8x8x64xf32>
  return %0 : tensor<1x8x8x64xf32>
}

// -----

// CHECK-LABEL: func.func @integers
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @integers(%x: tensor<4x64xi8>, %w: tensor<64x8xi8>, %z: tensor<4x8xi32>) -> tensor<4x8xi32> {
  // expected-remark @below {{left alone: an operand of type tensor<4x64xi8> is not of f32, f16 or bf16}}
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xi8>, tensor<64x8xi8>) outs(%z : tensor<4x8xi32>) -> tensor<4x8xi32>
  return %0 : tensor<4x8xi32>
}

// -----

// CHECK-LABEL: func.func @double_precision
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @double_precision(%x: tensor<4x64xf64>, %w: tensor<64x8xf64>, %z: tensor<4x8xf64>) -> tensor<4x8xf64> {
  // expected-remark @below {{left alone: an operand of type tensor<4x64xf64> is not of f32, f16 or bf16}}
  %0 = linalg.matmul ins(%x, %w : tensor<4x64xf64>, tensor<64x8xf64>) outs(%z : tensor<4x8xf64>) -> tensor<4x8xf64>
  return %0 : tensor<4x8xf64>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// CHECK-LABEL: func.func @resembles
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @resembles(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{left alone: its body is not a product added to the accumulator}}
  %0 = linalg.generic {indexing_maps = [#mk, #kn, #mn], iterator_types = ["parallel", "parallel", "reduction"]}
    ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) {
  ^bb0(%a: f32, %b: f32, %c: f32):
    %p = arith.mulf %a, %b : f32
    %s = arith.maximumf %p, %c : f32
    linalg.yield %s : f32
  } -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

// CHECK-LABEL: func.func @short_k
// CHECK: linalg.matmul
// CHECK: mx.contract
// expected-remark @below {{quantized 1 of 2 contractions}}
func.func @short_k(%x: tensor<4x15xf32>, %w: tensor<15x8xf32>, %z: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  // expected-remark @below {{left alone: its contracted dimension has 15 elements, below 16}}
  %0 = linalg.matmul ins(%x, %w : tensor<4x15xf32>, tensor<15x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  // An attribute forces it.
  // expected-remark @below {{rewritten}}
  %1 = linalg.matmul {mx.weights = #mx.format<mxfp4>} ins(%x, %w : tensor<4x15xf32>, tensor<15x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0, %1 : tensor<4x8xf32>, tensor<4x8xf32>
}

// -----

// CHECK-LABEL: func.func @attributes
// CHECK: linalg.matmul
// CHECK: mx.contract {{.*}} {rhs_fraction_bits = 6 : i64} lhs(%{{.*}} : tensor<4x64xf32>) rhs(%{{.*}} : tensor<64x8xi8>
// expected-remark @below {{quantized 1 of 2 contractions}}
func.func @attributes(%x: tensor<4x64xf32>, %w: tensor<64x8xf32>, %z: tensor<4x8xf32>) -> (tensor<4x8xf32>, tensor<4x8xf32>) {
  // expected-remark @below {{left alone: it has the attribute mx.skip}}
  %0 = linalg.matmul {mx.skip} ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  // expected-remark @below {{rewritten}}
  %1 = linalg.matmul {mx.activations = "none", mx.weights = #mx.format<mxint8>} ins(%x, %w : tensor<4x64xf32>, tensor<64x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0, %1 : tensor<4x8xf32>, tensor<4x8xf32>
}

// -----

// Two contracted dimensions adjacent in both operands count as one, of 64.
// CHECK-LABEL: func.func @adjacent
// CHECK: mx.contract {{.*}} lhs(%{{.*}} : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs(%{{.*}} : tensor<64x8xf8E4M3FN>, tensor<2x8xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @adjacent(%x: tensor<4x8x8xf32>, %w: tensor<8x8x8xf32>, %z: tensor<4x8xf32>) -> tensor<4x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.contract indexing_maps = [affine_map<(m, n, j, k) -> (m, j, k)>, affine_map<(m, n, j, k) -> (j, k, n)>, affine_map<(m, n, j, k) -> (m, n)>]
    ins(%x, %w : tensor<4x8x8xf32>, tensor<8x8x8xf32>) outs(%z : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// -----

// The inner K tile of 8 divides the block: 4 outer steps to a block.
// CHECK-LABEL: func.func @packed
// CHECK: mx.contract {{.*}} lhs(%{{.*}} : tensor<2x8x4x8xf8E4M3FN>, tensor<2x2x4xf8E8M0FNU>)
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @packed(%x: tensor<2x8x4x8xf32>, %w: tensor<3x8x16x8xf32>, %z: tensor<2x3x4x16xf32>) -> tensor<2x3x4x16xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.mmt4d ins(%x, %w : tensor<2x8x4x8xf32>, tensor<3x8x16x8xf32>) outs(%z : tensor<2x3x4x16xf32>) -> tensor<2x3x4x16xf32>
  return %0 : tensor<2x3x4x16xf32>
}

// -----

// A variance, say: no matter of weights and activations.
// CHECK-LABEL: func.func @squares
// CHECK-NOT: mx.contract
// expected-remark @below {{quantized 0 of 1 contractions}}
func.func @squares(%x: tensor<4x64xf32>, %z: tensor<4xf32>) -> tensor<4xf32> {
  // expected-remark @below {{left alone: it is a sum of squares}}
  %0 = linalg.contract indexing_maps = [affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m, k)>, affine_map<(m, k) -> (m)>]
    ins(%x, %x : tensor<4x64xf32>, tensor<4x64xf32>) outs(%z : tensor<4xf32>) -> tensor<4xf32>
  return %0 : tensor<4xf32>
}

// -----

// 128 rows of a convolution's weight share a scale, one per filter position.
// CHECK-LABEL: func.func @deepseek_convolution
// CHECK: mx.contract {{.*}} tensor<2x1x3x3xf8E8M0FNU>
// expected-remark @below {{quantized 1 of 1 contractions}}
func.func @deepseek_convolution(%x: tensor<1x64x10x10xf32>, %w: tensor<256x64x3x3xf32>, %z: tensor<1x256x8x8xf32>) -> tensor<1x256x8x8xf32> {
  // expected-remark @below {{rewritten}}
  %0 = linalg.conv_2d_nchw_fchw {mx.weights = #mx.format<deepseek_fp8>, dilations = dense<1> : vector<2xi64>, strides = dense<1> : vector<2xi64>}
    ins(%x, %w : tensor<1x64x10x10xf32>, tensor<256x64x3x3xf32>) outs(%z : tensor<1x256x8x8xf32>) -> tensor<1x256x8x8xf32>
  return %0 : tensor<1x256x8x8xf32>
}
