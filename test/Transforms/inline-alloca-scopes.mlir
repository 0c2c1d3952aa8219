// RUN: mx-opt %s --mx-inline-alloca-scopes | FileCheck %s

func.func private @use(memref<4xf32>) -> f32

// A scope around a call is of no use, with or without results, ...
// CHECK-LABEL: func.func @call
// CHECK: scf.for
// CHECK-NEXT: call @use
// CHECK-NEXT: memref.store
// CHECK-NOT: memref.alloca_scope
func.func @call(%x: memref<4xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  scf.for %i = %c0 to %n step %n {
    memref.alloca_scope {
      %s = memref.alloca_scope -> (f32) {
        %r = func.call @use(%x) : (memref<4xf32>) -> f32
        memref.alloca_scope.return %r : f32
      }
      memref.store %s, %x[%i] : memref<4xf32>
    }
  }
  return
}

// ... one that allocates stays, though what is around it goes.
// CHECK-LABEL: func.func @alloca
// CHECK-NEXT: memref.alloca_scope -> (f32) {
// CHECK-NEXT: memref.alloca
// CHECK-NOT: memref.alloca_scope {
func.func @alloca() -> f32 {
  %s = memref.alloca_scope -> (f32) {
    %r = memref.alloca_scope -> (f32) {
      %x = memref.alloca() : memref<4xf32>
      %y = func.call @use(%x) : (memref<4xf32>) -> f32
      memref.alloca_scope.return %y : f32
    }
    memref.alloca_scope.return %r : f32
  }
  return %s : f32
}
