// RUN: mx-opt %s --mx-unfold-windows --split-input-file --mlir-print-local-scope | FileCheck %s

// Each index of a window gets a dimension of its own, in codes and in scales; those of
// the sum stand in the filter's order.
// CHECK-LABEL: func.func @scaled
// CHECK-SAME: (%[[A:.*]]: tensor<9x11x64xf8E4M3FN>, %[[S:.*]]: tensor<9x11x2xf8E8M0FNU>,
// CHECK: %[[P:.*]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4) -> (d0 + d2, d1 * 2 + d3 * 3, d4)>, affine_map<(d0, d1, d2, d3, d4) -> (d0, d1, d2, d3, d4)>]
// CHECK-SAME: ins(%[[A]] : tensor<9x11x64xf8E4M3FN>) outs(%{{.*}} : tensor<7x3x3x3x64xf8E4M3FN>)
// CHECK: %[[Q:.*]] = linalg.generic {indexing_maps = [affine_map<(d0, d1, d2, d3, d4) -> (d0 + d2, d1 * 2 + d3 * 3, d4)>,
// CHECK-SAME: ins(%[[S]] : tensor<9x11x2xf8E8M0FNU>) outs(%{{.*}} : tensor<7x3x3x3x2xf8E8M0FNU>)
// CHECK: mx.contract indexing_maps = [affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d3, d4, d5)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d3, d4, d5 floordiv 32)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d3, d4, d5, d2)>, affine_map<(d0, d1, d2, d3, d4, d5) -> (d0, d1, d2)>]
// CHECK-SAME: lhs(%[[P]] scaled %[[Q]] :
func.func @scaled(%a: tensor<9x11x64xf8E4M3FN>, %s: tensor<9x11x2xf8E8M0FNU>, %b: tensor<3x3x64x20xf32>, %c: tensor<7x3x20xf32>) -> tensor<7x3x20xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(h, w, f, y, x, c) -> (h + y, w * 2 + x * 3, c)>, affine_map<(h, w, f, y, x, c) -> (h + y, w * 2 + x * 3, c floordiv 32)>, affine_map<(h, w, f, y, x, c) -> (y, x, c, f)>, affine_map<(h, w, f, y, x, c) -> (h, w, f)>]
    lhs(%a scaled %s : tensor<9x11x64xf8E4M3FN>, tensor<9x11x2xf8E8M0FNU>) rhs(%b : tensor<3x3x64x20xf32>) outs(%c : tensor<7x3x20xf32>) -> tensor<7x3x20xf32>
  return %0 : tensor<7x3x20xf32>
}

// -----

// Many columns without scales stay columns.
// CHECK-LABEL: func.func @columns
// CHECK: %[[P:.*]] = linalg.generic {{.*}}affine_map<(d0, d1, d2, d3, d4) -> (d0, d1 + d3, d2 + d4)>{{.*}} outs(%{{.*}} : tensor<3x3x3x16x14xf32>)
// CHECK: mx.contract {{.*}} rhs(%[[P]] : tensor<3x3x3x16x14xf32>)
// CHECK-NOT: linalg.transpose
func.func @columns(%a: tensor<3x18x16xf32>, %b: tensor<20x3x3x3xf32>, %c: tensor<20x16x14xf32>) -> tensor<20x16x14xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(f, h, w, c, y, x) -> (f, c, y, x)>, affine_map<(f, h, w, c, y, x) -> (c, h + y, w + x)>, affine_map<(f, h, w, c, y, x) -> (f, h, w)>]
    lhs(%b : tensor<20x3x3x3xf32>) rhs(%a : tensor<3x18x16xf32>) outs(%c : tensor<20x16x14xf32>) -> tensor<20x16x14xf32>
  return %0 : tensor<20x16x14xf32>
}

// -----

// Few become rows: the channels are copied side by side, and the result is transposed.
// CHECK-LABEL: func.func @rows
// CHECK-SAME: (%[[A:.*]]: tensor<8x9x9xf32>, %[[B:.*]]: tensor<20x8x3x3xf32>, %[[C:.*]]: tensor<20x7x7xf32>)
// CHECK: %[[I:.*]] = linalg.transpose ins(%[[C]] : tensor<20x7x7xf32>) outs({{.*}}) permutation = [1, 2, 0]
// CHECK: %[[T:.*]] = linalg.transpose ins(%[[A]] : tensor<8x9x9xf32>) outs({{.*}}) permutation = [1, 2, 0]
// CHECK: %[[P:.*]] = linalg.generic {{.*}} ins(%[[T]] : tensor<9x9x8xf32>) outs({{.*}} : tensor<7x7x3x3x8xf32>)
// CHECK: %[[Y:.*]] = mx.contract {{.*}} rhs(%[[P]] : tensor<7x7x3x3x8xf32>) outs(%[[I]] : tensor<7x7x20xf32>)
// CHECK: linalg.transpose ins(%[[Y]] : tensor<7x7x20xf32>) outs(%[[C]] : tensor<20x7x7xf32>) permutation = [2, 0, 1]
func.func @rows(%a: tensor<8x9x9xf32>, %b: tensor<20x8x3x3xf32>, %c: tensor<20x7x7xf32>) -> tensor<20x7x7xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(f, h, w, c, y, x) -> (f, c, y, x)>, affine_map<(f, h, w, c, y, x) -> (c, h + y, w + x)>, affine_map<(f, h, w, c, y, x) -> (f, h, w)>]
    lhs(%b : tensor<20x8x3x3xf32>) rhs(%a : tensor<8x9x9xf32>) outs(%c : tensor<20x7x7xf32>) -> tensor<20x7x7xf32>
  return %0 : tensor<20x7x7xf32>
}

// -----

// Windows of one index and stride 1 need no copy.
// CHECK-LABEL: func.func @unit
// CHECK-SAME: (%[[A:.*]]: tensor<64x9x11xf32>, %[[B:.*]]: tensor<20x64x1x1xf32>
// CHECK: %[[F:.*]] = tensor.collapse_shape
// CHECK-NOT: linalg
// CHECK: mx.contract indexing_maps = [affine_map<(d0, d1, d2, d3) -> (d0, d3)>, affine_map<(d0, d1, d2, d3) -> (d3, d1, d2)>, affine_map<(d0, d1, d2, d3) -> (d0, d1, d2)>] {{.*}} rhs(%[[A]] : tensor<64x9x11xf32>)
func.func @unit(%a: tensor<64x9x11xf32>, %b: tensor<20x64x1x1xf32>, %c: tensor<20x9x11xf32>) -> tensor<20x9x11xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(f, h, w, c, y, x) -> (f, c, y, x)>, affine_map<(f, h, w, c, y, x) -> (c, h + y, w + x)>, affine_map<(f, h, w, c, y, x) -> (f, h, w)>]
    lhs(%b : tensor<20x64x1x1xf32>) rhs(%a : tensor<64x9x11xf32>) outs(%c : tensor<20x9x11xf32>) -> tensor<20x9x11xf32>
  return %0 : tensor<20x9x11xf32>
}

// -----

// Images one after the other, where all of them unfolded have 14.75 MB; the extents of
// each stay known. Where these are not, the program finds out how many rows fit.
// CHECK-LABEL: func.func @images
// CHECK: scf.for %{{.*}} = %{{.*}} to %c2{{.*}} step %c1
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<1x40x40x3x3x128xf32>)
// CHECK: mx.contract
// CHECK: } {mx.row_blocks}
func.func @images(%a: tensor<2x42x42x128xf32>, %b: tensor<3x3x128x20xf32>, %c: tensor<2x40x40x20xf32>) -> tensor<2x40x40x20xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(n, h, w, f, y, x, c) -> (n, h + y, w + x, c)>, affine_map<(n, h, w, f, y, x, c) -> (y, x, c, f)>, affine_map<(n, h, w, f, y, x, c) -> (n, h, w, f)>]
    lhs(%a : tensor<2x42x42x128xf32>) rhs(%b : tensor<3x3x128x20xf32>) outs(%c : tensor<2x40x40x20xf32>) -> tensor<2x40x40x20xf32>
  return %0 : tensor<2x40x40x20xf32>
}
// CHECK-LABEL: func.func @dynamic
// CHECK: %[[W:.*]] = tensor.dim %{{.*}}, %c2
// CHECK: %[[N:.*]] = arith.divui %c1820{{.*}}, %{{.*}}
// CHECK: scf.for {{.*}} step
// CHECK: scf.for {{.*}} step
// CHECK: } {mx.row_blocks}
// CHECK: } {mx.row_blocks}
func.func @dynamic(%a: tensor<2x?x?x128xf32>, %b: tensor<3x3x128x20xf32>, %c: tensor<2x?x?x20xf32>) -> tensor<2x?x?x20xf32> {
  %0 = mx.contract indexing_maps = [affine_map<(n, h, w, f, y, x, c) -> (n, h + y, w + x, c)>, affine_map<(n, h, w, f, y, x, c) -> (y, x, c, f)>, affine_map<(n, h, w, f, y, x, c) -> (n, h, w, f)>]
    lhs(%a : tensor<2x?x?x128xf32>) rhs(%b : tensor<3x3x128x20xf32>) outs(%c : tensor<2x?x?x20xf32>) -> tensor<2x?x?x20xf32>
  return %0 : tensor<2x?x?x20xf32>
}

// -----

// No matrix products: channels on both sides, and one channel alone. A block of scales
// over several places of the image is left alone, too.
// CHECK-LABEL: func.func @others
// CHECK-NOT: linalg
// CHECK: mx.contract
// CHECK-NOT: linalg
// CHECK: mx.contract
// CHECK-NOT: linalg
// CHECK: mx.contract
// CHECK-NOT: linalg
func.func @others(%a: tensor<9x8xf32>, %b: tensor<3x8xf32>, %c: tensor<7x8xf32>, %x: tensor<9xf32>, %w: tensor<3xf32>, %y: tensor<7xf32>, %v: tensor<3x8x4xf32>, %s: tensor<4xf8E8M0FNU>, %z: tensor<7x4xf32>) -> (tensor<7x8xf32>, tensor<7xf32>, tensor<7x4xf32>) {
  %0 = mx.contract indexing_maps = [affine_map<(h, c, y) -> (h + y, c)>, affine_map<(h, c, y) -> (y, c)>, affine_map<(h, c, y) -> (h, c)>]
    lhs(%a : tensor<9x8xf32>) rhs(%b : tensor<3x8xf32>) outs(%c : tensor<7x8xf32>) -> tensor<7x8xf32>
  %1 = mx.contract indexing_maps = [affine_map<(h, y) -> (h + y)>, affine_map<(h, y) -> (y)>, affine_map<(h, y) -> (h)>]
    lhs(%x : tensor<9xf32>) rhs(%w : tensor<3xf32>) outs(%y : tensor<7xf32>) -> tensor<7xf32>
  %2 = mx.contract indexing_maps = [affine_map<(h, f, c, y) -> (h + y, c)>, affine_map<(h, f, c, y) -> (h floordiv 2)>, affine_map<(h, f, c, y) -> (y, c, f)>, affine_map<(h, f, c, y) -> (h, f)>]
    lhs(%a scaled %s : tensor<9x8xf32>, tensor<4xf8E8M0FNU>) rhs(%v : tensor<3x8x4xf32>) outs(%z : tensor<7x4xf32>) -> tensor<7x4xf32>
  return %0, %1, %2 : tensor<7x8xf32>, tensor<7xf32>, tensor<7x4xf32>
}
