// Register tiles leave registers for what is added to them: the loop over a sum does
// not touch the stack, whatever the number of rows.
// REQUIRES: x86_64
// Checks of every access take registers too.
// UNSUPPORTED: sanitize
// RUN: mx-run %s --entry=columns --cpu=haswell --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=columns --cpu=skylake-avx512 --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=columns --cpu=znver4 --emit=asm | python3 %S/Inputs/find_spills.py
// With AVX-512 masks have registers of their own, also for fewer columns than a tile.
// RUN: mx-run %s --entry=masked --cpu=skylake-avx512 --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=masked --cpu=znver4 --emit=asm | python3 %S/Inputs/find_spills.py
// A panel's rows lie apart: few rows read them there, more a copy.
// RUN: mx-run %s --entry=distant --cpu=haswell --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=distant --cpu=skylake-avx512 --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=distant --triple=aarch64-linux-gnu --emit=asm | python3 %S/Inputs/find_spills.py
// Rows at a distance that only the program knows, as of attention's probabilities.
// RUN: mx-run %s --entry=dynamic --cpu=haswell --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=dynamic --cpu=skylake-avx512 --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=dynamic --triple=aarch64-linux-gnu --emit=asm | python3 %S/Inputs/find_spills.py
// Sums of integers.
// RUN: mx-run %s --entry=integers --cpu=haswell --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=integers --cpu=skylake-avx512 --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=integers --cpu=alderlake --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=integers --cpu=znver4 --emit=asm | python3 %S/Inputs/find_spills.py
// Sums of i16 of two groups; rows that pass by several panels.
// RUN: mx-run %s --entry=groups --cpu=haswell --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=groups --cpu=skylake-avx512 --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=groups --cpu=x86-64-v2 --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=panels --cpu=haswell --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=panels --cpu=znver4 --emit=asm | python3 %S/Inputs/find_spills.py
// Codes in the order of the sum, and packed ones.
// RUN: mx-run %s --entry=ordered --cpu=haswell --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=ordered --cpu=skylake-avx512 --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=pairs --cpu=haswell --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=pairs --cpu=skylake-avx512 --emit=asm | python3 %S/Inputs/find_spills.py
// Other architectures.
// RUN: mx-run %s --entry=ordered --triple=aarch64-linux-gnu --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=ordered --triple=riscv64-linux-gnu --cpu=sifive-x280 --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=columns --triple=aarch64-linux-gnu --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=columns --triple=riscv64-linux-gnu --cpu=sifive-x280 --emit=asm | python3 %S/Inputs/find_spills.py
// RUN: mx-run %s --entry=integers --triple=aarch64-linux-gnu --cpu=neoverse-n2 --emit=asm | python3 %S/Inputs/find_spills.py

// The script finds such accesses, and is not content with no loop at all.
// RUN: not python3 %S/Inputs/find_spills.py < %S/Inputs/spills.s | FileCheck %s
// CHECK: spilled_sum, .LBB0_2: 2 multiply-adds, 2 accesses to the stack:
// CHECK-NEXT: vmovups 32(%rsp), %ymm2
// CHECK-NEXT: vmovups %ymm2, 32(%rsp)
// CHECK-NEXT: frame_pointer, .LBB1_1: 1 multiply-adds, 1 accesses to the stack:
// CHECK-NEXT: vmovups -48(%rbp), %ymm3
// CHECK-NEXT: 4 loops that multiply and add, 2 with accesses to the stack
// RUN: not python3 %S/Inputs/find_spills.py < %s | FileCheck %s --check-prefix=NONE
// NONE: 0 loops

func.func @columns(%x: tensor<?x512xf8E4M3FN>, %xs: tensor<?x16xf8E8M0FNU>, %w: tensor<512x?xf8E4M3FN>, %ws: tensor<16x?xf8E8M0FNU>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = mx.contract indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, k floordiv 32)>,
      affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (k floordiv 32, n)>,
      affine_map<(m, n, k) -> (m, n)>]
    lhs(%x scaled %xs : tensor<?x512xf8E4M3FN>, tensor<?x16xf8E8M0FNU>)
    rhs(%w scaled %ws : tensor<512x?xf8E4M3FN>, tensor<16x?xf8E8M0FNU>)
    outs(%y : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

func.func @masked(%x: tensor<?x2048xf32>, %w: tensor<2048x?xf32>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = linalg.matmul ins(%x, %w : tensor<?x2048xf32>, tensor<2048x?xf32>) outs(%y : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

func.func @distant(%x: tensor<?x2048xf32>, %w: tensor<2048x512xf32>, %y: tensor<?x512xf32>) -> tensor<?x512xf32> {
  %0 = linalg.matmul ins(%x, %w : tensor<?x2048xf32>, tensor<2048x512xf32>) outs(%y : tensor<?x512xf32>) -> tensor<?x512xf32>
  return %0 : tensor<?x512xf32>
}

func.func @dynamic(%x: tensor<?x?x?xf32>, %w: tensor<?x?x32xf32>, %y: tensor<?x?x32xf32>) -> tensor<?x?x32xf32> {
  %0 = linalg.batch_matmul ins(%x, %w : tensor<?x?x?xf32>, tensor<?x?x32xf32>) outs(%y : tensor<?x?x32xf32>) -> tensor<?x?x32xf32>
  return %0 : tensor<?x?x32xf32>
}

func.func @integers(%x: tensor<?x512xf4E2M1FN>, %xs: tensor<?x16xf8E8M0FNU>, %w: tensor<512x?xf4E2M1FN>, %ws: tensor<16x?xf8E8M0FNU>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = mx.contract indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, k floordiv 32)>,
      affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (k floordiv 32, n)>,
      affine_map<(m, n, k) -> (m, n)>]
    lhs(%x scaled %xs : tensor<?x512xf4E2M1FN>, tensor<?x16xf8E8M0FNU>)
    rhs(%w scaled %ws : tensor<512x?xf4E2M1FN>, tensor<16x?xf8E8M0FNU>)
    outs(%y : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

func.func @groups(%x: tensor<?x512xf6E2M3FN>, %xs: tensor<?x16xf8E8M0FNU>, %w: tensor<512x?xf6E2M3FN>, %ws: tensor<16x?xf8E8M0FNU>, %y: tensor<?x?xf32>) -> tensor<?x?xf32> {
  %0 = mx.contract indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, k floordiv 32)>,
      affine_map<(m, n, k) -> (k, n)>, affine_map<(m, n, k) -> (k floordiv 32, n)>,
      affine_map<(m, n, k) -> (m, n)>]
    lhs(%x scaled %xs : tensor<?x512xf6E2M3FN>, tensor<?x16xf8E8M0FNU>)
    rhs(%w scaled %ws : tensor<512x?xf6E2M3FN>, tensor<16x?xf8E8M0FNU>)
    outs(%y : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0 : tensor<?x?xf32>
}

func.func @panels(%x: tensor<?x2048xi8>, %xs: tensor<?x64xf8E8M0FNU>, %w: tensor<1024x2048xi8>, %ws: tensor<1024x64xf8E8M0FNU>, %y: tensor<?x1024xf32>) -> tensor<?x1024xf32> {
  %0 = mx.contract indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (m, k floordiv 32)>,
      affine_map<(m, n, k) -> (n, k)>, affine_map<(m, n, k) -> (n, k floordiv 32)>,
      affine_map<(m, n, k) -> (m, n)>]
    lhs(%x scaled %xs : tensor<?x2048xi8>, tensor<?x64xf8E8M0FNU>)
    rhs(%w scaled %ws : tensor<1024x2048xi8>, tensor<1024x64xf8E8M0FNU>)
    outs(%y : tensor<?x1024xf32>) -> tensor<?x1024xf32>
  return %0 : tensor<?x1024xf32>
}

func.func @ordered(%x: tensor<?x2048xf32>, %w: tensor<?x2048xf8E4M3FN>, %v: tensor<?x1024xi8>, %ws: tensor<?x64xf8E8M0FNU>, %y: tensor<?x?xf32>) -> (tensor<?x?xf32>, tensor<?x?xf32>) {
  %0 = mx.contract indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
      affine_map<(m, n, k) -> (n, k floordiv 32)>, affine_map<(m, n, k) -> (m, n)>]
    lhs(%x : tensor<?x2048xf32>) rhs(%w scaled %ws : tensor<?x2048xf8E4M3FN>, tensor<?x64xf8E8M0FNU>)
    outs(%y : tensor<?x?xf32>) -> tensor<?x?xf32>
  %narrow = mx.unpack_elements container = dense %v : tensor<?x1024xi8> -> tensor<?x2048xf4E2M1FN>
  %1 = mx.contract indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (n, k)>,
      affine_map<(m, n, k) -> (n, k floordiv 32)>, affine_map<(m, n, k) -> (m, n)>]
    lhs(%x : tensor<?x2048xf32>) rhs(%narrow scaled %ws : tensor<?x2048xf4E2M1FN>, tensor<?x64xf8E8M0FNU>)
    outs(%y : tensor<?x?xf32>) -> tensor<?x?xf32>
  return %0, %1 : tensor<?x?xf32>, tensor<?x?xf32>
}

func.func @pairs(%x: tensor<?x2048xf32>, %v: tensor<2048x512xi8>, %ws: tensor<64x1024xf8E8M0FNU>, %y: tensor<?x1024xf32>) -> tensor<?x1024xf32> {
  %w = mx.unpack_elements container = dense %v : tensor<2048x512xi8> -> tensor<2048x1024xf4E2M1FN>
  %0 = mx.contract indexing_maps = [
      affine_map<(m, n, k) -> (m, k)>, affine_map<(m, n, k) -> (k, n)>,
      affine_map<(m, n, k) -> (k floordiv 32, n)>, affine_map<(m, n, k) -> (m, n)>]
    lhs(%x : tensor<?x2048xf32>) rhs(%w scaled %ws : tensor<2048x1024xf4E2M1FN>, tensor<64x1024xf8E8M0FNU>)
    outs(%y : tensor<?x1024xf32>) -> tensor<?x1024xf32>
  return %0 : tensor<?x1024xf32>
}
