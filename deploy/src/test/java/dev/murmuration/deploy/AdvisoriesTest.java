package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import dev.murmuration.schemas.Topics;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdvisoriesTest {

    private static final Advisories ADVISORIES = Advisories.parse(Repository.text(Advisories.PATH));

    @Test
    void noLibraryOfTheBillOfMaterialsIsInAnAffectedRangeWithoutALine() {
        List<Library> listed = Library.listed(Repository.text(Licences.PATH));

        assertThat(listed).hasSizeGreaterThan(100);
        assertThat(ADVISORIES.problems(listed)).isEmpty();
    }

    @Test
    void noShippedJarIsInAnAffectedRangeWithoutALineAndNoLineIsStale() {
        List<Library> shipped = shipped(Repository.path(""));
        assumeThat(shipped).as("jars that were built, of mvn package").isNotEmpty();

        assertThat(ADVISORIES.problems(shipped)).isEmpty();
        assertThat(ADVISORIES.stale(shipped)).isEmpty();
    }

    @Test
    void thePageSaysItsLinesInOpenVexToo() throws IOException {
        if (Boolean.getBoolean("advisories.write")) {
            Files.writeString(Repository.path(Advisories.VEX), ADVISORIES.vex());
        }

        assertThat(Repository.text(Advisories.VEX)).isEqualTo(ADVISORIES.vex());
    }

    @Test
    void findsOldJarsUnderBothFormsOfTheirNames(@TempDir Path root) throws IOException {
        plant(root, "services/filter/target/quarkus-app/lib/main/org.apache.kafka.kafka-clients-4.1.1.jar");
        plant(root, "services/filter/target/quarkus-app/lib/main/org.apache.kafka.kafka-clients-4.1.2.jar");
        plant(root, "local/target/lib/netty-codec-http2-4.1.130.Final.jar");
        plant(root, "local/target/registry/lib/main/com.github.luben.zstd-jni-1.5.7-13.jar");
        plant(root, "local/target/registry/lib/main/com.github.luben.zstd-jni-1.5.6-4.jar");

        assertThat(ADVISORIES.problems(shipped(root)))
                .containsExactly(
                        "services/org.apache.kafka.kafka-clients-4.1.1.jar:"
                                + " CVE-2026-33557, CVE-2026-33558, CVE-2026-35554",
                        "local/netty-codec-http2-4.1.130.Final.jar: CVE-2026-33871, CVE-2026-44891,"
                                + " CVE-2026-50560, CVE-2026-55831, CVE-2026-55833, CVE-2026-56745, CVE-2026-56819,"
                                + " CVE-2026-56821, CVE-2026-56822, CVE-2026-59901",
                        "registry/com.github.luben.zstd-jni-1.5.7-13.jar: CVE-2026-87795, CVE-2026-87823,"
                                + " CVE-2026-87824, CVE-2026-87825, CVE-2026-87877");
    }

    @Test
    void aLineHoldsInItsPlaceOnly(@TempDir Path root) throws IOException {
        plant(root, "services/filter/target/quarkus-app/lib/main/com.github.luben.zstd-jni-1.5.6-4.jar");

        assertThat(ADVISORIES.problems(shipped(root))).hasSize(1);
    }

    @Test
    void findsALineOfSomethingThatIsNotShipped(@TempDir Path root) throws IOException {
        plant(root, "local/target/lib/opentelemetry-api-1.62.0.jar");

        assertThat(ADVISORIES.stale(shipped(root)))
                .containsExactly("io.opentelemetry:opentelemetry-api 1.57.0 in local");
    }

    @Test
    void refusesAJustificationThatOpenVexDoesNotKnow() {
        assertThatThrownBy(() -> Advisories.parse(
                        Repository.text(Advisories.PATH).replace("vulnerable_code_not_in_execute_path", "unlikely")))
                .hasMessage("docs/advisories.md: OpenVEX has no justification unlikely");
    }

    private static List<Library> shipped(Path root) {
        List<Library> shipped = new ArrayList<>();
        for (String service : Topics.SERVICES) {
            shipped.addAll(Library.jars("services", root.resolve("services/" + service + "/target/quarkus-app/lib")));
        }
        shipped.addAll(Library.jars("services", root.resolve("console/target/quarkus-app/lib")));
        shipped.addAll(Library.jars("local", root.resolve("local/target/lib")));
        shipped.addAll(Library.jars("registry", root.resolve("local/target/registry")));
        return shipped;
    }

    private static void plant(Path root, String jar) throws IOException {
        Path file = root.resolve(jar);
        Files.createDirectories(file.getParent());
        Files.createFile(file);
    }
}
