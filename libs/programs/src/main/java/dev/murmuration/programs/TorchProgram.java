package dev.murmuration.programs;

import ai.djl.Device;
import ai.djl.MalformedModelException;
import ai.djl.Model;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDList;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.NDResource;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.engine.PtSymbolBlock;
import ai.djl.pytorch.jni.IValueUtils;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * A program in PyTorch, compiled and run by libtorch without Python (TorchScript). Everything that must be fast or that DJL does
 * not have (bf16, fused attention, fused optimizers, clipping) lives inside the program; Java hands tensors in and takes tensors
 * out.
 *
 * <p>Every method of a program takes tensors or lists of tensors and returns a tensor or a list of them, in fp32 or integers: DJL
 * can neither convert a number nor pass bf16 across the border. What a program keeps from one call to the next are its
 * {@code List[Tensor]} attributes.
 *
 * <p>One thread at a time may train a program; any number may {@link #call} it while none trains.
 */
public final class TorchProgram implements AutoCloseable {

    private final Model model;
    private final PtSymbolBlock block;
    private final String name;

    private TorchProgram(Model model, String name) {
        this.model = model;
        this.block = (PtSymbolBlock) model.getBlock();
        this.name = name;
    }

    /**
     * Loads a program with its attributes.
     *
     * @param owner the class whose class path folder has the program's file and those of the classes that it inherits from
     * @param resource the program's file, for example {@code vit.py}
     * @param attributes a value for each {@code int}, {@code float} and {@code bool} attribute that the program declares
     * @param device where the tensors of {@link #newScope} live
     * @throws IOException if the program is absent or its archive cannot be written for libtorch to load
     * @throws IllegalArgumentException if the attributes are not those of the program, or libtorch refuses its text
     */
    public static TorchProgram load(Class<?> owner, String resource, Attributes attributes, Device device)
            throws IOException {
        byte[] archive = ProgramArchive.pack(ProgramSource.read(owner, resource), attributes.values());
        Torch.engine();
        Path file = Files.createTempFile("murmuration-", ".pt");
        Model model = Model.newInstance(resource, device, "PyTorch");
        try {
            Files.write(file, archive);
            model.load(file.toAbsolutePath().getParent(), file.getFileName().toString(), Map.of("trainParam", "true"));
            return new TorchProgram(model, resource);
        } catch (MalformedModelException | EngineException refused) {
            model.close();
            throw new IllegalArgumentException(
                    "libtorch refuses %s: %s".formatted(resource, refused.getMessage()), refused);
        } catch (IOException failed) {
            model.close();
            throw failed;
        } finally {
            Files.deleteIfExists(file);
        }
    }

    /** A scope for the tensors of one batch, on the program's device. Closing it frees them all. */
    public NDManager newScope() {
        return model.getNDManager().newSubManager();
    }

    /**
     * Numbers that the program reads one by one, as fp64: in the host's memory wherever the program runs, so that reading them
     * does not wait for a GPU.
     */
    public static NDArray onHost(NDManager scope, double... numbers) {
        try (NDManager host = scope.newSubManager(Device.cpu())) {
            NDArray array = host.create(numbers);
            array.attach(scope);
            return array;
        }
    }

    /** As above, of integers. */
    public static NDArray onHost(NDManager scope, long... numbers) {
        try (NDManager host = scope.newSubManager(Device.cpu())) {
            NDArray array = host.create(numbers);
            array.attach(scope);
            return array;
        }
    }

    /**
     * Sends numbers to the program's device. To a GPU they go from pinned memory and without being waited for; the program then has
     * the methods {@code pinned}, memory of the shape and type of its argument, and {@code upload}, its argument on the GPU.
     *
     * @param scope owns the array
     * @param fill writes all of the array's memory, which is direct and in the host's byte order
     * @return the array on the device; what runs there later sees its numbers
     */
    public NDArray upload(NDManager scope, Shape shape, DataType type, Consumer<ByteBuffer> fill) {
        try (NDManager host = scope.newSubManager(Device.cpu())) {
            NDArray array = host.create(shape, type);
            if (device().isGpu()) {
                NDArray pinned = train(host, "pinned", array).get(0);
                fill.accept(memory(pinned));
                array = train(scope, "upload", pinned).get(0);
            } else {
                fill.accept(memory(array));
            }
            array.attach(scope);
            return array;
        }
    }

    private static ByteBuffer memory(NDArray array) {
        return array.toByteBuffer(true).order(ByteOrder.nativeOrder());
    }

    /** Where the program's tensors live. */
    public Device device() {
        return model.getNDManager().getDevice();
    }

    /**
     * Runs a method in inference mode: no gradient is recorded, and what it returns can never require one.
     *
     * @param scope owns what is returned
     * @param method name of a method of the program
     * @param arguments an {@link NDArray} for a {@code Tensor}, an {@link NDList} that is not empty for a {@code List[Tensor]}
     * @return the tensors that the method returns
     * @throws EngineException if the program fails, with the line of its text
     */
    public NDList call(NDManager scope, String method, NDResource... arguments) {
        return run(scope, method, false, arguments);
    }

    /**
     * Runs a method that may record and use gradients. Methods that keep tensors for training (weights, moments) must run through
     * here too: what inference mode makes can never be trained.
     *
     * @param scope owns what is returned
     * @param method name of a method of the program
     * @param arguments as for {@link #call}
     * @return the tensors that the method returns; no gradient flows from them
     * @throws EngineException if the program fails, with the line of its text
     */
    public NDList train(NDManager scope, String method, NDResource... arguments) {
        boolean before = JniUtils.isGradMode();
        JniUtils.setGradMode(true);
        try {
            return run(scope, method, true, arguments);
        } finally {
            JniUtils.setGradMode(before);
        }
    }

    // DJL reads the method and the shape of the arguments from the names of the arrays: "module_method:x" picks the
    // method, arrays of one name "1[]" become one
    // list, and an array without a name is an argument of its own.
    private NDList run(NDManager scope, String method, boolean training, NDResource... arguments) {
        if (device().isGpu()) {
            // Per thread. Else the first calls, and those of each new shape, would be specialised: seconds, for kernels
            // that are no faster.
            JniUtils.setGraphExecutorOptimize(false);
        }
        Set<NDArray> seen = Collections.newSetFromMap(new IdentityHashMap<>());
        NDList named = new NDList();
        // First: DJL gives what comes back to the scope of the first array.
        try (NDArray selector = onHost(scope, 0.0)) {
            selector.setName("module_method:" + method);
            named.add(selector);
            for (int i = 0; i < arguments.length; i++) {
                add(named, arguments[i], i, method, seen);
            }
            return IValueUtils.forward(block, named, training);
        } finally {
            seen.forEach(array -> array.setName(null));
        }
    }

    private void add(NDList named, NDResource argument, int index, String method, Set<NDArray> seen) {
        String listName = argument instanceof NDList ? index + "[]" : null;
        List<NDArray> arrays = argument.getResourceNDArrays();
        if (arrays.isEmpty()) {
            throw new IllegalArgumentException("argument %d of %s.%s is an empty list".formatted(index, name, method));
        }
        for (NDArray array : arrays) {
            if (!seen.add(array)) {
                throw new IllegalArgumentException(
                        "one array twice among the arguments of %s.%s".formatted(name, method));
            }
            array.setName(listName);
            named.add(array);
        }
    }

    /**
     * Writes the program, with the attributes and tensors that it holds now, as an archive that libtorch loads anywhere:
     * {@code torch.jit.load} in Python, or DJL.
     *
     * @param file written anew
     */
    public void save(Path file) throws IOException {
        try (OutputStream out = Files.newOutputStream(file)) {
            JniUtils.writeModule(block, out, false);
        }
    }

    /** Frees the program, its tensors and all scopes. */
    @Override
    public void close() {
        model.close();
    }
}
