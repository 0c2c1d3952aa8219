// In a sanitizer build the generated code is instrumented too: a load behind an
// array's end is reported.
// REQUIRES: sanitize, python
// RUN: %python -c "import numpy; numpy.save('%t.npy', numpy.ones(40, numpy.float32))"
// RUN: mx-run %s --entry=inside --input=%t.npy --output=%t.out.npy
// RUN: not mx-run %s --entry=outside --input=%t.npy --output=%t.out.npy 2>&1 | FileCheck %s
// RUN: not mx-run %s --entry=outside --input=%t.npy --output=%t.out.npy --target=reference 2>&1 | FileCheck %s

// CHECK: AddressSanitizer: heap-buffer-overflow
// CHECK: READ of size 4
// Through a pointer, which nothing checks the bounds of.
func.func private @load(%x: tensor<?xf32>, %i: i64) -> tensor<f32> {
  %m = bufferization.to_buffer %x read_only : tensor<?xf32> to memref<?xf32>
  %address = memref.extract_aligned_pointer_as_index %m : memref<?xf32> -> index
  %integer = arith.index_cast %address : index to i64
  %pointer = llvm.inttoptr %integer : i64 to !llvm.ptr
  %element = llvm.getelementptr %pointer[%i] : (!llvm.ptr, i64) -> !llvm.ptr, f32
  %y = llvm.load %element : !llvm.ptr -> f32
  %z = tensor.from_elements %y : tensor<f32>
  return %z : tensor<f32>
}

func.func @outside(%x: tensor<?xf32>) -> tensor<f32> {
  // Behind what a buffer takes for its alignment too.
  %i = arith.constant 60 : i64
  %z = call @load(%x, %i) : (tensor<?xf32>, i64) -> tensor<f32>
  return %z : tensor<f32>
}

func.func @inside(%x: tensor<?xf32>) -> tensor<f32> {
  %i = arith.constant 39 : i64
  %z = call @load(%x, %i) : (tensor<?xf32>, i64) -> tensor<f32>
  return %z : tensor<f32>
}
