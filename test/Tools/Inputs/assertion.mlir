func.func @main(%x: tensor<?x40xf32>) -> tensor<?x40xf32> {
  %c0 = arith.constant 0 : index
  %c2 = arith.constant 2 : index
  %m = tensor.dim %x, %c0 : tensor<?x40xf32>
  %small = arith.cmpi ule, %m, %c2 : index
  cf.assert %small, "the batch is too large"
  return %x : tensor<?x40xf32>
}
