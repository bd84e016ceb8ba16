package dev.murmuration.programs;

import com.sun.jna.NativeLibrary;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The layout of PyTorch's wheels for CUDA, which PyTorch's images have as well: libtorch in {@code torch/lib}, and NVIDIA's
 * libraries in folders of their own beside it, {@code nvidia/cuda_runtime/lib/libcudart.so.12} for example. There is no
 * {@code libcudart.so}, which DJL asks JNA for, and JNA looks for a numbered one only in folders that it is given.
 */
final class CudaWheels {

    /** What an operator reads where libtorch for CUDA starts without NVIDIA's driver. */
    static final String NO_DRIVER =
            "libtorch for CUDA cannot be loaded: NVIDIA's driver (libcuda.so.1) is not on this node, or not in this container;"
                    + " start it with a GPU, or use the image for CPUs";

    private static final String DRIVER = "libcuda.so.1";
    private static final String RUNTIME = "cudart";
    private static final int DEPTH = 3; // a folder for each wheel, lib, the library

    private CudaWheels() {}

    /** Whether libtorch in this folder is one for CUDA. */
    static boolean isForCuda(Path libtorch) {
        return Files.exists(libtorch.resolve(System.mapLibraryName("torch_cuda")));
    }

    /** The folder of CUDA's runtime library that belongs to libtorch in this folder; empty where the wheels' layout is not found. */
    static Optional<Path> runtime(Path libtorch) {
        Path packages = libtorch.toAbsolutePath().resolve("../..").normalize();
        Path nvidia = packages.resolve("nvidia");
        if (!isForCuda(libtorch) || !Files.isDirectory(nvidia)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.walk(nvidia, DEPTH)) {
            return files.filter(file -> file.getFileName().toString().startsWith(System.mapLibraryName(RUNTIME) + "."))
                    .map(Path::getParent)
                    .max(Comparator.naturalOrder());
        } catch (IOException e) {
            throw new UncheckedIOException("%s cannot be searched for CUDA's runtime".formatted(nvidia), e);
        }
    }

    /** Lets JNA, and so DJL, find CUDA's runtime library in this folder. */
    static void showToDjl(Path folder) {
        NativeLibrary.addSearchPath(RUNTIME, folder.toString());
    }

    /** Whether this failure to load libtorch is the driver's absence. */
    static boolean lacksDriver(Throwable failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof UnsatisfiedLinkError
                    && String.valueOf(cause.getMessage()).contains(DRIVER)) {
                return true;
            }
        }
        return false;
    }
}
