func.func @main(%x: tensor<?x40xf32>, %w: tensor<40x7xf32>) -> tensor<?x7xf32> {
  %c0 = arith.constant 0 : index
  %zero = arith.constant 0.0 : f32
  %m = tensor.dim %x, %c0 : tensor<?x40xf32>
  %empty = tensor.empty(%m) : tensor<?x7xf32>
  %init = linalg.fill ins(%zero : f32) outs(%empty : tensor<?x7xf32>) -> tensor<?x7xf32>
  %y = linalg.matmul ins(%x, %w : tensor<?x40xf32>, tensor<40x7xf32>) outs(%init : tensor<?x7xf32>) -> tensor<?x7xf32>
  return %y : tensor<?x7xf32>
}
