// Arguments get shapes, results follow: through linalg, and through reshapes to
// extents that are computed.

// RUN: mx-opt %s --split-input-file --mx-set-shapes=shapes=3x4,5 | FileCheck %s
// RUN: not mx-opt %s --mx-set-shapes=shapes=3x4,5 2>&1 | FileCheck %s --check-prefix=SEVERAL
// RUN: not mx-opt %s --split-input-file --mx-set-shapes=shapes=3x4 2>&1 | FileCheck %s --check-prefix=FEW
// RUN: not mx-opt %s --split-input-file --mx-set-shapes=shapes=3x5,5 2>&1 | FileCheck %s --check-prefix=OTHER
// RUN: not mx-opt %s --split-input-file --mx-set-shapes=shapes=3xx,5 2>&1 | FileCheck %s --check-prefix=TEXT

// SEVERAL: error: expected one public function whose arguments get shapes, found 2
// FEW: set-shapes.mlir:[[#@LINE+6]]:1: error: expected a shape for each of 2 arguments with dynamic extents, found 1
// OTHER: set-shapes.mlir:[[#@LINE+5]]:20: error: expected a shape of 'tensor<?x4xf32>' for argument #0, found '3x5'
// TEXT: error: expected a shape of 'tensor<?x4xf32>' for argument #0, found '3xx'

// CHECK-LABEL: func.func @reshape(
// CHECK-SAME: %[[X:.*]]: tensor<3x4xf32>, %{{.*}}: tensor<2xf32>, %[[Y:.*]]: tensor<5xf32>) -> (tensor<2x6xf32>, tensor<5xf32>, index)
func.func @reshape(%x: tensor<?x4xf32>, %known: tensor<2xf32>, %y: tensor<?xf32>) -> (tensor<?x?xf32>, tensor<?xf32>, index) {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %c4 = arith.constant 4 : index
  %n = tensor.dim %x, %c0 : tensor<?x4xf32>
  %all = arith.muli %n, %c4 : index
  %rest = arith.divui %all, %c2 : index
  %shape = tensor.from_elements %c2, %rest : tensor<2xindex>
  // CHECK: %[[D:.*]] = arith.constant 6 : index
  // CHECK-NOT: tensor.reshape
  // CHECK: %[[R:.*]] = tensor.expand_shape %{{.*}} output_shape [2, 6] : tensor<12xf32> into tensor<2x6xf32>
  %r = tensor.reshape %x(%shape) : (tensor<?x4xf32>, tensor<2xindex>) -> tensor<?x?xf32>
  %c1 = arith.constant 1 : index
  // CHECK-NOT: tensor.dim
  %d = tensor.dim %r, %c1 : tensor<?x?xf32>
  %m = tensor.dim %y, %c0 : tensor<?xf32>
  %e = tensor.empty(%m) : tensor<?xf32>
  // CHECK: linalg.exp ins(%[[Y]] : tensor<5xf32>) outs(%{{.*}} : tensor<5xf32>)
  %z = linalg.exp ins(%y : tensor<?xf32>) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  // CHECK-NOT: tensor.cast
  // CHECK: return %[[R]], %{{.*}}, %[[D]] : tensor<2x6xf32>, tensor<5xf32>, index
  return %r, %z, %d : tensor<?x?xf32>, tensor<?xf32>, index
}

// -----

// A reshape that the extents do not allow stays for a check to find.
// CHECK-LABEL: func.func @wrong
// CHECK: tensor.reshape
func.func @wrong(%x: tensor<?x4xf32>, %y: tensor<?xf32>) -> tensor<?x7xf32> {
  %c7 = arith.constant 7 : index
  %c0 = arith.constant 0 : index
  %m = tensor.dim %y, %c0 : tensor<?xf32>
  %shape = tensor.from_elements %m, %c7 : tensor<2xindex>
  %r = tensor.reshape %x(%shape) : (tensor<?x4xf32>, tensor<2xindex>) -> tensor<?x7xf32>
  return %r : tensor<?x7xf32>
}
