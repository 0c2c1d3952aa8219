// RUN: mx-opt %s --mx-decompose --canonicalize --split-input-file | FileCheck %s

// One pass over the input for the magnitudes, one for the elements. A scale's
// reciprocal is one for its block, and so is whether elements are NaN.
// CHECK-DAG: #[[$ID:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[$BLOCK:.*]] = affine_map<(d0, d1) -> (d0, d1 floordiv 32)>
// CHECK-LABEL: func.func @ragged_dynamic
// CHECK: %[[AMAX:.*]] = linalg.generic {indexing_maps = [#[[$ID]], #[[$BLOCK]]], iterator_types = ["parallel", "reduction"]}
// CHECK: arith.maxui
// CHECK: %[[SCALES:.*]] = linalg.generic {indexing_maps = [#[[$ID]], #[[$ID]]]{{.*}} ins(%[[AMAX]]
// CHECK: arith.bitcast %{{.*}} : i8 to f8E8M0FNU
// CHECK: %[[RECIPROCALS:.*]] = linalg.generic {indexing_maps = [#[[$ID]], #[[$ID]]]{{.*}} ins(%[[SCALES]] {{.*}} outs(%{{.*}} : tensor<?x2xf32>)
// CHECK: arith.cmpi eq, %{{.*}}, %c254_i32
// CHECK: %[[ELEMENTS:.*]] = linalg.generic {indexing_maps = [#[[$ID]], #[[$BLOCK]], #[[$BLOCK]], #[[$ID]]]{{.*}} ins(%{{.*}}, %[[RECIPROCALS]], %[[SCALES]]
// CHECK: arith.truncf %{{.*}} fastmath<nnan> : f32 to f8E4M3FN
// CHECK: %[[IS_NAN:.*]] = arith.cmpi eq, %{{.*}}, %c255_i32
// CHECK: arith.select %[[IS_NAN]]
// CHECK: return %[[ELEMENTS]], %[[SCALES]]
func.func @ragged_dynamic(%x: tensor<?x40xbf16>, %q: tensor<?x40xf8E4M3FN>, %s: tensor<?x2xf8E8M0FNU>) -> (tensor<?x40xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) {
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<?x40xbf16>) outs(%q, %s : tensor<?x40xf8E4M3FN>, tensor<?x2xf8E8M0FNU>)
    -> tensor<?x40xf8E4M3FN>, tensor<?x2xf8E8M0FNU>
  return %0, %1 : tensor<?x40xf8E4M3FN>, tensor<?x2xf8E8M0FNU>
}

// -----

// The exponents add as integers, the product rounds once.
// CHECK-LABEL: func.func @dequantize_two_exponents
// CHECK: arith.extf %{{.*}} : f8E5M2 to f32
// CHECK: arith.addi
// CHECK: arith.truncf %{{.*}} : f64 to f32
// CHECK-NOT: linalg.generic
func.func @dequantize_two_exponents(%q: tensor<4x64xf8E5M2>, %s: tensor<4x2xf8E8M0FNU>, %g: tensor<f8E8M0FNU>, %y: tensor<4x64xf32>) -> tensor<4x64xf32> {
  %0 = mx.dequantize scale_maps = [affine_map<(m, k) -> (m, k floordiv 32)>, affine_map<(m, k) -> ()>]
    ins(%q scaled %s, %g : tensor<4x64xf8E5M2>, tensor<4x2xf8E8M0FNU>, tensor<f8E8M0FNU>) outs(%y : tensor<4x64xf32>) -> tensor<4x64xf32>
  return %0 : tensor<4x64xf32>
}
