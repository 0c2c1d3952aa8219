// RUN: mx-opt %s --split-input-file --verify-diagnostics
// The numbers are those of the verifier rules in the op's description.

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 1.
func.func @too_few_maps(%a: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected one indexing map per operand, 4 in all, found 3}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs(%b : tensor<8x64xf32>)
    outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n) -> (m, n)>
// Rule 1.
func.func @maps_of_other_dimensions(%a: tensor<4x64xf32>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected indexing maps of 3 dimensions and no symbols, found (d0, d1) -> (d0, d1)}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x64xf32>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k floordiv 2)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 2.
func.func @blocked_elements(%a: tensor<4x32xf32>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected the map of lhs to hold dimensions and sums of stride * dimension, found d2 floordiv 2}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x32xf32>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 2.
func.func @repeated_dimension(%a: tensor<4x64xf32>, %b: tensor<8x8xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected dimension d1 at most once in the map of rhs}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x64xf32>) rhs(%b : tensor<8x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m + k)>
#nk = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 2.
func.func @unknown_extent(%a: tensor<8xf32>, %b: tensor<8xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected dimension d2 to stand alone in the map of lhs, rhs or init}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<8xf32>) rhs(%b : tensor<8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#sk = affine_map<(m, n, k) -> (m, k mod 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 3.
func.func @scale_by_mod(%a: tensor<4x64xf8E4M3FN>, %s: tensor<4x2xf8E8M0FNU>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected scale #0 of lhs to be indexed by 0, d, d floordiv c with c > 0 or a result of the element map, found d2 mod 32}}
  %0 = mx.contract indexing_maps = [#mk, #sk, #nk, #mn]
    lhs(%a scaled %s : tensor<4x64xf8E4M3FN>, tensor<4x2xf8E8M0FNU>) rhs(%b : tensor<8x64xf32>)
    outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#sk = affine_map<(m, n, k) -> (n, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 3.
func.func @scale_of_the_other_side(%a: tensor<4x64xf8E4M3FN>, %s: tensor<8x2xf8E8M0FNU>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected scale #0 of lhs to use dimensions of lhs only, found d1}}
  %0 = mx.contract indexing_maps = [#mk, #sk, #nk, #mn]
    lhs(%a scaled %s : tensor<4x64xf8E4M3FN>, tensor<8x2xf8E8M0FNU>) rhs(%b : tensor<8x64xf32>)
    outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#sk = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 4: ceildiv(40, 32) is 2.
func.func @scale_extent_of_a_ragged_k(%a: tensor<4x40xf8E4M3FN>, %s: tensor<4x7xf8E8M0FNU>, %b: tensor<8x40xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected extent 2 in dimension 1 of operand #1 (d2 floordiv 32), found 7}}
  %0 = mx.contract indexing_maps = [#mk, #sk, #nk, #mn]
    lhs(%a scaled %s : tensor<4x40xf8E4M3FN>, tensor<4x7xf8E8M0FNU>) rhs(%b : tensor<8x40xf32>)
    outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 4.
func.func @factors_disagree(%a: tensor<4x64xf32>, %b: tensor<8x32xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected extent 64 in dimension 1 of operand #1 (d2), found 32}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x64xf32>) rhs(%b : tensor<8x32xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#x = affine_map<(y, i, c) -> (2 * y + i, c)>
#w = affine_map<(y, i, c) -> (i, c)>
#o = affine_map<(y, i, c) -> (y)>
// Rule 4: 2 * (5 - 1) + (3 - 1) + 1 is 11.
func.func @window_too_small(%a: tensor<10x32xf32>, %b: tensor<3x32xf32>, %c: tensor<5xf32>) {
  // expected-error @below {{expected extent of at least 11 in dimension 0 of operand #0 (d0 * 2 + d1), found 10}}
  %0 = mx.contract indexing_maps = [#x, #w, #o]
    lhs(%a : tensor<10x32xf32>) rhs(%b : tensor<3x32xf32>) outs(%c : tensor<5xf32>) -> tensor<5xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 4.
func.func @rank(%a: tensor<4x64x1xf32>, %b: tensor<8x32xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected operand #0 of rank 2 as in its map, found 'tensor<4x64x1xf32>'}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x64x1xf32>) rhs(%b : tensor<8x32xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#s32 = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#s48 = affine_map<(m, n, k) -> (n, k floordiv 48)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 5.
func.func @blocks_do_not_divide(%a: tensor<4x96xf8E4M3FN>, %s: tensor<4x3xf8E8M0FNU>, %b: tensor<8x96xf8E4M3FN>, %t: tensor<8x2xf8E8M0FNU>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected the block sizes along contracted dimension d2 to divide each other, found 32 and 48}}
  %0 = mx.contract indexing_maps = [#mk, #s32, #nk, #s48, #mn]
    lhs(%a scaled %s : tensor<4x96xf8E4M3FN>, tensor<4x3xf8E8M0FNU>)
    rhs(%b scaled %t : tensor<8x96xf8E4M3FN>, tensor<8x2xf8E8M0FNU>)
    outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#sk = affine_map<(m, n, k) -> (m floordiv 32, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 6: scales made along m.
func.func @scale_along_another_axis(%a: tensor<64x64xf8E4M3FN>, %s: tensor<2x64xf8E8M0FNU>, %b: tensor<8x64xf32>, %c: tensor<64x8xf32>) {
  // expected-error @below {{expected scales blocked along the contracted dimension d2, found one scale per index of it and blocks along the parallel dimension d0}}
  %0 = mx.contract indexing_maps = [#mk, #sk, #nk, #mn]
    lhs(%a scaled %s : tensor<64x64xf8E4M3FN>, tensor<2x64xf8E8M0FNU>) rhs(%b : tensor<8x64xf32>)
    outs(%c : tensor<64x8xf32>) -> tensor<64x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 7.
func.func @fraction_bits_of_a_wide_float(%a: tensor<4x64xf16>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected lhs_fraction_bits on an operand of i8 or floats of at most 8 bits only, found 'f16'}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_fraction_bits = 6 : i64}
    lhs(%a : tensor<4x64xf16>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 7.
func.func @fraction_bits_of_a_wide_integer(%a: tensor<4x64xi16>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected lhs_fraction_bits on an operand of i8 or floats of at most 8 bits only, found 'i16'}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_fraction_bits = 6 : i64}
    lhs(%a : tensor<4x64xi16>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 7.
func.func @sixteen_fraction_bits(%a: tensor<4x64xf8E4M3FN>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected lhs_fraction_bits from 1 to 15 for floats, found 16}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_fraction_bits = 16 : i64}
    lhs(%a : tensor<4x64xf8E4M3FN>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 7.
func.func @seven_fraction_bits(%a: tensor<4x64xf32>, %b: tensor<8x64xi8>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected rhs_fraction_bits = 6, found 7}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {rhs_fraction_bits = 7 : i64}
    lhs(%a : tensor<4x64xf32>) rhs(%b : tensor<8x64xi8>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 8.
func.func @zero_point_of_floats(%a: memref<4x64xf32>, %b: memref<8x64xi8>, %s: memref<8xi32>, %c: memref<4x8xf32>) {
  // expected-error @below {{expected lhs_zero_point on an i8 operand without fraction bits only, found 'f32'}}
  mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_zero_point = 128}
    lhs(%a : memref<4x64xf32>) rhs(%b : memref<8x64xi8>) outs(%c : memref<4x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 8.
func.func @zero_point_and_fraction_bits(%a: memref<4x64xi8>, %b: memref<8x64xi8>, %s: memref<8xi32>, %c: memref<4x8xf32>) {
  // expected-error @below {{expected lhs_zero_point on an i8 operand without fraction bits only, found 'i8' with fraction bits}}
  mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_zero_point = 128, lhs_fraction_bits = 6}
    lhs(%a : memref<4x64xi8>) rhs(%b : memref<8x64xi8>) outs(%c : memref<4x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 8.
func.func @zero_point_of_zero(%a: memref<4x64xi8>, %b: memref<8x64xi8>, %s: memref<8xi32>, %c: memref<4x8xf32>) {
  // expected-error @below {{expected rhs_zero_point from 1 to 255, found 0}}
  mx.contract indexing_maps = [#mk, #nk, #mn] {rhs_zero_point = 0}
    lhs(%a : memref<4x64xi8>) rhs(%b : memref<8x64xi8>) outs(%c : memref<4x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 8.
func.func @zero_point_too_large(%a: memref<4x64xi8>, %b: memref<8x64xi8>, %s: memref<8xi32>, %c: memref<4x8xf32>) {
  // expected-error @below {{expected lhs_zero_point from 1 to 255, found 256}}
  mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_zero_point = 256}
    lhs(%a : memref<4x64xi8>) rhs(%b : memref<8x64xi8>) outs(%c : memref<4x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 8.
func.func @compensation_alone(%a: memref<4x64xi8>, %b: memref<8x64xi8>, %s: memref<8xi32>, %c: memref<4x8xf32>) {
  // expected-error @below {{expected a compensation beside one zero point only}}
  mx.contract indexing_maps = [#mk, #nk, #n, #mn] {}
    lhs(%a : memref<4x64xi8>) rhs(%b : memref<8x64xi8>) compensated(%s : memref<8xi32>) outs(%c : memref<4x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 8.
func.func @compensation_of_the_same_operand(%a: memref<4x64xi8>, %b: memref<8x64xi8>, %s: memref<8xi32>, %c: memref<4x8xf32>) {
  // expected-error @below {{expected the map of the compensation to hold dimensions of the operand without a zero point, found d1}}
  mx.contract indexing_maps = [#mk, #nk, #n, #mn] {rhs_zero_point = 128}
    lhs(%a : memref<4x64xi8>) rhs(%b : memref<8x64xi8>) compensated(%s : memref<8xi32>) outs(%c : memref<4x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 8.
func.func @compensation_of_another_extent(%a: memref<4x64xi8>, %b: memref<8x64xi8>, %s: memref<9xi32>, %c: memref<4x8xf32>) {
  // expected-error @below {{expected}}
  mx.contract indexing_maps = [#mk, #nk, #n, #mn] {lhs_zero_point = 128}
    lhs(%a : memref<4x64xi8>) rhs(%b : memref<8x64xi8>) compensated(%s : memref<9xi32>) outs(%c : memref<4x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 9.
func.func @codes_of_8_bits(%a: tensor<4x64xi8>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected lhs_codes to be a float of less than 8 bits, found 'f8E4M3FN'}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_codes = f8E4M3FN}
    lhs(%a : tensor<4x64xi8>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 9.
func.func @codes_in_floats(%a: tensor<4x64xf32>, %b: tensor<8x64xf8E5M2>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected rhs_codes on an i8 operand without a zero point only, found 'f8E5M2'}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {rhs_codes = f4E2M1FN}
    lhs(%a : tensor<4x64xf32>) rhs(%b : tensor<8x64xf8E5M2>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 9.
func.func @codes_and_zero_point(%a: tensor<4x64xi8>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected lhs_codes on an i8 operand without a zero point only, found 'i8' with a zero point}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_codes = f4E2M1FN, lhs_zero_point = 8}
    lhs(%a : tensor<4x64xi8>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k floordiv 2)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 9: six bits are no half of a byte.
func.func @pairs_of_6_bits(%a: tensor<4x32xi8>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected the map of lhs to hold dimensions and sums of stride * dimension, found d2 floordiv 2}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_codes = f6E2M3FN, mx.register_tile}
    lhs(%a : tensor<4x32xi8>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k floordiv 2)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 9: only tiles read pairs.
func.func @pairs_of_no_tile(%a: tensor<4x32xi8>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected the map of lhs to hold dimensions and sums of stride * dimension, found d2 floordiv 2}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_codes = f4E2M1FN}
    lhs(%a : tensor<4x32xi8>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k floordiv 2)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 9: codes of something else than floats.
func.func @codes_of_none(%a: tensor<4x32xi8>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected the map of lhs to hold dimensions and sums of stride * dimension, found d2 floordiv 2}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_codes = none, mx.register_tile}
    lhs(%a : tensor<4x32xi8>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m floordiv 2, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 9: pairs lie in memory.
func.func @pairs_of_rows(%a: tensor<2x64xi8>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected the map of lhs to hold dimensions and sums of stride * dimension, found d0 floordiv 2}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_codes = f4E2M1FN, mx.register_tile}
    lhs(%a : tensor<2x64xi8>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 11.
func.func @no_result(%a: tensor<4x64xf32>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected 1 results, found 0}}
  mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x64xf32>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>)
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 10.
func.func @no_scales(%a: tensor<4x64xf32>, %b: tensor<8x64xf8E4M3FN>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected lhs_ordinary_scales on an operand with f8E8M0FNU scales only}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn] {lhs_ordinary_scales}
    lhs(%a : tensor<4x64xf32>) rhs(%b : tensor<8x64xf8E4M3FN>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#n = affine_map<(m, n, k) -> (n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 10.
func.func @other_scales(%a: tensor<4x64xf32>, %b: tensor<8x64xf8E4M3FN>, %s: tensor<8xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected rhs_ordinary_scales on an operand with f8E8M0FNU scales only}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #n, #mn] {rhs_ordinary_scales}
    lhs(%a : tensor<4x64xf32>) rhs(%b scaled %s : tensor<8x64xf8E4M3FN>, tensor<8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 11.
func.func @result_of_another_type(%a: tensor<4x64xf32>, %b: tensor<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected a result of its destination's type 'tensor<4x8xf32>', found 'tensor<?x8xf32>'}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x64xf32>) rhs(%b : tensor<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<?x8xf32>
  return
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rule 11.
func.func @tensor_and_memref(%a: tensor<4x64xf32>, %b: memref<8x64xf32>, %c: tensor<4x8xf32>) {
  // expected-error @below {{expected all operands to be tensors, found 'memref<8x64xf32>'}}
  %0 = mx.contract indexing_maps = [#mk, #nk, #mn]
    lhs(%a : tensor<4x64xf32>) rhs(%b : memref<8x64xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return
}
