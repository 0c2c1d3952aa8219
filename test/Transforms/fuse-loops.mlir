// RUN: mx-opt %s --mx-fuse-loops --canonicalize --cse --split-input-file | FileCheck %s

// A tile has half of 8 KiB: 2 rows of 384 f32, or 32 columns of a block of 32 rows.
// Blocks that have no dimension of their own are left.
// CHECK-LABEL: func.func @quantize
// CHECK: scf.forall (%{{.*}}) = (0) to (%{{.*}}) step (2)
// CHECK: mx.quantize {{.*}} ins(%{{.*}} : tensor<?x12x32xf32>)
// CHECK: scf.forall (%{{.*}}, %{{.*}}) = (0, 0) to (5, 96) step (1, 32)
// CHECK: mx.quantize {{.*}} ins(%{{.*}} : tensor<1x32x32xf32>)
// CHECK-NOT: scf.forall (
// CHECK: mx.quantize {{.*}} ins(%arg6 : tensor<4x100xf32>)
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [8192]>} {
  func.func @quantize(%x: tensor<?x12x32xf32>, %q: tensor<?x12x32xf8E4M3FN>, %s: tensor<?x12xf8E8M0FNU>, %y: tensor<5x32x96xf32>, %r: tensor<5x32x96xi8>, %t: tensor<5x96xf8E8M0FNU>, %z: tensor<4x100xf32>, %o: tensor<4x100xf6E2M3FN>, %u: tensor<4x4xf8E8M0FNU>)
      -> (tensor<?x12x32xf8E4M3FN>, tensor<?x12xf8E8M0FNU>, tensor<5x32x96xi8>, tensor<5x96xf8E8M0FNU>, tensor<4x100xf6E2M3FN>, tensor<4x4xf8E8M0FNU>) {
    %0:2 = mx.quantize scale_map = affine_map<(m, b, k) -> (m, b)> rule = floor ins(%x : tensor<?x12x32xf32>) outs(%q, %s : tensor<?x12x32xf8E4M3FN>, tensor<?x12xf8E8M0FNU>) -> tensor<?x12x32xf8E4M3FN>, tensor<?x12xf8E8M0FNU>
    %1:2 = mx.quantize scale_map = affine_map<(b, k, n) -> (b, n)> rule = floor fraction_bits = 6 ins(%y : tensor<5x32x96xf32>) outs(%r, %t : tensor<5x32x96xi8>, tensor<5x96xf8E8M0FNU>) -> tensor<5x32x96xi8>, tensor<5x96xf8E8M0FNU>
    %2:2 = mx.quantize scale_map = affine_map<(m, k) -> (m, k floordiv 32)> rule = floor ins(%z : tensor<4x100xf32>) outs(%o, %u : tensor<4x100xf6E2M3FN>, tensor<4x4xf8E8M0FNU>) -> tensor<4x100xf6E2M3FN>, tensor<4x4xf8E8M0FNU>
    return %0#0, %0#1, %1#0, %1#1, %2#0, %2#1 : tensor<?x12x32xf8E4M3FN>, tensor<?x12xf8E8M0FNU>, tensor<5x32x96xi8>, tensor<5x96xf8E8M0FNU>, tensor<4x100xf6E2M3FN>, tensor<4x4xf8E8M0FNU>
  }
}

// -----

// Nothing to quantize.
// CHECK-LABEL: func.func @empty
// CHECK-NOT: scf.forall
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [8192]>} {
  func.func @empty(%x: tensor<0x7000xf32>, %q: tensor<0x7000xf8E4M3FN>, %s: tensor<0x7000xf8E8M0FNU>) -> (tensor<0x7000xf8E4M3FN>, tensor<0x7000xf8E8M0FNU>) {
    %0:2 = mx.quantize scale_map = affine_map<(m, k) -> (m, k)> rule = floor ins(%x : tensor<0x7000xf32>) outs(%q, %s : tensor<0x7000xf8E4M3FN>, tensor<0x7000xf8E8M0FNU>) -> tensor<0x7000xf8E4M3FN>, tensor<0x7000xf8E8M0FNU>
    return %0#0, %0#1 : tensor<0x7000xf8E4M3FN>, tensor<0x7000xf8E8M0FNU>
  }
}

// -----

#ij = affine_map<(i, j) -> (i, j)>
#i = affine_map<(i, j) -> (i)>
#j = affine_map<(i, j) -> (j)>

// A normalisation: sums and differences of 10 rows in one loop, in buffers of
// their own. What is used elsewhere, or would be made for each tile again, is not.
// CHECK-LABEL: func.func @normalise
// CHECK: %[[X:.*]] = scf.forall
// CHECK: math.exp
// CHECK: %[[W:.*]] = linalg.generic {{.*}} ins(%arg1
// CHECK: scf.forall (%[[I:.*]]) = (0) to (%{{.*}}) step (10)
// CHECK: %[[ROWS:.*]] = tensor.extract_slice %[[X]][%[[I]], 0]
// CHECK: %[[E:.*]] = tensor.empty(%{{.*}}) : tensor<?xf32>
// CHECK: %[[ZERO:.*]] = linalg.fill {{.*}} outs(%[[E]] :
// CHECK: %[[SUM:.*]] = linalg.generic {{.*}} ins(%[[ROWS]] : {{.*}}) outs(%[[ZERO]]
// CHECK: linalg.generic {{.*}} ins(%[[ROWS]], %[[SUM]], %[[W]]
// CHECK: tensor.parallel_insert_slice
// CHECK-NOT: linalg.
// CHECK: return
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @normalise(%a: tensor<?x384xf32>, %v: tensor<384xf32>) -> (tensor<?x384xf32>, tensor<?x384xf32>) {
    %c0 = arith.constant 0 : index
    %zero = arith.constant 0.0 : f32
    %n = tensor.dim %a, %c0 : tensor<?x384xf32>
    %e = tensor.empty(%n) : tensor<?x384xf32>
    %s = tensor.empty(%n) : tensor<?xf32>
    %t = tensor.empty() : tensor<384xf32>
    %x = linalg.generic {indexing_maps = [#ij, #ij], iterator_types = ["parallel", "parallel"]}
        ins(%a : tensor<?x384xf32>) outs(%e : tensor<?x384xf32>) {
    ^bb0(%p: f32, %o: f32):
      %q = math.exp %p : f32
      linalg.yield %q : f32
    } -> tensor<?x384xf32>
    %w = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
        ins(%v : tensor<384xf32>) outs(%t : tensor<384xf32>) {
    ^bb0(%p: f32, %o: f32):
      %q = math.exp %p : f32
      linalg.yield %q : f32
    } -> tensor<384xf32>
    %f = linalg.fill ins(%zero : f32) outs(%s : tensor<?xf32>) -> tensor<?xf32>
    %sum = linalg.generic {indexing_maps = [#ij, #i], iterator_types = ["parallel", "reduction"]}
        ins(%x : tensor<?x384xf32>) outs(%f : tensor<?xf32>) {
    ^bb0(%p: f32, %o: f32):
      %q = arith.addf %o, %p : f32
      linalg.yield %q : f32
    } -> tensor<?xf32>
    %y = linalg.generic {indexing_maps = [#ij, #i, #j, #ij], iterator_types = ["parallel", "parallel"]}
        ins(%x, %sum, %w : tensor<?x384xf32>, tensor<?xf32>, tensor<384xf32>) outs(%e : tensor<?x384xf32>) {
    ^bb0(%p: f32, %m: f32, %u: f32, %o: f32):
      %q = arith.divf %p, %m : f32
      %r = arith.mulf %q, %u : f32
      linalg.yield %r : f32
    } -> tensor<?x384xf32>
    return %x, %y : tensor<?x384xf32>, tensor<?x384xf32>
  }
}

// -----

#ij = affine_map<(i, j) -> (i, j)>
#i = affine_map<(i, j) -> (i)>

// Several users in one loop: made once. A loop of a loop stays as it is; what fits
// a tile, too.
// CHECK-LABEL: func.func @users
// CHECK: scf.forall (%{{.*}}) = (0) to (1000) step (64)
// CHECK: linalg.exp
// CHECK-NOT: linalg.exp
// CHECK: linalg.reduce
// CHECK: arith.divf
// CHECK: tensor.parallel_insert_slice
// CHECK: scf.for
// CHECK-NOT: scf.forall
// CHECK: linalg.exp
// CHECK: return
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @users(%a: tensor<1000x64xf32>, %b: tensor<8x8xf32>, %k: index) -> (tensor<1000x64xf32>, tensor<1000x64xf32>, tensor<8x8xf32>) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %zero = arith.constant 0.0 : f32
    %e = tensor.empty() : tensor<1000x64xf32>
    %s = tensor.empty() : tensor<1000xf32>
    %t = tensor.empty() : tensor<8x8xf32>
    %x = linalg.exp ins(%a : tensor<1000x64xf32>) outs(%e : tensor<1000x64xf32>) -> tensor<1000x64xf32>
    %f = linalg.fill ins(%zero : f32) outs(%s : tensor<1000xf32>) -> tensor<1000xf32>
    %sum = linalg.reduce { arith.addf } ins(%x : tensor<1000x64xf32>) outs(%f : tensor<1000xf32>) dimensions = [1]
    %y = linalg.generic {indexing_maps = [#ij, #i, #ij], iterator_types = ["parallel", "parallel"]}
        ins(%x, %sum : tensor<1000x64xf32>, tensor<1000xf32>) outs(%e : tensor<1000x64xf32>) {
    ^bb0(%p: f32, %m: f32, %o: f32):
      %q = arith.divf %p, %m : f32
      linalg.yield %q : f32
    } -> tensor<1000x64xf32>
    %z = scf.for %i = %c0 to %k step %c1 iter_args(%r = %a) -> tensor<1000x64xf32> {
      %u = linalg.tanh ins(%r : tensor<1000x64xf32>) outs(%e : tensor<1000x64xf32>) -> tensor<1000x64xf32>
      scf.yield %u : tensor<1000x64xf32>
    }
    %v = linalg.exp ins(%b : tensor<8x8xf32>) outs(%t : tensor<8x8xf32>) -> tensor<8x8xf32>
    return %y, %z, %v : tensor<1000x64xf32>, tensor<1000x64xf32>, tensor<8x8xf32>
  }
}

// -----

// An op without a result, which only checks, stays.
// CHECK-LABEL: func.func @check
// CHECK-NOT: scf.forall
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @check(%a: tensor<1000x64xf32>, %c: i1) {
    linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]} ins(%a : tensor<1000x64xf32>) {
    ^bb0(%p: f32):
      cf.assert %c, "never"
      linalg.yield
    }
    return
  }
}

// -----

// Tiles hold whole blocks of what is read by a floordiv: 24 rows of 170, not 25. What
// makes an operand has blocks of its own; other tiles than whole ones of these are
// no tiles of it.
// CHECK-LABEL: func.func @blocks
// CHECK: scf.forall (%{{.*}}) = (0) to (1000) step (24)
// CHECK: %[[SCALES:.*]] = scf.forall (%{{.*}}) = (0) to (1000) step (50)
// CHECK: scf.forall (%{{.*}}) = (0) to (1000) step (24)
// CHECK: tensor.extract_slice %[[SCALES]]
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [34000]>} {
  func.func @blocks(%a: tensor<1000x170xf32>, %s: tensor<125x170xf32>, %t: tensor<20x170xf32>) -> (tensor<1000x170xf32>, tensor<1000x170xf32>) {
    %e = tensor.empty() : tensor<1000x170xf32>
    %y = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i floordiv 8, j)>, affine_map<(i, j) -> (i, j)>],
                         iterator_types = ["parallel", "parallel"]}
        ins(%a, %s : tensor<1000x170xf32>, tensor<125x170xf32>) outs(%e : tensor<1000x170xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %r = arith.mulf %p, %q : f32
      linalg.yield %r : f32
    } -> tensor<1000x170xf32>
    %scales = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i floordiv 50, j)>, affine_map<(i, j) -> (i, j)>],
                              iterator_types = ["parallel", "parallel"]}
        ins(%t : tensor<20x170xf32>) outs(%e : tensor<1000x170xf32>) {
    ^bb0(%p: f32, %o: f32):
      linalg.yield %p : f32
    } -> tensor<1000x170xf32>
    %z = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i floordiv 8, j)>, affine_map<(i, j) -> (i, j)>],
                         iterator_types = ["parallel", "parallel"]}
        ins(%scales, %s : tensor<1000x170xf32>, tensor<125x170xf32>) outs(%e : tensor<1000x170xf32>) {
    ^bb0(%p: f32, %q: f32, %o: f32):
      %r = arith.mulf %p, %q : f32
      linalg.yield %r : f32
    } -> tensor<1000x170xf32>
    return %y, %z : tensor<1000x170xf32>, tensor<1000x170xf32>
  }
}

// -----

// Where an input lies transposed, tiles have whole rows of it, or pieces of 4096 elements:
// as many as fill a line of 64 bytes, and more if rows are short. Transposing in the loops
// of another op is left to those.
// CHECK-LABEL: func.func @transpose
// CHECK: scf.forall (%{{.*}}) = (0) to (1000) step (16)
// CHECK: tensor.extract_slice %arg0[%{{.*}}, 0] [%{{.*}}, 2000]
// CHECK: scf.forall (%{{.*}}, %{{.*}}, %{{.*}}) = (0, 0, 0) to (%{{.*}}, %{{.*}}, %{{.*}}) step (1, 4096, 32)
// CHECK: scf.forall (%{{.*}}) = (0) to (5000) step (144)
// CHECK-NOT: scf.forall (
// CHECK: return
// CHECK-LABEL: func.func @transposed_producer
// CHECK: scf.forall (%{{.*}}) = (0) to (2000) step (4)
// CHECK: linalg.transpose
// CHECK: math.exp
module attributes {mx.target = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768]>} {
  func.func @transpose(%a: tensor<1000x2000xf32>, %b: tensor<?x?x?xbf16>, %c: tensor<5000x28xf32>, %d: tensor<16x16xf32>, %t: tensor<2000x1000xf32>, %u: tensor<?x?x?xbf16>, %v: tensor<28x5000xf32>, %w: tensor<16x16xf32>)
      -> (tensor<2000x1000xf32>, tensor<?x?x?xbf16>, tensor<28x5000xf32>, tensor<16x16xf32>) {
    %0 = linalg.transpose ins(%a : tensor<1000x2000xf32>) outs(%t : tensor<2000x1000xf32>) permutation = [1, 0]
    %1 = linalg.transpose ins(%b : tensor<?x?x?xbf16>) outs(%u : tensor<?x?x?xbf16>) permutation = [0, 2, 1]
    %2 = linalg.transpose ins(%c : tensor<5000x28xf32>) outs(%v : tensor<28x5000xf32>) permutation = [1, 0]
    %3 = linalg.transpose ins(%d : tensor<16x16xf32>) outs(%w : tensor<16x16xf32>) permutation = [1, 0]
    return %0, %1, %2, %3 : tensor<2000x1000xf32>, tensor<?x?x?xbf16>, tensor<28x5000xf32>, tensor<16x16xf32>
  }
  func.func @transposed_producer(%a: tensor<1000x2000xf32>) -> tensor<2000x1000xf32> {
    %e = tensor.empty() : tensor<2000x1000xf32>
    %t = linalg.transpose ins(%a : tensor<1000x2000xf32>) outs(%e : tensor<2000x1000xf32>) permutation = [1, 0]
    %x = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>], iterator_types = ["parallel", "parallel"]}
        ins(%t : tensor<2000x1000xf32>) outs(%e : tensor<2000x1000xf32>) {
    ^bb0(%p: f32, %o: f32):
      %r = math.exp %p : f32
      linalg.yield %r : f32
    } -> tensor<2000x1000xf32>
    return %x : tensor<2000x1000xf32>
  }
}
