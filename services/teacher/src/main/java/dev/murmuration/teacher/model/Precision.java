package dev.murmuration.teacher.model;

/** In which numbers a transformer computes. */
public enum Precision {
    /** {@link #BF16} on a GPU; on a processor whichever of the two is faster there, measured when the model is loaded. */
    AUTO,
    /** 32-bit floats. */
    FP32,
    /** The upper half of 32-bit floats: as fast as the processor's own units for them, slow where it has none. */
    BF16
}
