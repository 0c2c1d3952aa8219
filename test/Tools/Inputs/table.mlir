module attributes {mx.constants = {w = "text"}} {
  func.func @main() -> tensor<4xf32> {
    %w = memref.get_global @w : memref<4xf32>
    %y = bufferization.to_tensor %w restrict : memref<4xf32> to tensor<4xf32>
    return %y : tensor<4xf32>
  }
  memref.global constant @w : memref<4xf32>
}
