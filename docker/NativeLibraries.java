import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;

/**
 * Run once while the image of a service with a model is built: has DJL unpack libtorch into {@code DJL_CACHE_DIR}, where a process that may write nowhere finds it,
 * and computes with it, so that an image whose libraries do not load is never made.
 */
final class NativeLibraries {

    private NativeLibraries() {}

    public static void main(String[] args) {
        Engine engine = Engine.getEngine("PyTorch");
        try (NDManager arrays = engine.newBaseManager()) {
            float sum = arrays.ones(new Shape(3, 3)).sum().getFloat();
            if (sum != 9) {
                throw new IllegalStateException("libtorch says that nine ones are " + sum);
            }
        }
        System.out.println("libtorch " + engine.getVersion() + " is unpacked and computes");
    }
}
