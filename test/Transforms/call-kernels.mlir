// RUN: mx-opt %s --mx-call-kernels --cse --split-input-file | FileCheck %s

// A launch has the kernel's number, the groups, and the addresses of buffers and of
// numbers. A kernel takes its buffers before its numbers, which are i32. The host waits
// before it reads or writes memory and before a public function returns.
// CHECK: func.func private @mx_device_launch(i64, i64, i64, i64, i64, i64)
// CHECK: func.func private @mx_device_synchronize()
// CHECK: gpu.func @mixed(%[[KX:.*]]: memref<?xf32>, %[[KY:.*]]: memref<?xi8>, %[[KN:.*]]: i32, %[[KS:.*]]: i32) kernel
// CHECK: %[[I:.*]] = arith.index_cast %[[KN]] : i32 to index
// CHECK: memref.load %[[KX]][%[[I]]]
// CHECK: arith.trunci %[[KS]]
// CHECK: memref.store %{{.*}}, %[[KY]][%[[I]]]
// CHECK-LABEL: func.func @main
// CHECK-SAME: (%[[X:.*]]: memref<?xf32>, %[[Y:.*]]: memref<?xf8E4M3FN>, %[[N:.*]]: index, %[[S:.*]]: i32) -> f32
// CHECK-NOT: gpu.launch_func
// CHECK-NOT: unrealized_conversion_cast
// CHECK-DAG: %[[NUMBER:.*]] = arith.index_cast %[[N]] : index to i64
// CHECK-DAG: %[[SNUMBER:.*]] = arith.extsi %[[S]] : i32 to i64
// CHECK-DAG: %[[XPLACE:.*]] = memref.extract_aligned_pointer_as_index %[[X]]
// CHECK-DAG: %[[XADDRESS:.*]] = arith.index_cast %[[XPLACE]] : index to i64
// CHECK-DAG: %[[YPLACE:.*]] = memref.extract_aligned_pointer_as_index %[[Y]] : memref<?xf8E4M3FN>
// CHECK-DAG: %[[YADDRESS:.*]] = arith.index_cast %[[YPLACE]] : index to i64
// CHECK: memref.alloca_scope {
// CHECK-DAG: %[[KERNEL:.*]] = arith.constant 1 : i64
// CHECK-DAG: %[[GY:.*]] = arith.index_cast %c2 : index to i64
// CHECK-DAG: %[[GZ:.*]] = arith.index_cast %c3 : index to i64
// CHECK: %[[BUFFERS:.*]] = memref.alloca() : memref<2xi64>
// CHECK: memref.store %[[XADDRESS]], %[[BUFFERS]][%c0
// CHECK: memref.store %[[YADDRESS]], %[[BUFFERS]][%c1
// CHECK: %[[BPLACE:.*]] = memref.extract_aligned_pointer_as_index %[[BUFFERS]]
// CHECK: %[[B:.*]] = arith.index_cast %[[BPLACE]]
// CHECK: %[[NUMBERS:.*]] = memref.alloca() : memref<2xi64>
// CHECK: memref.store %[[NUMBER]], %[[NUMBERS]][%c0
// CHECK: memref.store %[[SNUMBER]], %[[NUMBERS]][%c1
// CHECK: %[[NPLACE:.*]] = memref.extract_aligned_pointer_as_index %[[NUMBERS]]
// CHECK: %[[M:.*]] = arith.index_cast %[[NPLACE]]
// CHECK: func.call @mx_device_launch(%[[KERNEL]], %[[NUMBER]], %[[GY]], %[[GZ]], %[[B]], %[[M]])
// CHECK-NEXT: }
// CHECK-NEXT: call @mx_device_synchronize()
// CHECK-NEXT: %[[V:.*]] = memref.load %[[X]]
// Nothing on the host needs the launches of the loop.
// CHECK: scf.for
// CHECK-NEXT: memref.alloca_scope {
// CHECK-DAG: %[[FIRST:.*]] = arith.constant 0 : i64
// CHECK-COUNT-2: memref.alloca() : memref<1xi64>
// CHECK: func.call @mx_device_launch(%[[FIRST]],
// CHECK-NOT: mx_device_synchronize
// CHECK: call @helper
// CHECK-NEXT: call @mx_device_synchronize()
// CHECK-NEXT: return %[[V]]
// CHECK-LABEL: func.func private @helper
// CHECK: call @mx_device_synchronize()
// CHECK-NEXT: memref.store
// CHECK-NEXT: return
module attributes {gpu.container_module} {
  gpu.module @empty {
    gpu.func @empty() kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      gpu.return
    }
  }
  gpu.module @mixed {
    gpu.func @mixed(%n: index, %x: memref<?xf32>, %s: i32, %y: memref<?xi8>) kernel attributes {known_block_size = array<i32: 64, 1, 1>} {
      %v = memref.load %x[%n] : memref<?xf32>
      %b = arith.trunci %s : i32 to i8
      %f = arith.fptosi %v : f32 to i8
      %sum = arith.addi %b, %f : i8
      memref.store %sum, %y[%n] : memref<?xi8>
      gpu.return
    }
  }
  func.func @main(%x: memref<?xf32>, %y: memref<?xf8E4M3FN>, %n: index, %s: i32) -> f32 {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %c2 = arith.constant 2 : index
    %c3 = arith.constant 3 : index
    %c64 = arith.constant 64 : index
    %b = builtin.unrealized_conversion_cast %y : memref<?xf8E4M3FN> to memref<?xi8>
    gpu.launch_func @mixed::@mixed blocks in (%n, %c2, %c3) threads in (%c64, %c1, %c1) args(%n : index, %x : memref<?xf32>, %s : i32, %b : memref<?xi8>)
    %v = memref.load %x[%c0] : memref<?xf32>
    scf.for %i = %c0 to %n step %c1 {
      gpu.launch_func @empty::@empty blocks in (%c1, %c1, %c1) threads in (%c64, %c1, %c1)
    }
    func.call @helper(%x, %v) : (memref<?xf32>, f32) -> ()
    func.return %v : f32
  }
  func.func private @helper(%x: memref<?xf32>, %v: f32) {
    %c0 = arith.constant 0 : index
    memref.store %v, %x[%c0] : memref<?xf32>
    return
  }
}

// -----

// The host waits in a loop that reads, not for an assertion, and not before a
// private function returns.
// CHECK-LABEL: func.func private @host
// CHECK: call @mx_device_launch
// CHECK-NOT: mx_device_synchronize
// CHECK: scf.for
// CHECK-NEXT: func.call @mx_device_synchronize()
// CHECK-NEXT: memref.load
// CHECK-NOT: mx_device_synchronize
// CHECK: }
// CHECK-NEXT: cf.assert
// CHECK-NEXT: return
module attributes {gpu.container_module} {
  gpu.module @one {
    gpu.func @one(%x: memref<?xi1>) kernel {
      gpu.return
    }
  }
  func.func private @host(%x: memref<?xi1>, %n: index) {
    %c0 = arith.constant 0 : index
    %c1 = arith.constant 1 : index
    %true = arith.constant true
    gpu.launch_func @one::@one blocks in (%c1, %c1, %c1) threads in (%c1, %c1, %c1) args(%x : memref<?xi1>)
    %all = scf.for %i = %c0 to %n step %c1 iter_args(%so = %true) -> (i1) {
      %v = memref.load %x[%i] : memref<?xi1>
      %and = arith.andi %so, %v : i1
      scf.yield %and : i1
    }
    cf.assert %all, "no"
    return
  }
}

// -----

// A program without kernels calls no device.
// CHECK-LABEL: func.func @none
// CHECK-NOT: mx_device
func.func @none(%x: memref<4xf32>, %v: f32) {
  %c0 = arith.constant 0 : index
  memref.store %v, %x[%c0] : memref<4xf32>
  return
}
