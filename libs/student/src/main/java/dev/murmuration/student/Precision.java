package dev.murmuration.student;

import ai.djl.Device;
import java.util.Locale;

/** The number format of the program's computations. Weights and loss have 32 bits either way. */
public enum Precision {
    /** {@link #BF16} on a GPU, {@link #FP32} on a processor. */
    AUTO,
    /** 32-bit floats: reproducible, and faster on processors without bf16 units. */
    FP32,
    /** bfloat16: about twice as fast where the processor has units for it, with 3 significant digits. */
    BF16;

    /**
     * Returns the precision with this name, ignoring case.
     *
     * @throws IllegalArgumentException if it is not auto, fp32 or bf16
     */
    public static Precision named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "auto" -> AUTO;
            case "fp32" -> FP32;
            case "bf16" -> BF16;
            default -> throw new IllegalArgumentException("precision '%s': must be auto, fp32 or bf16".formatted(name));
        };
    }

    /** What is computed in on a device: this, or what {@link #AUTO} means there. */
    public Precision on(Device device) {
        return this != AUTO ? this : device.isGpu() ? BF16 : FP32;
    }
}
