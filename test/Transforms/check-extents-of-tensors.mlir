// RUN: mx-opt %s --mx-check-extents --canonicalize --cse --canonicalize | FileCheck %s

// An unsigned comparison: what is negative is too large.
// CHECK-LABEL: func.func @insert
// CHECK-DAG: %[[LAST:.*]] = arith.constant 64 : index
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[STARTS:.*]] = arith.cmpi ule, %arg2, %[[LAST]]
// CHECK-DAG: %[[ROOM:.*]] = arith.subi %[[LAST]], %arg2
// CHECK: cf.assert %[[STARTS]], "{{.*}}tensors.mlir:[[@LINE+5]]:8: error: 'tensor.insert_slice': offset 0 is out-of-bounds"
// CHECK: %[[ENDS:.*]] = arith.cmpi uge, %[[ROOM]], %[[ONE]]
// CHECK: cf.assert %[[ENDS]], "{{.*}}error: 'tensor.insert_slice': the slice runs out-of-bounds along dimension 0"
// CHECK-NOT: cf.assert
func.func @insert(%row: tensor<1x8xf32>, %x: tensor<64x8xf32>, %i: index) -> tensor<64x8xf32> {
  %0 = tensor.insert_slice %row into %x[%i, 0] [1, 8] [1, 1] : tensor<1x8xf32> into tensor<64x8xf32>
  return %0 : tensor<64x8xf32>
}

// The source has the slice's sizes, which are those of the destination.
// CHECK-LABEL: func.func @insert_all
// CHECK-DAG: %[[SIZE:.*]] = tensor.dim %arg1
// CHECK-DAG: %[[FOUND:.*]] = tensor.dim %arg0
// CHECK: %[[SAME:.*]] = arith.cmpi eq, %[[FOUND]], %[[SIZE]]
// CHECK: cf.assert %[[SAME]], "{{.*}}the extent of dimension 0 of the source is not that of the slice"
// CHECK-NOT: cf.assert
func.func @insert_all(%a: tensor<?xf32>, %b: tensor<1x?xf32>) -> tensor<1x?xf32> {
  %c1 = arith.constant 1 : index
  %n = tensor.dim %b, %c1 : tensor<1x?xf32>
  %0 = tensor.insert_slice %a into %b[0, 0] [1, %n] [1, 1] : tensor<?xf32> into tensor<1x?xf32>
  return %0 : tensor<1x?xf32>
}

// CHECK-LABEL: func.func @insert_in_parallel
// CHECK: scf.forall
// CHECK: cf.assert {{.*}}'tensor.parallel_insert_slice': offset 0 is out-of-bounds
// CHECK: scf.forall.in_parallel
func.func @insert_in_parallel(%x: tensor<8xf32>, %y: tensor<1xf32>, %shift: index) -> tensor<8xf32> {
  %0 = scf.forall (%i) in (4) shared_outs(%o = %x) -> tensor<8xf32> {
    %j = arith.addi %i, %shift : index
    scf.forall.in_parallel {
      tensor.parallel_insert_slice %y into %o[%j] [1] [1] : tensor<1xf32> into tensor<8xf32>
    }
  }
  return %0 : tensor<8xf32>
}

// A size is not negative, and what a stride multiplies does not overflow.
// CHECK-LABEL: func.func @stride
// CHECK: %[[STEPS:.*]] = arith.divui
// CHECK: %[[ROOM:.*]] = arith.addi %[[STEPS]]
// CHECK: %[[ENDS:.*]] = arith.cmpi ule, %arg1, %[[ROOM]]
// CHECK: cf.assert %[[ENDS]], "{{.*}}'tensor.extract_slice': the slice runs out-of-bounds along dimension 0"
func.func @stride(%x: tensor<?xf32>, %size: index, %stride: index) -> tensor<?xf32> {
  %0 = tensor.extract_slice %x[0] [%size] [%stride] : tensor<?xf32> to tensor<?xf32>
  return %0 : tensor<?xf32>
}

// Backwards from the last element to the first.
// CHECK-LABEL: func.func @backwards
// CHECK-NOT: cf.assert
// CHECK: return
func.func @backwards(%x: tensor<8xf32>) -> tensor<4xf32> {
  %0 = tensor.extract_slice %x[7] [4] [-2] : tensor<8xf32> to tensor<4xf32>
  return %0 : tensor<4xf32>
}

// CHECK-LABEL: func.func @expand
// CHECK: %[[COUNT:.*]] = arith.muli %arg1
// CHECK: %[[SAME:.*]] = arith.cmpi eq, %[[COUNT]], %{{.*}}
// CHECK: %[[FITS:.*]] = arith.cmpi ule, %arg1, %{{.*}}
// CHECK: %[[BOTH:.*]] = arith.andi %[[FITS]], %[[SAME]]
// CHECK: cf.assert %[[BOTH]], "{{.*}}'tensor.expand_shape': the extents that dimension 0 expands into do not have its product"
// CHECK-NOT: cf.assert
func.func @expand(%x: tensor<?x8xf32>, %n: index) -> tensor<?x4x2x4xf32> {
  %0 = tensor.expand_shape %x [[0, 1], [2, 3]] output_shape [%n, 4, 2, 4] : tensor<?x8xf32> into tensor<?x4x2x4xf32>
  return %0 : tensor<?x4x2x4xf32>
}

// CHECK-LABEL: func.func @expand_same
// CHECK-NOT: cf.assert
// CHECK: return
func.func @expand_same(%x: tensor<?x8xf32>) -> tensor<?x2x4xf32> {
  %c0 = arith.constant 0 : index
  %n = tensor.dim %x, %c0 : tensor<?x8xf32>
  %0 = tensor.expand_shape %x [[0], [1, 2]] output_shape [%n, 2, 4] : tensor<?x8xf32> into tensor<?x2x4xf32>
  return %0 : tensor<?x2x4xf32>
}

// CHECK-LABEL: func.func @reshape
// CHECK: cf.assert {{.*}}'tensor.reshape': the shape's element 1 is not the result's extent
// CHECK: cf.assert {{.*}}'tensor.reshape': the shape has not as many elements as the source
// CHECK-NOT: cf.assert
func.func @reshape(%x: tensor<?x?xf32>, %shape: tensor<2xi64>) -> tensor<?x4xf32> {
  %0 = tensor.reshape %x(%shape) : (tensor<?x?xf32>, tensor<2xi64>) -> tensor<?x4xf32>
  return %0 : tensor<?x4xf32>
}

// CHECK-LABEL: func.func @concat
// CHECK: cf.assert {{.*}}'tensor.concat': the extent of dimension 0 of the operands has another sum than that of the result
// CHECK: cf.assert {{.*}}'tensor.concat': the extent of dimension 1 of operand #1 does not agree
// CHECK-NOT: cf.assert
func.func @concat(%a: tensor<?x?xf32>, %b: tensor<?x?xf32>) -> tensor<8x?xf32> {
  %0 = tensor.concat dim(0) %a, %b : (tensor<?x?xf32>, tensor<?x?xf32>) -> tensor<8x?xf32>
  return %0 : tensor<8x?xf32>
}

// CHECK-LABEL: func.func @pad
// CHECK: %[[FITS:.*]] = arith.cmpi ule, %arg1
// CHECK: cf.assert %[[FITS]], "{{.*}}'tensor.pad': the padding of dimension 0 is negative or too large"
// CHECK: cf.assert {{.*}}'tensor.pad': the padded extent of dimension 0 is not that of the result
// CHECK-NOT: cf.assert
func.func @pad(%x: tensor<?x4xf32>, %n: index, %zero: f32) -> tensor<8x5xf32> {
  %0 = tensor.pad %x low[0, 0] high[%n, 1] {
  ^bb0(%i: index, %j: index):
    tensor.yield %zero : f32
  } : tensor<?x4xf32> to tensor<8x5xf32>
  return %0 : tensor<8x5xf32>
}

// CHECK-LABEL: func.func @softmax
// CHECK: cf.assert {{.*}}'linalg.softmax': the extent of dimension 1 of operand #1 does not agree
// CHECK-NOT: cf.assert
func.func @softmax(%x: tensor<4x?xf32>, %y: tensor<4x?xf32>) -> tensor<4x?xf32> {
  %0 = linalg.softmax dimension(1) ins(%x : tensor<4x?xf32>) outs(%y : tensor<4x?xf32>) -> tensor<4x?xf32>
  return %0 : tensor<4x?xf32>
}

// CHECK-LABEL: func.func @elementwise
// CHECK: cf.assert {{.*}}'arith.addf': the extent of dimension 0 of operand #1 does not agree
// CHECK: cf.assert {{.*}}'arith.select': the extent of dimension 0 of operand #1 does not agree
// CHECK: cf.assert {{.*}}'arith.select': the extent of dimension 0 of operand #2 does not agree
// CHECK-NOT: cf.assert
func.func @elementwise(%a: tensor<?xf32>, %b: tensor<?xf32>, %c: tensor<?xi1>) -> tensor<?xf32> {
  %0 = arith.addf %a, %b : tensor<?xf32>
  %1 = arith.mulf %0, %0 : tensor<?xf32>
  %2 = arith.select %c, %1, %1 : tensor<?xi1>, tensor<?xf32>
  return %2 : tensor<?xf32>
}
