module attributes {mx.accelerator = #mx.accelerator<
  memory = 65536, alignment = 16, accumulators = 8, bandwidth = 16,
  latency = 0, mmas = [
  #mx.mma<rows = 16, columns = 16, depth = 32, elements = [f8E4M3FN],
    container = byte, scale = f8E8M0FNU, block = 32,
    order = <(r, c) -> (r, c), pad = 127, container = i8>, cycles = 1>]>} {}
