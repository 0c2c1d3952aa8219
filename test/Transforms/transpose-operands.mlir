// RUN: mx-opt %s --mx-transpose-operands | FileCheck %s
// RUN: mx-opt %s --mx-transpose-operands --mx-interchange-loops | FileCheck %s --check-prefix=LOOPS

#lhs = affine_map<(m, n, k) -> (m, k)>
#columns = affine_map<(m, n, k) -> (n, k)>
#out = affine_map<(m, n, k) -> (m, n)>

// CHECK-DAG: #[[$ROWS:.*]] = affine_map<(d0, d1, d2) -> (d2, d1)>
// CHECK-DAG: #[[$BATCH:.*]] = affine_map<(d0, d1, d2, d3) -> (d0, d3, d2)>

// CHECK-LABEL: func.func @matmul
// CHECK-SAME: %[[A:.*]]: tensor<?x8xf16>, %[[B:.*]]: tensor<?x8xf16>
// CHECK: %[[N:.*]] = tensor.dim %[[B]]
// CHECK: %[[E:.*]] = tensor.empty(%[[N]]) : tensor<8x?xf16>
// CHECK: %[[T:.*]] = linalg.transpose ins(%[[B]] : tensor<?x8xf16>) outs(%[[E]] : tensor<8x?xf16>) permutation = [1, 0]
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[$ROWS]], #{{.*}}]{{.*}} ins(%[[A]], %[[T]] :
// LOOPS-LABEL: func.func @matmul
// LOOPS: iterator_types = ["parallel", "reduction", "parallel"]
func.func @matmul(%a: tensor<?x8xf16>, %b: tensor<?x8xf16>, %c: tensor<?x?xf16>) -> tensor<?x?xf16> {
  %0 = linalg.matmul indexing_maps = [#lhs, #columns, #out] ins(%a, %b : tensor<?x8xf16>, tensor<?x8xf16>)
    outs(%c : tensor<?x?xf16>) -> tensor<?x?xf16>
  return %0 : tensor<?x?xf16>
}

// CHECK-LABEL: func.func @batch
// CHECK: linalg.transpose {{.*}} permutation = [0, 2, 1]
// CHECK: linalg.generic {indexing_maps = [#{{.*}}, #[[$BATCH]], #{{.*}}]
func.func @batch(%a: tensor<2x4x8xbf16>, %b: tensor<2x5x8xbf16>, %c: tensor<2x4x5xbf16>) -> tensor<2x4x5xbf16> {
  %0 = linalg.batch_matmul indexing_maps = [affine_map<(b, m, n, k) -> (b, m, k)>, affine_map<(b, m, n, k) -> (b, n, k)>,
    affine_map<(b, m, n, k) -> (b, m, n)>] ins(%a, %b : tensor<2x4x8xbf16>, tensor<2x5x8xbf16>)
    outs(%c : tensor<2x4x5xbf16>) -> tensor<2x4x5xbf16>
  return %0 : tensor<2x4x5xbf16>
}

// Sums of f32 are split instead, rows need no copy, and one use does not pay
// for it.
// CHECK-LABEL: func.func @left_alone
// CHECK-NOT: linalg.transpose
// CHECK: return
func.func @left_alone(%a: tensor<4x8xf32>, %b: tensor<5x8xf32>, %c: tensor<4x5xf32>, %x: tensor<4x8xf16>,
    %y: tensor<8x5xf16>, %z: tensor<4x5xf16>, %v: tensor<8xf16>, %w: tensor<4xf16>)
    -> (tensor<4x5xf32>, tensor<4x5xf16>, tensor<4xf16>) {
  %0 = linalg.matmul indexing_maps = [#lhs, #columns, #out] ins(%a, %b : tensor<4x8xf32>, tensor<5x8xf32>)
    outs(%c : tensor<4x5xf32>) -> tensor<4x5xf32>
  %1 = linalg.matmul ins(%x, %y : tensor<4x8xf16>, tensor<8x5xf16>) outs(%z : tensor<4x5xf16>) -> tensor<4x5xf16>
  %2 = linalg.matvec ins(%x, %v : tensor<4x8xf16>, tensor<8xf16>) outs(%w : tensor<4xf16>) -> tensor<4xf16>
  return %0, %1, %2 : tensor<4x5xf32>, tensor<4x5xf16>, tensor<4xf16>
}
