// RUN: mx-opt %s --split-input-file --verify-diagnostics
// The numbers are those of the verifier rules in the op's description.

// Rule 1.
func.func @scale_without_a_map(%q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>, %y: tensor<4x64xf32>) {
  // expected-error @below {{expected one map per scale, 1 in all, found 0}}
  %0 = mx.dequantize scale_maps = []
    ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) outs(%y : tensor<4x64xf32>) -> tensor<4x64xf32>
  return
}

// -----

// Rule 1.
func.func @map_of_another_rank(%q: tensor<4x64xf8E4M3FN>, %s: tensor<2xf8E8M0FNU>, %y: tensor<4x64xf32>) {
  // expected-error @below {{expected scale maps of 2 dimensions and no symbols, found (d0) -> (d0 floordiv 32)}}
  %0 = mx.dequantize scale_maps = [affine_map<(k) -> (k floordiv 32)>]
    ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<2xf8E8M0FNU>) outs(%y : tensor<4x64xf32>) -> tensor<4x64xf32>
  return
}

// -----

// Rule 2.
func.func @map_with_mod(%q: tensor<4x64xf8E4M3FN>, %s: tensor<4x32xf8E8M0FNU>, %y: tensor<4x64xf32>) {
  // expected-error @below {{expected result #1 of the scale map to be 0, d or d floordiv c with c > 0, found d1 mod 32}}
  %0 = mx.dequantize scale_maps = [affine_map<(m, k) -> (m, k mod 32)>]
    ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x32xf8E8M0FNU>) outs(%y : tensor<4x64xf32>) -> tensor<4x64xf32>
  return
}

// -----

// Rule 3.
func.func @output_of_another_shape(%q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>, %y: tensor<5x64xf32>) {
  // expected-error @below {{expected extent 4 in dimension 0 of output (d0), found 5}}
  %0 = mx.dequantize scale_maps = [affine_map<(m, k) -> (m, k floordiv 32)>]
    ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) outs(%y : tensor<5x64xf32>) -> tensor<5x64xf32>
  return
}

// -----

// Rule 4.
func.func @scales_of_another_extent(%q: tensor<4x64xf8E4M3FN>, %s: tensor<4x3xf8E8M0FNU>, %y: tensor<4x64xf32>) {
  // expected-error @below {{expected extent 2 in dimension 1 of scale #0 (d1 floordiv 32), found 3}}
  %0 = mx.dequantize scale_maps = [affine_map<(m, k) -> (m, k floordiv 32)>]
    ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x3xf8E8M0FNU>) outs(%y : tensor<4x64xf32>) -> tensor<4x64xf32>
  return
}

// -----

// Rule 5.
func.func @fraction_bits_of_a_float(%q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>, %y: tensor<4x64xf32>) {
  // expected-error @below {{expected fraction_bits with i8 elements only, found 'f8E4M3FN'}}
  %0 = mx.dequantize scale_maps = [affine_map<(m, k) -> (m, k floordiv 32)>] fraction_bits = 6
    ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) outs(%y : tensor<4x64xf32>) -> tensor<4x64xf32>
  return
}

// -----

// Rule 6.
func.func @result_of_another_type(%q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>, %y: tensor<4x64xf32>) {
  // expected-error @below {{expected a result of its destination's type 'tensor<4x64xf32>', found 'tensor<4x64xbf16>'}}
  %0 = mx.dequantize scale_maps = [affine_map<(m, k) -> (m, k floordiv 32)>]
    ins(%q scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) outs(%y : tensor<4x64xf32>) -> tensor<4x64xbf16>
  return
}
