// RUN: mx-opt %s --mx-lower-bf16-accesses | FileCheck %s
// RUN: mx-opt %s --mx-lower-bf16-accesses --canonicalize | FileCheck %s --check-prefix=CLEAN

// CHECK-LABEL: llvm.func @copy
// CHECK: %[[BITS:.*]] = llvm.load %{{.*}} {alignment = 2 : i64} : !llvm.ptr -> i16
// CHECK: %[[VALUE:.*]] = llvm.bitcast %[[BITS]] : i16 to bf16
// CHECK: %[[STORED:.*]] = llvm.bitcast %[[VALUE]] : bf16 to i16
// CHECK: llvm.store %[[STORED]], %{{.*}} : i16, !llvm.ptr
// CLEAN-LABEL: llvm.func @copy
// CLEAN-NEXT: %[[BITS:.*]] = llvm.load
// CLEAN-NEXT: llvm.store %[[BITS]]
llvm.func @copy(%from: !llvm.ptr, %to: !llvm.ptr) {
  %x = llvm.load %from {alignment = 2 : i64} : !llvm.ptr -> bf16
  llvm.store %x, %to : bf16, !llvm.ptr
  llvm.return
}

// CHECK-LABEL: llvm.func @vector
// CHECK: llvm.load %{{.*}} : !llvm.ptr -> vector<4xi16>
// CHECK: llvm.bitcast %{{.*}} : vector<4xi16> to vector<4xbf16>
llvm.func @vector(%from: !llvm.ptr) -> vector<4xbf16> {
  %x = llvm.load %from : !llvm.ptr -> vector<4xbf16>
  llvm.return %x : vector<4xbf16>
}

// CHECK-LABEL: llvm.func @other_types
// CHECK: llvm.load %{{.*}} : !llvm.ptr -> f16
llvm.func @other_types(%from: !llvm.ptr, %to: !llvm.ptr) {
  %x = llvm.load %from : !llvm.ptr -> f16
  llvm.store %x, %to : f16, !llvm.ptr
  llvm.return
}
