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
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

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

        try (Stream<Path> unpacked = Files.walk(image.resolve("djl"))) {
            List<Path> all = unpacked.toList();
            assertThat(all)
                    .anyMatch(path -> path.endsWith("libtorch_cpu.so"))
                    .anyMatch(path -> path.endsWith("libtokenizers.so"));
            assertThat(all)
                    .allSatisfy(path -> assertThat(permissions(path))
                            .contains(PosixFilePermission.OTHERS_READ)
                            .satisfies(may -> assertThat(may.contains(PosixFilePermission.OTHERS_EXECUTE)
                                            || !Files.isDirectory(path))
                                    .isTrue()));
        }
        try (Stream<Path> jars = Files.list(image.resolve("lib/main"))) {
            assertThat(jars.filter(jar -> jar.getFileName().toString().contains("pytorch-native")))
                    .singleElement()
                    .satisfies(jar -> assertThat(Files.size(jar)).isLessThan(10_000));
        }
        String before = listing();

        assertThat(run("check")).contains("computes", "the tokenizers load");
        assertThat(listing()).isEqualTo(before);
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
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "--enable-native-access=ALL-UNNAMED",
                "-Djava.util.logging.manager=org.jboss.logmanager.LogManager",
                "-cp",
                "%s/main/*:%s/boot/*".formatted(image.resolve("lib"), image.resolve("lib")),
                Repository.path("docker/NativeLibraries.java").toString()));
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
