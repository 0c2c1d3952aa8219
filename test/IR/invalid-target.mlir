// RUN: mx-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected vector_bits to be a power of two from 32 to 2048, found 96}}
#a = #mx.target<vector_bits = 96, vector_registers = 16, caches = [32768]>

// -----

// expected-error@+1 {{expected vector_bits to be a power of two from 32 to 2048, found 65536}}
#a = #mx.target<vector_bits = 65536, vector_registers = 16, caches = [32768]>

// -----

// expected-error@+1 {{expected 8 to 64 vector_registers, found 4}}
#a = #mx.target<vector_bits = 128, vector_registers = 4, caches = [32768]>

// -----

// expected-error@+1 {{expected 8 to 64 vector_registers, found 1000000}}
#a = #mx.target<vector_bits = 128, vector_registers = 1000000, caches = [32768]>

// -----

// expected-error@+1 {{expected caches of positive, ascending sizes, found []}}
#a = #mx.target<vector_bits = 128, vector_registers = 16, caches = []>

// -----

// expected-error@+1 {{expected caches of positive, ascending sizes, found [32768, 1024]}}
#a = #mx.target<vector_bits = 128, vector_registers = 16, caches = [32768, 1024]>

// -----

// expected-error@+1 {{expected extends to hold f16 or bf16, found 'f32'}}
#a = #mx.target<vector_bits = 128, vector_registers = 16, extends = [f32], caches = [32768]>

// -----

// expected-error@+1 {{expected lhs of a dot to be i8, ui8, i16 or bf16, found 'f16'}}
#a = #mx.dot<lhs = f16, rhs = i8, sum = i32, length = 4, intrinsic = "llvm.x">

// -----

// expected-error@+1 {{expected rhs of a dot to be 'i8', found 'ui8'}}
#a = #mx.dot<lhs = ui8, rhs = ui8, sum = i32, length = 4, intrinsic = "llvm.x">

// -----

// expected-error@+1 {{expected prefetch to be a number of bytes, found -64}}
#a = #mx.target<vector_bits = 512, vector_registers = 32, prefetch = -64, caches = [32768]>

// -----

// expected-error@+1 {{expected permute to be the name of an intrinsic of LLVM, found 'vpermps'}}
#a = #mx.target<vector_bits = 512, vector_registers = 32, permute = "vpermps", caches = [32768]>

// -----

// expected-error@+1 {{expected shuffle to be the name of an intrinsic of LLVM, found 'vpshufb'}}
#a = #mx.target<vector_bits = 256, vector_registers = 16, shuffle = "vpshufb", caches = [32768]>

// -----

// expected-error@+1 {{expected vector_bits from 128 to 512 with shuffle, found 64}}
#a = #mx.target<vector_bits = 64, vector_registers = 16, shuffle = "llvm.x86.mmx", caches = [32768]>

// -----

// expected-error@+1 {{expected rhs of a dot to be 'bf16', found 'i8'}}
#a = #mx.dot<lhs = bf16, rhs = i8, sum = f32, length = 2, intrinsic = "llvm.x">

// -----

// expected-error@+1 {{expected the sum of a dot to be 'f32', found 'i32'}}
#a = #mx.dot<lhs = bf16, rhs = bf16, sum = i32, length = 2, intrinsic = "llvm.x">

// -----

// expected-error@+1 {{expected a dot's length to be 2, that of a lane, found 4}}
#a = #mx.dot<lhs = bf16, rhs = bf16, sum = f32, length = 4, intrinsic = "llvm.x">

// -----

// expected-error@+1 {{expected the sum of a dot to be 'i32', found 'f32'}}
#a = #mx.dot<lhs = ui8, rhs = i8, sum = f32, length = 4, intrinsic = "llvm.x">

// -----

// expected-error@+1 {{expected a dot's length to be 4, that of a lane, found 2}}
#a = #mx.dot<lhs = ui8, rhs = i8, sum = i32, length = 2, intrinsic = "llvm.x">

// -----

// expected-error@+1 {{expected the name of an intrinsic of LLVM, found 'vpdpbusd'}}
#a = #mx.dot<lhs = ui8, rhs = i8, sum = i32, length = 4, intrinsic = "vpdpbusd">

// -----

// Only bytes without a sign have short sums.
// expected-error@+1 {{expected the sum of a dot to be 'i32', found 'i16'}}
#a = #mx.dot<lhs = i8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x">

// -----

// expected-error@+1 {{expected a dot's length to be 2, that of a lane, found 4}}
#a = #mx.dot<lhs = ui8, rhs = i8, sum = i16, length = 4, intrinsic = "llvm.x">

// -----

// expected-error@+1 {{expected a dot of i16 beside one with sums of i16}}
#a = #mx.target<vector_bits = 256, vector_registers = 16, caches = [32768], dots = [<lhs = ui8, rhs = i8, sum = i16, length = 2, intrinsic = "llvm.x">]>
