// RUN: mx-opt %s --mx-check-allocations | FileCheck %s

llvm.func @malloc(i64) -> !llvm.ptr
// CHECK-LABEL: llvm.func @allocate(
// CHECK: %[[MEMORY:.*]] = llvm.call @malloc(%arg0)
// CHECK-NEXT: %[[NULL:.*]] = llvm.mlir.zero : !llvm.ptr
// CHECK-NEXT: %[[FOUND:.*]] = llvm.icmp "ne" %[[MEMORY]], %[[NULL]]
// CHECK-NEXT: llvm.cond_br %[[FOUND]], ^bb2, ^bb1
// CHECK-NEXT: ^bb1:
// CHECK-NEXT: %[[TEXT:.*]] = llvm.mlir.addressof @failure
// CHECK: llvm.call @puts(
// CHECK-NEXT: llvm.call @abort()
// CHECK-NEXT: llvm.unreachable
// CHECK-NEXT: ^bb2:
// CHECK-NEXT: llvm.return %[[MEMORY]]
llvm.func @allocate(%bytes: i64) -> !llvm.ptr {
  %0 = llvm.call @malloc(%bytes) : (i64) -> !llvm.ptr
  llvm.return %0 : !llvm.ptr
}
