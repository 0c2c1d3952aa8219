// RUN: mx-opt %s --mx-fold-weights | FileCheck %s
// RUN: mx-opt %s --mx-fold-weights | FileCheck %s --check-prefix=FREED
// RUN: mx-opt %s --mx-fold-weights --remarks-filter="mx-fold-weights" -o /dev/null 2>&1 | FileCheck %s --check-prefix=REMARK

#pairs = affine_map<(d0, d1) -> (d0, d1 floordiv 2)>
#whole = affine_map<(d0, d1) -> (0, 0)>

// The largest magnitude of the first block is 4: scale 2^(2 - 8), so that 4 is
// 256; the second block is short.
// CHECK-LABEL: func.func @dense
// CHECK: %[[Q:.*]] = arith.constant dense<{{\[}}[2.560000e+02, 6.400000e+01, -2.560000e+02], [2.560000e+02, 0.000000e+00, 2.560000e+02]]> : tensor<2x3xf8E4M3FN>
// CHECK: %[[S:.*]] = arith.constant dense<{{\[}}[1.562500e-02, 9.765620e-04], [3.906250e-03, 1.220700e-04]]> : tensor<2x2xf8E8M0FNU>
// CHECK: return %[[Q]], %[[S]]
// REMARK: [Passed] Folded | Category:mx-fold-weights | BytesAfter=10, BytesBefore=24, BytesFreed=0
func.func @dense() -> (tensor<2x3xf8E4M3FN>, tensor<2x2xf8E8M0FNU>) {
  %c = arith.constant dense<[[4.0, 1.0, -0.25], [1.0, 0.0, 0.03125]]> : tensor<2x3xf32>
  %q0 = tensor.empty() : tensor<2x3xf8E4M3FN>
  %s0 = tensor.empty() : tensor<2x2xf8E8M0FNU>
  %q, %s = mx.quantize scale_map = #pairs rule = floor ins(%c : tensor<2x3xf32>)
      outs(%q0, %s0 : tensor<2x3xf8E4M3FN>, tensor<2x2xf8E8M0FNU>) -> tensor<2x3xf8E4M3FN>, tensor<2x2xf8E8M0FNU>
  return %q, %s : tensor<2x3xf8E4M3FN>, tensor<2x2xf8E8M0FNU>
}

// 1, 2, 4, -6 and 3 under a scale of 1: codes 2, 4 | 6, 15 | 5.
// CHECK-LABEL: func.func @packed
// CHECK: %[[P:.*]] = arith.constant dense<{{\[}}[66, -10, 5]]> : tensor<1x3xi8>
// CHECK: mx.unpack_elements container = dense %[[P]] : tensor<1x3xi8> -> tensor<1x5xf4E2M1FN>
func.func @packed() -> (tensor<1x5xf4E2M1FN>, tensor<1x1xf8E8M0FNU>) {
  %c = arith.constant dense<[[1.0, 2.0, 4.0, -6.0, 3.0]]> : tensor<1x5xbf16>
  %q0 = tensor.empty() : tensor<1x5xf4E2M1FN>
  %s0 = tensor.empty() : tensor<1x1xf8E8M0FNU>
  %q, %s = mx.quantize scale_map = #whole rule = floor ins(%c : tensor<1x5xbf16>)
      outs(%q0, %s0 : tensor<1x5xf4E2M1FN>, tensor<1x1xf8E8M0FNU>) -> tensor<1x5xf4E2M1FN>, tensor<1x1xf8E8M0FNU>
  return %q, %s : tensor<1x5xf4E2M1FN>, tensor<1x1xf8E8M0FNU>
}

// Rows 1 and 2 of 0 1 2 | 3 4 5 | 6 7 8, of them columns 0 and 2, transposed,
// reshaped twice and rounded: 3 6 5 8.
// CHECK-LABEL: func.func @views
// CHECK: arith.constant dense<{{\[}}[24, 48, 40, 64]]> : tensor<1x4xi8>
func.func @views() -> tensor<1x4xi8> {
  %c = arith.constant dense<[[0.0, 1.0, 2.0], [3.0, 4.0, 5.0], [6.0, 7.0, 8.0]]> : tensor<3x3xf32>
  %slice = tensor.extract_slice %c[1, 0] [2, 2] [1, 2] : tensor<3x3xf32> to tensor<2x2xf32>
  %e = tensor.empty() : tensor<2x2xf32>
  %t = linalg.transpose ins(%slice : tensor<2x2xf32>) outs(%e : tensor<2x2xf32>) permutation = [1, 0]
  %f = tensor.collapse_shape %t [[0, 1]] : tensor<2x2xf32> into tensor<4xf32>
  %h = arith.truncf %f : tensor<4xf32> to tensor<4xf16>
  %x = tensor.expand_shape %h [[0, 1]] output_shape [1, 4] : tensor<4xf16> into tensor<1x4xf16>
  %q0 = tensor.empty() : tensor<1x4xi8>
  %s0 = tensor.empty() : tensor<1x1xf8E8M0FNU>
  %q, %s = mx.quantize scale_map = #whole rule = floor fraction_bits = 6 ins(%x : tensor<1x4xf16>)
      outs(%q0, %s0 : tensor<1x4xi8>, tensor<1x1xf8E8M0FNU>) -> tensor<1x4xi8>, tensor<1x1xf8E8M0FNU>
  return %q : tensor<1x4xi8>
}

// A generic that broadcasts along its rows and extends, cast to a dynamic type.
// CHECK-LABEL: func.func @broadcast
// CHECK: arith.constant dense<{{\[}}[2.560000e+02, 2.560000e+02], [-2.560000e+02, -2.560000e+02]]> : tensor<2x2xf8E4M3FN>
// CHECK: tensor.cast %{{.*}} : tensor<2x2xf8E4M3FN> to tensor<?x2xf8E4M3FN>
func.func @broadcast(%q0: tensor<?x2xf8E4M3FN>, %s0: tensor<?x1xf8E8M0FNU>) -> (tensor<?x2xf8E4M3FN>, tensor<?x1xf8E8M0FNU>) {
  %c = arith.constant dense<[1.0, -2.0]> : tensor<2xbf16>
  %e = tensor.empty() : tensor<2x2xf32>
  %b = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0)>, affine_map<(d0, d1) -> (d0, d1)>], iterator_types = ["parallel", "parallel"]}
      ins(%c : tensor<2xbf16>) outs(%e : tensor<2x2xf32>) {
  ^bb0(%in: bf16, %out: f32):
    %x = arith.extf %in : bf16 to f32
    linalg.yield %x : f32
  } -> tensor<2x2xf32>
  %d = tensor.cast %b : tensor<2x2xf32> to tensor<?x2xf32>
  %q, %s = mx.quantize scale_map = #pairs rule = floor ins(%d : tensor<?x2xf32>)
      outs(%q0, %s0 : tensor<?x2xf8E4M3FN>, tensor<?x1xf8E8M0FNU>) -> tensor<?x2xf8E4M3FN>, tensor<?x1xf8E8M0FNU>
  return %q, %s : tensor<?x2xf8E4M3FN>, tensor<?x1xf8E8M0FNU>
}

// In NVFP4, the amax of the constant is 5376 = 2688 * 2, so the global scale 2, for
// other users as well. Scales 5376 / 6 / 2 = 448 and 1344 / 6 / 2 = 112.
// CHECK-LABEL: func.func @nvfp4
// CHECK-NOT: linalg.generic
// CHECK: %[[G:.*]] = arith.constant dense<2.000000e+00> : tensor<f32>
// CHECK: mx.unpack_elements
// CHECK: %[[S:.*]] = arith.constant dense<{{\[}}[4.480000e+02, 1.120000e+02]]> : tensor<1x2xf8E4M3FN>
// CHECK: return %{{.*}}, %[[S]], %[[G]]
// REMARK: BytesAfter=4, BytesBefore=16, BytesFreed=16
func.func @nvfp4() -> (tensor<1x4xf4E2M1FN>, tensor<1x2xf8E4M3FN>, tensor<f32>) {
  %c = arith.constant dense_resource<nvfp4> : tensor<1x4xf32>
  %zero = arith.constant dense<0.0> : tensor<f32>
  %amax = linalg.generic {indexing_maps = [affine_map<(d0, d1) -> (d0, d1)>, affine_map<(d0, d1) -> ()>], iterator_types = ["reduction", "reduction"]}
      ins(%c : tensor<1x4xf32>) outs(%zero : tensor<f32>) {
  ^bb0(%in: f32, %acc: f32):
    %abs = math.absf %in : f32
    %max = arith.maximumf %abs, %acc : f32
    linalg.yield %max : f32
  } -> tensor<f32>
  %limit = arith.constant dense<2688.0> : tensor<f32>
  %g = arith.divf %amax, %limit : tensor<f32>
  %q0 = tensor.empty() : tensor<1x4xf4E2M1FN>
  %s0 = tensor.empty() : tensor<1x2xf8E4M3FN>
  %q, %s = mx.quantize scale_map = #pairs ins(%c global %g : tensor<1x4xf32>, tensor<f32>)
      outs(%q0, %s0 : tensor<1x4xf4E2M1FN>, tensor<1x2xf8E4M3FN>) -> tensor<1x4xf4E2M1FN>, tensor<1x2xf8E4M3FN>
  return %q, %s, %g : tensor<1x4xf4E2M1FN>, tensor<1x2xf8E4M3FN>, tensor<f32>
}

// CHECK-LABEL: func.func @nvfp4_of_another_tensor
// CHECK: mx.quantize
// REMARK: [Missed] NotFolded | Category:mx-fold-weights | Reason="the input is constant, its global scale is not"
func.func @nvfp4_of_another_tensor(%g: tensor<f32>) -> tensor<1x4xf4E2M1FN> {
  %c = arith.constant dense<[[-5376.0, 1.0, 1344.0, 0.0]]> : tensor<1x4xf32>
  %q0 = tensor.empty() : tensor<1x4xf4E2M1FN>
  %s0 = tensor.empty() : tensor<1x2xf8E4M3FN>
  %q, %s = mx.quantize scale_map = #pairs ins(%c global %g : tensor<1x4xf32>, tensor<f32>)
      outs(%q0, %s0 : tensor<1x4xf4E2M1FN>, tensor<1x2xf8E4M3FN>) -> tensor<1x4xf4E2M1FN>, tensor<1x2xf8E4M3FN>
  return %q : tensor<1x4xf4E2M1FN>
}

// CHECK-LABEL: func.func @argument
// CHECK: mx.quantize
func.func @argument(%x: tensor<1x4xf32>, %q0: tensor<1x4xi8>, %s0: tensor<1x1xf8E8M0FNU>) -> tensor<1x4xi8> {
  %q, %s = mx.quantize scale_map = #whole rule = floor fraction_bits = 6 ins(%x : tensor<1x4xf32>)
      outs(%q0, %s0 : tensor<1x4xi8>, tensor<1x1xf8E8M0FNU>) -> tensor<1x4xi8>, tensor<1x1xf8E8M0FNU>
  return %q : tensor<1x4xi8>
}

// CHECK-LABEL: func.func @nothing_to_fold
// CHECK: mx.quantize {{.*}} tensor<0x4xf32>
// CHECK: mx.quantize {{.*}} tensor<f32>
func.func @nothing_to_fold() -> (tensor<0x4xf4E2M1FN>, tensor<f4E2M1FN>) {
  %c = arith.constant dense<> : tensor<0x4xf32>
  %q0 = tensor.empty() : tensor<0x4xf4E2M1FN>
  %s0 = tensor.empty() : tensor<0x2xf8E8M0FNU>
  %q, %s = mx.quantize scale_map = #pairs rule = floor ins(%c : tensor<0x4xf32>)
      outs(%q0, %s0 : tensor<0x4xf4E2M1FN>, tensor<0x2xf8E8M0FNU>) -> tensor<0x4xf4E2M1FN>, tensor<0x2xf8E8M0FNU>
  %d = arith.constant dense<3.0> : tensor<f32>
  %p0 = tensor.empty() : tensor<f4E2M1FN>
  %t0 = tensor.empty() : tensor<f8E8M0FNU>
  %p, %t = mx.quantize scale_map = affine_map<() -> ()> rule = floor ins(%d : tensor<f32>)
      outs(%p0, %t0 : tensor<f4E2M1FN>, tensor<f8E8M0FNU>) -> tensor<f4E2M1FN>, tensor<f8E8M0FNU>
  return %q, %p : tensor<0x4xf4E2M1FN>, tensor<f4E2M1FN>
}

// MXFP4 takes 4.25 bits an element: 64 * 64 * 4.25 / 8 bytes.
// CHECK-LABEL: func.func @mxfp4_bytes
// REMARK: BytesAfter=2176, BytesBefore=16384
func.func @mxfp4_bytes() -> (tensor<64x64xf4E2M1FN>, tensor<64x2xf8E8M0FNU>) {
  %c = arith.constant dense<1.0> : tensor<64x64xf32>
  %q0 = tensor.empty() : tensor<64x64xf4E2M1FN>
  %s0 = tensor.empty() : tensor<64x2xf8E8M0FNU>
  %q, %s = mx.quantize scale_map = affine_map<(d0, d1) -> (d0, d1 floordiv 32)> rule = floor ins(%c : tensor<64x64xf32>)
      outs(%q0, %s0 : tensor<64x64xf4E2M1FN>, tensor<64x2xf8E8M0FNU>) -> tensor<64x64xf4E2M1FN>, tensor<64x2xf8E8M0FNU>
  return %q, %s : tensor<64x64xf4E2M1FN>, tensor<64x2xf8E8M0FNU>
}

// A resource leaves the module with its last user, and stays with another. A
// large result is a resource too: 4097 bytes of elements and one scale.
// CHECK-LABEL: func.func @resource
// CHECK: arith.constant dense_resource<mx_elements> : tensor<1x4097xf8E4M3FN>
// CHECK-LABEL: func.func @shared_resource
// CHECK: arith.constant dense_resource<shared> : tensor<1x2xf32>
// REMARK: BytesAfter=3, BytesBefore=8, BytesFreed=8
// REMARK: BytesAfter=3, BytesBefore=8, BytesFreed=0
// FREED: dialect_resources
// FREED-NOT: {{alone|nvfp4}}
// FREED: shared: "0x040000000000803F00000040"
// FREED-NOT: {{alone|nvfp4}}
func.func @resource() -> (tensor<1x2xf8E5M2>, tensor<1x4097xf8E4M3FN>) {
  %c = arith.constant dense_resource<alone> : tensor<1x2xf32>
  %q0 = tensor.empty() : tensor<1x2xf8E5M2>
  %s0 = tensor.empty() : tensor<1x1xf8E8M0FNU>
  %q, %s = mx.quantize scale_map = #whole rule = floor ins(%c : tensor<1x2xf32>)
      outs(%q0, %s0 : tensor<1x2xf8E5M2>, tensor<1x1xf8E8M0FNU>) -> tensor<1x2xf8E5M2>, tensor<1x1xf8E8M0FNU>
  %e = arith.constant dense<1.0> : tensor<1x4097xf32>
  %p0 = tensor.empty() : tensor<1x4097xf8E4M3FN>
  %p, %t = mx.quantize scale_map = #whole rule = floor ins(%e : tensor<1x4097xf32>)
      outs(%p0, %s0 : tensor<1x4097xf8E4M3FN>, tensor<1x1xf8E8M0FNU>) -> tensor<1x4097xf8E4M3FN>, tensor<1x1xf8E8M0FNU>
  return %q, %p : tensor<1x2xf8E5M2>, tensor<1x4097xf8E4M3FN>
}
func.func @shared_resource() -> (tensor<1x2xf8E5M2>, tensor<1x2xf32>) {
  %c = arith.constant dense_resource<shared> : tensor<1x2xf32>
  %q0 = tensor.empty() : tensor<1x2xf8E5M2>
  %s0 = tensor.empty() : tensor<1x1xf8E8M0FNU>
  %q, %s = mx.quantize scale_map = #whole rule = floor ins(%c : tensor<1x2xf32>)
      outs(%q0, %s0 : tensor<1x2xf8E5M2>, tensor<1x1xf8E8M0FNU>) -> tensor<1x2xf8E5M2>, tensor<1x1xf8E8M0FNU>
  return %q, %c : tensor<1x2xf8E5M2>, tensor<1x2xf32>
}

{-#
  dialect_resources: {
    builtin: {
      nvfp4: "0x040000000000A8C50000803F0000A84400000000",
      alone: "0x040000000000803F00000040",
      shared: "0x040000000000803F00000040"
    }
  }
#-}
