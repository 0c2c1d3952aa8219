// RUN: mx-opt %s --canonicalize | FileCheck %s

#k32 = affine_map<(m, k) -> (m, k floordiv 32)>
#k16 = affine_map<(m, k) -> (m, k floordiv 16)>
!q = tensor<4x64xf8E4M3FN>
!s = tensor<4x2xf8E8M0FNU>
!x = tensor<4x64xf32>

// CHECK-LABEL: func.func @requantize
// CHECK: %[[Q:.*]]:2 = mx.quantize
// CHECK-NEXT: return %[[Q]]#0, %[[Q]]#1
func.func @requantize(%x: !x, %q0: !q, %s0: !s) -> (!q, !s) {
  %q, %s = mx.quantize scale_map = #k32 rule = floor ins(%x : !x) outs(%q0, %s0 : !q, !s) -> !q, !s
  %y = mx.dequantize scale_maps = [#k32] ins(%q scaled %s : !q, !s) outs(%x : !x) -> !x
  %r, %t = mx.quantize scale_map = #k32 rule = floor ins(%y : !x) outs(%q0, %s0 : !q, !s) -> !q, !s
  return %r, %t : !q, !s
}

// Nobody knows which bytes these scales have: a NaN element would spread.
// CHECK-LABEL: func.func @foreign_scales
// CHECK: mx.quantize
func.func @foreign_scales(%x: !x, %q0: !q, %s0: !s) -> (!q, !s) {
  %y = mx.dequantize scale_maps = [#k32] ins(%q0 scaled %s0 : !q, !s) outs(%x : !x) -> !x
  %r, %t = mx.quantize scale_map = #k32 rule = floor ins(%y : !x) outs(%q0, %s0 : !q, !s) -> !q, !s
  return %r, %t : !q, !s
}

// A block whose largest magnitude rounds down to half of 448 would get half the scale.
// CHECK-LABEL: func.func @rule_rceil
// CHECK-COUNT-2: mx.quantize
func.func @rule_rceil(%x: !x, %q0: !q, %s0: !s) -> (!q, !s) {
  %q, %s = mx.quantize scale_map = #k32 rule = rceil ins(%x : !x) outs(%q0, %s0 : !q, !s) -> !q, !s
  %y = mx.dequantize scale_maps = [#k32] ins(%q scaled %s : !q, !s) outs(%x : !x) -> !x
  %r, %t = mx.quantize scale_map = #k32 rule = rceil ins(%y : !x) outs(%q0, %s0 : !q, !s) -> !q, !s
  return %r, %t : !q, !s
}

// CHECK-LABEL: func.func @other_blocks
// CHECK-COUNT-2: mx.quantize
func.func @other_blocks(%x: !x, %q0: !q, %s0: !s, %t0: tensor<4x4xf8E8M0FNU>) -> (!q, tensor<4x4xf8E8M0FNU>) {
  %q, %s = mx.quantize scale_map = #k32 rule = floor ins(%x : !x) outs(%q0, %s0 : !q, !s) -> !q, !s
  %y = mx.dequantize scale_maps = [#k32] ins(%q scaled %s : !q, !s) outs(%x : !x) -> !x
  %r, %t = mx.quantize scale_map = #k16 rule = floor ins(%y : !x) outs(%q0, %t0 : !q, tensor<4x4xf8E8M0FNU>) -> !q, tensor<4x4xf8E8M0FNU>
  return %r, %t : !q, tensor<4x4xf8E8M0FNU>
}

// bf16 rounds values that f8 elements and their scales can express, near its subnormals.
// CHECK-LABEL: func.func @through_bf16
// CHECK-COUNT-2: mx.quantize
func.func @through_bf16(%x: !x, %z: tensor<4x64xbf16>, %q0: !q, %s0: !s) -> (!q, !s) {
  %q, %s = mx.quantize scale_map = #k32 rule = floor ins(%x : !x) outs(%q0, %s0 : !q, !s) -> !q, !s
  %y = mx.dequantize scale_maps = [#k32] ins(%q scaled %s : !q, !s) outs(%z : tensor<4x64xbf16>) -> tensor<4x64xbf16>
  %r, %t = mx.quantize scale_map = #k32 rule = floor ins(%y : tensor<4x64xbf16>) outs(%q0, %s0 : !q, !s) -> !q, !s
  return %r, %t : !q, !s
}
