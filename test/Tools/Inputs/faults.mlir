func.func @divide(%x: tensor<i32>, %y: tensor<i32>) -> tensor<i32> {
  %a = tensor.extract %x[] : tensor<i32>
  %b = tensor.extract %y[] : tensor<i32>
  %q = arith.divsi %a, %b : i32
  %z = tensor.from_elements %q : tensor<i32>
  return %z : tensor<i32>
}
func.func @load(%x: tensor<i32>, %y: tensor<i32>) -> tensor<i32> {
  %null = llvm.mlir.zero : !llvm.ptr
  %v = llvm.load volatile %null : !llvm.ptr -> i32
  %z = tensor.from_elements %v : tensor<i32>
  return %z : tensor<i32>
}
