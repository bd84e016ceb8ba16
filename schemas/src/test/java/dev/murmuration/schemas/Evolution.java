package dev.murmuration.schemas;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;

/**
 * FULL_TRANSITIVE without a registry: a schema reads what every released version wrote, and every released version reads what it
 * writes. The released versions are the files {@code released/<version>/<topic>.avsc}; {@link #main} writes those of a new
 * version.
 */
final class Evolution {

    private static final Path RELEASED = Path.of("src/test/resources/released");

    private Evolution() {}

    /** The reasons why this schema may not replace the released one; empty if it may. */
    static List<String> problems(Schema current, Schema released) {
        List<String> problems = new ArrayList<>();
        add(problems, "does not read what was written before", current, released);
        add(problems, "writes what released readers do not read", released, current);
        return problems;
    }

    private static void add(List<String> problems, String what, Schema reader, Schema writer) {
        var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
        if (result.getType() != SchemaCompatibilityType.COMPATIBLE) {
            problems.add(reader.getName() + " " + what + ": "
                    + result.getResult().getIncompatibilities().stream()
                            .map(i -> i.getMessage() + " at " + i.getLocation())
                            .toList());
        }
    }

    /** Every released version's file of this topic. */
    static List<Path> released(Topic topic) throws IOException {
        try (Stream<Path> files = Files.walk(RELEASED)) {
            return files.filter(file -> file.getFileName().toString().equals(topic.name() + ".avsc"))
                    .sorted()
                    .toList();
        }
    }

    static Schema parse(Path file) throws IOException {
        return new Schema.Parser().parse(Files.readString(file));
    }

    /**
     * Releases the current schemas: {@code mvn -pl schemas test-compile exec:java -Dexec.classpathScope=test -Dexec.mainClass=…
     * -Dexec.args=0.2.0}.
     */
    public static void main(String[] version) throws IOException {
        Path folder = Files.createDirectories(RELEASED.resolve(version[0]));
        for (Topic topic : Topics.ALL) {
            if (topic.schema().isPresent()) {
                Files.writeString(
                        folder.resolve(topic.name() + ".avsc"), topic.schema().get() + "\n");
            }
        }
    }
}
