func.func @main(%n: tensor<index>) -> tensor<?xf32> {
  %zero = arith.constant 0.0 : f32
  %v = tensor.extract %n[] : tensor<index>
  %e = tensor.empty(%v) : tensor<?xf32>
  %y = linalg.fill ins(%zero : f32) outs(%e : tensor<?xf32>) -> tensor<?xf32>
  return %y : tensor<?xf32>
}
