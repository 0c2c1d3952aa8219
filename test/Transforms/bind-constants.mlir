// RUN: mx-opt %s --mx-bind-constants | FileCheck %s

// The second constant stands at the next multiple of 64 bytes.
// CHECK: module attributes {mx.constants
// CHECK-NOT: llvm.mlir.global external constant
// CHECK: llvm.mlir.global internal constant @small
// CHECK-LABEL: llvm.func @user(%arg0: !llvm.ptr) -> !llvm.ptr attributes
// CHECK: %[[OFFSET:.*]] = llvm.mlir.constant(64 : i64)
// CHECK: %[[ADDRESS:.*]] = llvm.getelementptr %arg0[%[[OFFSET]]] : (!llvm.ptr, i64) -> !llvm.ptr, i8
// CHECK: llvm.return %[[ADDRESS]]
// CHECK-LABEL: llvm.func @entry(%arg0: i64, %arg1: !llvm.ptr)
// CHECK: llvm.call @user(%arg1) : (!llvm.ptr) -> !llvm.ptr
// CHECK: llvm.call @other() : () -> !llvm.ptr
// CHECK-LABEL: llvm.func @other() -> !llvm.ptr attributes
// CHECK: llvm.mlir.addressof @small
module attributes {mx.constants = {a = dense<1> : tensor<3xi8>, b = dense<2.0> : tensor<4xf32>}} {
  llvm.mlir.global external constant @a() {addr_space = 0 : i32} : !llvm.array<3 x i8>
  llvm.mlir.global external constant @b() {addr_space = 0 : i32} : !llvm.array<4 x f32>
  llvm.mlir.global internal constant @small(1 : i32) : i32
  llvm.func @user() -> !llvm.ptr attributes {sym_visibility = "private"} {
    %0 = llvm.mlir.addressof @b : !llvm.ptr
    llvm.return %0 : !llvm.ptr
  }
  llvm.func @entry(%x: i64) {
    %0 = llvm.call @user() : () -> !llvm.ptr
    %1 = llvm.call @other() : () -> !llvm.ptr
    llvm.return
  }
  llvm.func @other() -> !llvm.ptr attributes {sym_visibility = "private"} {
    %0 = llvm.mlir.addressof @small : !llvm.ptr
    llvm.return %0 : !llvm.ptr
  }
}
