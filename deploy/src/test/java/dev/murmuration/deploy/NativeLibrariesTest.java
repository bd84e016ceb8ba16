package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the Dockerfiles run while an image is built, with the teacher's jars: it has both libtorch and tokenizers. */
class NativeLibrariesTest {

    private static final Path LIB = Repository.path("services/teacher/target/quarkus-app/lib");

    @TempDir
    private Path image;

    @BeforeEach
    void copyWhatIsPacked() throws IOException {
        assumeThat(LIB).as("the teacher, packaged").isDirectory();
        assumeThat(FileSystems.getDefault().supportedFileAttributeViews()).contains("posix");
        for (String folder : List.of("main", "boot")) {
            Files.createDirectories(image.resolve("lib").resolve(folder));
            try (Stream<Path> jars = Files.list(LIB.resolve(folder))) {
                for (Path jar : jars.toList()) {
                    Files.copy(jar, image.resolve("lib").resolve(folder).resolve(jar.getFileName()));
                }
            }
        }
        Files.createDirectories(image.resolve("djl"));
    }

    @Test
    void leavesLibrariesThatEveryUserCanReadAndLoad() throws Exception {
        assertThat(run("unpack", image.resolve("lib/main").toString()))
                .contains("libtorch " + Repository.version("pytorch.version") + " computes", "the tokenizers load");

        assertThat(problems("libtorch_cpu.so", "libtokenizers.so")).isEmpty();
        try (Stream<Path> jars = Files.list(image.resolve("lib/main"))) {
            assertThat(jars.filter(jar -> jar.getFileName().toString().matches(".*(pytorch-native|tokenizers).*")))
                    .hasSize(2)
                    .allSatisfy(jar -> assertThat(libraries(jar)).isEmpty());
        }
        if (ObservabilityTest.onPath("strip")) {
            assertThat(Files.size(unpacked("libtorch_cpu.so"))).isLessThan(400_000_000);
        }
        String before = listing();

        assertThat(run("check")).contains("computes", "the tokenizers load");
        assertThat(listing()).isEqualTo(before);
    }

    /** For any system. */
    private static List<String> libraries(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return file.stream()
                    .map(JarEntry::getName)
                    .filter(name -> name.matches(".*\\.(so(\\.\\d+)*|dylib|dll)"))
                    .toList();
        }
    }

    /** The two faults that the images once had; by the tokenizers alone, which are small. */
    @ParameterizedTest
    @CsvSource({"1, letEveryUserRead(Path, not every user can read", "5, loadTokenizers();, no libtokenizers.so"})
    void findsWhatThePlantedFaultLeaves(String fault, String step, String problem) throws Exception {
        Path program = Files.writeString(image.resolve("NativeLibraries.java"), without(step));

        run(program, "unpack", image.resolve("lib/main").toString(), "tokenizers");

        assertThat(problems("libtokenizers.so"))
                .isNotEmpty()
                .allMatch(line -> line.contains(problem))
                .allSatisfy(line -> System.out.printf("fault %s: %s%n", fault, line));
    }

    /** The program without the first line that starts so. */
    private static String without(String step) {
        String program = Repository.text("docker/NativeLibraries.java");
        String planted = program.replaceFirst("(?m)^ +" + Pattern.quote(step) + ".*\\R", "");
        assertThat(planted).isNotEqualTo(program);
        return planted;
    }

    /** What a process of another user, which may write nowhere, would miss. */
    private List<String> problems(String... libraries) throws IOException {
        List<String> problems = new ArrayList<>();
        try (Stream<Path> unpacked = Files.walk(image.resolve("djl"))) {
            List<Path> all = unpacked.toList();
            for (String library : libraries) {
                if (all.stream().noneMatch(path -> path.endsWith(library))) {
                    problems.add("no " + library);
                }
            }
            all.stream()
                    .filter(path -> !permissions(path)
                            .containsAll(
                                    Files.isDirectory(path)
                                            ? Set.of(
                                                    PosixFilePermission.OTHERS_READ, PosixFilePermission.OTHERS_EXECUTE)
                                            : Set.of(PosixFilePermission.OTHERS_READ)))
                    .forEach(path -> problems.add("not every user can read " + path));
        }
        return problems;
    }

    private Path unpacked(String library) throws IOException {
        try (Stream<Path> all = Files.walk(image.resolve("djl"))) {
            return all.filter(path -> path.endsWith(library)).findFirst().orElseThrow();
        }
    }

    private String listing() throws IOException {
        try (Stream<Path> all = Files.walk(image.resolve("djl"))) {
            return String.join("\n", all.map(Path::toString).sorted().toList());
        }
    }

    private static Set<PosixFilePermission> permissions(Path path) {
        try {
            return Files.getPosixFilePermissions(path);
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }

    private String run(String... arguments) throws IOException, InterruptedException {
        return run(Repository.path("docker/NativeLibraries.java"), arguments);
    }

    private String run(Path program, String... arguments) throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                "%s/main/*:%s/boot/*".formatted(image.resolve("lib"), image.resolve("lib")),
                program.toString()));
        command.addAll(List.of(arguments));
        Path output = image.resolve("output.txt");
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().put("DJL_CACHE_DIR", image.resolve("djl").toString());
        builder.environment().put("DJL_OFFLINE", "true");
        Process process = builder.start();
        assertThat(process.waitFor(180, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as(() -> Repository.text(output)).isZero();
        return Files.readString(output);
    }
}
