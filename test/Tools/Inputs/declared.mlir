func.func private @elsewhere(tensor<?x40xf32>) -> tensor<?x40xf32>
func.func @main(%x: tensor<?x40xf32>) -> tensor<?x40xf32> {
  %y = call @elsewhere(%x) : (tensor<?x40xf32>) -> tensor<?x40xf32>
  return %y : tensor<?x40xf32>
}
