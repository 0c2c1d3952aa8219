// RUN: mx-opt %s --mx-return-errors --split-input-file --verify-diagnostics | FileCheck %s

// A failure is stored and left with; what calls it looks and leaves too.
// CHECK-LABEL: llvm.func @check(%arg0: i1, %arg1: !llvm.ptr) -> i64 attributes
// CHECK: ^bb2:
// CHECK-NEXT: %[[TEXT:.*]] = llvm.mlir.addressof @text
// CHECK-NEXT: llvm.store %[[TEXT]], %arg1 atomic monotonic {alignment = 8 : i64}
// CHECK-NEXT: %[[ZERO:.*]] = llvm.mlir.zero : i64
// CHECK-NEXT: llvm.return %[[ZERO]]
// CHECK-LABEL: llvm.func @caller(%arg0: i1, %arg1: !llvm.ptr)
// CHECK: llvm.call @check(%arg0, %arg1) : (i1, !llvm.ptr) -> i64
// CHECK-NEXT: %[[MESSAGE:.*]] = llvm.load %arg1 atomic monotonic {alignment = 8 : i64}
// CHECK-NEXT: %[[NULL:.*]] = llvm.mlir.zero
// CHECK-NEXT: %[[FAILS:.*]] = llvm.icmp "ne" %[[MESSAGE]], %[[NULL]]
// CHECK-NEXT: llvm.cond_br %[[FAILS]], ^bb1, ^bb2
// CHECK-NEXT: ^bb1:
// CHECK-NEXT: llvm.return
// CHECK-NEXT: ^bb2:
// CHECK-NEXT: llvm.call @cannot_fail() : () -> ()
// CHECK: llvm.func @cannot_fail() attributes {sym_visibility = "private"}
// CHECK: llvm.func @entry(%arg0: !llvm.ptr)
llvm.mlir.global private constant @text("no\00")
llvm.func @puts(!llvm.ptr)
llvm.func @abort()
llvm.func @check(%p: i1) -> i64 attributes {sym_visibility = "private"} {
  %one = llvm.mlir.constant(1 : i64) : i64
  llvm.cond_br %p, ^bb1, ^bb2
^bb1:
  llvm.return %one : i64
^bb2:
  %t = llvm.mlir.addressof @text : !llvm.ptr
  llvm.call @puts(%t) : (!llvm.ptr) -> ()
  llvm.call @abort() : () -> ()
  llvm.unreachable
}
llvm.func @caller(%p: i1) attributes {sym_visibility = "private"} {
  %0 = llvm.call @check(%p) : (i1) -> i64
  llvm.call @cannot_fail() : () -> ()
  llvm.return
}
llvm.func @cannot_fail() attributes {sym_visibility = "private"} {
  llvm.return
}
llvm.func @entry() {
  llvm.return
}

// -----

// An iteration ends, others do not begin, and the function ends behind the loop.
// CHECK-LABEL: llvm.func @loop(
// CHECK: omp.parallel
// CHECK: omp.loop_nest
// CHECK-NEXT: llvm.load %arg2 atomic monotonic
// CHECK: llvm.cond_br %{{.*}}, ^bb1, ^bb2
// CHECK-NEXT: ^bb1:
// CHECK-NEXT: omp.yield
// CHECK-NEXT: ^bb2:
// CHECK-NEXT: llvm.cond_br %arg1
// CHECK: llvm.store %{{.*}}, %arg2 atomic monotonic
// CHECK-NEXT: omp.yield
// CHECK: omp.terminator
// CHECK-NEXT: }
// CHECK-NEXT: llvm.load %arg2 atomic monotonic
// CHECK: llvm.cond_br
llvm.mlir.global private constant @text("no\00")
llvm.func @puts(!llvm.ptr)
llvm.func @abort()
llvm.func @loop(%n: i64, %p: i1) {
  %zero = llvm.mlir.constant(0 : i64) : i64
  %one = llvm.mlir.constant(1 : i64) : i64
  omp.parallel {
    omp.wsloop {
      omp.loop_nest (%i) : i64 = (%zero) to (%n) step (%one) {
        llvm.cond_br %p, ^bb1, ^bb2
      ^bb1:
        omp.yield
      ^bb2:
        %t = llvm.mlir.addressof @text : !llvm.ptr
        llvm.call @puts(%t) : (!llvm.ptr) -> ()
        llvm.call @abort() : () -> ()
        llvm.unreachable
      }
    }
    omp.terminator
  }
  llvm.return
}

// -----

llvm.func @abort()
llvm.func @silent() {
  // expected-error@+1 {{expected a message before abort, found none}}
  llvm.call @abort() : () -> ()
  llvm.unreachable
}
