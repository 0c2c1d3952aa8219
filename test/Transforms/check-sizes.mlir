// RUN: mx-opt %s --mx-check-sizes --canonicalize --cse --split-input-file | FileCheck %s

// One check for tensors of the same sizes, that of the largest. Without a sign,
// what is negative is too large.
// CHECK-LABEL: func.func @several
// CHECK-SAME: (%[[M:.*]]: index, %[[N:.*]]: index)
// CHECK-DAG: %[[MOST:.*]] = arith.constant 8796093022208 : index
// CHECK-DAG: %[[ONE:.*]] = arith.constant 1 : index
// CHECK-DAG: %[[FITS:.*]] = arith.cmpi ule, %[[M]], %[[MOST]]
// CHECK-DAG: %[[ROWS:.*]] = arith.maxui %[[M]], %[[ONE]]
// CHECK-DAG: %[[ROOM:.*]] = arith.divui %[[MOST]], %[[ROWS]]
// CHECK-DAG: %[[REST:.*]] = arith.cmpi ule, %[[N]], %[[ROOM]]
// CHECK: %[[BOTH:.*]] = arith.andi %[[FITS]], %[[REST]]
// CHECK: cf.assert %[[BOTH]], "{{.*}}check-sizes.mlir:[[@LINE+4]]:8: error: 'tensor.generate': a size is negative, or their product is more than memory has addresses for"
// CHECK-NOT: cf.assert
func.func @several(%m: index, %n: index) -> (tensor<?x?xf32>, tensor<?x?x8xf32>, tensor<?x4x?xi1>) {
  %0 = tensor.empty(%m, %n) : tensor<?x?xf32>
  %1 = tensor.generate %m, %n {
  ^bb0(%i: index, %j: index, %k: index):
    %zero = arith.constant 0.0 : f32
    tensor.yield %zero : f32
  } : tensor<?x?x8xf32>
  %2 = tensor.empty(%n, %m) : tensor<?x4x?xi1>
  return %0, %1, %2 : tensor<?x?xf32>, tensor<?x?x8xf32>, tensor<?x4x?xi1>
}

// -----

// CHECK-LABEL: func.func @others
// CHECK: cf.assert {{.*}}'tensor.splat'
// CHECK: cf.assert {{.*}}'bufferization.alloc_tensor'
// CHECK: %[[PADDED:.*]] = arith.addi %{{.*}}, %arg1
// CHECK: arith.cmpi ule, %[[PADDED]]
// CHECK: cf.assert {{.*}}'tensor.pad'
// CHECK-NOT: cf.assert
func.func @others(%n: index, %p: index, %f: f32, %x: tensor<?xf32>) -> (tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>) {
  %0 = tensor.splat %f[%n] : tensor<?xf32>
  %1 = bufferization.alloc_tensor(%p) : tensor<?xf32>
  %2 = tensor.pad %x low[0] high[%p] {
  ^bb0(%i: index):
    tensor.yield %f : f32
  } : tensor<?xf32> to tensor<?xf32>
  %3 = tensor.pad %x low[0] high[3] {
  ^bb0(%i: index):
    tensor.yield %f : f32
  } : tensor<?xf32> to tensor<?xf32>
  return %0, %1, %2, %3 : tensor<?xf32>, tensor<?xf32>, tensor<?xf32>, tensor<?xf32>
}

// -----

// CHECK-LABEL: func.func @static
// CHECK-NOT: cf.assert
func.func @static() -> tensor<4xf32> {
  %0 = tensor.empty() : tensor<4xf32>
  return %0 : tensor<4xf32>
}
