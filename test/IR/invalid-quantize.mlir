// RUN: mx-opt %s --split-input-file --verify-diagnostics
// The numbers are those of the verifier rules in the ops' descriptions.

// Rule 1.
func.func @map_of_another_rank(%x: tensor<4x64xf32>, %q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>) {
  // expected-error @below {{expected a scale map of 2 dimensions and no symbols, found (d0, d1, d2) -> (d0, d2 floordiv 32)}}
  %0, %1 = mx.quantize scale_map = affine_map<(b, m, k) -> (b, k floordiv 32)> rule = floor
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>)
    -> tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>
  return
}

// -----

// Rule 2.
func.func @map_with_a_sum(%x: tensor<4x64xf32>, %q: tensor<4x64xf8E4M3FN>, %s: tensor<67xf8E8M0FNU>) {
  // expected-error @below {{expected result #0 of the scale map to be 0, d or d floordiv c with c > 0, found d0 + d1}}
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m + k)> rule = floor
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xf8E4M3FN>, tensor<67xf8E8M0FNU>)
    -> tensor<4x64xf8E4M3FN>, tensor<67xf8E8M0FNU>
  return
}

// -----

// Rule 2.
func.func @dimension_twice(%x: tensor<4x64xf32>, %q: tensor<4x64xf8E4M3FN>, %s: tensor<2x64xf8E8M0FNU>) {
  // expected-error @below {{expected dimension d1 at most once in the scale map (d0, d1) -> (d1 floordiv 32, d1)}}
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (k floordiv 32, k)> rule = floor
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xf8E4M3FN>, tensor<2x64xf8E8M0FNU>)
    -> tensor<4x64xf8E4M3FN>, tensor<2x64xf8E8M0FNU>
  return
}

// -----

// Rule 3.
func.func @elements_of_another_shape(%x: tensor<4x64xf32>, %q: tensor<4x32xf4E2M1FN>, %s: tensor<4x2xf8E8M0FNU>) {
  // expected-error @below {{expected extent 64 in dimension 1 of elements (d1), found 32}}
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x32xf4E2M1FN>, tensor<4x2xf8E8M0FNU>)
    -> tensor<4x32xf4E2M1FN>, tensor<4x2xf8E8M0FNU>
  return
}

// -----

// Rule 4: ceildiv(65, 32) is 3.
func.func @scales_of_another_extent(%x: tensor<4x65xf32>, %q: tensor<4x65xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>) {
  // expected-error @below {{expected extent 3 in dimension 1 of scales (d1 floordiv 32), found 2}}
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<4x65xf32>) outs(%q, %s : tensor<4x65xf8E4M3FN>, tensor<4x2xf8E8M0FNU>)
    -> tensor<4x65xf8E4M3FN>, tensor<4x2xf8E8M0FNU>
  return
}

// -----

// Rule 5.
func.func @no_rule(%x: tensor<4x64xf32>, %q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>) {
  // expected-error @below {{expected a rule with scales of type 'f8E8M0FNU'}}
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)>
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>)
    -> tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>
  return
}

// -----

// Rule 5.
func.func @rule_of_another_format(%x: tensor<4x64xf32>, %q: tensor<4x64xf4E2M1FN>, %s: tensor<4x2xf8E8M0FNU>) {
  // expected-error @below {{rule deepseek is defined for e4m3 elements only}}
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = deepseek
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xf4E2M1FN>, tensor<4x2xf8E8M0FNU>)
    -> tensor<4x64xf4E2M1FN>, tensor<4x2xf8E8M0FNU>
  return
}

// -----

// Rule 6.
func.func @no_global_scale(%x: tensor<4x64xf32>, %q: tensor<4x64xf4E2M1FN>, %s: tensor<4x4xf8E4M3FN>) {
  // expected-error @below {{expected a global scale with scales of type 'f8E4M3FN'}}
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 16)>
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xf4E2M1FN>, tensor<4x4xf8E4M3FN>)
    -> tensor<4x64xf4E2M1FN>, tensor<4x4xf8E4M3FN>
  return
}

// -----

// Rule 7.
func.func @int8_without_fraction_bits(%x: tensor<4x64xf32>, %q: tensor<4x64xi8>, %s: tensor<4x2xf8E8M0FNU>) {
  // expected-error @below {{expected fraction_bits = 6 with elements of type 'i8'}}
  %0, %1 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xi8>, tensor<4x2xf8E8M0FNU>)
    -> tensor<4x64xi8>, tensor<4x2xf8E8M0FNU>
  return
}

// -----

// Rule 8.
func.func @one_result(%x: tensor<4x64xf32>, %q: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>) {
  // expected-error @below {{expected 2 results, found 1}}
  %0 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor
    ins(%x : tensor<4x64xf32>) outs(%q, %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>)
    -> tensor<4x64xf8E4M3FN>
  return
}
