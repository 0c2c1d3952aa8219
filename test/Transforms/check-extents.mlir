// RUN: mx-opt %s --mx-check-extents --canonicalize --cse | FileCheck %s

// CHECK-LABEL: func.func @matmul
// CHECK-SAME: (%[[A:.*]]: tensor<4x?xf32>, %[[B:.*]]: tensor<?x8xf32>, %[[C:.*]]: tensor<4x8xf32>)
// CHECK-DAG: %[[KA:.*]] = tensor.dim %[[A]], %c1
// CHECK-DAG: %[[KB:.*]] = tensor.dim %[[B]], %c0
// CHECK: %[[SAME:.*]] = arith.cmpi eq, %[[KB]], %[[KA]]
// CHECK: cf.assert %[[SAME]], "{{.*}}check-extents.mlir:[[@LINE+4]]:8: error: 'linalg.matmul': the extent of dimension 0 of operand #1 does not agree with those of the other operands"
// CHECK-NOT: cf.assert
// CHECK: linalg.matmul
func.func @matmul(%a: tensor<4x?xf32>, %b: tensor<?x8xf32>, %c: tensor<4x8xf32>) -> tensor<4x8xf32> {
  %0 = linalg.matmul ins(%a, %b : tensor<4x?xf32>, tensor<?x8xf32>) outs(%c : tensor<4x8xf32>) -> tensor<4x8xf32>
  return %0 : tensor<4x8xf32>
}

// Extents that are one value need no check.
// CHECK-LABEL: func.func @known
// CHECK-NOT: cf.assert
// CHECK: return
func.func @known(%n: index, %f: f32) -> tensor<?xf32> {
  %e = tensor.empty(%n) : tensor<?xf32>
  %0 = linalg.fill ins(%f : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  %1 = linalg.exp ins(%0 : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %1 : tensor<?xf32>
}

// Ops with an interface of their own.
// CHECK-LABEL: func.func @slice
// CHECK: cf.assert %{{.*}}, "{{.*}}check-extents.mlir:[[@LINE+2]]:8: error: 'tensor.extract_slice': {{.*}}out-of-bounds
func.func @slice(%x: tensor<?xf32>, %i: index) -> tensor<4xf32> {
  %0 = tensor.extract_slice %x[%i] [4] [1] : tensor<?xf32> to tensor<4xf32>
  return %0 : tensor<4xf32>
}

#id = affine_map<(d0) -> (d0)>
// A gather's message has its place; that of an index which repeats in every layer
// has none, so that the layers' bodies stay the same.
// CHECK-LABEL: func.func @gather
// CHECK: cf.assert %{{.*}}, "{{.*}}check-extents.mlir:[[@LINE+6]]:10: error: 'tensor.extract': out-of-bounds access"
// CHECK: cf.assert %{{.*}}, "error: 'tensor.extract': out-of-bounds access"
func.func @gather(%x: tensor<?xf32>, %ids: tensor<4xindex>, %y: tensor<4xf32>, %shift: index) -> tensor<4xf32> {
  %0 = linalg.generic {indexing_maps = [#id, #id], iterator_types = ["parallel"]}
      ins(%ids : tensor<4xindex>) outs(%y : tensor<4xf32>) {
  ^bb0(%id: index, %out: f32):
    %a = tensor.extract %x[%id] : tensor<?xf32>
    %i = linalg.index 0 : index
    %j = arith.addi %i, %shift : index
    %b = tensor.extract %x[%j] : tensor<?xf32>
    %sum = arith.addf %a, %b : f32
    linalg.yield %sum : f32
  } -> tensor<4xf32>
  return %0 : tensor<4xf32>
}
