// RUN: mx-opt %s --mx-pack-subbyte --split-input-file --verify-diagnostics

func.func @elementwise(%x: tensor<4xf4E2M1FN>) -> tensor<4xf32> {
  // expected-error@+1 {{'arith.extf' op on f4 or f6 tensors cannot be converted to bytes}}
  %y = arith.extf %x : tensor<4xf4E2M1FN> to tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

func.func @mx(%q: tensor<4xf4E2M1FN>, %y0: tensor<4xf32>) -> tensor<4xf32> {
  // expected-error@+1 {{'mx.dequantize' op on f4 or f6 tensors cannot be converted to bytes}}
  %y = mx.dequantize scale_maps = [] ins(%q : tensor<4xf4E2M1FN>)
      outs(%y0 : tensor<4xf32>) -> tensor<4xf32>
  return %y : tensor<4xf32>
}

// -----

// expected-error@+1 {{'func.func' op expected no f4 or f6 but in tensors, found 'memref<4xf6E3M2FN>'}}
func.func @memref(%x: memref<4xf6E3M2FN>) {
  return
}

// -----

func.func @resource() -> tensor<4xf4E2M1FN> {
  // expected-error@+1 {{'arith.constant' op expected a constant of one byte per element}}
  %y = arith.constant dense_resource<missing> : tensor<4xf4E2M1FN>
  return %y : tensor<4xf4E2M1FN>
}
