package dev.murmuration.programs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThatThrownBy;

import ai.djl.engine.EngineException;
import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Files named and placed as in {@code site-packages} of PyTorch's image; what can be loaded among them is a library of the JDK. */
class CudaWheelsTest {

    @TempDir
    Path packages;

    private Path libtorch;
    private Path runtime;

    @BeforeEach
    void installed() throws IOException {
        libtorch = Files.createDirectories(packages.resolve("torch/lib"));
        runtime = Files.createDirectories(packages.resolve("nvidia/cuda_runtime/lib"));
        Files.createFile(libtorch.resolve("libtorch_cuda.so"));
        Files.createDirectories(packages.resolve("nvidia/cublas/lib"));
        Files.createFile(packages.resolve("nvidia/cublas/lib/libcublas.so.12"));
        Files.copy(Path.of(System.getProperty("java.home"), "lib/libzip.so"), runtime.resolve("libcudart.so.12"));
    }

    @Test
    void findsTheRuntimeBesideLibtorch() {
        assertThat(CudaWheels.runtime(libtorch)).contains(runtime);
    }

    @Test
    void findsTheRuntimeOfLaterWheels() throws IOException {
        Path later = Files.createDirectories(packages.resolve("nvidia/cu13/lib"));
        Files.move(runtime.resolve("libcudart.so.12"), later.resolve("libcudart.so.13"));

        assertThat(CudaWheels.runtime(libtorch)).contains(later);
    }

    @Test
    void libtorchForCpusHasNoRuntime() throws IOException {
        Files.delete(libtorch.resolve("libtorch_cuda.so"));

        assertThat(CudaWheels.runtime(libtorch)).isEmpty();
    }

    @Test
    void otherLayoutsHaveNoRuntime() throws IOException {
        Files.delete(runtime.resolve("libcudart.so.12"));

        assertThat(CudaWheels.runtime(libtorch)).isEmpty();
    }

    @Test
    void jnaLoadsTheNumberedLibraryOnceItIsShown() {
        assumeThatThrownBy(() -> NativeLibrary.getInstance("cudart")) // a machine with NVIDIA's toolkit has one
                .isInstanceOf(UnsatisfiedLinkError.class);

        CudaWheels.showToDjl(runtime);

        try (Loaded loaded = new Loaded(NativeLibrary.getInstance("cudart"))) {
            assertThat(loaded.library().getFile())
                    .isEqualTo(runtime.resolve("libcudart.so.12").toFile());
        }
    }

    @Test
    void knowsTheMissingDriver() {
        assertThat(CudaWheels.lacksDriver(new EngineException(
                        "Failed to load PyTorch native library",
                        new UnsatisfiedLinkError(
                                "/opt/torch/lib/libcaffe2_nvrtc.so: libcuda.so.1: cannot open shared object file"))))
                .isTrue();
        assertThat(CudaWheels.lacksDriver(new EngineException(
                        "Failed to load PyTorch native library",
                        new UnsatisfiedLinkError("/opt/torch/lib/libtorch.so: libcudart.so.12: cannot open"))))
                .isFalse();
    }

    private record Loaded(NativeLibrary library) implements AutoCloseable {
        @Override
        public void close() {
            library.dispose();
        }
    }
}
