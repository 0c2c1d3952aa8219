// RUN: mx-opt %s --split-input-file | mx-opt --split-input-file | FileCheck %s
// RUN: mx-opt %s --split-input-file --mlir-print-op-generic | mx-opt --split-input-file | FileCheck %s

// CHECK-LABEL: func.func @quantize
// CHECK: mx.quantize scale_map = #{{.*}} rule = floor ins(%{{.*}} : tensor<64x256xf32>) outs(%{{.*}}, %{{.*}} : tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>) -> tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>
func.func @quantize(%x: tensor<64x256xf32>, %q0: tensor<64x256xf8E4M3FN>, %s0: tensor<64x8xf8E8M0FNU>) -> (tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>) {
  %q, %s = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)>
      rule = floor
      ins(%x : tensor<64x256xf32>)
      outs(%q0, %s0 : tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>)
      -> tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>
  return %q, %s : tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>
}

// -----

// CHECK-LABEL: func.func @dequantize
// CHECK: mx.dequantize scale_maps = [#{{.*}}] ins(%{{.*}} scaled %{{.*}} : tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>) outs(%{{.*}} : tensor<64x256xf32>) -> tensor<64x256xf32>
func.func @dequantize(%q: tensor<64x256xf8E4M3FN>, %s: tensor<64x8xf8E8M0FNU>, %y0: tensor<64x256xf32>) -> tensor<64x256xf32> {
  %y = mx.dequantize
      scale_maps = [affine_map<(m, k) -> (m, k floordiv 32)>]
      ins(%q scaled %s : tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>)
      outs(%y0 : tensor<64x256xf32>) -> tensor<64x256xf32>
  return %y : tensor<64x256xf32>
}

// -----

// CHECK-LABEL: func.func @contract
// CHECK: mx.contract indexing_maps = [{{.*}}] lhs(%{{.*}} scaled %{{.*}} : tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>) rhs(%{{.*}} scaled %{{.*}} : tensor<128x256xf8E4M3FN>, tensor<128x8xf8E8M0FNU>) outs(%{{.*}} : tensor<64x128xf32>) -> tensor<64x128xf32>
func.func @contract(%a: tensor<64x256xf8E4M3FN>, %as: tensor<64x8xf8E8M0FNU>, %b: tensor<128x256xf8E4M3FN>, %bs: tensor<128x8xf8E8M0FNU>, %c: tensor<64x128xf32>) -> tensor<64x128xf32> {
  %d = mx.contract indexing_maps = [
        affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, k floordiv 32)>,
        affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (n, k floordiv 32)>,
        affine_map<(m, n, k) -> (m, n)>]
      lhs(%a scaled %as : tensor<64x256xf8E4M3FN>, tensor<64x8xf8E8M0FNU>)
      rhs(%b scaled %bs : tensor<128x256xf8E4M3FN>, tensor<128x8xf8E8M0FNU>)
      outs(%c : tensor<64x128xf32>) -> tensor<64x128xf32>
  return %d : tensor<64x128xf32>
}

// -----

// Ragged K, dynamic M, bf16 activations without scales, INT8 weights.
// CHECK-LABEL: func.func @weight_only_ragged
// CHECK: mx.contract {{.*}} {rhs_fraction_bits = 6 : i64}
func.func @weight_only_ragged(%a: tensor<?x40xbf16>, %b: tensor<7x40xi8>, %bs: tensor<7x2xf8E8M0FNU>, %c: tensor<?x7xbf16>) -> tensor<?x7xbf16> {
  %d = mx.contract indexing_maps = [
        affine_map<(m, n, k) -> (m, k)>,
        affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (n, k floordiv 32)>,
        affine_map<(m, n, k) -> (m, n)>] {rhs_fraction_bits = 6 : i64}
      lhs(%a : tensor<?x40xbf16>)
      rhs(%b scaled %bs : tensor<7x40xi8>, tensor<7x2xf8E8M0FNU>)
      outs(%c : tensor<?x7xbf16>) -> tensor<?x7xbf16>
  return %d : tensor<?x7xbf16>
}

// -----

// Two levels of scales, the second a scalar.
// CHECK-LABEL: func.func @nvfp4
// CHECK: mx.quantize scale_map = #{{.*}} ins(%{{.*}} global %{{.*}} : tensor<33x80xf32>, tensor<f32>)
// CHECK: mx.contract {{.*}} lhs(%{{.*}} scaled %{{.*}}, %{{.*}} : tensor<33x80xf4E2M1FN>, tensor<33x5xf8E4M3FN>, tensor<f32>)
func.func @nvfp4(%x: tensor<33x80xf32>, %g: tensor<f32>, %q0: tensor<33x80xf4E2M1FN>, %s0: tensor<33x5xf8E4M3FN>, %b: tensor<16x80xf4E2M1FN>, %bs: tensor<16x5xf8E4M3FN>, %bg: tensor<f32>, %c: tensor<33x16xf32>) -> tensor<33x16xf32> {
  %q, %s = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 16)>
      ins(%x global %g : tensor<33x80xf32>, tensor<f32>)
      outs(%q0, %s0 : tensor<33x80xf4E2M1FN>, tensor<33x5xf8E4M3FN>)
      -> tensor<33x80xf4E2M1FN>, tensor<33x5xf8E4M3FN>
  %d = mx.contract indexing_maps = [
        affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, k floordiv 16)>, affine_map<(m, n, k) -> ()>,
        affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (n, k floordiv 16)>, affine_map<(m, n, k) -> ()>,
        affine_map<(m, n, k) -> (m, n)>]
      lhs(%q scaled %s, %g : tensor<33x80xf4E2M1FN>, tensor<33x5xf8E4M3FN>, tensor<f32>)
      rhs(%b scaled %bs, %bg : tensor<16x80xf4E2M1FN>, tensor<16x5xf8E4M3FN>, tensor<f32>)
      outs(%c : tensor<33x16xf32>) -> tensor<33x16xf32>
  return %d : tensor<33x16xf32>
}

// -----

// Windows of a convolution, stride 2; blocks along the channels.
// CHECK-LABEL: func.func @conv
// CHECK: mx.contract
func.func @conv(%x: tensor<1x11x11x64xf8E4M3FN>, %xs: tensor<1x11x11x2xf8E8M0FNU>, %w: tensor<16x3x3x64xf8E4M3FN>, %ws: tensor<16x3x3x2xf8E8M0FNU>, %y: tensor<1x5x5x16xf32>) -> tensor<1x5x5x16xf32> {
  %d = mx.contract indexing_maps = [
        affine_map<(n, y, x, f, i, j, c) -> (n, 2 * y + i, 2 * x + j, c)>,
        affine_map<(n, y, x, f, i, j, c) -> (n, 2 * y + i, 2 * x + j, c floordiv 32)>,
        affine_map<(n, y, x, f, i, j, c) -> (f, i, j, c)>,
        affine_map<(n, y, x, f, i, j, c) -> (f, i, j, c floordiv 32)>,
        affine_map<(n, y, x, f, i, j, c) -> (n, y, x, f)>]
      lhs(%x scaled %xs : tensor<1x11x11x64xf8E4M3FN>, tensor<1x11x11x2xf8E8M0FNU>)
      rhs(%w scaled %ws : tensor<16x3x3x64xf8E4M3FN>, tensor<16x3x3x2xf8E8M0FNU>)
      outs(%y : tensor<1x5x5x16xf32>) -> tensor<1x5x5x16xf32>
  return %d : tensor<1x5x5x16xf32>
}

// -----

// Packed dimensions: an inner K tile of 2, so a block of 32 is 16 of them.
// CHECK-LABEL: func.func @packed
// CHECK: mx.contract
func.func @packed(%a: tensor<4x32x8x2xf8E5M2>, %as: tensor<4x2x8xf8E8M0FNU>, %b: tensor<3x32x16x2xf8E5M2>, %bs: tensor<3x2x16xf8E8M0FNU>, %c: tensor<4x3x8x16xf32>) -> tensor<4x3x8x16xf32> {
  %d = mx.contract indexing_maps = [
        affine_map<(mo, no, ko, mi, ni, ki) -> (mo, ko, mi, ki)>,
        affine_map<(mo, no, ko, mi, ni, ki) -> (mo, ko floordiv 16, mi)>,
        affine_map<(mo, no, ko, mi, ni, ki) -> (no, ko, ni, ki)>,
        affine_map<(mo, no, ko, mi, ni, ki) -> (no, ko floordiv 16, ni)>,
        affine_map<(mo, no, ko, mi, ni, ki) -> (mo, no, mi, ni)>]
      lhs(%a scaled %as : tensor<4x32x8x2xf8E5M2>, tensor<4x2x8xf8E8M0FNU>)
      rhs(%b scaled %bs : tensor<3x32x16x2xf8E5M2>, tensor<3x2x16xf8E8M0FNU>)
      outs(%c : tensor<4x3x8x16xf32>) -> tensor<4x3x8x16xf32>
  return %d : tensor<4x3x8x16xf32>
}

// -----

// Rule 6: a K tile of 128 is a block, so there is one scale per index of ko; 8
// tiles of 16 rows share it.
// CHECK-LABEL: func.func @tile_is_block
// CHECK: mx.contract
func.func @tile_is_block(%a: tensor<4x3x8x128xf32>, %b: tensor<9x3x16x128xf8E4M3FN>, %bs: tensor<2x3xf8E8M0FNU>, %c: tensor<4x9x8x16xf32>) -> tensor<4x9x8x16xf32> {
  %d = mx.contract indexing_maps = [
        affine_map<(mo, no, ko, mi, ni, ki) -> (mo, ko, mi, ki)>,
        affine_map<(mo, no, ko, mi, ni, ki) -> (no, ko, ni, ki)>,
        affine_map<(mo, no, ko, mi, ni, ki) -> (no floordiv 8, ko)>,
        affine_map<(mo, no, ko, mi, ni, ki) -> (mo, no, mi, ni)>]
      lhs(%a : tensor<4x3x8x128xf32>)
      rhs(%b scaled %bs : tensor<9x3x16x128xf8E4M3FN>, tensor<2x3xf8E8M0FNU>)
      outs(%c : tensor<4x9x8x16xf32>) -> tensor<4x9x8x16xf32>
  return %d : tensor<4x9x8x16xf32>
}

// -----

// DeepSeek: 1x128 activations, 128x128 weights; memrefs have no results.
// CHECK-LABEL: func.func @deepseek_memref
// CHECK: mx.contract
func.func @deepseek_memref(%a: memref<?x300xf8E4M3FN>, %as: memref<?x3xf32>, %b: memref<200x300xf8E4M3FN>, %bs: memref<2x3xf32>, %c: memref<?x200xf32>) {
  mx.contract indexing_maps = [
        affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, k floordiv 128)>,
        affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (n floordiv 128, k floordiv 128)>,
        affine_map<(m, n, k) -> (m, n)>]
      lhs(%a scaled %as : memref<?x300xf8E4M3FN>, memref<?x3xf32>)
      rhs(%b scaled %bs : memref<200x300xf8E4M3FN>, memref<2x3xf32>)
      outs(%c : memref<?x200xf32>)
  return
}

// -----

// CHECK-LABEL: func.func @recipes
// CHECK-SAME: #mx.format<mxfp8>
// CHECK-SAME: #mx.format<nvfp4>
func.func @recipes() attributes {mx.a = #mx.format<mxfp8>, mx.b = #mx.format<nvfp4>} {
  return
}

// -----

// CHECK-LABEL: func.func @pack_scales
// CHECK: mx.pack_scales layout = <(d0, d1) -> (d0 floordiv 128, d1 floordiv 4, d0 mod 32, (d0 floordiv 32) mod 4, d1 mod 4), pad = 0, container = i8> %{{.*}} : tensor<200x10xf8E8M0FNU> -> tensor<2x3x32x4x4xi8>
func.func @pack_scales(%s: tensor<200x10xf8E8M0FNU>) -> tensor<2x3x32x4x4xi8> {
  %p = mx.pack_scales
      layout = <(r, c) -> (r floordiv 128, c floordiv 4, r mod 32, (r floordiv 32) mod 4, c mod 4), pad = 0, container = i8>
      %s : tensor<200x10xf8E8M0FNU> -> tensor<2x3x32x4x4xi8>
  return %p : tensor<2x3x32x4x4xi8>
}

// -----

// CHECK-LABEL: func.func @unpack_scales
// CHECK: mx.unpack_scales layout = <{{.*}}> %{{.*}} sizes(%{{.*}}) : tensor<?x3x32x4x4xi8> -> tensor<?x10xf8E8M0FNU>
func.func @unpack_scales(%p: tensor<?x3x32x4x4xi8>, %rows: index) -> tensor<?x10xf8E8M0FNU> {
  %s = mx.unpack_scales
      layout = <(r, c) -> (r floordiv 128, c floordiv 4, r mod 32, (r floordiv 32) mod 4, c mod 4), pad = 0, container = i8>
      %p sizes(%rows) : tensor<?x3x32x4x4xi8> -> tensor<?x10xf8E8M0FNU>
  return %s : tensor<?x10xf8E8M0FNU>
}

// -----

// `(d mod ce) floordiv c` is `(d floordiv c) mod e`; multiples are kept.
// CHECK-LABEL: func.func @scale_layouts
// CHECK-SAME: #mx.scale_layout<(d0, d1) -> (d1 floordiv 4, d0, d1 mod 4), pad = 255, container = i32, multiples = [4, 8]>
// CHECK-SAME: #mx.scale_layout<(d0) -> (d0 floordiv 8, (d0 mod 8) floordiv 2, d0 mod 2), pad = 0, container = i8>
func.func @scale_layouts() attributes {
    mx.a = #mx.scale_layout<(r, c) -> (c floordiv 4, r, c mod 4), pad = 255, container = i32, multiples = [4, 8]>,
    mx.b = #mx.scale_layout<(r) -> (r floordiv 8, (r mod 8) floordiv 2, r mod 2), pad = 0, container = i8>} {
  return
}
