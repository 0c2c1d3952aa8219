// RUN: mx-opt %s --mx-decompose | FileCheck %s

// Padding rows take the pad byte; whole tiles of 4 columns need no check.
// CHECK-LABEL: func.func @pack_padded
// CHECK-SAME: (%[[S:.*]]: tensor<200x8xf8E8M0FNU>)
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<2x2x128x4xi8>)
// CHECK: arith.cmpi ult
// CHECK-NOT: arith.cmpi
// CHECK: tensor.extract %[[S]]
// CHECK: arith.bitcast %{{.*}} : f8E8M0FNU to i8
// CHECK: arith.select %{{.*}}, %{{.*}}, %c7_i8
// CHECK-NOT: mx.
func.func @pack_padded(%s: tensor<200x8xf8E8M0FNU>) -> tensor<2x2x128x4xi8> {
  %p = mx.pack_scales layout = <(r, c) -> (r floordiv 128, c floordiv 4, r mod 128, c mod 4), pad = 7, container = i8>
      %s : tensor<200x8xf8E8M0FNU> -> tensor<2x2x128x4xi8>
  return %p : tensor<2x2x128x4xi8>
}

// CHECK-LABEL: func.func @unpack_words
// CHECK: linalg.generic {{.*}} outs(%{{.*}} : tensor<?x8xf8E8M0FNU>)
// CHECK: tensor.extract %{{.*}} : tensor<2x?xi32>
// CHECK: arith.shrui
// CHECK: arith.trunci %{{.*}} : i32 to i8
// CHECK: arith.bitcast %{{.*}} : i8 to f8E8M0FNU
func.func @unpack_words(%p: tensor<2x?xi32>, %rows: index) -> tensor<?x8xf8E8M0FNU> {
  %s = mx.unpack_scales layout = <(r, c) -> (c floordiv 4, r, c mod 4), pad = 0, container = i32>
      %p sizes(%rows) : tensor<2x?xi32> -> tensor<?x8xf8E8M0FNU>
  return %s : tensor<?x8xf8E8M0FNU>
}
