import ai.djl.engine.Engine;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Enumeration;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.stream.Stream;

/**
 * Run while the image of a service with a model is built, because a process that may write nowhere cannot unpack the libraries of
 * DJL at its start.
 *
 * <p>{@code unpack JARS [tokenizers]}: has DJL unpack libtorch and, where the service has them, the tokenizers (or these alone)
 * into {@code DJL_CACHE_DIR}, strips their symbols, lets every user read them, and takes them out of the jars in that folder, so
 * that an image has them once. {@code check [tokenizers]}, by the user of the image: loads them and computes, so that an image
 * whose libraries do not load is never made.
 */
final class NativeLibraries {

    private static final String TOKENIZERS = "ai.djl.huggingface.tokenizers.jni.LibUtils";

    private NativeLibraries() {}

    public static void main(String[] args) throws Exception {
        List<String> arguments = List.of(args);
        if (!arguments.contains("tokenizers")) {
            compute();
        }
        loadTokenizers();
        if (arguments.get(0).equals("unpack")) {
            stripSymbols(Path.of(System.getenv("DJL_CACHE_DIR")));
            letEveryUserRead(Path.of(System.getenv("DJL_CACHE_DIR")));
            try (Stream<Path> jars = Files.list(Path.of(arguments.get(1)))) {
                for (Path jar : jars.filter(NativeLibraries::isOfLibraries).toList()) {
                    takeLibrariesOut(jar);
                }
            }
        }
    }

    private static void compute() {
        Engine engine = Engine.getEngine("PyTorch");
        try (NDManager arrays = engine.newBaseManager()) {
            float sum = arrays.ones(new Shape(3, 3)).sum().getFloat();
            if (sum != 9) {
                throw new IllegalStateException("libtorch says that nine ones are " + sum);
            }
        }
        System.out.println("libtorch " + engine.getVersion() + " computes");
    }

    private static void loadTokenizers() throws ReflectiveOperationException {
        try {
            Class.forName(TOKENIZERS).getMethod("checkStatus").invoke(null);
            System.out.println("the tokenizers load");
        } catch (ClassNotFoundException e) {
            System.out.println("no tokenizers in this service");
        }
    }

    /** A fifth of libtorch is names for debuggers. Temurin's JDK images have strip, for jlink; elsewhere the names stay. */
    private static void stripSymbols(Path cache) throws IOException, InterruptedException {
        try (Stream<Path> all = Files.walk(cache)) {
            for (Path library : all.filter(NativeLibraries::isLibrary).toList()) {
                // Into another file: this process has the library in memory.
                Path stripped = library.resolveSibling(library.getFileName() + ".stripped");
                Process strip;
                try {
                    strip = new ProcessBuilder("strip", "--strip-unneeded", "-o", stripped.toString(), library.toString())
                            .inheritIO()
                            .start();
                } catch (IOException e) {
                    System.out.println("no strip here: the libraries keep their symbols");
                    return;
                }
                if (strip.waitFor() != 0) {
                    throw new IOException("cannot strip " + library);
                }
                Files.move(stripped, library, StandardCopyOption.REPLACE_EXISTING);
            }
        }
    }

    /** DJL makes its folders for their owner alone, which is the user who builds. */
    private static void letEveryUserRead(Path cache) throws IOException {
        try (Stream<Path> all = Files.walk(cache)) {
            for (Path each : all.toList()) {
                Set<PosixFilePermission> may = EnumSet.copyOf(Files.getPosixFilePermissions(each));
                may.add(PosixFilePermission.GROUP_READ);
                may.add(PosixFilePermission.OTHERS_READ);
                if (Files.isDirectory(each)) {
                    may.add(PosixFilePermission.GROUP_EXECUTE);
                    may.add(PosixFilePermission.OTHERS_EXECUTE);
                }
                Files.setPosixFilePermissions(each, may);
            }
        }
    }

    /** Of any system: the tokenizers' jar has one for each. */
    private static boolean isLibrary(Path file) {
        return file.getFileName().toString().matches(".*\\.(so(\\.\\d+)*|dylib|dll)");
    }

    private static boolean isOfLibraries(Path jar) {
        return jar.getFileName().toString().matches("ai\\.djl\\.(pytorch\\.pytorch-native|huggingface\\.tokenizers).*\\.jar");
    }

    private static void takeLibrariesOut(Path jar) throws IOException {
        Path rest = jar.resolveSibling(jar.getFileName() + ".rest");
        try (JarFile from = new JarFile(jar.toFile());
                OutputStream file = Files.newOutputStream(rest);
                JarOutputStream to = new JarOutputStream(file)) {
            for (Enumeration<JarEntry> entries = from.entries(); entries.hasMoreElements(); ) {
                JarEntry entry = entries.nextElement();
                if (!isLibrary(Path.of(entry.getName()))) {
                    JarEntry copy = new JarEntry(entry.getName());
                    copy.setTime(entry.getTime());
                    to.putNextEntry(copy);
                    try (InputStream in = from.getInputStream(entry)) {
                        in.transferTo(to);
                    }
                    to.closeEntry();
                }
            }
        }
        Files.move(rest, jar, StandardCopyOption.REPLACE_EXISTING);
    }
}
