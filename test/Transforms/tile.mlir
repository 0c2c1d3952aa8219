// RUN: mx-opt %s --mx-tile --canonicalize --split-input-file | FileCheck %s

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// 256 bits: tiles of 6 rows and 16 columns. Panels of the rhs, columns last, are
// decoded for all rows of a block; these have 8 MiB and are decoded before, all to one
// buffer. Up to 3 rows take codes.
// Where a scale has the byte 0, its elements are looked at.
// CHECK-LABEL: func.func @quantized
// CHECK: %[[FOUND:.*]] = linalg.generic {{.*}} ins(%arg1 : tensor<?x2xf8E8M0FNU>) outs(%{{.*}} : tensor<i8>)
// CHECK: %[[BITS:.*]] = tensor.extract %[[FOUND]]
// CHECK: %[[ZERO:.*]] = arith.andi %[[BITS]], %c2_i8
// CHECK: %[[NONE:.*]] = arith.cmpi eq, %[[ZERO]]
// CHECK: scf.if %[[NONE]] -> (i1)
// CHECK: linalg.generic {{.*}} ins(%arg0, %arg1 : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) outs(%{{.*}} : tensor<i8>)
// CHECK: scf.if %{{.*}} -> (i1)
// CHECK: linalg.generic {{.*}} ins(%arg2, %arg3 : tensor<48x64xf8E4M3FN>, tensor<48x2xf8E8M0FNU>) outs(%{{.*}} : tensor<i8>)
// CHECK: scf.if %{{.*}} -> (tensor<?x48xf32>)
// CHECK: %[[COUNT:.*]] = tensor.dim %arg4, %c0
// CHECK: %[[FEW:.*]] = arith.cmpi ule, %[[COUNT]], %c3
// CHECK: scf.if %[[FEW]]
// CHECK: scf.forall (%{{.*}}) = (0) to (48) step (16)
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%{{.*}} : tensor<?x64xf32>) rhs(%{{.*}} scaled %{{.*}} : tensor<64x16xf8E4M3FN>, tensor<2x16xf32>)
// CHECK: } else {
// CHECK: %[[LARGEST:.*]] = affine.min
// CHECK: scf.for {{.*}} step %c32766
// CHECK: %[[MADE:.*]] = tensor.empty(%[[LARGEST]]) : tensor<?x64xf32>
// CHECK: %[[BLOCK:.*]] = tensor.extract_slice %[[MADE]]
// CHECK: %[[LHS:.*]] = linalg.generic {{.*}} outs(%[[BLOCK]] : tensor<?x64xf32>)
// CHECK: scf.forall (%[[N:.*]]) = (0) to (48) step (16)
// CHECK: %[[ROWS:.*]] = tensor.extract_slice %[[LHS]]
// CHECK: tensor.extract_slice %arg2[%[[N]], 0] [16, 64]
// CHECK: %[[CODES:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<16x64xf8E4M3FN>) outs(%{{.*}} : tensor<64x16xf8E4M3FN>)
// CHECK: %[[SCALES:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<16x2xf8E8M0FNU>) outs(%{{.*}} : tensor<2x16xf32>)
// CHECK: %[[BUFFER:.*]] = tensor.empty() : tensor<64x16xf32>
// CHECK: %[[PANEL:.*]] = linalg.generic {{.*}} ins(%[[CODES]], %[[SCALES]] : tensor<64x16xf8E4M3FN>, tensor<2x16xf32>) outs(%[[BUFFER]] : tensor<64x16xf32>)
// CHECK: scf.for %[[M:.*]] = %c0 to %{{.*}} step %c6
// CHECK: tensor.extract_slice %[[ROWS]][%[[M]], 0]
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%{{.*}} : tensor<?x64xf32>) rhs(%[[PANEL]] : tensor<64x16xf32>) outs(%{{.*}} : tensor<?x16xf32>)
// CHECK: } {mx.row_blocks}
// CHECK: } else {
// CHECK: scf.forall (%[[M:.*]]) = (0) to (%{{.*}}) step (64)
// CHECK: %[[ROWS:.*]] = tensor.extract_slice %arg0[%[[M]], 0]
// CHECK: mx.contract {{.*}} lhs(%[[ROWS]] scaled
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 524288]>} {
  func.func @quantized(%a: tensor<?x64xf8E4M3FN>, %as: tensor<?x2xf8E8M0FNU>, %b: tensor<48x64xf8E4M3FN>, %bs: tensor<48x2xf8E8M0FNU>, %c: tensor<?x48xf32>) -> tensor<?x48xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%a scaled %as : tensor<?x64xf8E4M3FN>, tensor<?x2xf8E8M0FNU>) rhs(%b scaled %bs : tensor<48x64xf8E4M3FN>, tensor<48x2xf8E8M0FNU>)
      outs(%c : tensor<?x48xf32>) -> tensor<?x48xf32>
    return %0 : tensor<?x48xf32>
  }
}

// -----

#mk = affine_map<(b, m, n, k) -> (b, m, k)>
#kn = affine_map<(b, m, n, k) -> (b, k, n)>
#mn = affine_map<(b, m, n, k) -> (b, m, n)>
// Plain f32 has no scales to check, and is read where it is. A small cache cuts
// the sum too.
// CHECK-LABEL: func.func @batch
// CHECK-NOT: scf.if
// CHECK: scf.forall (%[[B:.*]], %[[N:.*]]) = (0, 0) to (3, 20) step (1, 8)
// CHECK: scf.for %[[K:.*]] = %c0 to %c300 step %c128
// CHECK: scf.for %[[M:.*]] = %c0 to %c10 step %c6
// CHECK: mx.contract {{.*}} {mx.register_tile}
// CHECK-NOT: mx.contract
module attributes {mx.target = #mx.target<vector_bits = 128, vector_registers = 16, caches = [8192]>} {
  func.func @batch(%a: tensor<3x10x300xf32>, %b: tensor<3x300x20xf32>, %c: tensor<3x10x20xf32>) -> tensor<3x10x20xf32> {
    %0 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%a : tensor<3x10x300xf32>) rhs(%b : tensor<3x300x20xf32>) outs(%c : tensor<3x10x20xf32>) -> tensor<3x10x20xf32>
    return %0 : tensor<3x10x20xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 64)>
#kn = affine_map<(m, n, k) -> (k, n)>
#knb = affine_map<(m, n, k) -> (k floordiv 32, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Integers: pairs of i16 in blocks of the smaller size, the last one filled up
// with zeros, and f32 scales over the elements' power of two.
// CHECK-LABEL: func.func @integers
// CHECK: scf.if
// CHECK: tensor.pad %arg0 low[0, 0] high[0, 28]
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<7x128xf6E2M3FN>) outs(%{{.*}} : tensor<7x4x32xi16>)
// CHECK: arith.bitcast %{{.*}} : f6E2M3FN to i6
// CHECK: arith.extui %{{.*}} : i6 to i8
// CHECK: arith.extsi %{{.*}} : i8 to i16
// CHECK: tensor.expand_shape {{.*}} : tensor<7x4x32xi16> into tensor<7x4x16x2xi16>
// CHECK: linalg.generic {{.*}} ins(%arg1 : tensor<7x2xf8E8M0FNU>) outs(%{{.*}} : tensor<7x4xf32>)
// CHECK: tensor.pad %arg2 low[0, 0] high[28, 0]
// CHECK: scf.for
// CHECK: %[[PANEL:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<128x?xi8>) outs(%{{.*}} : tensor<4x16x?x2xi16>)
// CHECK: arith.extsi
// CHECK: %[[SCALES:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<4x?xf8E8M0FNU>) outs(%{{.*}} : tensor<4x?xf32>)
// CHECK: %[[P:.*]] = tensor.extract_slice %[[PANEL]]
// CHECK: %[[S:.*]] = tensor.extract_slice %[[SCALES]]
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%{{.*}} scaled %{{.*}} : tensor<?x4x16x2xi16>, tensor<?x4xf32>) rhs(%[[P]] scaled %[[S]] : tensor<4x16x?x2xi16>, tensor<4x?xf32>) outs(%{{.*}} : tensor<?x?xf32>)
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 524288]>} {
  func.func @integers(%a: tensor<7x100xf6E2M3FN>, %as: tensor<7x2xf8E8M0FNU>, %b: tensor<100x20xi8>, %bs: tensor<4x20xf8E8M0FNU>, %c: tensor<7x20xf32>) -> tensor<7x20xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #kn, #knb, #mn] {rhs_fraction_bits = 6}
      lhs(%a scaled %as : tensor<7x100xf6E2M3FN>, tensor<7x2xf8E8M0FNU>) rhs(%b scaled %bs : tensor<100x20xi8>, tensor<4x20xf8E8M0FNU>)
      outs(%c : tensor<7x20xf32>) -> tensor<7x20xf32>
    return %0 : tensor<7x20xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// For a dot product of ui8 and i8: groups of four, rows with a zero point, and the
// compensation for it, made panel by panel.
// CHECK-LABEL: func.func @dots
// CHECK: linalg.generic {{.*}} ins(%{{.*}} : tensor<80x?xf4E2M1FN>) outs(%{{.*}} : tensor<80x?x32xi8>)
// CHECK: arith.addi %{{.*}}, %c128_i16
// CHECK: arith.trunci
// CHECK: scf.forall
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<?x8x32x4xi8>)
// CHECK: %[[ZEROS:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<?x32xi32>)
// CHECK: %[[SUMS:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<32x?x32xi8>) outs(%[[ZEROS]] : tensor<?x32xi32>)
// CHECK: arith.muli %{{.*}}, %c-128_i32
// CHECK: %[[PART:.*]] = tensor.extract_slice %[[SUMS]]
// CHECK: mx.contract {{.*}} {lhs_zero_point = 128 : i64, mx.register_tile} {{.*}} compensated(%[[PART]] : tensor<?x32xi32>) outs(%{{.*}} : tensor<8x32xf32>)
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, caches = [32768, 1048576],
    dots = [<lhs = ui8, rhs = i8, sum = i32, length = 4, intrinsic = "llvm.x86.avx512.vpdpbusd.512">]>} {
  func.func @dots(%a: tensor<80x?xf4E2M1FN>, %as: tensor<80x?xf8E8M0FNU>, %b: tensor<64x?xi8>, %bs: tensor<64x?xf8E8M0FNU>, %c: tensor<80x64xf32>) -> tensor<80x64xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%a scaled %as : tensor<80x?xf4E2M1FN>, tensor<80x?xf8E8M0FNU>) rhs(%b scaled %bs : tensor<64x?xi8>, tensor<64x?xf8E8M0FNU>)
      outs(%c : tensor<80x64xf32>) -> tensor<80x64xf32>
    return %0 : tensor<80x64xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Of few rows the columns have the zero point, and rows are added up.
// CHECK-LABEL: func.func @few_dots
// CHECK: %[[SUMS:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<20x?x32xf4E2M1FN>) outs(%{{.*}} : tensor<20x?xi32>)
// CHECK: arith.muli %{{.*}}, %c-128_i32
// CHECK: scf.forall
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<?x8x32x4xi8>)
// CHECK: arith.addi %{{.*}}, %c128_i16
// CHECK: mx.contract {{.*}} {mx.register_tile, rhs_zero_point = 128 : i64} {{.*}} compensated(%{{.*}} : tensor<?x?xi32>) outs(%{{.*}} : tensor<?x32xf32>)
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, caches = [32768, 1048576],
    dots = [<lhs = ui8, rhs = i8, sum = i32, length = 4, intrinsic = "llvm.x86.avx512.vpdpbusd.512">]>} {
  func.func @few_dots(%a: tensor<20x?xf4E2M1FN>, %as: tensor<20x?xf8E8M0FNU>, %b: tensor<64x?xi8>, %bs: tensor<64x?xf8E8M0FNU>, %c: tensor<20x64xf32>) -> tensor<20x64xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%a scaled %as : tensor<20x?xf4E2M1FN>, tensor<20x?xf8E8M0FNU>) rhs(%b scaled %bs : tensor<64x?xi8>, tensor<64x?xf8E8M0FNU>)
      outs(%c : tensor<20x64xf32>) -> tensor<20x64xf32>
    return %0 : tensor<20x64xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Of a dynamic number of rows the program knows whether they are few: for columns of less
// than a byte, which take long to add up.
// CHECK-LABEL: func.func @dynamic_dots
// CHECK: %[[M:.*]] = tensor.dim %{{.*}}, %c0
// CHECK: %[[FEW:.*]] = arith.cmpi ule, %[[M]], %c64
// CHECK: scf.if %[[FEW]]
// CHECK: mx.contract {{.*}} {mx.register_tile, rhs_zero_point = 128 : i64} {{.*}} compensated(%{{.*}} : tensor<?x2xi32>)
// CHECK: } else {
// CHECK: mx.contract {{.*}} {lhs_zero_point = 128 : i64, mx.register_tile} {{.*}} compensated(%{{.*}} : tensor<2x32xi32>)
// CHECK-LABEL: func.func @dynamic_bytes
// CHECK-NOT: rhs_zero_point
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, caches = [32768, 1048576],
    dots = [<lhs = ui8, rhs = i8, sum = i32, length = 4, intrinsic = "llvm.x86.avx512.vpdpbusd.512">]>} {
  func.func @dynamic_dots(%a: tensor<?x64xi8>, %as: tensor<?x2xf8E8M0FNU>, %b: tensor<64x64xf4E2M1FN>, %bs: tensor<64x2xf8E8M0FNU>, %c: tensor<?x64xf32>) -> tensor<?x64xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] {lhs_fraction_bits = 6}
      lhs(%a scaled %as : tensor<?x64xi8>, tensor<?x2xf8E8M0FNU>) rhs(%b scaled %bs : tensor<64x64xf4E2M1FN>, tensor<64x2xf8E8M0FNU>)
      outs(%c : tensor<?x64xf32>) -> tensor<?x64xf32>
    return %0 : tensor<?x64xf32>
  }
  func.func @dynamic_bytes(%a: tensor<?x64xi8>, %as: tensor<?x2xf8E8M0FNU>, %b: tensor<64x64xi8>, %bs: tensor<64x2xf8E8M0FNU>, %c: tensor<?x64xf32>) -> tensor<?x64xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] {lhs_fraction_bits = 6, rhs_fraction_bits = 6}
      lhs(%a scaled %as : tensor<?x64xi8>, tensor<?x2xf8E8M0FNU>) rhs(%b scaled %bs : tensor<64x64xi8>, tensor<64x2xf8E8M0FNU>)
      outs(%c : tensor<?x64xf32>) -> tensor<?x64xf32>
    return %0 : tensor<?x64xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Where sums of bytes are short, blocks that fit them have the smallest zero point, and
// so have those of which two groups do; of few rows, the columns.
// CHECK-LABEL: func.func @short_sums
// CHECK: arith.addi %{{.*}}, %c16_i16
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<?x16xi16>)
// CHECK: arith.muli %{{.*}}, %c-16_i16
// CHECK: mx.contract {{.*}} {lhs_zero_point = 16 : i64, mx.register_tile} {{.*}} compensated(%{{.*}} : tensor<?x16xi16>) outs(%{{.*}} : tensor<4x16xf32>)
// CHECK: arith.muli %{{.*}}, %c-64_i32
// CHECK: mx.contract {{.*}} {mx.register_tile, mx.short_sums, rhs_zero_point = 64 : i64} lhs({{.*}} tensor<?x?x8x4xi8>
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 1048576],
    dots = [<lhs = ui8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x86.avx2.pmadd.ub.sw">,
            <lhs = i16, rhs = i16, sum = i32, length = 2, intrinsic = "llvm.x86.avx2.pmadd.wd">]>} {
  func.func @short_sums(%a: tensor<80x?xf4E2M1FN>, %as: tensor<80x?xf8E8M0FNU>, %b: tensor<64x?xf6E2M3FN>, %bs: tensor<64x?xf8E8M0FNU>, %c: tensor<80x64xf32>, %d: tensor<64x64xf32>) -> (tensor<80x64xf32>, tensor<64x64xf32>) {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%a scaled %as : tensor<80x?xf4E2M1FN>, tensor<80x?xf8E8M0FNU>) rhs(%b scaled %bs : tensor<64x?xf6E2M3FN>, tensor<64x?xf8E8M0FNU>)
      outs(%c : tensor<80x64xf32>) -> tensor<80x64xf32>
    %1 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%b scaled %bs : tensor<64x?xf6E2M3FN>, tensor<64x?xf8E8M0FNU>) rhs(%b scaled %bs : tensor<64x?xf6E2M3FN>, tensor<64x?xf8E8M0FNU>)
      outs(%d : tensor<64x64xf32>) -> tensor<64x64xf32>
    return %0, %1 : tensor<80x64xf32>, tensor<64x64xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rows that are larger than half of the second cache pass by four panels at a time, each
// of which lies together: eight passes are left.
// CHECK-LABEL: func.func @several_panels
// CHECK: tensor.expand_shape %arg2 {{\[\[0, 1\], \[2\]\]}} {{.*}} into tensor<32x32x1024xi8>
// CHECK: scf.forall (%{{.*}}) = (0) to (32) step (4)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<4x32x8x32x4xi8>)
// CHECK: scf.for %{{.*}} = %{{.*}} to %c2048{{.*}} step %c8
// CHECK: scf.for %{{.*}} = %{{.*}} to %c4{{.*}} step %c1
// CHECK: mx.contract {{.*}} outs(%{{.*}} : tensor<8x1x32xf32>)
// CHECK-LABEL: func.func @ragged_columns
// CHECK: scf.forall (%{{.*}}) = (0) to (1000) step (32)
// CHECK-LABEL: func.func @columns_in_blocks
// CHECK-NOT: tensor<32x32x1024xi8>
// CHECK: return
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, caches = [32768, 1048576],
    dots = [<lhs = ui8, rhs = i8, sum = i32, length = 4, intrinsic = "llvm.x86.avx512.vpdpbusd.512">]>} {
  func.func @several_panels(%a: tensor<2048x1024xi8>, %as: tensor<2048x32xf8E8M0FNU>, %b: tensor<1024x1024xi8>, %bs: tensor<1024x32xf8E8M0FNU>, %c: tensor<2048x1024xf32>) -> tensor<2048x1024xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%a scaled %as : tensor<2048x1024xi8>, tensor<2048x32xf8E8M0FNU>) rhs(%b scaled %bs : tensor<1024x1024xi8>, tensor<1024x32xf8E8M0FNU>)
      outs(%c : tensor<2048x1024xf32>) -> tensor<2048x1024xf32>
    return %0 : tensor<2048x1024xf32>
  }
  func.func @ragged_columns(%a: tensor<2048x1024xi8>, %as: tensor<2048x32xf8E8M0FNU>, %b: tensor<1000x1024xi8>, %bs: tensor<1000x32xf8E8M0FNU>, %c: tensor<2048x1000xf32>) -> tensor<2048x1000xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%a scaled %as : tensor<2048x1024xi8>, tensor<2048x32xf8E8M0FNU>) rhs(%b scaled %bs : tensor<1000x1024xi8>, tensor<1000x32xf8E8M0FNU>)
      outs(%c : tensor<2048x1000xf32>) -> tensor<2048x1000xf32>
    return %0 : tensor<2048x1000xf32>
  }
  func.func @columns_in_blocks(%a: tensor<2048x1024xi8>, %as: tensor<2048x32xf8E8M0FNU>, %b: tensor<1024x1024xi8>, %bs: tensor<64x32xf8E8M0FNU>, %c: tensor<2048x1024xf32>) -> tensor<2048x1024xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, affine_map<(m, n, k) -> (n floordiv 16, k floordiv 32)>, #mn]
      lhs(%a scaled %as : tensor<2048x1024xi8>, tensor<2048x32xf8E8M0FNU>) rhs(%b scaled %bs : tensor<1024x1024xi8>, tensor<64x32xf8E8M0FNU>)
      outs(%c : tensor<2048x1024xf32>) -> tensor<2048x1024xf32>
    return %0 : tensor<2048x1024xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// f32 whose rows lie apart: more than two tiles read a copy of a panel, fewer the rows
// themselves; of any number of rows the program finds out.
// CHECK-LABEL: func.func @distant_rows
// CHECK: %[[PANEL:.*]] = tensor.empty() : tensor<300x16xf32>
// CHECK: %[[COPY:.*]] = bufferization.materialize_in_destination %{{.*}} in %[[PANEL]] : (tensor<300x16xf32>, tensor<300x16xf32>)
// CHECK: scf.for
// CHECK: mx.contract {{.*}} rhs(%{{.*}} : tensor<300x16xf32>) outs(%{{.*}} : tensor<?x16xf32>)
// CHECK-LABEL: func.func @few_rows
// CHECK-NOT: materialize_in_destination
// CHECK-LABEL: func.func @dynamic_rows
// CHECK: %[[FEW:.*]] = arith.cmpi ule, %{{.*}}, %c12
// CHECK: scf.if %[[FEW]]
// CHECK-NOT: materialize_in_destination
// CHECK: } else {
// CHECK: materialize_in_destination
// CHECK-LABEL: func.func @close_rows
// CHECK-NOT: materialize_in_destination
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [65536, 524288]>} {
  func.func @distant_rows(%a: tensor<13x300xf32>, %b: tensor<300x96xf32>, %c: tensor<13x96xf32>) -> tensor<13x96xf32> {
    %0 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%a : tensor<13x300xf32>) rhs(%b : tensor<300x96xf32>) outs(%c : tensor<13x96xf32>) -> tensor<13x96xf32>
    return %0 : tensor<13x96xf32>
  }
  func.func @few_rows(%a: tensor<12x300xf32>, %b: tensor<300x96xf32>, %c: tensor<12x96xf32>) -> tensor<12x96xf32> {
    %0 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%a : tensor<12x300xf32>) rhs(%b : tensor<300x96xf32>) outs(%c : tensor<12x96xf32>) -> tensor<12x96xf32>
    return %0 : tensor<12x96xf32>
  }
  func.func @dynamic_rows(%a: tensor<?x300xf32>, %b: tensor<300x96xf32>, %c: tensor<?x96xf32>) -> tensor<?x96xf32> {
    %0 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%a : tensor<?x300xf32>) rhs(%b : tensor<300x96xf32>) outs(%c : tensor<?x96xf32>) -> tensor<?x96xf32>
    return %0 : tensor<?x96xf32>
  }
  func.func @close_rows(%a: tensor<13x300xf32>, %b: tensor<300x64xf32>, %c: tensor<13x64xf32>) -> tensor<13x64xf32> {
    %0 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%a : tensor<13x300xf32>) rhs(%b : tensor<300x64xf32>) outs(%c : tensor<13x64xf32>) -> tensor<13x64xf32>
    return %0 : tensor<13x64xf32>
  }
}

// -----

// A window, a result of f16, blocks that a tile of 8 columns would cut: left alone.
// CHECK-LABEL: func.func @others
// CHECK-NOT: mx.register_tile
func.func @others(%x: tensor<9x32xf32>, %w: tensor<3x32x8xf32>, %y: tensor<7x8xf32>, %a: tensor<4x8xf16>, %b: tensor<8x4xf16>, %c: tensor<4x4xf16>, %p: tensor<4x8xf32>, %q: tensor<8x24xf8E4M3FN>, %s: tensor<2xf32>, %r: tensor<4x24xf32>) -> (tensor<7x8xf32>, tensor<4x4xf16>, tensor<4x24xf32>) {
  %0 = mx.contract indexing_maps = [affine_map<(y, n, i, k) -> (y + i, k)>, affine_map<(y, n, i, k) -> (i, k, n)>, affine_map<(y, n, i, k) -> (y, n)>]
    lhs(%x : tensor<9x32xf32>) rhs(%w : tensor<3x32x8xf32>) outs(%y : tensor<7x8xf32>) -> tensor<7x8xf32>
  %1 = mx.contract indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (m, n)>]
    lhs(%a : tensor<4x8xf16>) rhs(%b : tensor<8x4xf16>) outs(%c : tensor<4x4xf16>) -> tensor<4x4xf16>
  %2 = mx.contract indexing_maps = [affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (n floordiv 12)>, affine_map<(m, n, k) -> (m, n)>]
    lhs(%p : tensor<4x8xf32>) rhs(%q scaled %s : tensor<8x24xf8E4M3FN>, tensor<2xf32>) outs(%r : tensor<4x24xf32>) -> tensor<4x24xf32>
  return %0, %1, %2 : tensor<7x8xf32>, tensor<4x4xf16>, tensor<4x24xf32>
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#knb = affine_map<(m, n, k) -> (k floordiv 32, n)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// A tile of one row takes codes as they are, and scales as f32: columns last, or
// the sum where that is innermost, blocks hold whole vectors and no target would
// lay constants out otherwise. Else they are brought in order; scales are divided
// by what decoding leaves out.
// CHECK-LABEL: func.func @few
// CHECK: scf.forall
// CHECK: %[[SCALES:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<2x16xf8E8M0FNU>) outs(%{{.*}} : tensor<2x16xf32>)
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%arg0 : tensor<1x64xf32>) rhs(%{{.*}} scaled %[[SCALES]] : tensor<64x16xf8E4M3FN>, tensor<2x16xf32>)
// CHECK: scf.forall
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%arg0 : tensor<1x64xf32>) rhs(%{{.*}} scaled %{{.*}} : tensor<16x64xi8>, tensor<16x2xf32>)
// CHECK: scf.forall
// CHECK: %[[CODES:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<16x64xi8>) outs(%{{.*}} : tensor<64x16xi8>)
// CHECK: %[[DIVIDED:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<2x16xf32>)
// CHECK: arith.mulf %{{.*}}, %cst{{.*}} : f32
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%{{.*}} : tensor<1x64xf32>) rhs(%[[CODES]] scaled %[[DIVIDED]] : tensor<64x16xi8>, tensor<2x16xf32>)
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 524288]>} {
  func.func @few(%a: tensor<1x64xf32>, %b: tensor<64x48xf8E4M3FN>, %bs: tensor<2x48xf8E8M0FNU>, %i: tensor<128x64xi8>, %is: tensor<128x2xf8E8M0FNU>,
                 %d: tensor<1x64xf32>, %j: tensor<48x64xi8>, %js: tensor<48x2xf8E8M0FNU>, %c: tensor<1x48xf32>, %e: tensor<1x128xf32>) -> (tensor<1x48xf32>, tensor<1x128xf32>, tensor<1x48xf32>) {
    %0 = mx.contract indexing_maps = [#mk, #kn, #knb, #mn]
      lhs(%a : tensor<1x64xf32>) rhs(%b scaled %bs : tensor<64x48xf8E4M3FN>, tensor<2x48xf8E8M0FNU>)
      outs(%c : tensor<1x48xf32>) -> tensor<1x48xf32>
    %1 = mx.contract indexing_maps = [#mk, #nk, #nkb, #mn] {rhs_fraction_bits = 6}
      lhs(%a : tensor<1x64xf32>) rhs(%i scaled %is : tensor<128x64xi8>, tensor<128x2xf8E8M0FNU>)
      outs(%e : tensor<1x128xf32>) -> tensor<1x128xf32>
    %2 = mx.contract indexing_maps = [#mk, #nk, #nkb, #mn] {rhs_fraction_bits = 6}
      lhs(%d : tensor<1x64xf32>) rhs(%j scaled %js : tensor<48x64xi8>, tensor<48x2xf8E8M0FNU>)
      outs(%c : tensor<1x48xf32>) -> tensor<1x48xf32>
    return %0, %1, %2 : tensor<1x48xf32>, tensor<1x128xf32>, tensor<1x48xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Elements of 4 bits are bytes before they are brought in order.
// CHECK-LABEL: func.func @few_of_4_bits
// CHECK: scf.forall
// CHECK: %[[BYTES:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<16x40xf4E2M1FN>) outs(%{{.*}} : tensor<16x40xi8>)
// CHECK: %[[CODES:.*]] = linalg.generic {{.*}} ins(%[[BYTES]] : tensor<16x40xi8>) outs(%{{.*}} : tensor<40x16xi8>)
// CHECK: %[[SCALES:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<16x2xf8E8M0FNU>) outs(%{{.*}} : tensor<2x16xf32>)
// CHECK: mx.contract {{.*}} {mx.register_tile, rhs_codes = f4E2M1FN} lhs(%arg0 : tensor<1x40xf32>) rhs(%[[CODES]] scaled %[[SCALES]] : tensor<40x16xi8>, tensor<2x16xf32>)
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 524288]>} {
  func.func @few_of_4_bits(%a: tensor<1x40xf32>, %b: tensor<48x40xf4E2M1FN>, %bs: tensor<48x2xf8E8M0FNU>, %c: tensor<1x48xf32>) -> tensor<1x48xf32> {
    %0 = mx.contract indexing_maps = [#mk, #nk, #nkb, #mn]
      lhs(%a : tensor<1x40xf32>) rhs(%b scaled %bs : tensor<48x40xf4E2M1FN>, tensor<48x2xf8E8M0FNU>)
      outs(%c : tensor<1x48xf32>) -> tensor<1x48xf32>
    return %0 : tensor<1x48xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// For a dot product of bf16 both factors become pairs of it; a sum of 65 ends in
// zeros. Rows are decoded along the sum, panels with the pairs of all columns beside
// each other.
// CHECK-LABEL: func.func @pairs
// CHECK: tensor.pad %arg0 low[0, 0] high[0, 1]
// CHECK: %[[ROWS:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<40x66xbf16>)
// CHECK: arith.trunci %{{.*}} : i32 to i16
// CHECK: %[[LHS:.*]] = tensor.expand_shape %[[ROWS]] {{.*}} into tensor<40x33x2xbf16>
// CHECK: tensor.pad %arg2 low[0, 0] high[0, 1]
// CHECK: scf.forall
// CHECK: %[[CODES:.*]] = linalg.generic {{.*}} outs(%{{.*}} : tensor<66x16xf8E4M3FN>)
// CHECK: %[[PANEL:.*]] = linalg.generic {{.*}} ins(%[[CODES]], %{{.*}} : tensor<66x16xf8E4M3FN>, tensor<3x16xf32>) outs(%{{.*}} : tensor<33x16x2xbf16>)
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%{{.*}} : tensor<?x33x2xbf16>) rhs(%[[PANEL]] : tensor<33x16x2xbf16>)
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 524288], dots = [<lhs = bf16, rhs = bf16, sum = f32, length = 2, intrinsic = "llvm.x86.avx512bf16.dpbf16ps.256">]>} {
  func.func @pairs(%a: tensor<40x65xf8E4M3FN>, %as: tensor<40x3xf8E8M0FNU>, %b: tensor<48x65xf8E4M3FN>, %bs: tensor<48x3xf8E8M0FNU>, %c: tensor<40x48xf32>) -> tensor<40x48xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%a scaled %as : tensor<40x65xf8E4M3FN>, tensor<40x3xf8E8M0FNU>) rhs(%b scaled %bs : tensor<48x65xf8E4M3FN>, tensor<48x3xf8E8M0FNU>)
      outs(%c : tensor<40x48xf32>) -> tensor<40x48xf32>
    return %0 : tensor<40x48xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// With 32 registers there is room for 14 rows of two vectors, but not for the addresses
// of as many whose distance is no number.
// CHECK-LABEL: func.func @addresses
// CHECK: scf.for %{{.*}} step %c8 {{.*}}
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%{{.*}} : tensor<?x?xf32>)
// CHECK: scf.for %{{.*}} step %c14 {{.*}}
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%{{.*}} : tensor<?x64xf32>)
module attributes {mx.target = #mx.target<vector_bits = 512, vector_registers = 32, caches = [32768, 524288]>} {
  func.func @addresses(%a: tensor<?x?xf32>, %b: tensor<?x32xf32>, %c: tensor<?x64xf32>, %d: tensor<64x32xf32>, %init: tensor<?x32xf32>) -> (tensor<?x32xf32>, tensor<?x32xf32>) {
    %0 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%a : tensor<?x?xf32>) rhs(%b : tensor<?x32xf32>) outs(%init : tensor<?x32xf32>) -> tensor<?x32xf32>
    %1 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%c : tensor<?x64xf32>) rhs(%d : tensor<64x32xf32>) outs(%init : tensor<?x32xf32>) -> tensor<?x32xf32>
    return %0, %1 : tensor<?x32xf32>, tensor<?x32xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Where an instruction extends f16, elements become f32 by way of it, and what their
// values are divided by is multiplied into the block's scale.
// CHECK-LABEL: func.func @by_f16
// CHECK: %[[POWER:.*]] = arith.constant 2.560000e+02 : f32
// CHECK: %[[SCALES:.*]] = linalg.generic {{.*}} ins(%{{.*}} : tensor<16x2xf8E8M0FNU>) outs(%{{.*}} : tensor<2x16xf32>)
// CHECK: %[[SCALE:.*]] = arith.extf %{{.*}} : f8E8M0FNU to f32
// CHECK: arith.mulf %[[SCALE]], %[[POWER]]
// CHECK: linalg.generic {{.*}} ins(%{{.*}}, %[[SCALES]] : tensor<64x16xf8E4M3FN>, tensor<2x16xf32>) outs(%{{.*}} : tensor<64x16xf32>)
// CHECK: arith.bitcast %{{.*}} : i16 to f16
// CHECK: %[[VALUE:.*]] = arith.extf %{{.*}} : f16 to f32
// CHECK-NEXT: arith.mulf %[[VALUE]], %{{.*}}
// CHECK-NEXT: linalg.yield
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, extends = [f16], caches = [32768, 524288]>} {
  func.func @by_f16(%a: tensor<64x64xf32>, %b: tensor<48x64xf8E4M3FN>, %bs: tensor<48x2xf8E8M0FNU>, %c: tensor<64x48xf32>) -> tensor<64x48xf32> {
    %0 = mx.contract indexing_maps = [#mk, #nk, #nkb, #mn] {rhs_ordinary_scales}
      lhs(%a : tensor<64x64xf32>) rhs(%b scaled %bs : tensor<48x64xf8E4M3FN>, tensor<48x2xf8E8M0FNU>)
      outs(%c : tensor<64x48xf32>) -> tensor<64x48xf32>
    return %0 : tensor<64x48xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rows that would all have the same sets of a cache lie a line further apart.
// CHECK-LABEL: func.func @rows_apart
// CHECK: %[[WIDE:.*]] = tensor.empty(%{{.*}}) : tensor<?x4112xf32>
// CHECK: tensor.extract_slice %[[WIDE]][0, 0] [%{{.*}}, 4096] [1, 1] : tensor<?x4112xf32> to tensor<?x4096xf32>
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 524288]>} {
  func.func @rows_apart(%a: tensor<?x4096xf8E4M3FN>, %as: tensor<?x128xf8E8M0FNU>, %b: tensor<64x4096xf8E4M3FN>, %bs: tensor<64x128xf8E8M0FNU>, %c: tensor<?x64xf32>) -> tensor<?x64xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%a scaled %as : tensor<?x4096xf8E4M3FN>, tensor<?x128xf8E8M0FNU>) rhs(%b scaled %bs : tensor<64x4096xf8E4M3FN>, tensor<64x128xf8E8M0FNU>)
      outs(%c : tensor<?x64xf32>) -> tensor<?x64xf32>
    return %0 : tensor<?x64xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Rows of pairs of i16 of which six are read side by side, in blocks: one more block.
// CHECK-LABEL: func.func @blocks_apart
// CHECK: %[[WIDE:.*]] = tensor.empty() : tensor<64x65x32xi16>
// CHECK: tensor.extract_slice %[[WIDE]][0, 0, 0] [64, 64, 32] [1, 1, 1] : tensor<64x65x32xi16> to tensor<64x64x32xi16>
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 524288]>} {
  func.func @blocks_apart(%a: tensor<64x2048xi8>, %as: tensor<64x64xf8E8M0FNU>, %c: tensor<64x64xf32>) -> tensor<64x64xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%a scaled %as : tensor<64x2048xi8>, tensor<64x64xf8E8M0FNU>) rhs(%a scaled %as : tensor<64x2048xi8>, tensor<64x64xf8E8M0FNU>)
      outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
    return %0 : tensor<64x64xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Four rows have room.
// CHECK-LABEL: func.func @four_rows
// CHECK-NOT: 4112
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 524288]>} {
  func.func @four_rows(%a: tensor<4x4096xf8E4M3FN>, %as: tensor<4x128xf8E8M0FNU>, %b: tensor<64x4096xf8E4M3FN>, %bs: tensor<64x128xf8E8M0FNU>, %c: tensor<4x64xf32>) -> tensor<4x64xf32> {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn]
      lhs(%a scaled %as : tensor<4x4096xf8E4M3FN>, tensor<4x128xf8E8M0FNU>) rhs(%b scaled %bs : tensor<64x4096xf8E4M3FN>, tensor<64x128xf8E8M0FNU>)
      outs(%c : tensor<4x64xf32>) -> tensor<4x64xf32>
    return %0 : tensor<4x64xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#kn = affine_map<(m, n, k) -> (k, n)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Zeros are a register tile's own, unless more is added to it later.
// CHECK-LABEL: func.func @zeros
// CHECK: scf.forall
// CHECK-NOT: linalg.fill
// CHECK: scf.for
// CHECK: %[[ZEROS:.*]] = linalg.fill
// CHECK: mx.contract {{.*}} outs(%[[ZEROS]]
// CHECK: scf.forall
// CHECK: linalg.fill
// CHECK: scf.for
// CHECK: scf.for
// CHECK-NOT: linalg.fill
// CHECK: mx.contract
module attributes {mx.target = #mx.target<vector_bits = 128, vector_registers = 16, caches = [8192]>} {
  func.func @zeros(%a: tensor<20x100xf32>, %b: tensor<100x20xf32>, %x: tensor<20x300xf32>, %y: tensor<300x20xf32>) -> (tensor<20x20xf32>, tensor<20x20xf32>) {
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<20x20xf32>
    %c = linalg.fill ins(%zero : f32) outs(%e : tensor<20x20xf32>) -> tensor<20x20xf32>
    %0 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%a : tensor<20x100xf32>) rhs(%b : tensor<100x20xf32>) outs(%c : tensor<20x20xf32>) -> tensor<20x20xf32>
    %d = linalg.fill ins(%zero : f32) outs(%e : tensor<20x20xf32>) -> tensor<20x20xf32>
    %1 = mx.contract indexing_maps = [#mk, #kn, #mn] lhs(%x : tensor<20x300xf32>) rhs(%y : tensor<300x20xf32>) outs(%d : tensor<20x20xf32>) -> tensor<20x20xf32>
    return %0, %1 : tensor<20x20xf32>, tensor<20x20xf32>
  }
}

// -----

#mk = affine_map<(m, n, k) -> (m, k)>
#mkb = affine_map<(m, n, k) -> (m, k floordiv 32)>
#nk = affine_map<(m, n, k) -> (n, k)>
#nkb = affine_map<(m, n, k) -> (n, k floordiv 32)>
#mn = affine_map<(m, n, k) -> (m, n)>
// Dot products with sums of i16: those of a block of E2M1 fit, of E2M3 those of two
// groups, of INT8 with E2M1, too; none of INT8.
// CHECK-LABEL: func.func @short_sums_of_groups
// CHECK: mx.contract {{.*}} {mx.register_tile, rhs_zero_point = 16 : i64} {{.*}} compensated(%{{.*}} : tensor<{{.*}}xi16>)
// CHECK: mx.contract {{.*}} {mx.register_tile, mx.short_sums, rhs_zero_point = 64 : i64} {{.*}} outs(%{{.*}} : tensor<?x16xf32>)
// CHECK: mx.contract {{.*}} {mx.register_tile, mx.short_sums, rhs_zero_point = 16 : i64}
// CHECK: mx.contract {{.*}} {mx.register_tile} lhs(%{{.*}} : tensor<{{.*}}x2xi16>
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768, 524288],
    dots = [<lhs = ui8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x86.avx2.pmadd.ub.sw">,
            <lhs = i16, rhs = i16, sum = i32, length = 2, intrinsic = "llvm.x86.avx2.pmadd.wd">]>} {
  func.func @short_sums_of_groups(%as: tensor<64x2xf8E8M0FNU>, %bs: tensor<64x2xf8E8M0FNU>, %c: tensor<64x64xf32>, %f4: tensor<64x64xf4E2M1FN>, %f6: tensor<64x64xf6E2M3FN>, %i8: tensor<64x64xi8>) -> (tensor<64x64xf32>, tensor<64x64xf32>, tensor<64x64xf32>, tensor<64x64xf32>) {
    %0 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] lhs(%f4 scaled %as : tensor<64x64xf4E2M1FN>, tensor<64x2xf8E8M0FNU>) rhs(%f4 scaled %bs : tensor<64x64xf4E2M1FN>, tensor<64x2xf8E8M0FNU>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
    %1 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] lhs(%f6 scaled %as : tensor<64x64xf6E2M3FN>, tensor<64x2xf8E8M0FNU>) rhs(%f6 scaled %bs : tensor<64x64xf6E2M3FN>, tensor<64x2xf8E8M0FNU>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
    %2 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] lhs(%i8 scaled %as : tensor<64x64xi8>, tensor<64x2xf8E8M0FNU>) rhs(%f4 scaled %bs : tensor<64x64xf4E2M1FN>, tensor<64x2xf8E8M0FNU>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
    %3 = mx.contract indexing_maps = [#mk, #mkb, #nk, #nkb, #mn] lhs(%i8 scaled %as : tensor<64x64xi8>, tensor<64x2xf8E8M0FNU>) rhs(%i8 scaled %bs : tensor<64x64xi8>, tensor<64x2xf8E8M0FNU>) outs(%c : tensor<64x64xf32>) -> tensor<64x64xf32>
    return %0, %1, %2, %3 : tensor<64x64xf32>, tensor<64x64xf32>, tensor<64x64xf32>, tensor<64x64xf32>
  }
}
