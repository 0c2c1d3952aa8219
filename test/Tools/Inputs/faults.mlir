func.func @divide(%x: tensor<i32>, %y: tensor<i32>) -> tensor<i32> {
  %a = tensor.extract %x[] : tensor<i32>
  %b = tensor.extract %y[] : tensor<i32>
  %q = arith.divsi %a, %b : i32
  %z = tensor.from_elements %q : tensor<i32>
  return %z : tensor<i32>
}
func.func @remainder(%x: tensor<i32>, %y: tensor<i32>) -> tensor<i32> {
  %a = tensor.extract %x[] : tensor<i32>
  %b = tensor.extract %y[] : tensor<i32>
  %q = arith.remui %a, %b : i32
  %z = tensor.from_elements %q : tensor<i32>
  return %z : tensor<i32>
}
func.func @load(%x: tensor<i32>, %y: tensor<i32>) -> tensor<i32> {
  %null = llvm.mlir.zero : !llvm.ptr
  %v = llvm.load volatile %null : !llvm.ptr -> i32
  %z = tensor.from_elements %v : tensor<i32>
  return %z : tensor<i32>
}
func.func @divide_rows(%x: tensor<40x64xi32>, %y: tensor<40x64xi32>) -> tensor<40xi32> {
  %zero = arith.constant 0 : i32
  %e = tensor.empty() : tensor<40xi32>
  %f = linalg.fill ins(%zero : i32) outs(%e : tensor<40xi32>) -> tensor<40xi32>
  %r = linalg.generic {indexing_maps = [affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i, j)>, affine_map<(i, j) -> (i)>],
                       iterator_types = ["parallel", "reduction"]}
      ins(%x, %y : tensor<40x64xi32>, tensor<40x64xi32>) outs(%f : tensor<40xi32>) {
  ^bb0(%a: i32, %b: i32, %sum: i32):
    %quotient = arith.divsi %a, %b : i32
    %s = arith.addi %quotient, %sum : i32
    linalg.yield %s : i32
  } -> tensor<40xi32>
  return %r : tensor<40xi32>
}
