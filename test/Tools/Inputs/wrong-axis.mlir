#mk = affine_map<(m, n, k) -> (m, k)>
#sk = affine_map<(m, n, k) -> (m floordiv 32, k)>
#nk = affine_map<(m, n, k) -> (n, k)>
#mn = affine_map<(m, n, k) -> (m, n)>
func.func @main(%a: tensor<64x64xf8E4M3FN>, %s: tensor<2x64xf8E8M0FNU>, %b: tensor<8x64xf32>, %c: tensor<64x8xf32>) -> tensor<64x8xf32> {
  %0 = mx.contract indexing_maps = [#mk, #sk, #nk, #mn]
    lhs(%a scaled %s : tensor<64x64xf8E4M3FN>, tensor<2x64xf8E8M0FNU>) rhs(%b : tensor<8x64xf32>)
    outs(%c : tensor<64x8xf32>) -> tensor<64x8xf32>
  return %0 : tensor<64x8xf32>
}
