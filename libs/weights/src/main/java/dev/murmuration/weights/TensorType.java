package dev.murmuration.weights;

/** Element types, with the names of safetensors. */
public enum TensorType {
    /** 64-bit float. */
    F64(8),
    /** 32-bit float. */
    F32(4),
    /** 16-bit float of IEEE 754. */
    F16(2),
    /** The upper half of a 32-bit float. */
    BF16(2),
    /** 64-bit integer. */
    I64(8),
    /** 32-bit integer. */
    I32(4),
    /** 16-bit integer. */
    I16(2),
    /** 8-bit integer. */
    I8(1),
    /** 8-bit unsigned integer. */
    U8(1),
    /** Boolean of one byte. */
    BOOL(1);

    private final int bytes;

    TensorType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one element. */
    public int bytes() {
        return bytes;
    }

    /** Whether its elements are floats: F64, F32, F16 or BF16. */
    public boolean isFloat() {
        return this == F64 || this == F32 || this == F16 || this == BF16;
    }
}
