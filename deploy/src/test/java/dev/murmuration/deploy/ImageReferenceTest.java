package dev.murmuration.deploy;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ImageReferenceTest {

    /** Of these no digest was at hand that two independent projects name. */
    private static final List<String> BY_TAG =
            List.of("jaegertracing/jaeger", "prom/alertmanager", "quay.io/apicurio/apicurio-registry");

    @Test
    void noTagFloats() {
        List<ImageReference> all = ImageReference.all();

        assertThat(all).hasSizeGreaterThan(10);
        assertThat(all).noneMatch(ImageReference::floats);
    }

    @Test
    void everyImageIsPinnedByDigestButThoseWhoseDigestIsNotKnown() {
        assertThat(ImageReference.all())
                .filteredOn(image -> !image.isPinnedByDigest())
                .extracting(image -> image.name().replaceFirst(":[^:]*$", ""))
                .allMatch(BY_TAG::contains);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eclipse-temurin",
                "eclipse-temurin:25-jre-noble",
                "minio/minio:latest",
                "prom/prometheus:v3",
                "localhost:5000/kafka",
                "apache/kafka:4.1.2@sha256:5cc2"
            })
    void aTagWithoutAVersionFloats(String image) {
        assertThat(new ImageReference("a", image).floats()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "eclipse-temurin:25.0.4_7-jre-noble",
                "minio/minio:RELEASE.2025-09-07T16-13-09Z",
                "prom/prometheus:v3.5.0",
                "apache/kafka:4.1.2@sha256:5cc2a2fd93fa2687b44015eee04fb2c3edd9e526bd64bf8bec5ff1e268772e0e"
            })
    void aTagWithAVersionDoesNotFloat(String image) {
        assertThat(new ImageReference("a", image).floats()).isFalse();
    }

    @Test
    void readsImagesOfDockerfiles() {
        assertThat(ImageReference.dockerfile("a", "# FROM x\nFROM b:1.2 AS c\nCOPY --from=c / /\nFROM d:latest\n"))
                .extracting(ImageReference::name)
                .containsExactly("b:1.2", "d:latest");
    }
}
