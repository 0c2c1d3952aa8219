// RUN: mx-opt %s --split-input-file --verify-diagnostics

// expected-error@+1 {{expected vector_bits to be a power of two from 32 on, found 96}}
#a = #mx.target<vector_bits = 96, vector_registers = 16, caches = [32768]>

// -----

// expected-error@+1 {{expected at least 8 vector_registers, found 4}}
#a = #mx.target<vector_bits = 128, vector_registers = 4, caches = [32768]>

// -----

// expected-error@+1 {{expected caches of positive, ascending sizes}}
#a = #mx.target<vector_bits = 128, vector_registers = 16, caches = [32768, 1024]>
