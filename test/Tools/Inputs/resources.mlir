func.func @short() -> tensor<40x40xf32> {
  %w = arith.constant dense_resource<short> : tensor<40x40xf32>
  return %w : tensor<40x40xf32>
}
func.func @absent() -> tensor<4xf32> {
  %w = arith.constant dense_resource<absent> : tensor<4xf32>
  return %w : tensor<4xf32>
}
{-# dialect_resources: { builtin: { short: "0x040000000000803F" } } #-}
