// Nothing of what @main does not need has to compile.
func.func private @declared(tensor<?x40xf32>)
func.func private @unsupported() -> index {
  %i = gpu.thread_id x
  return %i : index
}
func.func private @no_data() -> tensor<40x40xf32> {
  %w = arith.constant dense_resource<short> : tensor<40x40xf32>
  return %w : tensor<40x40xf32>
}
func.func @main(%x: tensor<?x40xf32>) -> tensor<?x40xf32> {
  return %x : tensor<?x40xf32>
}
{-# dialect_resources: { builtin: { short: "0x040000000000803F" } } #-}
