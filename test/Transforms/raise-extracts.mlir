// RUN: mx-opt %s --mx-raise-extracts | FileCheck %s

#rows = affine_map<(i, j) -> (i, j)>

// A broadcast as importers write it: index 0 where an extent is one.
// CHECK-DAG: #[[$ROWS:.*]] = affine_map<(d0, d1) -> (d0, d1)>
// CHECK-DAG: #[[$ROW:.*]] = affine_map<(d0, d1) -> (d0, 0)>
// CHECK-DAG: #[[$TURNED:.*]] = affine_map<(d0, d1) -> (d1, d0)>
// CHECK-LABEL: func.func @broadcast(
// CHECK-SAME: %[[X:.*]]: tensor<?x8xf32>, %[[MEAN:.*]]: tensor<?x1xf32>
// CHECK: linalg.generic {indexing_maps = [#[[$ROWS]], #[[$ROW]], #[[$ROWS]]]
// CHECK-SAME: ins(%[[X]], %{{.*}} : tensor<?x8xf32>, tensor<?x1xf32>)
// CHECK-NEXT: ^bb0(%[[A:.*]]: f32, %[[B:.*]]: f32, %{{.*}}: f32):
// CHECK-NOT: tensor.extract
// CHECK: arith.subf %[[A]], %[[B]]
func.func @broadcast(%x: tensor<?x8xf32>, %unused: tensor<?x1xf32>) -> tensor<?x8xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %e = tensor.empty(%n) : tensor<?x8xf32>
  %s = tensor.empty(%n) : tensor<?x1xf32>
  %zero = arith.constant 0.0 : f32
  %mean = linalg.fill ins(%zero : f32) outs(%s : tensor<?x1xf32>) -> tensor<?x1xf32>
  %y = linalg.generic {indexing_maps = [#rows, #rows], iterator_types = ["parallel", "parallel"]}
      ins(%x : tensor<?x8xf32>) outs(%e : tensor<?x8xf32>) {
  ^bb0(%a: f32, %o: f32):
    %i = linalg.index 0 : index
    %isOne = arith.cmpi eq, %n, %c1 : index
    %at = arith.select %isOne, %c0, %i : index
    %b = tensor.extract %mean[%at, %c0] : tensor<?x1xf32>
    %d = arith.subf %a, %b : f32
    linalg.yield %d : f32
  } -> tensor<?x8xf32>
  return %y : tensor<?x8xf32>
}

// Several reads, one of them of the transpose; a constant index inside.
// CHECK-LABEL: func.func @several
// CHECK: indexing_maps = [#[[$TURNED]], #{{.*}}, #{{.*}}, #[[$ROWS]]]
// CHECK-NOT: tensor.extract
func.func @several(%x: tensor<4x8xf32>, %v: tensor<8xf32>, %w: tensor<3xf32>) -> tensor<8x4xf32> {
  %c2 = arith.constant 2 : index
  %e = tensor.empty() : tensor<8x4xf32>
  %y = linalg.generic {indexing_maps = [#rows], iterator_types = ["parallel", "parallel"]}
      outs(%e : tensor<8x4xf32>) {
  ^bb0(%o: f32):
    %i = linalg.index 0 : index
    %j = linalg.index 1 : index
    %a = tensor.extract %x[%j, %i] : tensor<4x8xf32>
    %b = tensor.extract %v[%i] : tensor<8xf32>
    %c = tensor.extract %w[%c2] : tensor<3xf32>
    %d = arith.mulf %a, %b : f32
    %f = arith.addf %d, %c : f32
    linalg.yield %f : f32
  } -> tensor<8x4xf32>
  return %y : tensor<8x4xf32>
}

// What stays: an extent that may be another, a constant outside, an index that
// is data, a select on another extent.
// CHECK-LABEL: func.func @stays
// CHECK-COUNT-4: tensor.extract
func.func @stays(%x: tensor<?xf32>, %w: tensor<3xf32>, %at: tensor<4xindex>, %n: index) -> tensor<4xf32> {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c3 = arith.constant 3 : index
  %e = tensor.empty() : tensor<4xf32>
  %four = tensor.empty() : tensor<4xf32>
  %y = linalg.generic {indexing_maps = [affine_map<(i) -> (i)>, affine_map<(i) -> (i)>], iterator_types = ["parallel"]}
      ins(%at : tensor<4xindex>) outs(%e : tensor<4xf32>) {
  ^bb0(%p: index, %o: f32):
    %i = linalg.index 0 : index
    %a = tensor.extract %x[%i] : tensor<?xf32>
    %b = tensor.extract %w[%c3] : tensor<3xf32>
    %c = tensor.extract %four[%p] : tensor<4xf32>
    %isOne = arith.cmpi eq, %n, %c1 : index
    %s = arith.select %isOne, %c0, %i : index
    %d = tensor.extract %four[%s] : tensor<4xf32>
    %f = arith.addf %a, %b : f32
    %g = arith.addf %c, %d : f32
    %h = arith.addf %f, %g : f32
    linalg.yield %h : f32
  } -> tensor<4xf32>
  return %y : tensor<4xf32>
}
