// In a sanitizer build the generated code is instrumented too: a load behind an
// array's end is reported.
// REQUIRES: sanitize, python
// RUN: %python -c "import numpy; numpy.save('%t.npy', numpy.ones(40, numpy.float32))"
// RUN: mx-run %s --entry=inside --input=%t.npy --output=%t.out.npy
// RUN: not mx-run %s --entry=outside --input=%t.npy --output=%t.out.npy 2>&1 | FileCheck %s
// RUN: not mx-run %s --entry=outside --input=%t.npy --output=%t.out.npy --target=reference 2>&1 | FileCheck %s

// CHECK: AddressSanitizer: heap-buffer-overflow
// CHECK: READ of size 4
func.func @outside(%x: tensor<?xf32>) -> tensor<f32> {
  %i = arith.constant 40 : index
  %y = tensor.extract %x[%i] : tensor<?xf32>
  %z = tensor.from_elements %y : tensor<f32>
  return %z : tensor<f32>
}

func.func @inside(%x: tensor<?xf32>) -> tensor<f32> {
  %i = arith.constant 39 : index
  %y = tensor.extract %x[%i] : tensor<?xf32>
  %z = tensor.from_elements %y : tensor<f32>
  return %z : tensor<f32>
}
