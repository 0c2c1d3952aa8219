// RUN: mx-opt %s --mx-plan-memory --canonicalize --cse --split-input-file --verify-diagnostics | FileCheck %s

// The third buffer has the place of the first, which is not in use any more.
// CHECK-LABEL: func.func @shared_place_workspace(%arg0: memref<?xf32>, %arg1: memref<?xf32>) -> index
// CHECK: %[[SIZE:.*]] = arith.andi
// CHECK: %[[TWO:.*]] = arith.addi %[[SIZE]], %[[SIZE]]
// CHECK: %[[MAX:.*]] = arith.maxui %[[SIZE]], %[[TWO]]
// CHECK: return %[[MAX]]
// CHECK-LABEL: func.func @shared_place(%arg0: memref<?xf32>, %arg1: memref<?xf32>, %arg2: memref<?xi8>)
// CHECK: %[[BYTES:.*]] = arith.andi
// CHECK: %[[A:.*]] = memref.view %arg2[%c0][%[[N:.*]]] : memref<?xi8> to memref<?xf32>
// CHECK: memref.copy %arg0, %[[A]]
// CHECK: %[[B:.*]] = memref.view %arg2[%[[BYTES]]][%[[N]]]
// CHECK: memref.copy %[[A]], %[[B]]
// CHECK: memref.copy %[[B]], %[[A]]
// CHECK: memref.copy %[[A]], %arg1
func.func @shared_place(%x: memref<?xf32>, %y: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  %a = memref.alloc(%n) : memref<?xf32>
  memref.copy %x, %a : memref<?xf32> to memref<?xf32>
  %b = memref.alloc(%n) : memref<?xf32>
  memref.copy %a, %b : memref<?xf32> to memref<?xf32>
  %c = memref.alloc(%n) : memref<?xf32>
  memref.copy %b, %c : memref<?xf32> to memref<?xf32>
  memref.copy %c, %y : memref<?xf32> to memref<?xf32>
  return
}

// -----

// Branches share memory. What is behind is used as long as a view is.
// CHECK-LABEL: func.func @branches_workspace(
// CHECK: return %c512
// CHECK-LABEL: func.func @branches(
// CHECK: memref.view %arg3[%c0][]
// CHECK: scf.if
// CHECK: memref.view %arg3[%c256][] : memref<?xi8> to memref<64xf32>
// CHECK: else
// CHECK: memref.view %arg3[%c256][] : memref<?xi8> to memref<32xf32>
func.func @branches(%p: i1, %y: memref<64xf32>, %z: memref<32xf32>) {
  %a = memref.alloc() : memref<8x8xf32>
  %v = memref.collapse_shape %a [[0, 1]] : memref<8x8xf32> into memref<64xf32>
  scf.if %p {
    %b = memref.alloc() : memref<64xf32>
    memref.copy %b, %y : memref<64xf32> to memref<64xf32>
  } else {
    %b = memref.alloc() : memref<32xf32>
    memref.copy %b, %z : memref<32xf32> to memref<32xf32>
  }
  memref.copy %v, %y : memref<64xf32> to memref<64xf32>
  return
}

// -----

// A buffer that one branch gives is in use outside.
// CHECK-LABEL: func.func @given_by_branch(
// CHECK: scf.if
// CHECK: memref.view %arg2[%c0][]
// CHECK: else
// CHECK: memref.view %arg2[%c256][]
// CHECK: memref.view %arg2[%c512][]
func.func @given_by_branch(%p: i1, %y: memref<64xf32>) {
  %a = scf.if %p -> memref<64xf32> {
    %b = memref.alloc() : memref<64xf32>
    scf.yield %b : memref<64xf32>
  } else {
    %b = memref.alloc() : memref<64xf32>
    scf.yield %b : memref<64xf32>
  }
  %c = memref.alloc() : memref<64xf32>
  memref.copy %a, %c : memref<64xf32> to memref<64xf32>
  memref.copy %c, %y : memref<64xf32> to memref<64xf32>
  return
}

// -----

// A place per thread, of a tile's largest size: 16 numbers.
// CHECK-LABEL: func.func @per_thread_workspace(
// CHECK: %[[MAX:.*]] = call @omp_get_max_threads()
// CHECK: %[[THREADS:.*]] = arith.index_cast %[[MAX]]
// CHECK: %[[ALL:.*]], %[[HIGH:.*]] = arith.mului_extended %[[THREADS]], %c64
// CHECK: %[[FITS:.*]] = arith.cmpi eq, %[[HIGH]], %c0
// CHECK: %[[SMALLER:.*]] = arith.minui %[[ALL]], %c281474976710656
// CHECK: %[[NEED:.*]] = arith.select %[[FITS]], %[[SMALLER]], %c281474976710656
// CHECK: return %[[NEED]]
// CHECK-LABEL: func.func @per_thread(
// CHECK-NOT: omp_get_max_threads
// CHECK: scf.forall
// CHECK: %[[NUMBER:.*]] = func.call @omp_get_thread_num()
// CHECK: %[[THREAD:.*]] = arith.index_cast %[[NUMBER]]
// CHECK: %[[START:.*]] = arith.muli %[[THREAD]], %c64
// CHECK: memref.view %arg1[%[[START]]][%{{.*}}] : memref<?xi8> to memref<?xf32>
func.func @per_thread(%x: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  scf.forall (%i) = (0) to (%n) step (16) {
    %s = affine.min affine_map<(d0)[s0] -> (-d0 + s0, 16)>(%i)[%n]
    %a = memref.alloc(%s) : memref<?xf32>
    %v = memref.subview %x[%i] [%s] [1] : memref<?xf32> to memref<?xf32, strided<[1], offset: ?>>
    memref.copy %a, %v : memref<?xf32> to memref<?xf32, strided<[1], offset: ?>>
  }
  return
}

// -----

// What is called gets the workspace behind the caller's buffers.
// CHECK-LABEL: func.func private @callee_workspace(%arg0: memref<64xf32>) -> index
// CHECK-LABEL: func.func @caller_workspace(
// CHECK: %[[NEED:.*]] = call @callee_workspace(
// CHECK: arith.addi %[[NEED]], %c128
// CHECK-LABEL: func.func @caller(
// CHECK-NOT: call @callee_workspace
// CHECK: %[[REST:.*]] = memref.view %arg1[%c128]
// CHECK: call @callee(%arg0, %[[REST]])
// CHECK: call @plain(%arg0) :
func.func private @callee(%x: memref<64xf32>) {
  %a = memref.alloc() : memref<64xf32>
  memref.copy %x, %a : memref<64xf32> to memref<64xf32>
  return
}
func.func private @plain(%x: memref<64xf32>) {
  return
}
func.func @caller(%x: memref<64xf32>) {
  %a = memref.alloc() : memref<32xf32>
  call @callee(%x) : (memref<64xf32>) -> ()
  call @plain(%x) : (memref<64xf32>) -> ()
  memref.copy %a, %a : memref<32xf32> to memref<32xf32>
  return
}

// -----

// A call in a branch, on a buffer of the branch.
// CHECK-LABEL: func.func @call_in_branch_workspace(
// CHECK: %[[SHAPE:.*]] = memref.view %{{.*}} : memref<0xi8> to memref<?xf32>
// CHECK: call @sized_by_argument_workspace(%[[SHAPE]])
// CHECK-LABEL: func.func @call_in_branch(
// CHECK-NOT: call @sized_by_argument_workspace
// CHECK-NOT: memref<0xi8>
// CHECK: call @sized_by_argument(
func.func private @sized_by_argument(%x: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?xf32>
  %a = memref.alloc(%n) : memref<?xf32>
  memref.copy %x, %a : memref<?xf32> to memref<?xf32>
  return
}
func.func @call_in_branch(%p: i1, %n: index) {
  scf.if %p {
    %a = memref.alloc(%n) : memref<?xf32>
    func.call @sized_by_argument(%a) : (memref<?xf32>) -> ()
  }
  return
}

// -----

// A public function has a workspace, whatever it needs.
// CHECK-LABEL: func.func @nothing_workspace(
// CHECK: return %c0
// CHECK: func.func @nothing(%arg0: memref<4xf32>, %arg1: memref<?xi8>)
func.func @nothing(%x: memref<4xf32>) {
  return
}

// -----

func.func @carried(%n: index, %y: memref<4xf32>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %r = scf.for %i = %c0 to %n step %c1 iter_args(%z = %y) -> memref<4xf32> {
    // expected-error@+1 {{expected a buffer that is used in one iteration of a loop, found one that outlives it}}
    %a = memref.alloc() : memref<4xf32>
    memref.copy %z, %a : memref<4xf32> to memref<4xf32>
    scf.yield %a : memref<4xf32>
  }
  return
}

// -----

func.func @returned() -> memref<4xf32> {
  // expected-error@+1 {{expected a buffer that is used inside its function, found one that is returned}}
  %a = memref.alloc() : memref<4xf32>
  return %a : memref<4xf32>
}

// -----

func.func @sized_by_data(%x: memref<index>) {
  %n = memref.load %x[] : memref<index>
  // expected-error@+1 {{expected sizes that follow from the shapes of the arguments of 'sized_by_data', found one that depends on their elements}}
  %a = memref.alloc(%n) : memref<?xf32>
  return
}

// -----

func.func @sized_in_a_loop(%x: memref<?xindex>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %s = memref.load %x[%i] : memref<?xindex>
    // expected-error@+1 {{expected a size that follows from the shapes of arguments, found one that varies or is unknown}}
    %a = memref.alloc(%s) : memref<?xf32>
  }
  return
}

// -----

func.func @parallel_in_parallel(%n: index) {
  scf.forall (%i) in (%n) {
    // expected-error@+1 {{expected no buffers in a parallel loop that is in another, found some}}
    scf.forall (%j) in (%n) {
      %a = memref.alloc() : memref<4xf32>
    }
  }
  return
}

// -----

func.func private @recursive(%x: memref<4xf32>) {
  // expected-error@+1 {{expected no recursion, found a call of 'recursive' in itself}}
  call @recursive(%x) : (memref<4xf32>) -> ()
  return
}
func.func @calls_recursive(%x: memref<4xf32>) {
  call @recursive(%x) : (memref<4xf32>) -> ()
  return
}

// -----

// expected-error@+1 {{expected a function of one block to place buffers in, found several}}
func.func @blocks(%p: i1) {
  cf.cond_br %p, ^bb1, ^bb2
^bb1:
  %a = memref.alloc() : memref<4xf32>
  cf.br ^bb2
^bb2:
  return
}

// -----

func.func private @needs_by_shape(%x: memref<?xf32, strided<[1], offset: ?>>) {
  %c0 = arith.constant 0 : index
  %n = memref.dim %x, %c0 : memref<?xf32, strided<[1], offset: ?>>
  %a = memref.alloc(%n) : memref<?xf32>
  return
}
func.func @shape_varies(%x: memref<?xf32>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  scf.for %i = %c0 to %n step %c1 {
    %v = memref.subview %x[%i] [%i] [1] : memref<?xf32> to memref<?xf32, strided<[1], offset: ?>>
    // expected-error@+1 {{expected shapes that are the same in every iteration, found others}}
    func.call @needs_by_shape(%v) : (memref<?xf32, strided<[1], offset: ?>>) -> ()
  }
  return
}

// -----

// What is least of several bounds varies; each has a bound of its own, and so has what
// is computed of the least.
// CHECK-LABEL: func.func @least_workspace(%arg0: index, %arg1: index, %arg2: index, %arg3: memref<?xf32>) -> index
// CHECK-DAG: %[[A:.*]] = arith.minsi %arg0, %arg1
// CHECK-DAG: %[[B:.*]] = arith.minsi %arg2, %c3640
// CHECK-DAG: arith.maxsi %[[A]], %c0
// CHECK-DAG: %[[C:.*]] = affine.apply #{{.*}}()[%[[B]]]
// CHECK-DAG: arith.maxsi %[[C]], %c0
func.func @least(%n: index, %t: index, %w: index, %m: memref<?xf32>) {
  %c0 = arith.constant 0 : index
  %c3640 = arith.constant 3640 : index
  %x = arith.constant 1.0 : f32
  scf.for %i = %c0 to %n step %t {
    scf.for %k = %c0 to %w step %c3640 {
      %a = affine.min affine_map<(d0)[s0, s1] -> (-d0 + s0, s1)>(%i)[%n, %t]
      %b = affine.min affine_map<(d0)[s0] -> (-d0 + s0, 3640)>(%k)[%w]
      %c = affine.apply affine_map<(d0) -> (d0 * 2 + 1)>(%b)
      %buffer = memref.alloc(%a, %c) : memref<?x?xf32>
      memref.store %x, %buffer[%c0, %c0] : memref<?x?xf32>
      %y = memref.load %buffer[%c0, %c0] : memref<?x?xf32>
      memref.store %y, %m[%k] : memref<?xf32>
    }
  }
  return
}
