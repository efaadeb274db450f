using System.Runtime.CompilerServices;

// Buffers on the stack are written before they are read; zeroing them costs more than what they are used for.
[module: SkipLocalsInit]
