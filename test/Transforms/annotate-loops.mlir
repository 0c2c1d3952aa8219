// RUN: mx-opt %s --mx-annotate-loops | FileCheck %s

// Loops that LLVM would unroll whole before it looks for vectors.
// CHECK-DAG: #[[$KEEP:.*]] = #llvm.loop_unroll<disable = true>
// CHECK-DAG: #[[$REST:.*]] = #llvm.loop_annotation<isVectorized = true>
// CHECK-DAG: #[[$VECTORS:.*]] = #llvm.loop_vectorize<followupVectorized = #[[$REST]]>
// CHECK-DAG: #[[$LOOP:.*]] = #llvm.loop_annotation<vectorize = #[[$VECTORS]], unroll = #[[$KEEP]]>
// CHECK-DAG: #[[$VECTORS16:.*]] = #llvm.loop_vectorize<width = 16 : i32, followupVectorized = #[[$REST]]>
// CHECK-DAG: #[[$LOOP16:.*]] = #llvm.loop_annotation<vectorize = #[[$VECTORS16]], unroll = #[[$KEEP]]>
// CHECK-DAG: #[[$NO_HOISTING:.*]] = #llvm.loop_licm<disable = true>
// CHECK-DAG: #[[$HERE:.*]] = #llvm.loop_annotation<licm = #[[$NO_HOISTING]]>
// CHECK-LABEL: func.func @loops
// CHECK: scf.for {{.*}} to %c16
// CHECK: scf.for {{.*}} to %c2
// CHECK: }
// CHECK-NEXT: } {llvm.loop_annotation = #[[$LOOP]]}
// CHECK: scf.for {{.*}} to %c384
// CHECK: scf.for {{.*}} to %arg1
// CHECK-NOT: loop_annotation
func.func @loops(%x: memref<?xf32>, %n: index, %s: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c2 = arith.constant 2 : index
  %c16 = arith.constant 16 : index
  %c384 = arith.constant 384 : index
  scf.for %i = %c0 to %c16 step %c1 {
    scf.for %j = %c0 to %c2 step %c1 {
      memref.store %s, %x[%j] : memref<?xf32>
    }
  }
  scf.for %i = %c0 to %c384 step %c1 {
    memref.store %s, %x[%i] : memref<?xf32>
  }
  scf.for %i = %c0 to %n step %c1 {
    memref.store %s, %x[%i] : memref<?xf32>
  }
  return
}

// Words become bytes by 16, where that leaves none over.
// CHECK-LABEL: func.func @narrow
// CHECK: } {llvm.loop_annotation = #[[$LOOP16]]}
// CHECK: } {llvm.loop_annotation = #[[$LOOP]]}
func.func @narrow(%x: memref<?xf32>, %y: memref<?xf8E4M3FN>) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c24 = arith.constant 24 : index
  %c32 = arith.constant 32 : index
  scf.for %i = %c0 to %c32 step %c1 {
    %0 = memref.load %x[%i] : memref<?xf32>
    %1 = arith.truncf %0 : f32 to f8E4M3FN
    memref.store %1, %y[%i] : memref<?xf8E4M3FN>
  }
  scf.for %i = %c0 to %c24 step %c1 {
    %0 = memref.load %x[%i] : memref<?xf32>
    %1 = arith.truncf %0 : f32 to f8E4M3FN
    memref.store %1, %y[%i] : memref<?xf8E4M3FN>
  }
  return
}

// What a loop narrows that LLVM need not vectorize.
// CHECK-LABEL: func.func @vectors
// CHECK: } {llvm.loop_annotation = #[[$LOOP]]}
func.func @vectors(%x: memref<?xvector<4xi32>>, %y: memref<?xvector<4xi8>>, %n: index) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c32 = arith.constant 32 : index
  scf.for %i = %c0 to %c32 step %c1 {
    %0 = memref.load %x[%i] : memref<?xvector<4xi32>>
    %1 = arith.trunci %0 : vector<4xi32> to vector<4xi8>
    memref.store %1, %y[%i] : memref<?xvector<4xi8>>
  }
  return
}

// What a loop already says stays.
// CHECK-LABEL: func.func @annotated
// CHECK: } {llvm.loop_annotation = #[[$HERE]]}
func.func @annotated(%x: memref<?xf32>, %s: f32) {
  %c0 = arith.constant 0 : index
  %c1 = arith.constant 1 : index
  %c16 = arith.constant 16 : index
  scf.for %i = %c0 to %c16 step %c1 {
    memref.store %s, %x[%i] : memref<?xf32>
  } {llvm.loop_annotation = #llvm.loop_annotation<licm = <disable = true>>}
  return
}
