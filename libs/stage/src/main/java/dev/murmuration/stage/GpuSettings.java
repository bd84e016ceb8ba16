package dev.murmuration.stage;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;

/** What the services with a model have in common about GPUs; each has its own {@code device} and {@code precision}. */
@ConfigMapping(prefix = "gpu")
public interface GpuSettings {

    /**
     * Whether {@code device = auto} stops the service instead of computing on the processor where a GPU is reserved: in the image
     * for CUDA, or with {@code NVIDIA_VISIBLE_DEVICES}.
     */
    @WithDefault("false")
    boolean required();

    /** Whether products in fp32 may take TensorFloat-32 on a GPU: about eight times as fast, with 10 bits of mantissa instead of 23. */
    @WithDefault("false")
    boolean tf32();
}
