// RUN: mx-opt %s --split-input-file --verify-diagnostics

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
// expected-error@+1 {{expected rows of an mma to be from 1 to 1048576, found 0}}
#m = #mx.mma<rows = 0, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
// expected-error@+1 {{expected block to divide the depth 48 of an mma, found 32}}
#m = #mx.mma<rows = 8, columns = 16, depth = 48, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
// expected-error@+1 {{expected elements of an mma to be f8E4M3FN, f8E5M2, f6E2M3FN, f6E3M2FN, f4E2M1FN or i8, found 'f32'}}
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f32], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
// expected-error@+1 {{expected the depth of an mma to be a multiple of 4 for 'f6E2M3FN', found 2}}
#m = #mx.mma<rows = 8, columns = 16, depth = 2, elements = [f6E2M3FN], container = dense, scale = f8E8M0FNU, block = 2, order = #order, cycles = 1>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
// expected-error@+1 {{expected the scale of an mma to be f8E8M0FNU or f8E4M3FN, found 'f32'}}
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f32, block = 32, order = #order, cycles = 1>

// -----

#order = #mx.scale_layout<(b, r, c) -> (b, r, c), pad = 127, container = i8>
// expected-error@+1 {{expected the order of an mma's scales to be one of (row, block) in bytes}}
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>

// -----

// A layout's dimension that is none.
// expected-error@+2 {{use of undeclared identifier}}
// expected-error@+1 {{failed to parse MX_ScaleLayoutAttr parameter 'map'}}
#order = #mx.scale_layout<(r, c) -> (r, q), pad = 127, container = i8>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 255, container = i8>
// expected-error@+1 {{expected a pad byte of an mma's scales that is no NaN, found 255}}
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>

// -----

#order = #mx.scale_layout<(r, c) -> (r floordiv 16, r mod 16, c), pad = 127, container = i8>
// expected-error@+1 {{expected an order of a tile's 8 x 1 scales}}
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>
// expected-error@+1 {{expected a memory of at least 1600 bytes for two pairs of tiles of 'f8E5M2', found 1599}}
#a = #mx.accelerator<memory = 1599, alignment = 16, accumulators = 2, bandwidth = 1, latency = 0, mmas = [#m]>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>
// expected-error@+1 {{expected alignment to be a power of two up to 1048576, found 12}}
#a = #mx.accelerator<memory = 4096, alignment = 12, accumulators = 2, bandwidth = 1, latency = 0, mmas = [#m]>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>
// expected-error@+1 {{expected at least 2 accumulators, of which one is copied while the other is in use, found 1}}
#a = #mx.accelerator<memory = 4096, alignment = 16, accumulators = 1, bandwidth = 1, latency = 0, mmas = [#m]>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>
// expected-error@+1 {{expected a positive bandwidth and a latency, found 0 and 0}}
#a = #mx.accelerator<memory = 4096, alignment = 16, accumulators = 2, bandwidth = 0, latency = 0, mmas = [#m]>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 255, container = i8>
// expected-error@+1 {{expected a pad byte of an mma's scales that is no NaN, found 255}}
#m = #mx.mma<rows = 8, columns = 16, depth = 64, elements = [f4E2M1FN], container = dense, scale = f8E4M3FN, block = 16, order = #order, cycles = 1>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
// expected-error@+1 {{expected rows of an mma to be from 1 to 1048576, found 4611686018427387904}}
#m = #mx.mma<rows = 4611686018427387904, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>
// expected-error@+1 {{expected a storage of bytes, found -1}}
#a = #mx.accelerator<memory = 4096, alignment = 16, accumulators = 2, bandwidth = 1, latency = 0, storage = -1, mmas = [#m]>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 0, container = i8>
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f4E2M1FN], container = byte, scale = f8E4M3FN, block = 16, order = #order, cycles = 1>
// expected-error@+1 {{expected an mma with scales of f8E8M0FNU beside rules to quantize by, found none}}
#a = #mx.accelerator<memory = 4096, alignment = 16, accumulators = 2, bandwidth = 1, latency = 0, quantize = [floor], mmas = [#m]>

// -----

#order = #mx.scale_layout<(r, c) -> (r, c), pad = 127, container = i8>
#m = #mx.mma<rows = 8, columns = 16, depth = 32, elements = [f8E5M2], container = byte, scale = f8E8M0FNU, block = 32, order = #order, cycles = 1>
// expected-error@+1 {{expected host to be from 1 to 1048576 f32 in a cycle, found 0}}
#a = #mx.accelerator<memory = 4096, alignment = 16, accumulators = 2, bandwidth = 1, latency = 0, host = 0, mmas = [#m]>

// -----

// expected-error@+2 {{expected one of [floor, ceil, even, rceil, deepseek, tosa]}}
// expected-error@+1 {{failed to parse MX_AcceleratorAttr parameter 'quantize'}}
#a = #mx.accelerator<memory = 4096, alignment = 16, accumulators = 2, bandwidth = 1, latency = 0, quantize = [nearest], mmas = []>
