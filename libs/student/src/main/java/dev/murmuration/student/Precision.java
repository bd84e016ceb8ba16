package dev.murmuration.student;

import java.util.Locale;

/** What the program computes in. The weights are kept, and the loss is computed, in 32 bits either way. */
public enum Precision {
    /** 32-bit floats: reproducible, and faster on processors without bf16 units. */
    FP32,
    /** bfloat16: about twice as fast where the processor has units for it, with 3 significant digits. */
    BF16;

    /**
     * The precision of a name, in either case.
     *
     * @throws IllegalArgumentException if it is neither fp32 nor bf16
     */
    public static Precision named(String name) {
        return switch (name.toLowerCase(Locale.ROOT)) {
            case "fp32" -> FP32;
            case "bf16" -> BF16;
            default -> throw new IllegalArgumentException("precision '%s': it is fp32 or bf16".formatted(name));
        };
    }
}
